"""What an institution may ask of the past and of the registers: its own visits and settlements, and what is on file."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schemas import jsontext
from schemas.loader import ROOT, interface
from tests.simulator import chain
from tests.simulator.shop import STOMACH_POWDER, Shop, a_platform
from tests.simulator.test_bad_input import truth
from tests.simulator.till import Till

Json = dict[str, Any]
DAY = {"begntime": "2024-07-01 00:00:00", "endtime": "2024-07-01 23:59:59", "med_type": "41"}
CODES = ("1201", "1901", "3201", "3202", "5201", "5203", "5204", "5301", "5302", "9101", "9102")


@pytest.fixture
def till() -> Till:
    return opened()


def opened(**order: Any) -> Till:
    shop = Shop(a_platform(), courier="manual", **order)
    shop.sign_in()
    return Till(shop)


def named(told: Json) -> Json:
    """The three ids of a settlement."""
    return {"data": {name: told[name] for name in ("setl_id", "mdtrt_id", "psn_no")}}


def refused(till: Till, infno: str, data: Json) -> Json:
    """The refusal of a message that changed nothing."""
    before = truth(till.shop)
    told = till.shop.institution(infno, data)
    assert told["infcode"] == -1 and told["output"] is None and truth(till.shop) == before
    return dict(till.shop.journal()[-1]["refusal"])


def visits(till: Till, person: Json, **fields: object) -> list[Json]:
    return list(till.must("5201", {"data": {"psn_no": person["psn_no"], **DAY, **fields}})["mdtrtinfo"])


def test_a_settlement_is_told_as_it_was_made(till: Till) -> None:
    sold = till.sell()
    told = till.must("5203", named(sold))
    info = told["setlinfo"]
    assert {name: info[name] for name in ("setl_id", "medins_setl_id", "acct_pay", "balc", "setl_time")} == {
        "setl_id": sold["setl_id"], "medins_setl_id": sold["msgid"], "acct_pay": "39.60", "balc": sold["balc"],
        "setl_time": "2024-07-01 10:30:45",
    }  # fmt: skip
    assert (info["psn_pay"], info["cash_payamt"], info["refd_setl_flag"], info["year"]) == (
        "39.60",
        "0.00",
        "0",
        "2024",
    )
    assert (info["fixmedins_code"], info["hosp_lv"], info["clr_optins"]) == (till.shop.org, "11", "110100")
    assert [row["fund_payamt"] for row in told["setldetail"]] == ["39.60"]


def test_a_cancellation_is_a_settlement_of_its_own_with_all_amounts_negative(till: Till) -> None:
    sold = till.sell()
    back = till.take_back(sold)
    ids = {**sold, "setl_id": back["setl_id"]}
    info = till.must("5203", named(ids))["setlinfo"]
    assert (info["medfee_sumamt"], info["acct_pay"], info["refd_setl_flag"]) == ("-39.60", "-39.60", "1")
    assert till.must("5203", named(sold))["setlinfo"]["refd_setl_flag"] == "0"
    (line,) = till.must("5204", named(ids))["data"]
    assert (line["cnt"], line["pric"], line["det_item_fee_sumamt"]) == ("-2", "19.80", "-39.60")


def test_the_lines_add_up_to_their_settlement(till: Till) -> None:
    sold = till.sell(packs=3)
    rows = till.must("5204", named(sold))["data"]
    assert sum(Decimal(row["det_item_fee_sumamt"]) for row in rows) == Decimal(sold["medfee_sumamt"])
    (row,) = rows
    parts = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
    assert sum(Decimal(row[part]) for part in parts) == Decimal(row["det_item_fee_sumamt"])
    assert (row["feedetl_sn"], row["cnt"], row["medins_list_codg"]) == ("1", "3", "SKU1")
    assert row["hilist_name"] and row["dosform_name"]


def test_an_order_is_found_like_a_counter_sale(till: Till) -> None:
    order = till.order()
    ids = {"setl_id": order["hiDocSn"], "mdtrt_id": order["hiRgstSn"], "psn_no": order["person"]["psn_no"]}
    info = till.must("5203", {"data": ids})["setlinfo"]
    assert (info["medins_setl_id"], info["acct_pay"]) == (order["payOrdId"], order["psnAcctPay"])
    (visit,) = visits(till, order["person"])
    assert (visit["mdtrt_id"], visit["ipt_otp_no"]) == (order["hiRgstSn"], order["basket"]["iptOtpNo"])


@pytest.mark.parametrize("infno", ["5203", "5204"])
@pytest.mark.parametrize("field", ["setl_id", "mdtrt_id", "psn_no"])
def test_all_three_ids_must_agree(till: Till, infno: str, field: str) -> None:
    sold = till.sell()
    other = till.shop.person("测试乙")["psn_no"] if field == "psn_no" else "110100X1"
    no = refused(till, infno, named({**sold, field: other}))
    assert (no["rule"], no["field"]) == ("unknown_settlement", "setl_id")


@pytest.mark.parametrize("infno", ["5203", "5204"])
def test_what_was_reversed_is_gone(till: Till, infno: str) -> None:
    sold = till.sell()
    till.must("2601", {"data": {"psn_no": sold["psn_no"], "omsgid": sold["msgid"], "oinfno": "2102"}})
    assert refused(till, infno, named(sold))["rule"] == "unknown_settlement"
    assert visits(till, till.shop.person()) == []


@pytest.mark.parametrize("infno", ["5203", "5204"])
def test_another_institutions_settlement_is_as_good_as_unknown(till: Till, infno: str) -> None:
    sold = till.sell()
    till.shop.org = till.shop.told["orgCodgs"][1]
    till.shop.sign_in()
    assert refused(till, infno, named(sold))["rule"] == "unknown_settlement"
    assert visits(till, till.shop.person()) == []


@pytest.mark.parametrize("infno", ["5201", "5203", "5204", "5301", "5302"])
def test_an_unknown_person_is_refused_and_named(till: Till, infno: str) -> None:
    sold = {**till.sell(), "psn_no": "99000000000000009999"}
    asked = {**named(sold)["data"], **DAY, "biz_appy_type": "03"}
    no = refused(till, infno, {"data": asked})
    assert (no["rule"], no["field"]) == ("unknown_person", "psn_no")


def test_visits_are_found_by_person_time_kind_and_id(till: Till) -> None:
    first, person = till.sell(), till.shop.person()
    till.sell(till.shop.person("测试乙"), packs=1)
    till.shop.act("/clock", {"advance_ms": 3_600_000})
    second = till.sell(packs=1)
    assert [row["mdtrt_id"] for row in visits(till, person)] == [first["mdtrt_id"], second["mdtrt_id"]]
    early = visits(till, person, endtime="2024-07-01 11:00:00")
    assert [(row["mdtrt_id"], row["begntime"]) for row in early] == [(first["mdtrt_id"], "2024-07-01 10:30:45")]
    assert [row["mdtrt_id"] for row in visits(till, person, mdtrt_id=second["mdtrt_id"])] == [second["mdtrt_id"]]
    assert visits(till, person, med_type="11") == []
    assert visits(till, person, begntime="2024-07-02 00:00:00", endtime="2024-07-02 23:59:59") == []


def test_a_lost_sale_shows_its_visit_but_not_its_settlement(till: Till) -> None:
    lost = till.sell(lost=True)
    (row,) = visits(till, till.shop.person())
    assert row["mdtrt_id"] and "setl_id" not in row and row["psn_no"] == lost["psn_no"]


def test_a_registered_visit_is_told_with_what_is_known_of_it() -> None:
    shop = chain.opened()
    till, person = Till(shop), shop.person()
    settled = chain.bought(shop, person, (STOMACH_POWDER, "50", "19.80"))["setlinfo"]
    (row,) = visits(till, person, med_type="11")
    assert (row["mdtrt_id"], row["ipt_otp_no"], row["mdtrt_cert_type"]) == (settled["mdtrt_id"], "OTP1", "02")
    info = till.must("5203", named({**settled, "psn_no": person["psn_no"]}))["setlinfo"]
    told = {name: info[name] for name in ("hifp_pay", "act_pay_dedc", "pool_prop_selfpay", "clr_type")}
    assert told == {name: settled[name] for name in told} and info["psn_pay"] == settled["psn_part_amt"]


def test_a_withdrawn_order_leaves_no_visit(till: Till) -> None:
    order = till.shop.uploaded()
    assert len(visits(till, order["person"])) == 1
    assert till.shop.sealed("6401", till.shop.asking(order)).success
    assert visits(till, order["person"]) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"begntime": "2024-02-30 00:00:00"}, "begntime"),
        ({"endtime": "2024-06-30 00:00:00"}, "endtime"),
        ({"begntime": "2000-01-01 00:00:00"}, "endtime"),
    ],
)
def test_times_that_make_no_range_are_refused(till: Till, fields: Json, field: str) -> None:
    no = refused(till, "5201", {"data": {"psn_no": till.shop.person()["psn_no"], **DAY, **fields}})
    assert (no["rule"], no["field"]) == ("date_range", field)


def institution(till: Till, **fields: str) -> Any:
    return till.must("1201", {"medinsinfo": {"fixmedins_type": "2", **fields}})["medinsinfo"]


def test_an_institution_is_found_by_its_code(till: Till) -> None:
    told = institution(till, fixmedins_code=till.shop.org)
    assert (told["fixmedins_code"], told["fixmedins_type"], told["hosp_lv"]) == (till.shop.org, "2", "11")
    assert len(told["uscc"]) == 18


def test_a_part_of_the_name_may_match_several(till: Till) -> None:
    rows = institution(till, fixmedins_name="大药房")
    assert len(rows) == 4 and [row["fixmedins_code"] for row in rows] == sorted(row["fixmedins_code"] for row in rows)
    assert institution(till, fixmedins_name="海淀")["fixmedins_name"] == "测试大药房（海淀店）"


def test_a_platform_may_always_answer_a_list() -> None:
    till = opened(switches={"medinsinfo": "list"})
    assert [row["fixmedins_code"] for row in institution(till, fixmedins_code=till.shop.org)] == [till.shop.org]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"fixmedins_code": "P99999999999"}, "fixmedins_code"),
        ({"fixmedins_name": "没有这家"}, "fixmedins_name"),
        ({"fixmedins_type": "1", "fixmedins_name": "大药房"}, "fixmedins_name"),
        ({"fixmedins_code": "P11010590001", "fixmedins_name": "海淀"}, "fixmedins_code"),
    ],
)
def test_an_institution_that_is_not_there_is_refused(till: Till, fields: Json, field: str) -> None:
    no = refused(till, "1201", {"medinsinfo": {"fixmedins_type": "2", **fields}})
    assert (no["rule"], no["field"]) == ("unknown_institution", field)


def test_neither_code_nor_name_is_refused(till: Till) -> None:
    no = refused(till, "1201", {"medinsinfo": {"fixmedins_type": "2", "fixmedins_name": "", "fixmedins_code": None}})
    assert no["rule"] == "schema_miss" and "fixmedins_name" in no["zh"] and "fixmedins_code" in no["zh"]


def test_chronic_diseases_on_file_are_told(till: Till) -> None:
    person = till.shop.person()["psn_no"]
    assert till.must("5301", {"data": {"psn_no": person}}) == {"feedetail": []}
    filing = {"psn_no": person, "opsp_dise_code": "M03900", "opsp_dise_name": "高血压"}
    till.shop.act("/world", {"change": "chronic_filing", **filing})
    told = till.must("5301", {"data": {"psn_no": person}})
    assert told["feedetail"] == [
        {"opsp_dise_code": "M03900", "opsp_dise_name": "高血压", "begndate": "2024-07-01", "enddate": ""}
    ]
    other = till.shop.person("测试乙")["psn_no"]
    assert till.must("5301", {"data": {"psn_no": other}}) == {"feedetail": []}


def test_chosen_institutions_are_told_by_kind_and_in_order(till: Till) -> None:
    person, orgs = till.shop.person()["psn_no"], till.shop.told["orgCodgs"]
    for kind, org in (("03", orgs[1]), ("03", orgs[0]), ("32", orgs[2])):
        till.shop.act("/world", {"change": "chosen_institution", "psn_no": person, "biz_appy_type": kind,
                                 "fixmedins_code": org, "begndate": "2024-01-01", "enddate": "2024-12-31"})  # fmt: skip
    rows = till.must("5302", {"data": {"psn_no": person, "biz_appy_type": "03"}})["psnfixmedin"]
    assert [(row["fix_srt_no"], row["fixmedins_code"], row["enddate"]) for row in rows] == [
        ("1", orgs[1], "2024-12-31"), ("2", orgs[0], "2024-12-31"),
    ]  # fmt: skip
    assert rows[0]["fixmedins_name"] == "测试大药房（海淀店）" and rows[0]["insutype"] == "310"
    assert till.must("5302", {"data": {"psn_no": person, "biz_appy_type": "99"}})["psnfixmedin"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"change": "chronic_filing", "opsp_dise_code": "M03900"}, "opsp_dise_name"),
        ({"change": "chosen_institution", "biz_appy_type": "03", "fixmedins_code": "P0"}, "fixmedins_code"),
        ({"change": "chosen_institution", "fixmedins_code": "P11010590001"}, "biz_appy_type"),
    ],
)
def test_a_filing_that_lacks_something_is_refused(till: Till, change: Json, field: str) -> None:
    body = {**change, "psn_no": till.shop.person()["psn_no"]}
    status, told = till.shop.control("POST", f"/rooms/{till.shop.room}/world", body)
    assert 400 <= status < 500 and told["error"]["field"] == field


def bad_examples() -> list[Any]:
    """Every example of a wrong request the contract ships for these interfaces."""
    found = []
    for code in CODES:
        one = interface(code)
        folder = ROOT / "examples" / one.family / one.stem
        found += [pytest.param(code, path, id=f"{code}-{path.stem}") for path in sorted(folder.glob("invalid_input_*"))]
    return found


@pytest.mark.parametrize(("code", "path"), bad_examples())
def test_every_wrong_request_of_the_contract_is_refused_and_its_field_named(till: Till, code: str, path: Path) -> None:
    data = jsontext.parse(path.read_bytes())
    assert isinstance(data, dict)
    no = refused(till, code, data)
    assert no["rule"] == "schema_miss" and no["field"] in no["zh"] and no["en"]
    assert path.stem.endswith(no["field"]) or no["field"] in str(data)


@pytest.mark.parametrize("code", CODES)
def test_a_foreign_institution_is_refused_whatever_it_asks(till: Till, code: str) -> None:
    one = interface(code)
    path = ROOT / "examples" / one.family / one.stem / "valid_input_full.json"
    data = jsontext.parse(path.read_bytes())
    assert isinstance(data, dict)
    told = till.shop.institution(code, data, fixmedins_code="P99999999999")
    assert told["infcode"] == -1 and "P99999999999" in told["err_msg"]
    assert till.shop.journal()[-1]["refusal"]["rule"] == "foreign_institution"
