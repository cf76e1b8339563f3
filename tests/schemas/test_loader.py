"""The door: what is refused, what is let through, and in which words."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import jsontext, loader

CLOSED = [
    ("1101", "input", ("data", "mdtrt_cert_type")),
    ("1101", "output", ("baseinfo", "gend")),
    ("1312", "output", ("data", 0, "vali_flag")),
    ("2102", "input", ("druginfo", "acct_used_flag")),
    ("2102", "input", ("drugdetail", 0, "rx_circ_flag")),
    ("2102", "input", ("drugdetail", 0, "durg_trac_info", 0, "trdn_flag")),
    ("6201", "input", ("feeType",)),
    ("6201", "input", ("rxCircFlag",)),
    ("6202", "output", ("ordStas",)),
    ("6203", "input", ("refdType",)),
    ("6203", "output", ("refStatus",)),
    ("6301", "output", ("setlType",)),
    ("house.auth.query", "output", ("authStas",)),
]

NUMBERS = [
    ("79.60", True),
    ("-79.60", True),
    ("79", True),
    ("0", True),
    ("99999999999999.99", True),
    ("999999999999999", False),
    ("79.605", False),
    ("79.600", False),
    ("7.96e1", False),
    ("1" * 60, False),
]


def example(code: str, name: str) -> Any:
    one = loader.interface(code)
    path = loader.ROOT / "examples" / one.family / one.stem / f"{name}.json"
    return jsontext.parse(path.read_bytes())


def order(**changes: object) -> Any:
    """The smallest 6201, with some fields changed; ``...`` takes one away."""
    data = example("6201", "valid_input_minimal") | changes
    return {name: value for name, value in data.items() if value is not ...}


def check(data: object) -> list[loader.Miss]:
    return loader.interface("6201").check_input(data)


def change(value: Any, path: tuple[str | int, ...], new: object) -> Any:
    value = deepcopy(value)
    at = value
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return value


@pytest.mark.parametrize(("code", "direction", "path"), CLOSED)
def test_a_closed_dictionary_refuses_an_unknown_code(code: str, direction: str, path: tuple[str | int, ...]) -> None:
    one = loader.interface(code)
    judge = one.check_input if direction == "input" else one.check_output
    whole = example(code, f"valid_{direction}_full")
    assert judge(whole) == []
    misses = judge(change(whole, path, "?"))
    assert [(miss.rule, miss.field) for miss in misses] == [("dictionary", path[-1])]


def test_an_open_dictionary_only_annotates() -> None:
    assert check(order(insutype="399999", medType="990199")) == []


@pytest.mark.parametrize("code", sorted(loader.interfaces()))
def test_unknown_fields_are_let_through(code: str) -> None:
    one = loader.interface(code)
    for direction, judge in (("input", one.check_input), ("output", one.check_output)):
        whole = example(code, f"valid_{direction}_full")
        assert judge({**whole, "field_of_tomorrow": {"deep": [1, None]}}) == []


def strangers(value: Any) -> Any:
    """The same message with a field of tomorrow in each of its objects."""
    if isinstance(value, list):
        return [strangers(item) for item in value]
    if isinstance(value, dict):
        return {name: strangers(item) for name, item in value.items()} | {"field_of_tomorrow": [None, {"deep": 1}]}
    return value


@pytest.mark.parametrize("code", sorted(loader.interfaces()))
def test_unknown_fields_are_let_through_at_every_depth(code: str) -> None:
    one = loader.interface(code)
    for direction, judge in (("input", one.check_input), ("output", one.check_output)):
        assert judge(strangers(example(code, f"valid_{direction}_full"))) == []


def bare(schema: Any, value: Any) -> Any:
    """The same message with its numbers unquoted."""
    if isinstance(value, list):
        return [bare(schema.get("items", {}), item) for item in value]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: bare(known.get(name, {}), item) for name, item in value.items()}
    return jsontext.parse(value) if "x-decimal" in schema and isinstance(value, str) and value else value


@pytest.mark.parametrize("code", sorted(loader.interfaces()))
def test_unquoted_numbers_keep_their_printed_digits_and_are_judged_like_quoted_ones(code: str) -> None:
    one = loader.interface(code)
    for direction, judge in (("input", one.input), ("output", one.output)):
        unquoted = bare(judge.schema, example(code, f"valid_{direction}_full"))
        printed = jsontext.compact(unquoted)
        assert jsontext.compact(jsontext.parse(printed)) == printed
        assert judge.check(jsontext.parse(printed)) == []


@pytest.mark.parametrize(("digits", "accepted"), NUMBERS)
def test_a_number_is_judged_by_its_printed_digits_quoted_or_not(digits: str, accepted: bool) -> None:
    quoted = check(order(medfeeSumamt=digits))
    bare = check(order(medfeeSumamt=jsontext.parse(digits)))
    assert (quoted == []) == (bare == []) == accepted
    if not accepted:
        assert quoted == bare
        assert quoted[0].zh == "字段 medfeeSumamt（医疗费总额）格式应为最多16位、其中小数2位的数字"


def test_a_bare_number_inside_a_line_is_found_at_its_place() -> None:
    data = change(order(), ("feedetailList", 2, "cnt"), jsontext.parse("1.00001"))
    assert [miss.path for miss in check(data)] == ["data.feedetailList[2].cnt"]


@pytest.mark.parametrize("absent", ["", None])
@pytest.mark.parametrize("name", ["endtime", "gesoVal", "rxCircFlag", "orgId", "dieDate"])
def test_an_optional_field_may_be_empty(name: str, absent: object) -> None:
    assert check(order(**{name: absent})) == []


@pytest.mark.parametrize("absent", ["", None, ...])
@pytest.mark.parametrize("name", ["orgCodg", "medfeeSumamt", "begntime", "feeType"])
def test_a_required_field_may_not_be_empty(name: str, absent: object) -> None:
    assert [(miss.field, miss.rule) for miss in check(order(**{name: absent}))] == [(name, "required")]


def test_a_miss_names_the_field_its_title_and_the_rule_in_both_languages() -> None:
    (miss,) = check(order(orgCodg=...))
    assert miss == loader.Miss(
        path="data.orgCodg",
        field="orgCodg",
        rule="required",
        zh="字段 orgCodg（机构编码）必填",
        en="field orgCodg (institution code) is required",
    )


def test_a_refused_code_lists_the_permitted_ones() -> None:
    (miss,) = check(order(acctUsedFlag="3"))
    assert miss.zh == "字段 acctUsedFlag（个人账户使用标志）取值不在字典 acct_used_flag 中，可用：0、1、2"


def test_a_text_never_repeats_the_value_it_complains_about() -> None:
    secret = "990000198001010017" * 3
    (miss,) = check(order(idNo=secret))
    assert miss.rule == "max_length"
    assert secret[:18] not in miss.zh + miss.en


def test_misses_come_outermost_first_and_in_the_order_of_the_fields() -> None:
    data = change(order(userName=..., orgCodg=...), ("feedetailList", 1, "pric"), "x")
    data = change(data, ("feedetailList", 0, "cnt"), "x")
    assert [miss.path for miss in check(data)] == [
        "data.orgCodg",
        "data.userName",
        "data.feedetailList[0].cnt",
        "data.feedetailList[1].pric",
    ]


def test_an_online_purchase_needs_one_consent_and_an_outpatient_order_needs_the_printed_columns() -> None:
    (miss,) = check(order(payAuthNo=...))
    assert miss.rule == "condition"
    assert "ecToken" in miss.zh and "payAuthNo" in miss.zh
    assert check(order(payAuthNo="", ecToken="TEST-EC-TOKEN")) == []
    assert {miss.field for miss in check(order(feeType="01"))} >= {"ecToken", "fetts", "diseinfoList", "bilgDrCodg"}


def test_an_unknown_fee_type_is_the_only_thing_said_about_it() -> None:
    assert [miss.field for miss in check(order(feeType="77"))] == ["feeType"]


def test_a_refund_may_carry_a_reversal_authority_in_place_of_consent() -> None:
    refund = example("6203", "valid_input_minimal")
    del refund["payAuthNo"]
    judge = loader.interface("6203").check_input
    assert [miss.rule for miss in judge(refund)] == ["condition"]
    assert judge(refund | {"extData": {"revsToken": "TEST-REVS"}}) == []


@pytest.mark.parametrize("state", ["1", "7", "13", "16"])
def test_a_queried_order_shows_its_amounts_once_it_was_pre_settled(state: str) -> None:
    misses = loader.interface("6301").check_output({"payOrdId": "ORD1", "ordStas": state})
    assert [miss.field for miss in misses] == ["feeSumamt", "ownPayAmt", "psnAcctPay", "fundPay"]


@pytest.mark.parametrize("place", ["line", "root"])
@pytest.mark.parametrize("spelling", ["durg_trac_info", "drug_trac_info"])
def test_trace_codes_are_checked_in_both_spellings_and_both_places(place: str, spelling: str) -> None:
    whole = example("2102", "valid_input_minimal")
    codes = [{"feedetl_sn": "1", "drug_trac_codg": "81000010000000000001", "trdn_flag": "0"}]
    holder = whole["drugdetail"][0] if place == "line" else whole
    holder[spelling] = codes
    assert loader.interface("2102").check_input(whole) == []
    holder[spelling] = [{**codes[0], "drug_trac_codg": ""}]
    assert [miss.field for miss in loader.interface("2102").check_input(whole)] == ["drug_trac_codg"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(loader.interface("6201").input.schema["properties"])), value=json_values)
def test_no_value_of_any_field_breaks_the_judge(name: str, value: object) -> None:
    for miss in check(order(**{name: value})):
        assert miss.zh and miss.en and miss.path.startswith("data")


@pytest.mark.parametrize("value", [None, [], "", 0, {1: 2}, {"x": b"bytes"}, {"idNo": "\ud800"}])
def test_what_is_no_message_at_all_is_refused_and_not_raised(value: object) -> None:
    assert check(value)


def test_an_unknown_code_is_none_or_a_key_error_as_asked() -> None:
    assert loader.find("9999") is None
    with pytest.raises(KeyError):
        loader.interface("9999")
    with pytest.raises(KeyError):
        loader.dictionary("no_such_list")
    with pytest.raises(FileNotFoundError):
        loader.document("suite/no_such_file.json")


def test_envelopes_are_documents_of_their_own() -> None:
    refusal = loader.document("envelopes/gateway_refusal.json")
    assert refusal.check({"code": 401, "message": "签名错误"}) == []
    assert [miss.field for miss in refusal.check({"infcode": -1, "code": 401, "message": "x"})] == ["infcode"]
    sealed = loader.document("envelopes/sealed_request.json")
    frame = {"appId": "A", "timestamp": "20240701103045", "version": "2.0.1", "encType": "SM4", "signType": "SM2"}
    assert [miss.field for miss in sealed.check(frame)] == ["encData", "signData"]
    assert sealed.check(frame | {"encData": "0aFF", "signData": "x"}) == []
    assert sealed.check(frame | {"encType": "plain", "data": {}}) == []
