"""3201 and 3202 on the wire: a whole pharmacy against the platform, row by row, by the platform's own days."""

from collections import Counter
from typing import Any

import pytest

from schemas import jsontext
from tests.simulator import chain
from tests.simulator.shop import STOMACH_POWDER, Shop, a_platform
from tests.simulator.test_bad_input import truth
from tests.simulator.till import Till, zipped

Json = dict[str, Any]
TODAY, TOMORROW = "2024-07-01", "2024-07-02"


def opened(**order: Any) -> Till:
    shop = Shop(a_platform(), courier="manual", **order)
    shop.sign_in()
    return Till(shop)


@pytest.fixture
def till() -> Till:
    return opened()


def tomorrow(till: Till, time: str = "09:00:00") -> None:
    till.shop.act("/clock", {"to": f"{TOMORROW} {time}"})
    till.shop.sign_in()


def verdicts(rows: list[dict[str, str]]) -> Counter[str]:
    return Counter(row["stmt_rslt"] for row in rows)


def test_a_pharmacy_without_a_sale_is_equal(till: Till) -> None:
    assert till.statement(TODAY)["stmt_rslt"] == "000000"
    assert till.details(TODAY) == []


def test_counter_sales_and_orders_of_the_day_count_together(till: Till) -> None:
    till.sell()
    till.order(packs=3)
    told = till.statement(TODAY)
    assert told["stmt_rslt"] == "000000" and "2 笔" in told["stmt_rslt_dscr"] and "99.00" in told["stmt_rslt_dscr"]
    assert verdicts(till.details(TODAY)) == {"000000": 2}


def test_unequal_totals_are_an_answer_and_not_a_refusal(till: Till) -> None:
    till.sell()
    assert till.statement(TODAY, medfee_sumamt="39.61")["stmt_rslt"] == "000103"
    assert till.statement(TODAY, fixmedins_setl_cnt="0")["stmt_rslt"] == "000101"
    assert till.statement(TODAY, fixmedins_setl_cnt="2")["stmt_rslt"] == "000102"
    assert till.shop.journal()[-1]["outcome"] == "ok"


def test_a_city_that_prints_flags_says_zero_or_one() -> None:
    till = opened(switches={"stmt_rslt": "flags"})
    till.sell()
    assert till.statement(TODAY)["stmt_rslt"] == "0"
    assert till.statement(TODAY, acct_pay="0.00")["stmt_rslt"] == "1"
    assert verdicts(till.details(TODAY)) == {"0": 1}


def test_a_lost_sale_is_found_by_its_message_id_reversed_and_gone(till: Till) -> None:
    till.sell()
    lost = till.sell(packs=1, lost=True)
    assert till.statement(TODAY)["stmt_rslt"] == "000101"
    (row,) = [row for row in till.details(TODAY) if row["stmt_rslt"] == "000101"]
    assert (row["setl_id"], row["mdtrt_id"], row["msgid"]) == ("null", "null", lost["msgid"])
    assert (row["psn_no"], row["medfee"], row["acct"]) == (lost["psn_no"], "19.80", "19.80")
    assert "2102" in row["memo"]
    till.must("2601", {"data": {"psn_no": row["psn_no"], "omsgid": row["msgid"], "oinfno": "2102"}})
    assert till.statement(TODAY)["stmt_rslt"] == "000000"
    assert verdicts(till.details(TODAY)) == {"000000": 1}


def test_an_order_nobody_entered_is_shown_but_not_to_be_reversed(till: Till) -> None:
    order = till.order()
    till.rows.clear()
    (row,) = till.details(TODAY)
    assert (row["stmt_rslt"], row["msgid"], row["medfee"]) == ("000101", order["payOrdId"], "39.60")
    before = truth(till.shop)
    told = till.shop.institution("2601", {"data": {"psn_no": row["psn_no"], "omsgid": row["msgid"], "oinfno": "2102"}})
    assert told["infcode"] == -1 and truth(till.shop) == before


def test_the_only_sale_lost_is_found_with_an_empty_list(till: Till) -> None:
    lost = till.sell(lost=True)
    (row,) = till.details(TODAY)
    assert (row["stmt_rslt"], row["msgid"]) == ("000101", lost["msgid"])


def test_a_cancellation_counts_on_its_own_day(till: Till) -> None:
    sold = till.sell()
    till.sell(packs=1)
    tomorrow(till)
    till.take_back(sold)
    assert till.statement(TODAY)["stmt_rslt"] == "000000"
    assert till.statement(TOMORROW)["stmt_rslt"] == "000000"
    assert till.statement(TODAY, TOMORROW)["stmt_rslt"] == "000000"
    (row,) = till.details(TOMORROW)
    assert (row["stmt_rslt"], row["refd_setl_flag"], row["medfee"]) == ("000000", "1", "-39.60")


