"""A message goes in as bytes and comes out as an answer, an effect and a line, or as a refusal that keeps its line."""

from dataclasses import replace
from typing import Any

import pytest

from schemas import jsontext
from simulator import interfaces
from simulator.domain.ledger import Posting, Transfer
from simulator.domain.refused import Refusal
from simulator.wire import csb, institution, sealed
from simulator.wire.sm2 import PrivateKey
from simulator.wire.timestamps import digits14
from tests.simulator.shop import INSTITUTION_PATH, PATHS, START_MS, Shop, a_platform

MINUTE_MS = 60_000


def shop(**order: Any) -> Shop:
    return Shop(a_platform(), **order)


def shop_with(code: str, handle: Any) -> Shop:
    """A shop whose platform answers one interface in its own way."""
    return Shop(a_platform(handlers={**interfaces.handlers(), code: handle}))


def ledger(one: Shop) -> Any:
    return one.act("/ledger", method="GET")


def last(one: Shop) -> Any:
    return one.journal()[-1]


def test_an_order_is_uploaded_placed_confirmed_and_seen_as_paid() -> None:
    one = shop()
    order = one.paid()
    assert one.state(order) == "4"
    assert [line["code"] for line in one.journal()] == ["house.auth.query", "6201", "6202", "6301"]
    assert sum(ledger(one)["accounts"].values()) == 0


def test_each_line_tells_who_what_and_how_every_check_went() -> None:
    one = shop()
    order = one.placed()
    line = last(one)
    assert line["channel"] == "channel"
    assert line["appId"] == one.told["appId"]
    assert line["org"] == one.org
    assert line["keys"]["payOrdId"] == order["payOrdId"]
    assert [check["stage"] for check in line["checks"]] == ["open", "route", "check", "recall", "handle", "reply"]
    assert all(check["ok"] for check in line["checks"])
    assert (line["outcome"], line["kept"], line["sealed"]) == ("ok", True, True)


def test_a_refused_message_loses_its_effects_and_keeps_its_evidence() -> None:
    def handle(call: Any, unit: Any) -> Any:
        postings = (Posting("own:x", -5), Posting("due:y", 5))
        unit.post(Transfer(transfer_id="T", kind="PAY", ref="x", at_ms=unit.now_ms, postings=postings))
        raise Refusal("unknown_order", "payOrdId")

    one = shop_with("payment/query_order_6301", handle)
    before = ledger(one)
    told = one.sealed("6301", one.asking({"person": one.person(), "payOrdId": "X", "payToken": "Y"}))
    assert (told.code, told.success, told.data, told.signed) == (404, False, None, True)
    assert ledger(one) == before
    line = last(one)
    assert line["outcome"] == "refused"
    assert line["effect"] == []
    assert line["refusal"]["rule"] == "unknown_order"
    assert line["refusal"]["stage"] == "handle"
    assert line["refusal"]["field"] == "payOrdId"


def breaks(call: Any, unit: Any) -> Any:
    unit.next_number("trace of the broken handler")
    raise ZeroDivisionError("on purpose")


def answers_nonsense(call: Any, unit: Any) -> Any:
    unit.next_number("trace of the broken handler")
    return {"ordStas": 4}


@pytest.mark.parametrize("handle", [breaks, answers_nonsense])
def test_our_own_fault_is_answered_in_the_form_of_the_surface_and_blames_nobody(handle: Any) -> None:
    one = shop_with("payment/query_order_6301", handle)
    told = one.sealed("6301", one.asking({"person": one.person(), "payOrdId": "X", "payToken": "Y"}))
    assert (told.code, told.success) == (-1, False)
    assert "Zero" not in told.message
    line = last(one)
    assert (line["outcome"], line["refusal"], line["kept"]) == ("error", None, False)
    assert line["error"]
    room = one.platform.store.room("main")
    rows = one.platform.store.execute("SELECT series FROM counter WHERE room=?", (room.no,)).fetchall()
    assert "trace of the broken handler" not in [series for (series,) in rows]


def test_our_own_fault_on_the_institution_surface_is_infcode_minus_one() -> None:
    one = shop_with("session/sign_in_9001", breaks)
    told = one.institution("9001", {"signIn": {"opter_no": "0001", "mac": "00", "ip": "127.0.0.1"}})
    assert told["infcode"] == -1
    assert last(one)["outcome"] == "error"


