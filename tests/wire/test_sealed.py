"""The sealed frame: what opens, what is refused by which rule, and what is noted."""

import base64
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import jsontext
from simulator.wire import canonical, sm4
from simulator.wire.envelope import peek
from simulator.wire.errors import RULES, WireError
from simulator.wire.sealed import open_answer, open_sealed, seal
from simulator.wire.sm2 import PrivateKey
from tests.wire.frames import DATA, SM4_KEY, frame, opened, refusal, signed_frame
from tests.wire.golden import APP_ID, APP_SECRET, CHANNEL, CHANNEL_KEY, PLATFORM, TIMESTAMP, vector
from tests.wire.test_sm2 import der

# ---------------------------------------------------------------- what opens


def test_a_request_opens_to_what_was_sealed() -> None:
    request = opened(seal(CHANNEL, DATA, timestamp=TIMESTAMP, trans_type="ec.query", extra={"qr": "1"}))
    assert request.data == DATA
    assert (request.app_id, request.timestamp, request.version) == (APP_ID, TIMESTAMP, "2.0.1")
    assert (request.trans_type, request.extra) == ("ec.query", {"qr": "1"})
    assert (request.signed, request.notes, request.refused) == (True, (), False)
    assert request.timestamp_ms == 1_767_240_000_000


def test_the_golden_request_opens_with_its_published_signature() -> None:
    each = vector("V4")
    request = opened(each["envelope"] | {"encData": each["encData"], "signData": each["signData"]})
    assert request.signature == each["signData"]
    assert request.data == canonical.clean(jsontext.parse(each["clear_text"]))


def test_sealing_leaves_nothing_in_clear() -> None:
    fields = jsontext.parse(seal(CHANNEL, DATA, timestamp=TIMESTAMP))
    assert isinstance(fields, dict)
    assert set(fields) == {"appId", "timestamp", "version", "encType", "signType", "encData", "signData"}
    assert len(base64.b64decode(fields["signData"])) == 64
    assert fields["encData"] == fields["encData"].upper()


def test_every_printed_digit_and_escape_is_under_the_signature() -> None:
    each = vector("V5")
    request = opened(each["envelope"] | {"encData": each["encData"], "signData": each["signData"]})
    assert request.data == jsontext.parse(each["cleaned_text"])
    assert request.notes == ()
    for printed, other in (("12.30", "12.3"), ("1.0000", "1.000"), ("1e5", "100000"), ("-0", "0")):
        sign_text = canonical.sign_text(each["envelope"], jsontext.parse(each["clear_text"]), APP_SECRET)
        assert refusal(signed_frame(each["clear_text"].replace(printed, other), sign_text)).rule == "bad_signature"


def test_behind_the_wire_numbers_have_exact_types_and_keep_their_digits() -> None:
    request = opened(signed_frame('{"pric":12.30,"cnt":5,"large":1e5}'))
    assert request.data
    assert [(type(number), str(number)) for number in request.data.values()] == [
        (Decimal, "12.30"),
        (int, "5"),
        (Decimal, "1E+5"),
    ]


SENDERS = {
    "unsorted, with empties": '{"z":"1","extData":{},"a":{"y":"","x":"2"},"deposit":""}',
    "with spaces and line ends": '{ "z" : "1",\r\n "a" : "中文" }',
    "with every non-ASCII character escaped": '{"name":"\\u9ad8\\u5e73\\u5e02","pill":"\\ud83d\\udc8a"}',
}


@pytest.mark.parametrize("clear", SENDERS.values(), ids=SENDERS.keys())
def test_the_clear_text_need_not_be_the_signed_form(clear: str) -> None:
    assert opened(signed_frame(clear)).data == json.loads(clear)


def test_an_answer_carries_code_message_and_success_under_the_signature() -> None:
    raw = seal(PLATFORM, DATA, timestamp=TIMESTAMP, code=0, message="成功", success=True)
    answer = open_answer(raw, CHANNEL)
    assert (answer.code, answer.message, answer.success, answer.refused) == (0, "成功", True, False)
    forged = jsontext.parse(raw)
    assert isinstance(forged, dict)
    for name, value in (("code", 1), ("message", "失败"), ("success", False), ("transType", "x")):
        with pytest.raises(WireError, match="bad_signature"):
            open_answer(jsontext.compact(forged | {name: value}), CHANNEL)


def test_a_signed_answer_may_lack_content_but_a_request_may_not() -> None:
    answer = open_answer(seal(PLATFORM, None, timestamp=TIMESTAMP, code=114, message="APPID不一致"), CHANNEL)
    assert (answer.data, answer.signed, answer.refused) == (None, True, True)
    assert refusal(seal(CHANNEL, None, timestamp=TIMESTAMP)).field == "encData"


# ---------------------------------------------------------------- what is accepted with a note

TIMES = {"1767240000000": ("timestamp_in_ms",), "1767240000": ("timestamp_in_s",), TIMESTAMP: ()}