def test_confirmed_before_midnight_and_refunded_after_it_are_two_days(till: Till) -> None:
    till.shop.act("/clock", {"to": f"{TODAY} 23:59:58"})
    order = till.order()
    tomorrow(till, "00:00:00")
    till.refund(order)
    assert [len(till.rows[day]) for day in (TODAY, TOMORROW)] == [1, 1]
    for begin, end in ((TODAY, TODAY), (TOMORROW, TOMORROW), (TODAY, TOMORROW)):
        assert till.statement(begin, end)["stmt_rslt"] == "000000"
        assert set(verdicts(till.details(begin, end))) == {"000000"}


def test_a_refund_is_found_by_its_own_serial_or_by_the_purchase_it_takes_back(till: Till) -> None:
    order = till.order()
    till.refund(order)
    positive, negative = till.rows[TODAY]
    assert positive[0] == order["hiDocSn"] and negative[0] != positive[0]
    assert verdicts(till.details(TODAY)) == {"000000": 2}
    by_purchase = till.upload(zipped([positive, (positive[0], *negative[1:])]))
    assert verdicts(till.details(TODAY, file_qury_no=by_purchase)) == {"000000": 2}


def test_an_order_all_paid_in_cash_is_not_the_insurers_business(till: Till) -> None:
    shop = till.shop
    order = shop.placed(shop.person("测试丙"))
    cash = {"outTradeNo": "C1", "payOrdId": order["payOrdId"], "cashFen": 3960, "freightFen": 0}
    desk = {"authorization": f"Bearer {shop.told['cashDesk']['token']}"}
    assert shop.post("/house/cash/open", jsontext.compact(cash), desk).status == 200
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    assert till.statement(TODAY)["stmt_rslt"] == "000000" and till.details(TODAY) == []


def test_another_pharmacys_sales_are_not_counted(till: Till) -> None:
    till.sell()
    other = till.shop.told["orgCodgs"][1]
    assert other != till.shop.org
    till.shop.org = other
    till.shop.sign_in()
    neighbour = Till(till.shop)
    assert neighbour.statement(TODAY)["stmt_rslt"] == "000000"
    foreign = [(till.rows[TODAY][0])]
    number = neighbour.upload(zipped(foreign))
    data = {"medfee_sumamt": "39.60", "fixmedins_setl_cnt": "1", "file_qury_no": number}
    (row,) = neighbour.details(TODAY, **data)
    assert (row["stmt_rslt"], row["memo"]) == ("000102", "中心无此记录")


def test_what_another_channel_sold_for_the_pharmacy_counts_for_the_pharmacy() -> None:
    till = opened(channels=[{"name": "a", "orgs": "all"}, {"name": "b", "orgs": "all"}])
    till.sell()
    first = till.shop.told
    till.shop.told = till.shop.act("/registration", method="GET")["channels"][1]
    other = Till(till.shop)
    other.numbers = 100
    sold = other.sell(packs=1)
    till.shop.told = first
    assert till.statement(TODAY)["stmt_rslt"] == "000101"
    (row,) = [row for row in till.details(TODAY) if row["stmt_rslt"] == "000101"]
    assert row["msgid"] == sold["msgid"]


def test_other_insurance_other_clearing_and_other_agencies_have_totals_of_their_own(till: Till) -> None:
    till.sell()
    nothing = {"medfee_sumamt": "0", "fund_pay_sumamt": "0", "acct_pay": "0", "fixmedins_setl_cnt": "0"}
    for field, value in (("insutype", "390"), ("clr_type", "11"), ("setl_optins", "310100")):
        assert till.statement(TODAY, **{field: value})["stmt_rslt"] != "000000"
        assert till.statement(TODAY, **{field: value}, **nothing)["stmt_rslt"] == "000000"


@pytest.mark.parametrize(
    ("flags", "with_refunds"),
    [
        ({"fixmedins_refd_setl_flag": "0"}, False),
        ({"fixmedins_refd_setl_flag": "", "refd_setl_flag": None, "REFD_SETL_FLAG": "0"}, False),
        ({"fixmedins_refd_setl_flag": "0", "refd_setl_flag": "1"}, True),
        ({"fixmedins_refd_setl_flag": None}, True),
    ],
)
def test_flags_say_whether_refunds_are_in_the_totals(till: Till, flags: Json, with_refunds: bool) -> None:
    till.take_back(till.sell())
    gross = {"medfee_sumamt": "39.60", "acct_pay": "39.60", "fixmedins_setl_cnt": "1"}
    assert till.statement(TODAY, **flags)["stmt_rslt"] == ("000000" if with_refunds else "000101")
    assert (till.statement(TODAY, **gross, **flags)["stmt_rslt"] == "000000") is not with_refunds