def test_an_unknown_application_gets_a_bare_refusal_and_still_a_line() -> None:
    one = shop()
    stranger = replace(one.credentials, app_id="F" * 32)
    reply = one.post(PATHS["6301"], sealed.seal(stranger, {"payOrdId": "X"}, timestamp=digits14(one.now_ms)))
    told = jsontext.parse(reply.body)
    assert told["success"] is False and told["code"] != 0 and "signData" not in told
    line = last(one)
    assert (line["outcome"], line["refusal"]["rule"], line["appId"]) == ("refused", "unknown_app", "")
    assert line["request"]["appId"] == "F" * 32
    assert len(line["digest"]) == 64


def test_a_bad_signature_is_attributed_and_refused_under_seal() -> None:
    one = shop()
    forger = replace(one.credentials, private=PrivateKey.from_seed("TEST-ONLY someone else"))
    reply = one.post(PATHS["6301"], sealed.seal(forger, {"payOrdId": "X"}, timestamp=digits14(one.now_ms)))
    told = sealed.open_answer(reply.body, one.credentials)
    assert told.signed and told.refused
    line = last(one)
    assert (line["channel"], line["refusal"]["rule"], line["refusal"]["stage"]) == ("channel", "bad_signature", "open")


@pytest.mark.parametrize(
    ("raw", "rule"), [(b"", "not_json"), (b"\xff\xfe", "not_json"), (b"[]", "not_object"), (b"{}", "unknown_app")]
)
def test_hostile_bytes_are_refused_with_a_line(raw: bytes, rule: str) -> None:
    one = shop()
    reply = one.post(PATHS["6202"], raw)
    assert reply.status == 200
    assert last(one)["refusal"]["rule"] == rule
    assert last(one)["size"] == len(raw)


def test_a_stale_timestamp_is_refused_and_the_window_is_the_rooms_clock() -> None:
    one = shop()
    order = one.placed()
    frame = one.frame("6301", one.asking(order))
    one.act("/clock", {"advance_ms": 10 * MINUTE_MS + 1_000})
    assert sealed.open_answer(one.post(PATHS["6301"], frame).body, one.credentials).refused
    assert last(one)["refusal"]["rule"] == "stale_timestamp"
    assert one.state(order) == "1"


def test_the_very_same_sealed_message_does_not_take_effect_twice() -> None:
    one = shop()
    frame = one.frame("6202", one.placing(one.uploaded()))
    assert not sealed.open_answer(one.post(PATHS["6202"], frame).body, one.credentials).refused
    assert sealed.open_answer(one.post(PATHS["6202"], frame).body, one.credentials).refused
    assert last(one)["refusal"]["rule"] == "seal_replayed"


def test_the_very_same_sealed_query_is_answered_and_noted() -> None:
    one = shop()
    frame = one.frame("6301", one.asking(one.placed()))
    one.post(PATHS["6301"], frame)
    assert not sealed.open_answer(one.post(PATHS["6301"], frame).body, one.credentials).refused
    assert last(one)["notes"] == ["repeated_signature"]


def test_a_sealed_message_refused_by_its_schema_may_be_sent_again() -> None:
    one = shop()
    order = one.placed()
    asking = one.asking(order)
    del asking["payToken"]
    told = one.sealed("6301", asking)
    assert told.refused and "payToken" in told.message
    assert last(one)["refusal"]["rule"] == "schema_miss"


def test_plain_frames_are_answered_plain_and_refused_when_the_switch_is_off() -> None:
    one = shop()
    order = one.placed()
    told = one.sealed("6301", one.asking(order), plain=True)
    assert told.data["ordStas"] == "1" and not told.signed
    assert last(one)["sealed"] is False and "plain" in last(one)["notes"]
    one.act("/switches", {"plain": False}, method="PATCH")
    reply = one.post(PATHS["6301"], one.frame("6301", one.asking(order), plain=True))
    assert jsontext.parse(reply.body)["code"] != 0
    assert last(one)["refusal"]["rule"] == "unsealed"


def test_a_channel_may_not_act_for_an_institution_it_was_not_registered_for() -> None:
    one = shop(channels=[{"name": "channel", "orgs": ["P11010890002"]}])
    one.org = "P11010590001"
    told = one.sealed("6301", one.asking({"person": one.person(), "payOrdId": "X", "payToken": "Y"}))
    assert told.refused
    assert (last(one)["refusal"]["rule"], last(one)["refusal"]["field"]) == ("foreign_institution", "orgCodg")
    refused = one.institution("9001", {"signIn": {"opter_no": "0001"}})
    assert refused["infcode"] == -1
    assert last(one)["refusal"]["field"] == "fixmedins_code"


