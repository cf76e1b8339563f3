"""The institution frame: eighteen fields in, six out, and answers that are no frame at all."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import jsontext
from simulator.wire.errors import WireError
from simulator.wire.institution import (
    Frame,
    answer_frame,
    msgid,
    parse_answer,
    parse_frame,
    refmsgid,
    request_frame,
)

NOON_MS = 1_767_240_000_000  # 2026-01-01 12:00:00 in Beijing
PHARMACY = "P99000000001"
FRAME = Frame(
    infno="1101",
    msgid=msgid(PHARMACY, NOON_MS, 7),
    mdtrtarea_admvs="110000",
    opter_type="1",
    opter="0001",
    opter_name="店员",
    inf_time="2026-01-01 12:00:00",
    fixmedins_code=PHARMACY,
    fixmedins_name="测试药店",
    input={"data": {"mdtrt_cert_type": "02", "amount": Decimal("12.30")}},
)
FIELDS = (
    "infno msgid mdtrtarea_admvs insuplc_admdvs recer_sys_code dev_no dev_safe_info cainfo signtype infver "
    "opter_type opter opter_name inf_time fixmedins_code fixmedins_name sign_no input"
).split()


def test_a_request_has_the_eighteen_fields_in_wire_order() -> None:
    document = jsontext.parse(request_frame(FRAME))
    assert isinstance(document, dict)
    assert list(document) == FIELDS


@pytest.mark.parametrize(("input_as", "notes"), [("object", ()), ("text", ("input_as_text",))])
def test_a_request_reads_back_whether_input_is_object_or_text(input_as: Any, notes: tuple[str, ...]) -> None:
    parsed = parse_frame(request_frame(FRAME, input_as=input_as))
    assert (parsed.infno, parsed.msgid, parsed.fixmedins_code) == ("1101", FRAME.msgid, PHARMACY)
    assert parsed.input == parsed.envelope["input"] == FRAME.input
    assert jsontext.compact(parsed.input) == jsontext.compact(FRAME.input)
    assert parsed.notes == notes


def test_behind_the_wire_numbers_have_exact_types() -> None:
    request = parse_frame(b'{"infno":"1101","msgid":"m","x":1e5,"input":{"a":1e5}}')
    texted = parse_frame('{"infno":"1101","msgid":"m","input":"{\\"a\\":1e5}"}')
    reply = parse_answer(b'{"infcode":0,"output":{"a":1e5}}')
    numbers = [request.envelope["x"], request.input["a"], texted.input["a"], reply.output["a"]]
    assert [type(number) for number in numbers] == [Decimal] * 4


def test_an_infno_printed_as_a_number_is_read_and_noted() -> None:
    parsed = parse_frame(b'{"infno":1101,"msgid":"m","input":{}}')
    assert (parsed.infno, parsed.envelope["infno"], parsed.notes) == ("1101", "1101", ("infno_as_number",))


FAULTY = {
    "not JSON": (b"<xml/>", "not_json", "报文 / message"),
    "not an object": (b"[]", "not_object", "报文 / message"),
    "no infno": (b'{"msgid":"m","input":{}}', "missing_field", "infno"),
    "an empty msgid": (b'{"infno":"1101","msgid":"","input":{}}', "missing_field", "msgid"),
    "no input": (b'{"infno":"1101","msgid":"m"}', "missing_field", "input"),
    "input a list": (b'{"infno":"1101","msgid":"m","input":[1]}', "not_object", "input"),
    "input a text that is no JSON": (b'{"infno":"1101","msgid":"m","input":"x"}', "not_json", "input"),
    "input a text of a list": (b'{"infno":"1101","msgid":"m","input":"[]"}', "not_object", "input"),
}


@pytest.mark.parametrize(("raw", "rule", "field"), FAULTY.values(), ids=FAULTY.keys())
def test_a_faulty_request_names_rule_and_field(raw: bytes, rule: str, field: str) -> None:
    with pytest.raises(WireError) as fault:
        parse_frame(raw)
    assert (fault.value.rule, fault.value.field) == (rule, field)


def test_message_ids_have_thirty_characters() -> None:
    assert msgid(PHARMACY, NOON_MS, 7) == "P99000000001202601011200000007"
    assert refmsgid("110000", NOON_MS, 7) == "110000202601011200000000000007"
    assert len(msgid(PHARMACY, NOON_MS, 123_456)) == len(refmsgid("110000", NOON_MS, 10**12)) == 30


@pytest.mark.parametrize("make", [lambda: msgid("P1", NOON_MS, 1), lambda: refmsgid("11", NOON_MS, 1)])
def test_a_message_id_of_a_malformed_code_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match="位"):
        make()


def answer(infcode: int = 0, **more: Any) -> bytes:
    return answer_frame(infcode, inf_refmsgid="R", received_ms=NOON_MS, responded_ms=NOON_MS + 8, **more)


def test_an_answer_has_the_six_fields() -> None:
    assert jsontext.parse(answer(output={"a": 1})) == {
        "infcode": 0,
        "inf_refmsgid": "R",
        "refmsg_time": "20260101120000000",
        "respond_time": "20260101120000008",
        "err_msg": "",
        "output": {"a": 1},
    }


@pytest.mark.parametrize("infcode_as", ["number", "string"])
@pytest.mark.parametrize(("infcode", "succeeded"), [(0, True), (-1, False), (1, False), (9, False)])
def test_success_is_zero_in_either_print(infcode: int, succeeded: bool, infcode_as: Any) -> None:
    parsed = parse_answer(answer(infcode, err_msg="错误", infcode_as=infcode_as))
    assert (parsed.infcode, parsed.succeeded, parsed.err_msg) == (infcode, succeeded, "错误")


@pytest.mark.parametrize("infcode", ["true", '"ok"', "0.5", '{"a":1}', '"-"', '"1 1"', '"' + "9" * 40 + '"'])
def test_a_strange_infcode_is_no_success(infcode: str) -> None:
    assert parse_answer(f'{{"infcode":{infcode}}}').infcode == -1


@pytest.mark.parametrize("output", ["null", '""', "{}"])
def test_an_absent_output_reads_as_empty(output: str) -> None:
    assert parse_answer(f'{{"infcode":0,"output":{output}}}').output == {}


def test_an_output_of_json_text_is_read() -> None:
    assert parse_answer('{"infcode":0,"output":"{\\"a\\":12.30}"}').output == {"a": Decimal("12.30")}


@pytest.mark.parametrize("raw", [b'{"code":401,"message":"no"}', '{"message":"no","success":false,"code":"401"}'])
def test_a_gateways_refusal_is_not_taken_for_an_answer(raw: bytes | str) -> None:
    parsed = parse_answer(raw)
    assert (parsed.infcode, parsed.gateway_code, parsed.err_msg, parsed.succeeded) == (None, 401, "no", False)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [(b"", "not_json"), (b"{}", "missing_field"), (b'{"infcode":0,"output":[1]}', "not_object")],
)
def test_what_is_no_answer_is_a_wire_error(raw: bytes, rule: str) -> None:
    with pytest.raises(WireError) as fault:
        parse_answer(raw)
    assert fault.value.rule == rule


@given(st.binary(max_size=80))
def test_hostile_input_meets_a_wire_error_and_nothing_else(raw: bytes) -> None:
    for read in (parse_frame, parse_answer):
        with pytest.raises(WireError):
            read(raw)
