"""Ten thousand random baskets: oracle and platform agree to the fen, and the ledger sums to zero."""

from typing import Any

import pytest

from conformance.oracle.amounts import fen_of
from conformance.oracle.pool import pool_faults
from conformance.oracle.settlement import contradictions
from conformance.oracle.year import Purchase
from tests.simulator.identities import identities
from tests.simulator.random_shopping import Shopping
from tests.simulator.shop import STOMACH_POWDER

BASKETS = 500
ROOMS: list[tuple[str, dict[str, Any]]] = [
    ("beijing", {}), ("beijing", {"pool": "shop"}), ("beijing", {"pool": "shop", "aid": "wallet"}),
    ("beijing", {"aid": "wallet", "fund_pay_sum": "with_account"}), ("wuhan", {}), ("wuhan", {"aid": "wallet"}),
    ("wuhan", {"pool": "none"}), ("shanghai", {}), ("guangzhou", {}), ("shenzhen", {"pool": "shop", "aid": "wallet"}),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("city", "switches"), ROOMS)
def test_oracle_and_platform_agree_on_random_baskets(city: str, switches: dict[str, Any], seed: int) -> None:
    shopping = Shopping(seed, city, **switches)
    shopping.later()
    for number in range(1, BASKETS + 1):
        shopping.buy()
        if number % 7 == 0:
            shopping.undo()
        if number % 25 == 0:
            shopping.later()
    shopping.compare_books()


def test_oracle_and_platform_agree_on_orders_the_pooled_fund_pays_online() -> None:
    shopping = Shopping(3, "wuhan")
    shop, person = shopping.shop, shopping.people["甲"]
    for number in range(1, 41):
        basket = {**shop.basket(person, shop.consent(person), packs=number), "medType": ("41", "11", "14")[number % 3]}
        uploaded = shop.sealed("6201", basket).data
        assert uploaded
        order = {**uploaded, "basket": basket, "person": person, "payAuthNo": basket["payAuthNo"]}
        placed = shop.sealed("6202", shop.placing(order)).data
        assert placed
        rows = [{"med_list_codg": STOMACH_POWDER, "cnt": str(number), "pric": "19.80"}]
        shopping.drugs.setdefault(STOMACH_POWDER, {"chrgitm_lv": "01", "selfpay_bp": 0, "pric_uplmt": ""})
        expected = shopping.expected(person, rows, basket["medType"], "1", "online")
        assert contradictions(expected, {"setlinfo": placed["extData"]["preSetl"]}) == []
        assert (fen_of(placed, "fundPay"), fen_of(placed, "psnAcctPay")) == (expected.fund_fen, expected.own_fen)
        identities(placed)
        if expected.cash_fen:
            break
        shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
        bought = Purchase(
            psn_no=person["psn_no"], purses=(), year=shopping.now[:4], due=expected,
            fund_pay_type="310102" if expected.ratio_bp else "",
        )  # fmt: skip
        shopping.standing.take(order["payOrdId"], bought)
    assert number > 10 and any(one.due.fund_fen for one in shopping.standing.purchases.values())
    shopping.compare_books()


@pytest.mark.parametrize(("part", "fen"), [("fund_fen", 1), ("dedc_fen", -1)])
def test_the_record_of_a_room_betrays_a_wrong_share_of_the_fund(part: str, fen: int) -> None:
    shopping = Shopping(5, "wuhan")
    shopping.later()
    for _ in range(40):
        shopping.buy()
    shopping.compare_books()
    record = shopping.record()
    bent = next(one for one in record["settlements"] if (one["split"]["pooled"] or {}).get("fund_fen"))
    bent["split"]["pooled"][part] += fen
    assert bent["setl_id"] in next(pool_faults(record))


def test_ten_thousand_baskets_are_bought() -> None:
    assert len(ROOMS) * 2 * BASKETS >= 10_000