@pytest.mark.parametrize("text", TIMES)
@pytest.mark.parametrize("kind", [str, int])
def test_every_known_form_of_the_timestamp_opens_as_the_same_instant(text: str, kind: type) -> None:
    request = opened(signed_frame('{"a":"1"}', timestamp=kind(text)))
    assert request.timestamp_ms == 1_767_240_000_000
    assert request.timestamp == text
    assert request.notes == TIMES[text]


def test_lower_case_hex_opens_and_is_noted() -> None:
    lowered = frame()
    request = opened(lowered | {"encData": lowered["encData"].lower()})
    assert (request.data, request.notes) == (DATA, ("lower_case_hex",))


def test_a_known_version_other_than_the_registered_is_noted() -> None:
    assert opened(signed_frame('{"a":"1"}', version="1.0.0")).notes == ("other_version",)


def test_clear_data_beside_the_ciphertext_counts_for_nothing() -> None:
    request = opened(frame(data={"payOrdId": "forged"}))
    assert (request.data, request.notes) == (DATA, ("clear_data_ignored",))


@pytest.mark.parametrize("signed_as", ["numbers", "strings"])
def test_numbers_may_be_signed_as_numbers_or_as_strings(signed_as: Any) -> None:
    request = opened(seal(CHANNEL, DATA, timestamp=TIMESTAMP, signed_as=signed_as))
    assert request.data == DATA
    assert request.notes == (() if signed_as == "numbers" else ("signed_as_strings",))


def test_a_verifier_may_insist_on_numbers() -> None:
    raw = seal(CHANNEL, DATA, timestamp=TIMESTAMP, signed_as="strings")
    assert refusal(raw, either_number_form=False).rule == "bad_signature"


@pytest.mark.parametrize("form", ["sign_util", "sign_util_ci", "portal"])
def test_the_texts_of_live_clients_open_only_where_allowed(form: canonical.TextForm) -> None:
    clear = '{"B":2,"c":{},"a":{"y":1,"x":{}}}'
    outer = {"appId": APP_ID, "timestamp": TIMESTAMP, "version": "2.0.1", "encType": "SM4", "signType": "SM2"}
    raw = signed_frame(clear, canonical.sign_text(outer, jsontext.parse(clear), APP_SECRET, form=form))
    assert refusal(raw).rule == "bad_signature"
    assert opened(raw, client_forms=True).notes == (f"signed_as_{form}",)


def test_a_der_signature_opens_only_where_allowed_and_names_the_same_message() -> None:
    sound = frame()
    as_der = base64.b64encode(der(base64.b64decode(sound["signData"]))).decode()
    assert refusal(sound | {"signData": as_der}).rule == "der_signature"
    lenient = opened(sound | {"signData": as_der}, der=True)
    assert (lenient.signature, lenient.notes) == (sound["signData"], ("der_signature",))


@pytest.mark.parametrize("each", vector("V4")["refused"], ids=lambda each: each["name"])
def test_the_golden_negatives_are_refused(each: Any) -> None:
    golden = vector("V4")
    raw = golden["envelope"] | {"encData": golden["encData"], "signData": each["signData"]}
    assert refusal(raw).rule == each["rule"]


def test_der_leniency_does_not_help_a_wrong_signature() -> None:
    wrong = base64.b64encode(der(PrivateKey.from_seed("a stranger").sign(b"text"))).decode()
    assert refusal(frame(signData=wrong), der=True).rule == "bad_signature"


# ---------------------------------------------------------------- what is refused

REFUSED = {
    "not JSON": (b"{", "not_json", "报文 / message"),
    "a repeated key": (b'{"appId":"a","appId":"b"}', "not_json", "报文 / message"),
    "not an object": (b"[]", "not_object", "报文 / message"),
    "no appId": (frame(appId=None), "missing_field", "appId"),
    "an empty timestamp": (frame(timestamp=""), "missing_field", "timestamp"),
    "no version": (frame(version=None), "missing_field", "version"),
    "no encType": (frame(encType=None), "missing_field", "encType"),
    "no signType": (frame(signType=None), "missing_field", "signType"),
    "no encData": (frame(encData=None), "missing_field", "encData"),
    "no signData": (frame(signData=None), "missing_field", "signData"),
    "another application": (frame(appId="0" * 32), "unknown_app", "appId"),
    "an unknown version": (frame(version="9.9.9"), "bad_version", "version"),
    "another cipher": (frame(encType="AES"), "unsupported_enc_type", "encType"),
    "another signature": (frame(signType="RSA"), "unsupported_sign_type", "signType"),
    "an unreadable timestamp": (frame(timestamp="2026-01-01"), "bad_timestamp", "timestamp"),
    "encData that is no text": (frame(encData=5), "bad_encoding", "encData"),
    "encData that is no hex": (frame(encData="xyz"), "bad_encoding", "encData"),
    "encData of half a block": (frame(encData="00" * 8), "bad_ciphertext", "encData"),
    "content that is no JSON": (frame(encData=sm4.encrypt(SM4_KEY, b"hello")), "not_json", "encData"),
    "content that is no object": (frame(encData=sm4.encrypt(SM4_KEY, b"[1]")), "not_object", "encData"),
    "other content": (frame(encData=sm4.encrypt(SM4_KEY, b'{"a":"1"}')), "bad_signature", "signData"),
    "signData that is no text": (frame(signData=5), "bad_encoding", "signData"),
    "signData that is no Base64": (frame(signData="***"), "bad_encoding", "signData"),
    "signData of 63 bytes": (frame(signData=base64.b64encode(bytes(63)).decode()), "bad_encoding", "signData"),
    "signData with loose Base64": (frame(signData=frame()["signData"][:-3] + "h=="), "bad_encoding", "signData"),
    "another timestamp": (frame(timestamp="20260101120001"), "bad_signature", "signData"),
    "an added transType": (frame(transType="ec.query"), "bad_signature", "signData"),
    "an added unknown field": (frame(note="x"), "bad_signature", "signData"),
}


