"""The outpatient chain on the wire: what the pooled fund pays of a purchase, year by year, and how it is undone."""

from typing import Any

import pytest

from tests.simulator.chain import POWDER, Chain, bought, must, opened, refused, truth
from tests.simulator.identities import amount, identities
from tests.simulator.shop import STOMACH_POWDER, Shop
from tests.simulator.test_bad_input import sale

Json = dict[str, Any]
BIG = (STOMACH_POWDER, "50", "19.80")
"""990.00, all of it in scope."""
HALF = (STOMACH_POWDER, "1", "500.01")


@pytest.fixture
def shop() -> Shop:
    return opened()


def told(settled: Json) -> tuple[int, int, int, int]:
    """Deductible, fund, account and cash of a settlement, in fen; its identities hold."""
    identities(settled)
    info = settled["setlinfo"]
    cash = amount(info, "psn_cash_pay", "pdn_cash_pay")
    return amount(info, "act_pay_dedc"), amount(info, "hifp_pay"), amount(info, "acct_pay"), cash


def accounts(shop: Shop) -> dict[str, int]:
    balances: dict[str, int] = shop.act("/ledger", method="GET")["accounts"]
    return balances


def test_the_fund_pays_its_share_of_what_lies_beyond_the_years_deductible(shop: Shop) -> None:
    person = shop.person()
    first = bought(shop, person, BIG)
    assert told(first) == (70_000, 17_400, 81_600, 0)
    assert told(bought(shop, person, BIG)) == (0, 59_400, 39_600, 0)
    fund, account = first["setldetail"]
    assert (fund["fund_pay_type"], fund["crt_payb_lmt_amt"], fund["fund_payamt"]) == ("310102", "3500.00", "174.00")
    assert (account["fund_pay_type"], account["fund_payamt"]) == ("310200", "816.00")
    assert first["setlinfo"]["clr_type"] == "11" and first["setlinfo"]["pool_prop_selfpay"] == "0.6000"


def test_half_a_fen_of_the_funds_share_is_rounded_up(shop: Shop) -> None:
    assert told(bought(shop, shop.person("测试丁"), HALF)) == (20_000, 15_001, 0, 35_000)


def test_a_share_below_the_deductible_leaves_the_fund_out(shop: Shop) -> None:
    assert told(bought(shop, shop.person(), POWDER)) == (3_960, 0, 3_960, 0)


def test_the_fund_stops_at_its_cap_and_begins_anew_with_the_year() -> None:
    shop = opened(start="2024-12-31 10:00:00")
    person = shop.person()
    shop.act("/world", {"change": "balance", "psn_no": person["psn_no"], "fen": 10_000_000})
    assert told(bought(shop, person, (STOMACH_POWDER, "300", "19.80"))) == (70_000, 314_400, 279_600, 0)
    assert told(bought(shop, person, BIG)) == (0, 35_600, 63_400, 0)
    spent = bought(shop, person, BIG)
    assert told(spent) == (0, 0, 99_000, 0)
    assert spent["setldetail"][0]["crt_payb_lmt_amt"] == "0.00"
    shop.act("/clock", {"advance_ms": 24 * 3_600_000})
    shop.sign_in()
    assert told(bought(shop, person, BIG)) == (70_000, 17_400, 81_600, 0)