def test_a_platform_without_the_flags_always_counts_refunds() -> None:
    till = opened(switches={"stmt_refunds": "always"})
    till.take_back(till.sell())
    assert till.statement(TODAY, fixmedins_refd_setl_flag="0")["stmt_rslt"] == "000000"


def test_the_count_is_of_purchases_less_refunds_or_of_records() -> None:
    for how, count in (("net", "0"), ("records", "2")):
        till = opened(switches={"stmt_count": how})
        till.take_back(till.sell())
        assert till.statement(TODAY, fixmedins_setl_cnt=count)["stmt_rslt"] == "000000"


def altered(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    names = ("setl_id", "mdtrt_id", "psn_no", "medfee", "fund", "acct", "refd")
    return tuple(cells.get(name, value) for name, value in zip(names, row, strict=True))


def test_every_row_gets_the_verdict_it_deserves(till: Till) -> None:
    till.shop.act("/switches", {"stmt_header": "ignored"}, method="PATCH")
    for packs in (1, 2, 3, 4):
        till.sell(packs=packs)
    good, wrong_money, wrong_person, unsaid = till.rows[TODAY]
    invented = altered(good, setl_id="110100S20240701000000000099999")
    sent = [good, altered(wrong_money, medfee="39.61"), altered(wrong_person, psn_no="99000000000000000102"),
            invented, good, altered(good, refd="1")]  # fmt: skip
    rows = till.details(TODAY, file_qury_no=till.upload(zipped(sent)))
    assert [row["stmt_rslt"] for row in rows] == ["000000", "000103", "000103", "000102", "000102", "000102", "000101"]
    assert [row["setl_id"] for row in rows[:6]] == [row[0] for row in sent]
    assert "39.60" in rows[1]["memo"] and "人员编号" in rows[2]["memo"] and "重复" in rows[4]["memo"]
    assert rows[6]["medfee"] == unsaid[3] and rows[6]["setl_id"] == "null"


def test_a_sale_of_another_day_says_when_it_was(till: Till) -> None:
    till.sell()
    tomorrow(till)
    number = till.upload(zipped(till.rows[TODAY]))
    sums = {"medfee_sumamt": "39.60", "fixmedins_setl_cnt": "1", "file_qury_no": number}
    (row,) = till.details(TOMORROW, **sums)
    assert row["stmt_rslt"] == "000102" and f"{TODAY} 10:30:45" in row["memo"]


@pytest.mark.parametrize("field", ["medfee_sumamt", "fund_pay_sumamt", "cash_payamt", "fixmedins_setl_cnt"])
def test_a_header_that_is_not_its_files_is_refused_and_named(till: Till, field: str) -> None:
    till.sell()
    before = truth(till.shop)
    told = till.shop.institution("3202", till.detail_data(TODAY, **{field: "7"}))
    assert told["infcode"] == -1 and field in told["err_msg"] and truth(till.shop) == before
    till.shop.act("/switches", {"stmt_header": "ignored"}, method="PATCH")
    assert verdicts(till.details(TODAY, **{field: "7"})) == {"000000": 1}


GOOD = ("110100S1", "110100G1", "99000000000000000101", "19.80", "0.00", "19.80", "0")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"PK not a zip", ("ZIP", "损坏"), id="no ZIP"),
        pytest.param(zipped([GOOD, GOOD[:6]]), ("第 2 行", "6 列"), id="a column too few"),
        pytest.param(zipped([(*GOOD, "x", "y")]), ("第 1 行", "9 列"), id="two columns too many"),
        pytest.param(
            zipped([GOOD, altered(GOOD, medfee="1.234")]), ("第 2 行第 4 列", "medfee_sumamt"), id="an amount"
        ),
        pytest.param(zipped([altered(GOOD, fund="null")]), ("第 1 行第 5 列", "fund_pay_sumamt"), id="no amount"),
        pytest.param(zipped([altered(GOOD, refd="2")]), ("第 7 列", "refd_setl_flag"), id="a wrong flag"),
        pytest.param(zipped([altered(GOOD, mdtrt_id="null")]), ("第 2 列", "mdtrt_id"), id="no visit"),
        pytest.param(zipped([altered(GOOD, psn_no="9" * 31)]), ("第 3 列", "psn_no"), id="an over-long person"),
        pytest.param(zipped([GOOD], name="list.csv"), ("TXT", "list.csv"), id="not a TXT"),
    ],
)
def test_a_bad_list_is_refused_by_line_and_column(till: Till, content: bytes, words: tuple[str, ...]) -> None:
    number, before = till.upload(content), truth(till.shop)
    told = till.shop.institution("3202", till.detail_data(TODAY, file_qury_no=number))
    assert told["infcode"] == -1 and told["output"] is None
    assert all(word in told["err_msg"] for word in (*words, "file_qury_no"))
    assert till.shop.journal()[-1]["refusal"]["en"] and truth(till.shop) == before