@pytest.mark.parametrize(("raw", "rule", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_a_faulty_request_is_refused_by_its_rule_and_field(raw: Any, rule: str, field: str) -> None:
    fault = refusal(raw)
    assert (fault.rule, fault.field) == (rule, field)


def test_the_other_sides_key_opens_nothing() -> None:
    with pytest.raises(WireError, match="bad_signature"):
        open_sealed(seal(CHANNEL, DATA, timestamp=TIMESTAMP), CHANNEL)


def test_another_secret_opens_nothing() -> None:
    stranger = replace(PLATFORM, app_secret="F" * 32)
    with pytest.raises(WireError, match=r"bad_ciphertext|not_json"):
        open_sealed(seal(CHANNEL, DATA, timestamp=TIMESTAMP), stranger)


def test_no_refusal_and_no_repr_shows_a_secret() -> None:
    secrets = [APP_SECRET, SM4_KEY.decode(), str(CHANNEL_KEY.scalar), "ORD440100202601011159300000001"]
    shown = [str(refusal(raw)) for raw, _, _ in REFUSED.values()] + [repr(CHANNEL), repr(PLATFORM)]
    assert not [secret for secret in secrets for text in shown if secret in text]


def test_every_rule_has_a_text_in_both_languages_that_names_its_field() -> None:
    values = {"reason": "r", "window_ms": 1, "wanted": "w", "version": "v"}
    for rule in RULES:
        error = WireError(rule, field="someField", **values)
        assert error.message
        assert error.message_en
        assert error.message != error.message_en


def test_an_unknown_rule_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        WireError("no_such_rule")


# ---------------------------------------------------------------- peek


def test_a_peek_attributes_traffic_that_will_be_refused() -> None:
    peeked = peek(jsontext.compact(frame(signData="x", transType="ec.query")))
    assert (peeked.app_id, peeked.timestamp, peeked.trans_type) == (APP_ID, TIMESTAMP, "ec.query")
    with pytest.raises(WireError, match="bad_encoding"):
        open_sealed(peeked, PLATFORM)


def test_a_peek_at_strange_fields_reads_them_as_absent() -> None:
    peeked = peek(b'{"appId":["x"],"timestamp":true,"version":2.0}')
    assert (peeked.app_id, peeked.timestamp, peeked.version) == ("", "", "")


# ---------------------------------------------------------------- invariants

SOUND = seal(CHANNEL, DATA, timestamp=TIMESTAMP)
SOUND_OPENED = open_sealed(SOUND, PLATFORM)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=6)
CONTENT = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**18), 10**18) | TEXTS | st.decimals(-999, 999, places=2),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)


@given(CONTENT, st.sampled_from(["numbers", "strings"]))
@settings(max_examples=60)
def test_whatever_is_sealed_opens_as_its_cleaned_form(data: dict[str, object], signed_as: Any) -> None:
    request = opened(seal(CHANNEL, data, timestamp=TIMESTAMP, signed_as=signed_as))
    assert jsontext.canonical(request.data) == jsontext.canonical(canonical.clean(data))


@given(st.integers(0, len(SOUND) - 1), st.integers(0, 255))
@settings(max_examples=400)
def test_any_byte_changed_is_refused_or_changes_nothing(place: int, byte: int) -> None:
    """Only the case of a hex digit may differ: the frame then says the same."""
    changed = SOUND[:place] + bytes([byte]) + SOUND[place + 1 :]
    try:
        request = open_sealed(changed, PLATFORM)
    except WireError:
        return
    assert replace(request, notes=()) == SOUND_OPENED
    assert changed.lower() == SOUND.lower()


@given(st.binary(max_size=120) | st.dictionaries(st.sampled_from(list(frame())), TEXTS).map(jsontext.compact))
def test_hostile_input_meets_a_wire_error_and_nothing_else(raw: bytes) -> None:
    for how in (open_sealed, open_answer):
        with pytest.raises(WireError):
            how(raw, PLATFORM)
