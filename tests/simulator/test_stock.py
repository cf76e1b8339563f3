"""Stock and sales at the wire: every form answers as printed, and a bad message changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.goods_shop import (
    CODE,
    OTHER,
    OWN_ID,
    look,
    message,
    must,
    row,
    settled,
    truth,
)
from tests.simulator.shop import Json, Shop, a_platform

SINGLE = ("3501", "3502", "3503", "3504", "3505", "3506")
BATCH = tuple(f"{infno}A" for infno in SINGLE)
QUERIES = ("3508", "3509", "3510", "3511", "3512", "3513")
ERRORS = {
    "3501A": "invinfoErrDetail", "3502A": "invinfoErrDetail", "3504A": "purcinfoErrDetail", "3506A": "selinfoErrDetail",
}  # fmt: skip


@pytest.fixture
def shop() -> Shop:
    opened = Shop(a_platform(), courier="manual")
    opened.sign_in()
    return opened


def prepared(shop: Shop, infno: str) -> Json:
    """A row that will be taken; a return has a sale before it."""
    if infno[:4] == "3506":
        must(shop, "3505", message("3505", row("3505")))
    return row(infno)


@pytest.mark.parametrize("infno", SINGLE)
def test_a_single_row_is_taken_and_shown_by_its_query(shop: Shop, infno: str) -> None:
    assert must(shop, infno, message(infno, prepared(shop, infno)))["result"]["retRslt"] == "1"
    kept = shop.act("/goods", method="GET")["goods"][-1]
    assert (kept["infno"], kept["fixmedins_code"], kept["vali"]) == (infno, shop.org, True)
    query = {"3501": "3508", "3502": "3509", "3503": "3510", "3504": "3510", "3505": "3511"}.get(infno)
    if query:
        (shown,) = must(shop, query, look(shop))["output"]
        serial = next(value for name, value in shown.items() if name.startswith("medinsProd"))
        assert (serial, shown["medinsListCodg"], shown["opterName"]) == (kept["goods_no"], OWN_ID, "测试员")


@pytest.mark.parametrize("infno", BATCH)
def test_a_batch_is_answered_row_by_row(shop: Shop, infno: str) -> None:
    good = prepared(shop, infno)
    output = must(shop, infno, message(infno, good, {**good, "med_list_codg": "NO-SUCH", "memo": "bad"}))
    if infno in ERRORS:
        (failed,) = output[ERRORS[infno]]
        assert (failed["med_list_codg"], failed["retRslt"], failed["memo"]) == ("NO-SUCH", "0", "bad")
        assert "med_list_codg" in failed["msgRslt"]
    else:
        taken, failed = next(iter(output.values()))
        serial = next(value for name, value in taken.items() if name.startswith("medins_prod"))
        assert (taken["retRslt"], failed["retRslt"], len(serial)) == ("1", "0", 30)
        assert "purc_invo_file_List" not in taken and "drugtracinfo" not in taken
    assert shop.act("/goods", method="GET")["goods"][-1]["infno"] == infno[:4]
    again = must(shop, infno, message(infno, good))
    (told,) = next(iter(again.values()))
    assert told["retRslt"] == "0" and "重复上传" in told["msgRslt"]


def spoiled(infno: str, told: Json, name: str, value: object) -> Json:
    bad = {key: old for key, old in told.items() if key != name}
    return message(infno, bad if value is None else {**bad, name: value})


BAD = [
    pytest.param("fixmedins_bchno", None, id="a missing field"),
    pytest.param("fixmedins_bchno", "B" * 31, id="an over-long value"),
    pytest.param("med_list_codg", 7, id="a wrong type"),
    pytest.param("manu_date", "2024/01/01", id="a wrong form"),
]


def refused(shop: Shop, infno: str, data: Json, rule: str, field: str, **frame: Any) -> None:
    before = truth(shop)
    told = shop.institution(infno, data, **frame)
    last = shop.journal()[-1]
    assert (told["infcode"], told["output"]) == (-1, None)
    assert (last["refusal"]["rule"], last["refusal"]["field"]) == (rule, field)
    assert field in told["err_msg"] and last["refusal"]["en"] and truth(shop) == before


@pytest.mark.parametrize("infno", [*SINGLE, *BATCH])
@pytest.mark.parametrize(("field", "value"), BAD)
def test_a_row_that_breaks_the_contract_refuses_the_message(shop: Shop, infno: str, field: str, value: object) -> None:
    if field == "manu_date" and infno[:4] == "3502":
        field = "inv_chg_time"
    refused(shop, infno, spoiled(infno, prepared(shop, infno), field, value), "schema_miss", field)


@pytest.mark.parametrize("infno", ["3505", "3505A", "3506", "3506A"])
def test_a_code_outside_a_closed_list_is_refused(shop: Shop, infno: str) -> None:
    refused(shop, infno, spoiled(infno, prepared(shop, infno), "trdn_flag", "7"), "schema_miss", "trdn_flag")


@pytest.mark.parametrize("infno", [*SINGLE, *BATCH])
def test_another_institutions_goods_are_nobodys_to_report(shop: Shop, infno: str) -> None:
    told = message(infno, prepared(shop, infno))
    refused(shop, infno, told, "foreign_institution", "fixmedins_code", fixmedins_code="P99999999999")


@pytest.mark.parametrize("infno", BATCH)
def test_a_batch_without_rows_is_refused(shop: Shop, infno: str) -> None:
    refused(shop, infno, message(infno), "schema_miss", next(iter(message(infno))))


SINGLE_SALES: list[tuple[str, Callable[[Json], Json], str, str]] = [
    ("3505", lambda paid: row("3505", paid, psn_no="99000000000000009999"), "sale_person", "psn_no"),
    ("3505", lambda paid: row("3505", psn_no="99000000000000009999"), "unknown_person", "psn_no"),
    ("3505", lambda paid: row("3505", paid, setl_id="NO"), "sale_unsettled", "setl_id"),
    ("3505", lambda paid: row("3505", paid, sel_retn_cnt="3"), "sale_exceeds", "sel_retn_cnt"),
    ("3505", lambda paid: row("3505", MDTRT_SETL_TYPE="1"), "schema_miss", "setl_id"),
    ("3506", lambda paid: row("3506"), "sale_unknown", "mdtrt_sn"),
    ("3504", lambda paid: row("3504", medins_prod_purc_no="NO"), "purchase_unknown", "medins_prod_purc_no"),
    ("3501", lambda paid: row("3501", inv_cnt="-1"), "not_positive", "inv_cnt"),
]


@pytest.mark.parametrize(("infno", "make", "rule", "field"), SINGLE_SALES)
def test_a_row_with_nothing_behind_it_is_refused_by_its_rule(
    shop: Shop, infno: str, make: Callable[[Json], Json], rule: str, field: str
) -> None:
    paid = settled(shop)
    refused(shop, infno, message(infno, make(paid)), rule, field)


def test_goods_are_removed_one_by_one_or_in_a_batch(shop: Shop) -> None:
    must(shop, "3501", message("3501", row("3501")))
    told = {"fixmedins_bchno": row("3501")["fixmedins_bchno"], "inv_data_type": "1"}
    assert must(shop, "3507", {"data": told})["result"]["retRslt"] == "1"
    refused(shop, "3507", {"data": told}, "goods_unknown", "fixmedins_bchno")
    refused(shop, "3507", {"data": {**told, "inv_data_type": "7"}}, "schema_miss", "inv_data_type")
    refused(shop, "3507", {"data": {"inv_data_type": "1"}}, "schema_miss", "fixmedins_bchno")
    refused(shop, "3507", {"data": told}, "foreign_institution", "fixmedins_code", fixmedins_code="P99999999999")
    must(shop, "3501", message("3501", row("3501")))
    (failed,) = must(shop, "3507A", {"goodDetail": [told, {**told, "fixmedins_bchno": "NO"}]})["goodErrDetail"]
    assert (failed["fixmedins_bchno"], failed["inv_data_type"], failed["retRslt"]) == ("NO", "1", "0")
    refused(shop, "3507A", {"goodDetail": [{**told, "inv_data_type": "7"}]}, "schema_miss", "inv_data_type")
    refused(shop, "3507A", {"goodDetail": told}, "schema_miss", "goodDetail")
    assert must(shop, "3508", look(shop))["output"] == []


@pytest.mark.parametrize("infno", QUERIES)
@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        pytest.param({"fixmedins_code": None}, "schema_miss", "fixmedins_code", id="a missing field"),
        pytest.param({"fixmedins_code": "P" * 31}, "schema_miss", "fixmedins_code", id="an over-long value"),
        pytest.param({"fixmedins_code": 7}, "schema_miss", "fixmedins_code", id="a wrong type"),
        pytest.param({"medins_list_codg": None}, "schema_miss", "medins_list_codg", id="nothing to look by"),
        pytest.param({"fixmedins_code": "P11010890002"}, "foreign_institution", "fixmedins_code", id="another's"),
        pytest.param({"begndate": "2024-07-02"}, "date_range", "enddate", id="a range that ends before it begins"),
        pytest.param({"enddate": "2024-06-31"}, "date_range", "enddate", id="a day that does not exist"),
    ],
)
def test_a_wrong_query_is_refused_and_names_the_field(
    shop: Shop, infno: str, fields: Json, rule: str, field: str
) -> None:
    asked = look(shop, **fields)
    asked["data"] = {name: value for name, value in asked["data"].items() if value is not None}
    refused(shop, infno, asked, rule, field)


@pytest.mark.parametrize("infno", QUERIES)
def test_a_query_that_finds_nothing_answers_no_rows(shop: Shop, infno: str) -> None:
    assert must(shop, infno, look(shop))["output"] == []
    assert must(shop, infno, look(shop, medins_list_codg="", fixmedins_bchno="NONE"))["output"] == []


def test_an_insured_sale_its_cancellation_and_its_return(shop: Shop) -> None:
    """2102 with codes, 3505A, 2103, 3506A: the pack is sold, still sold, and in stock again."""
    paid = settled(shop, CODE, OTHER)
    codes = [{"drug_trac_codg": code} for code in (CODE, OTHER)]
    told = row("3505A", paid, sel_retn_cnt="2", drugtracinfo=codes)
    (taken,) = must(shop, "3505A", message("3505A", told))["selinfoDetail"]
    assert taken["retRslt"] == "1" and taken["msgRslt"] == ""
    (first, _) = must(shop, "3513", look(shop, mdtrt_id=paid["mdtrt_id"]))["output"]
    assert (first["drugTracCodg"], first["psnNo"], first["bkkpSn"]) == (CODE, paid["psn_no"], "1")
    undo = {"setl_id": paid["setl_id"], "mdtrt_id": paid["mdtrt_id"], "psn_no": paid["psn_no"]}
    must(shop, "2103", {"data": undo})
    back = {**row("3506A", sel_retn_cnt="2", drugtracinfo=codes), "mdtrt_sn": paid["mdtrt_id"]}
    back |= {"medins_prod_sel_no": taken["medins_prod_sel_no"], "setl_id": paid["setl_id"]}
    assert must(shop, "3506A", message("3506A", back))["selinfoErrDetail"] == []
    uses = [(use["kind"], use["drug_trac_codg"]) for use in shop.act("/traces", method="GET")["traces"]]
    assert uses == [("sale", CODE), ("sale", OTHER), ("return", CODE), ("return", OTHER)]


def test_a_message_sent_twice_is_taken_once(shop: Shop) -> None:
    told = message("3505A", row("3505A"))
    msgid = "P11010590001202407011030450001"
    assert shop.institution("3505A", told, msgid=msgid)["infcode"] == 0
    before = truth(shop)
    assert shop.institution("3505A", told, msgid=msgid)["infcode"] == -1 and truth(shop) == before