def test_unknown_addresses_methods_and_rooms_are_told_apart_from_refusals() -> None:
    one = shop()
    for path, status in (("/nowhere", 404), (PATHS["6201"] + "x", 404)):
        reply = one.post(path, b"{}")
        assert (reply.status, jsontext.parse(reply.body)["code"]) == (status, status)
    stranger = Shop.__new__(Shop)
    stranger.transport = type(one.transport)(one.platform, "/r/elsewhere")
    assert stranger.post(PATHS["6201"], b"{}").status == 404
    assert one.journal() == []


def test_an_unknown_infno_is_refused_inside_the_institution_frame() -> None:
    one = shop()
    told = one.institution("9999", {"data": {}})
    assert told["infcode"] == -1 and "9999" in told["err_msg"]
    assert last(one)["refusal"]["rule"] == "unknown_interface"


def test_a_path_that_names_another_code_than_the_frame_is_refused() -> None:
    one = shop()
    reply = one.post(f"{INSTITUTION_PATH}/1101", jsontext.compact({"infno": "9001", "msgid": "1", "input": {}}))
    assert jsontext.parse(reply.body)["infcode"] == -1


GATEWAY_FAULTS = [
    ("gateway_header_missing", {"x-tif-nonce": ""}),
    ("gateway_signature", {"x-tif-signature": "0" * 64}),
    ("gateway_unknown_key", {"x-tif-paasid": "nobody"}),
    ("gateway_stale", {"x-tif-timestamp": str(START_MS // 1_000 - 3_600)}),
]


@pytest.mark.parametrize(("rule", "change"), GATEWAY_FAULTS)
def test_gateway_refusals_have_no_infcode(rule: str, change: dict[str, str]) -> None:
    from simulator.wire import tif

    one = shop()
    secret = one.told["tif"]
    headers = tif.headers(secret["paasid"], secret["secret"], now_ms=one.now_ms, nonce="1") | change
    reply = one.post(INSTITUTION_PATH, jsontext.compact({"infno": "9001", "msgid": "1", "input": {}}), headers)
    told = jsontext.parse(reply.body)
    assert (reply.status, told["code"]) == (401, 401)
    assert "infcode" not in told
    assert last(one)["refusal"]["rule"] == rule


def test_a_csb_signature_names_the_channel_too() -> None:
    one = shop()
    key = one.told["csb"]
    headers = csb.headers("9001", key["accessKey"], key["secretKey"], now_ms=one.now_ms)
    one.post(INSTITUTION_PATH, b"{}", headers)
    line = last(one)
    assert (line["channel"], line["sealed"], line["refusal"]["rule"]) == ("channel", True, "missing_field")


def test_unsigned_institution_frames_pass_only_while_plain_is_on() -> None:
    one = shop()
    sign_in = {"signIn": {"opter_no": "0001", "mac": "00", "ip": "127.0.0.1"}}
    assert one.institution("9001", sign_in, signed=False)["infcode"] == 0
    assert last(one)["sealed"] is False
    one.act("/switches", {"plain": False}, method="PATCH")
    assert one.institution("9001", sign_in, signed=False)["code"] == 401


def test_nobody_works_without_signing_in() -> None:
    one = shop()
    question = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": one.person()["certno"]}}
    told = one.institution("1101", question)
    assert told["infcode"] == -1 and "9001" in told["err_msg"]
    one.sign_in()
    assert one.institution("1101", question)["infcode"] == 0


def test_a_bad_envelope_is_refused_naming_the_field() -> None:
    one = shop()
    told = one.institution("9001", {"signIn": {"opter_no": "0001"}}, inf_time="yesterday")
    assert told["infcode"] == -1 and "inf_time" in told["err_msg"]


SIGN_IN = {"signIn": {"opter_no": "0001", "mac": "00", "ip": "127.0.0.1"}}
MSGID = "P11010590001202407011030459999"


def test_a_repeated_msgid_is_refused_whatever_its_body() -> None:
    one = shop()
    assert one.institution("9001", SIGN_IN, msgid=MSGID)["infcode"] == 0
    for body in (SIGN_IN, {"signIn": {"opter_no": "0002", "mac": "00", "ip": "127.0.0.1"}}):
        told = one.institution("9001", body, msgid=MSGID)
        assert told["infcode"] == -1 and MSGID in told["err_msg"]


def test_a_repeated_msgid_gets_the_stored_answer_verbatim_when_the_room_says_so() -> None:
    one = shop(switches={"msgid": "replay"})
    first = one.institution("9001", SIGN_IN, msgid=MSGID)
    assert one.institution("9001", SIGN_IN, msgid=MSGID) == first
    assert "replayed" in last(one)["notes"]
    other = one.institution("9001", {"signIn": {"opter_no": "0002", "mac": "00", "ip": "127.0.0.1"}}, msgid=MSGID)
    assert other["infcode"] == -1


def test_a_repeated_msgid_is_new_in_a_blind_room() -> None:
    one = shop(switches={"msgid": "blind"})
    first = one.institution("9001", SIGN_IN, msgid=MSGID)
    again = one.institution("9001", SIGN_IN, msgid=MSGID)
    assert first["output"]["signinoutb"]["sign_no"] != again["output"]["signinoutb"]["sign_no"]


def test_a_msgid_is_not_consumed_by_a_message_its_schema_refuses() -> None:
    one = shop()
    assert one.institution("9001", {"signIn": {}}, msgid=MSGID)["infcode"] == -1
    assert one.institution("9001", SIGN_IN, msgid=MSGID)["infcode"] == 0


def test_a_msgid_is_consumed_by_a_refusal_of_the_domain() -> None:
    def refuses(call: Any, unit: Any) -> Any:
        raise Refusal("unknown_person", "psn_no", value="x")

    one = shop_with("session/sign_in_9001", refuses)
    one.institution("9001", SIGN_IN, msgid=MSGID)
    one.institution("9001", SIGN_IN, msgid=MSGID)
    assert last(one)["refusal"]["rule"] == "msgid_used"


def test_a_query_may_repeat_its_msgid() -> None:
    one = shop()
    one.sign_in()
    question = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": one.person()["certno"]}}
    for _ in range(2):
        assert one.institution("1101", question, msgid=MSGID)["infcode"] == 0


def test_an_interface_with_a_schema_but_no_behaviour_says_so() -> None:
    one = Shop(a_platform(handlers={}))
    told = one.institution("9001", SIGN_IN)
    assert told["infcode"] == -1
    assert last(one)["refusal"]["rule"] == "not_stateful"


def test_what_time_alone_does_is_done_before_the_message_is_handled() -> None:
    one = shop()
    order = one.placed()
    one.act("/clock", {"advance_ms": 31 * MINUTE_MS})
    assert one.state(order) == "12"


def test_the_same_seed_gives_the_same_books_byte_for_byte() -> None:
    def played() -> bytes:
        one = shop(seed=7)
        one.paid()
        one.sign_in()
        return jsontext.compact(one.act("/books", method="GET"))

    assert played() == played()


def test_another_seed_gives_other_keys() -> None:
    assert shop(seed=1).told["appId"] != shop(seed=2).told["appId"]


def test_rooms_know_nothing_of_each_others_orders() -> None:
    platform = a_platform()
    one, other = Shop(platform, "one"), Shop(platform, "other")
    order = one.placed()
    assert other.sealed("6301", other.asking(order)).code == 404
    assert other.act("/orders", method="GET")["orders"] == []


def test_an_institution_frame_may_carry_its_input_as_text() -> None:
    one = shop()
    frame = jsontext.parse(
        institution.request_frame(
            institution.Frame(
                infno="9001", msgid=MSGID, mdtrtarea_admvs="110100", opter_type="1", opter="0001", opter_name="测试员",
                inf_time="2024-07-01 10:30:45", fixmedins_code=one.org, fixmedins_name="测试药店", input=SIGN_IN,
            ),
            input_as="text",
        )
    )  # fmt: skip
    told = jsontext.parse(one.post(INSTITUTION_PATH, jsontext.compact(frame)).body)
    assert told["infcode"] == 0
    assert "input_as_text" in last(one)["notes"]


def test_fields_the_contract_does_not_have_are_accepted_and_noted() -> None:
    one = shop()
    order = one.placed()
    assert one.sealed("6301", {**one.asking(order), "colour": "red"}).data["ordStas"] == "1"
    assert last(one)["notes"] == ["unknown field colour"]
    basket = one.basket(one.person(), one.consent(one.person()))
    basket["feedetailList"][0]["weight"] = "1"
    assert not one.sealed("6201", basket).refused
    assert last(one)["notes"] == ["unknown field feedetailList.weight"]


def test_a_refusal_repeats_little_of_what_was_sent() -> None:
    one = shop()
    raw = jsontext.compact({"infno": "9" * 50_000, "msgid": "1", "fixmedins_code": one.org, "input": {}})
    assert len(one.post(INSTITUTION_PATH, raw).body) < 1_000
