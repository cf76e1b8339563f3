"""The schema files themselves: sound by the meta-schema, complete in what the rest of the project reads."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas import jsontext, loader
from schemas.amount import to_fen

SKIPPED = {"examples", "vectors", "corrections"}
OURS = sorted(path for path in loader.ROOT.glob("*/*.json") if path.parent.name not in SKIPPED)
INTERFACES = sorted(loader.interfaces().values(), key=lambda one: one.code)
PRINTED_DICTIONARIES = 297
EXAMPLES = loader.ROOT / "examples"


def read(path: Path) -> Any:
    return jsontext.parse(path.read_bytes())


def fields(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every described field of a schema, conditions left out: they repeat names without describing them."""
    for name, field in node.get("properties", {}).items():
        yield name, field
        yield from fields(field)
        yield from fields(field.get("items", {}))


def described(one: loader.InterfaceSchema) -> Iterator[tuple[str, dict[str, Any]]]:
    for direction in (one.input, one.output):
        yield from fields(direction.schema)


def test_every_schema_file_obeys_the_meta_schema_and_names_itself() -> None:
    for path in OURS:
        schema = read(path)
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"{loader.BASE}/{path.parent.name}/{path.name}"


@pytest.mark.parametrize("one", INTERFACES, ids=lambda one: one.code)
def test_an_interface_says_where_it_is_and_how_it_behaves(one: loader.InterfaceSchema) -> None:
    assert one.family == one.file.parent.name
    assert one.surface in {"institution", "pay_centre", "evoucher", "prescription", "notice"}
    assert one.read in {"hand", "generated"}
    assert one.path.startswith("/")
    assert all((one.title_zh, one.title_en, one.source, one.confidence, one.since, one.sender, one.receiver))
    assert one.stem.endswith(f"_{one.code.lower()}") or one.trans_type == one.code


@pytest.mark.parametrize("one", INTERFACES, ids=lambda one: one.code)
def test_every_field_has_a_title_in_both_languages(one: loader.InterfaceSchema) -> None:
    bare = [name for name, field in described(one) if not field.get("title") or not field.get("x-title-en")]
    assert not bare, f"{one.code}: add {bare} to schemas/corrections/english.toml"


@pytest.mark.parametrize("one", INTERFACES, ids=lambda one: one.code)
def test_unknown_fields_are_never_forbidden(one: loader.InterfaceSchema) -> None:
    assert "additionalProperties" not in str(one.input.schema) + str(one.output.schema)


def test_marks_tell_redaction_what_to_hide() -> None:
    upload, person = loader.interface("6201"), loader.interface("1101")
    assert {"payToken", "ecToken", "payAuthNo"} <= upload.secret_fields
    assert upload.identity_fields == {"idNo"}
    assert upload.name_fields == {"userName"}
    assert person.secret_fields == {"card_sn"}
    assert person.identity_fields == {"certno", "mdtrt_cert_no"}
    assert "revsToken" in loader.interface("6302").secret_fields


def test_only_calls_that_change_something_say_so() -> None:
    """A query asks, looks up, tries out or downloads; by its printed name."""
    asking = re.compile("查询|获取|下载|检查|预结算|对总账|对明细账|解码授权")
    wrong = [
        one.code
        for one in loader.interfaces().values()
        if one.read == "hand" and bool(asking.search(one.title_zh)) == one.changes_state and one.code not in EXCEPTIONS
    ]
    assert not wrong


EXCEPTIONS = {"3592B", "house.auth.query", "7202", "7102"}
"""Issues a code; yields an authorisation; yields a token; signs and keeps nothing."""


def test_a_relaxed_requirement_stays_readable() -> None:
    druginfo = loader.interface("2102").input.schema["properties"]["druginfo"]
    for name in ("psn_cert_type", "certno", "psn_type", "psn_name"):
        assert name not in druginfo["required"]
        assert druginfo["properties"][name]["x-printed-required"] is True


def test_there_are_as_many_dictionaries_as_printed_and_ours_beside_them() -> None:
    files = list(loader.ROOT.glob("dictionaries/*.json"))
    ours = [
        path.stem
        for path in files
        if str(read(path).get("x-source", "")).startswith(("house", "HN, remark", "HN, field"))
    ]
    assert len(files) - len(ours) == PRINTED_DICTIONARIES
    assert {"refdType", "setlType", "refStatus", "rx_circ_flag", "authStas", "familyPayFlag"} <= set(ours)


def test_every_dictionary_is_sorted_and_reads_as_code_and_meaning() -> None:
    for path in loader.ROOT.glob("dictionaries/*.json"):
        codes = list(loader.dictionary(path.stem))
        assert codes == sorted(set(codes)), path.name
        assert all(loader.dictionary(path.stem).values()), path.name
        assert read(path)["x-title"], path.name


@pytest.mark.parametrize("code", ["2101", "2102"])
@pytest.mark.parametrize("size", ["minimal", "full"])
def test_the_money_of_a_settlement_example_adds_up(code: str, size: str) -> None:
    one = loader.interface(code)
    answer = read(EXAMPLES / one.family / one.stem / f"valid_output_{size}.json")
    fen = {name: to_fen(value) for name, value in answer["setlinfo"].items() if name in MONEY}
    assert fen["medfee_sumamt"] == fen["fund_pay_sumamt"] + fen["psn_part_amt"]
    assert fen["psn_part_amt"] == fen["acct_pay"] + fen["psn_cash_pay"]
    assert fen["medfee_sumamt"] == sum(fen[name] for name in PARTS)
    lines = [to_fen(line["det_item_fee_sumamt"]) for line in answer["detlcutinfo"]]
    assert sum(lines) == fen["medfee_sumamt"]


PARTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
MONEY = {"medfee_sumamt", "fund_pay_sumamt", "psn_part_amt", "acct_pay", "psn_cash_pay", *PARTS}


@pytest.mark.parametrize(
    "name", ["payment/pay_order_6202/valid_output_minimal", "payment/pay_order_6202/valid_output_full"]
)
def test_the_money_of_an_order_example_adds_up(name: str) -> None:
    order = read(EXAMPLES / f"{name}.json")
    parts = sum(to_fen(order[part]) for part in ("ownPayAmt", "psnAcctPay", "fundPay"))
    assert to_fen(order["feeSumamt"]) == parts
    upload = read(EXAMPLES / "payment/upload_fees_6201/valid_input_full.json")
    lines = sum(to_fen(line["detItemFeeSumamt"]) for line in upload["feedetailList"])
    assert to_fen(upload["medfeeSumamt"]) == lines == to_fen(order["feeSumamt"])