def test_an_eighth_column_is_accepted(till: Till) -> None:
    till.sell()
    number = till.upload(zipped([(*till.rows[TODAY][0], '{"note":1}')]))
    assert verdicts(till.details(TODAY, file_qury_no=number)) == {"000000": 1}


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"stmt_begndate": "2024-02-30"}, "stmt_begndate"),
        ({"stmt_enddate": "2024-06-30"}, "stmt_enddate"),
        ({"stmt_begndate": "2000-01-01"}, "stmt_enddate"),
    ],
)
def test_dates_that_make_no_range_are_refused(till: Till, dates: Json, field: str) -> None:
    for infno, data in (("3202", till.detail_data(TODAY, **dates)), ("3201", till.detail_data(TODAY, **dates))):
        data["data"] |= {"insutype": "310", "acct_pay": "0"}
        told = till.shop.institution(infno, data)
        assert told["infcode"] == -1 and field in told["err_msg"]
        assert till.shop.journal()[-1]["refusal"]["rule"] == "date_range"


def test_a_list_nobody_uploaded_is_unknown(till: Till) -> None:
    told = till.shop.institution("3202", till.detail_data(TODAY, file_qury_no="fsi/org/0000000000000000000000"))
    assert told["infcode"] == -1 and "file_qury_no" in told["err_msg"]
    assert till.shop.journal()[-1]["refusal"]["rule"] == "unknown_file"


def test_who_moved_since_is_still_found_under_the_agency_of_the_sale(till: Till) -> None:
    sold = till.sell()
    till.shop.act("/world", {"change": "person", "psn_no": sold["psn_no"], "insuplc_admdvs": "310100"})
    assert till.statement(TODAY)["stmt_rslt"] == "000000"
    till.take_back(sold)
    assert till.statement(TODAY)["stmt_rslt"] == "000000"


def test_the_account_within_the_fund_is_reconciled_as_it_was_printed() -> None:
    till = opened(switches={"fund_pay_sum": "with_account"})
    sold = till.sell()
    assert sold["fund_pay_sumamt"] == "39.60"
    assert till.statement(TODAY)["stmt_rslt"] == "000000"
    assert verdicts(till.details(TODAY, cash_payamt="0.00")) == {"000000": 1}


@pytest.mark.parametrize("fund", ["0.00", "59.40"])
def test_an_order_of_the_pay_centre_is_reconciled_with_either_reading_of_the_fund(fund: str) -> None:
    till = opened(switches={"fund_pay_sum": "with_account"})
    till.sell()
    order = till.order(packs=3)
    assert (order["fund_pay_sumamt"], order["acct_pay"]) == ("0.00", "59.40")
    assert till.statement(TODAY)["stmt_rslt"] == "000000"
    counter, (*ids, _, account, flag) = till.rows[TODAY]
    till.rows[TODAY] = [counter, (*ids, fund, account, flag)]
    cash = "59.40" if fund == "0.00" else "0.00"
    assert verdicts(till.details(TODAY, cash_payamt="0.00")) == {"000000": 2}
    assert verdicts(till.details(TODAY, cash_payamt=cash)) == {"000000": 2}
    refused = till.shop.institution("3202", till.detail_data(TODAY, cash_payamt="99.01"), msgid=till.msgid())
    assert refused["infcode"] == -1


def test_what_the_pooled_fund_paid_is_reconciled_under_its_own_clearing_category() -> None:
    shop = chain.opened()
    till, person = Till(shop), shop.person()
    wuhan = {"setl_optins": "420100", "clr_type": "11"}
    settled = chain.bought(shop, person, (STOMACH_POWDER, "50", "19.80"))
    info = settled["setlinfo"]
    assert info["fund_pay_sumamt"] == "174.00"
    till.enter(info["setl_id"], info["mdtrt_id"], person["psn_no"], info)
    assert till.statement(TODAY, **wuhan)["stmt_rslt"] == "000000"
    assert verdicts(till.details(TODAY, **wuhan)) == {"000000": 1}
    lost = chain.Chain(shop, person).begin()
    lost.upload()
    lost.settle(msgid=till.msgid())
    (row,) = [row for row in till.details(TODAY, **wuhan) if row["stmt_rslt"] != "000000"]
    assert row["stmt_rslt"] == "000101" and "2207" in row["memo"]
    till.must("2601", {"data": {"psn_no": row["psn_no"], "omsgid": row["msgid"], "oinfno": "2207"}})
    assert till.statement(TODAY, **wuhan)["stmt_rslt"] == "000000"