def test_a_pre_settlement_moves_nothing_and_tells_what_the_settlement_will(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    chain.upload([BIG])
    before = truth(shop)
    quoted = chain.presettle()
    assert truth(shop) == before
    settled = chain.settle()
    assert "setl_id" not in quoted["setlinfo"] and told(quoted) == told(settled)
    identities(settled, before_fen=500_000)


def test_an_upload_says_how_insurance_sees_each_line(shop: Shop) -> None:
    rows = Chain(shop, shop.person()).begin().upload([POWDER, HALF])
    assert [(row["inscp_scp_amt"], row["chrgitm_lv"], row["lmt_used_flag"]) for row in rows] == [
        ("39.60", "01", "0"), ("500.01", "01", "0")
    ]  # fmt: skip


def test_what_the_hospital_did_not_approve_is_self_paid(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    (row,) = must(shop.institution("2204", chain.fees(POWDER, hosp_appr_flag="2")))["result"]
    assert (row["fulamt_ownpay_amt"], row["inscp_scp_amt"]) == ("39.60", "0.00") and "不通过" in row["memo"]


def test_a_cancellation_returns_money_and_the_years_use_of_the_fund(shop: Shop) -> None:
    person = shop.person()
    before = accounts(shop)
    chain = Chain(shop, person).begin()
    chain.upload([BIG])
    cancelled = chain.cancel(chain.settle())
    assert told(cancelled) == (-70_000, -17_400, -81_600, 0)
    assert {name: fen for name, fen in accounts(shop).items() if fen} == before
    assert cancelled["setlinfo"]["balc"] == "5000.00"
    assert told(bought(shop, person, BIG)) == (70_000, 17_400, 81_600, 0)


def test_a_purchase_is_taken_out_of_the_year_it_was_made_in() -> None:
    shop = opened(start="2024-12-31 10:00:00")
    chain = Chain(shop, shop.person()).begin()
    chain.upload([BIG])
    old = chain.settle()
    shop.act("/clock", {"advance_ms": 24 * 3_600_000})
    shop.sign_in()
    bought(shop, chain.person, BIG)
    chain.cancel(old)
    assert told(bought(shop, chain.person, BIG)) == (0, 59_400, 39_600, 0)


def test_a_reversed_settlement_leaves_its_lines_to_be_settled_again(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    chain.upload([BIG])
    settled = chain.settle(msgid="P42010590001202407011030459999")
    asked = {"data": {"psn_no": chain.person["psn_no"], "omsgid": "P42010590001202407011030459999", "oinfno": "2207"}}
    must(shop.institution("2601", asked))
    assert accounts(shop)["pool:420100"] == 0
    again = chain.settle()
    assert told(again) == told(settled) and again["setlinfo"]["setl_id"] != settled["setlinfo"]["setl_id"]


def test_cancelled_lines_are_gone_and_their_batch_may_be_uploaded_anew(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    chain.upload([BIG])
    chain.cancel(chain.settle())
    refused(shop, shop.institution("2206", chain.settling()), "unknown_batch", "chrg_bchno")
    chain.upload([POWDER])
    assert told(chain.settle()) == (3_960, 0, 3_960, 0)


def test_a_resident_has_no_account_and_the_fund_of_residents(shop: Shop) -> None:
    settled = bought(shop, shop.person("测试丁"), BIG)
    assert told(settled) == (20_000, 39_500, 0, 59_500)
    assert settled["setldetail"][0]["fund_pay_type"] == "390102"


def test_relatives_pay_after_the_fund_and_the_own_account(shop: Shop) -> None:
    person = shop.person("测试庚")
    shop.act("/world", {"change": "balance", "psn_no": person["psn_no"], "fen": 50_000})
    settled = bought(shop, person, BIG, flag="2")
    assert told(settled) == (70_000, 17_400, 80_000, 1_600)
    assert settled["setlinfo"]["acct_mulaid_pay"] == "300.00" and settled["setlinfo"]["balc"] == "0.00"


def test_what_relatives_set_aside_pays_and_what_is_left_returns_when_the_tie_ends() -> None:
    shop = opened(aid="wallet")
    person, giver = shop.person("测试庚"), shop.person("测试辛")["psn_no"]
    quota = f"quota:{giver}/{person['psn_no']}"
    assert told(bought(shop, person, POWDER, flag="2")) == (3_960, 0, 3_000, 960)
    shop.act("/world", {"change": "quota", "psn_no": person["psn_no"], "giver": giver, "fen": 5_000})
    assert (accounts(shop)[f"own:{giver}"], accounts(shop)[quota]) == (5_000, 5_000)
    chain = Chain(shop, person, flag="2").begin()
    chain.upload([POWDER])
    settled = chain.settle()
    assert (told(settled), accounts(shop)[quota]) == ((3_960, 0, 3_960, 0), 1_040)
    shop.act("/world", {"change": "person", "psn_no": person["psn_no"], "givers": []})
    assert (accounts(shop)[f"own:{giver}"], accounts(shop)[quota]) == (6_040, 0)
    chain.cancel(settled)
    assert (accounts(shop)[f"own:{giver}"], accounts(shop)[quota]) == (10_000, 0)
    assert sum(accounts(shop).values()) == 0


@pytest.mark.parametrize(
    ("wish", "field"), [({"fen": 10_001}, "fen"), ({"fen": -1}, "fen"), ({"giver": "nobody"}, "giver")]
)
def test_nobody_sets_aside_more_than_there_is_or_for_a_stranger(shop: Shop, wish: Json, field: str) -> None:
    person, giver = shop.person("测试庚")["psn_no"], shop.person("测试辛")["psn_no"]
    before = accounts(shop)
    status, answer = shop.control(
        "POST", "/rooms/main/world", {"change": "quota", "psn_no": person, "giver": giver, "fen": 1, **wish}
    )
    assert status >= 400 and field in str(answer) and accounts(shop) == before


@pytest.mark.parametrize(
    ("city", "pool", "med_type", "fund_fen"),
    [
        ("wuhan", "city", "14", 17_400), ("wuhan", "city", "41", 0), ("wuhan", "none", "14", 0),
        ("shanghai", "city", "14", 0), ("shanghai", "shop", "14", 34_300), ("guangzhou", "city", "14", 54_450),
        ("beijing", "city", "14", 0), ("beijing", "shop", "14", 0),
    ],
)  # fmt: skip
def test_over_the_counter_the_fund_pays_where_the_city_and_the_treatment_ask_for_it(
    city: str, pool: str, med_type: str, fund_fen: int
) -> None:
    shop = opened(city, pool=pool)
    asked = sale(shop, med_type=med_type, medfee_sumamt="990.00")
    asked["drugdetail"][0] |= {"cnt": "50", "det_item_fee_sumamt": "990.00"}
    for infno in ("2101", "2102"):
        reply = must(shop.institution(infno, asked))
        identities(reply, with_account=city == "guangzhou")
        assert amount(reply["setlinfo"], "hifp_pay") == fund_fen
    assert -sum(fen for account, fen in accounts(shop).items() if account.startswith("pool:")) == fund_fen


def test_in_beijing_the_launch_knows_no_fund_but_a_rehearsal_may() -> None:
    assert told(bought(opened("beijing"), opened("beijing").person(), BIG))[1] == 0
    shop = opened("beijing", pool="shop")
    shop.act("/world", {"change": "balance", "psn_no": shop.person()["psn_no"], "fen": 1_000_000})
    dedc_fen, fund_fen, _, _ = told(bought(shop, shop.person(), (STOMACH_POWDER, "100", "19.80")))
    assert (dedc_fen, fund_fen) == (180_000, 12_600)


def test_an_entitlement_check_names_the_fund_until_its_cap_is_reached(shop: Shop) -> None:
    person = shop.person()
    asked = {
        "data": {"psn_no": person["psn_no"], "insutype": "310", "fixmedins_code": shop.org, "med_type": "11",
                 "begntime": "2024-07-01 10:30:45"}
    }  # fmt: skip

    def rows() -> list[tuple[str, str]]:
        info = must(shop.institution("2001", asked))["trtinfo"]
        return [(row["fund_pay_type"], row["trt_enjymnt_flag"]) for row in info]

    assert rows() == [("310102", "1"), ("310200", "1")]
    shop.act("/world", {"change": "balance", "psn_no": person["psn_no"], "fen": 10_000_000})
    bought(shop, person, (STOMACH_POWDER, "400", "19.80"))
    assert rows() == [("310102", "0"), ("310200", "1")]
    asked["data"]["med_type"] = "41"
    assert rows() == [("310100", "0"), ("310200", "1")]


def online(shop: Shop) -> Json:
    """A pooled online order up to its frozen split: 50 packs, med_type 11."""
    person = shop.person()
    basket = shop.basket(person, shop.consent(person), packs=50) | {"medType": "11"}
    uploaded = shop.sealed("6201", basket).data
    assert uploaded
    order = {**uploaded, "basket": basket, "person": person, "payAuthNo": basket["payAuthNo"]}
    placed = shop.sealed("6202", shop.placing(order)).data
    assert placed
    return {**order, "split": placed}


def test_online_the_fund_pays_where_the_city_lets_it_and_a_refund_brings_the_year_back(shop: Shop) -> None:
    order = online(shop)
    identities(order["split"])
    assert (order["split"]["fundPay"], order["split"]["psnAcctPay"]) == ("174.00", "816.00")
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    identities(shop.sealed("6301", shop.asking(order)).data or {})
    assert accounts(shop)["pool:420100"] == -17_400
    shop.sealed(
        "6203",
        {"payOrdId": order["payOrdId"], "appRefdSn": "R1", "appRefdTime": "20240701103045", "totlRefdAmt": "990.00",
         "cashRefdAmt": "0.00", "refdType": "ALL", "payAuthNo": order["payAuthNo"]},
    )  # fmt: skip
    assert (shop.state(order), accounts(shop)["pool:420100"]) == ("7", 0)
    assert told(bought(shop, order["person"], BIG)) == (70_000, 17_400, 81_600, 0)


def test_a_frozen_split_is_not_settled_once_the_fund_would_pay_otherwise(shop: Shop) -> None:
    order = online(shop)
    bought(shop, order["person"], BIG)
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    assert shop.state(order) == "15" and accounts(shop)["pool:420100"] == -17_400


@pytest.mark.parametrize("med_type", ["11", "14", "9901", "18"])
def test_a_settlement_of_the_chain_is_cleared_under_its_treatment(shop: Shop, med_type: str) -> None:
    settled = bought(shop, shop.person(), POWDER, med_type=med_type)
    assert settled["setlinfo"]["clr_type"] == {"11": "11", "14": "14", "9901": "15", "18": "18"}[med_type]
