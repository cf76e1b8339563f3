"""The shop's own till: it sells and takes back beside the channel, which hears of it only by asking."""

from typing import Any

import pytest

from tests.simulator.shop import STOMACH_POWDER, Shop, a_platform
from tests.simulator.test_bad_input import truth

Json = dict[str, Any]
SALE = {"change": "till_sale", "med_list_codg": STOMACH_POWDER, "cnt": "1", "pric": "19.80"}


def opened(**switches: Any) -> Shop:
    return Shop(a_platform(), courier="manual", switches=switches)


def selling(shop: Shop, **more: Any) -> Json:
    return {**SALE, "psn_no": shop.person()["psn_no"], "fixmedins_code": shop.org, **more}


def test_a_sale_at_the_till_moves_money_and_belongs_to_no_channel() -> None:
    shop = opened()
    told = shop.act("/world", selling(shop))
    ledger, row = shop.act("/ledger", method="GET"), shop.act("/settlements", method="GET")["settlements"][0]
    assert (row["setl_id"], row["medins_setl_id"], row["app_id"]) == (told["setl_id"], told["msgid"], "")
    assert ledger["transfers"][-1]["kind"] == "PAY" and sum(ledger["accounts"].values()) == 0


def test_another_channel_of_the_shop_sells_beside() -> None:
    shop = opened()
    shop.act("/world", selling(shop, app_id="OTHER"))
    assert [row["app_id"] for row in shop.act("/settlements", method="GET")["settlements"]] == ["OTHER"]


def test_the_till_takes_an_online_order_back_and_nobody_is_told() -> None:
    shop = opened(counter_refund="allow", notices="none")
    order = shop.paid()
    shop.act("/world", {"change": "till_cancel", "pay_ord_id": order["payOrdId"]})
    assert shop.state(order) == "7"
    assert [row["sign"] for row in shop.act("/settlements", method="GET")["settlements"]] == [1, -1]


@pytest.mark.parametrize(
    ("body", "rule", "field"),
    [
        ({"fixmedins_code": "P0"}, "unknown_institution", "fixmedins_code"),
        ({"psn_no": "0"}, "unknown_person", "psn_no"),
        ({"cnt": "0"}, "not_positive", "cnt"),
        ({"pric": "x"}, "not_positive", "pric"),
        ({"change": "till_cancel", "pay_ord_id": "ORD0"}, "unknown_order", "pay_ord_id"),
    ],
)
def test_what_the_till_cannot_do_changes_nothing(body: Json, rule: str, field: str) -> None:
    shop = opened()
    before = truth(shop)
    status, told = shop.control("POST", f"/rooms/{shop.room}/world", selling(shop, **body))
    assert 400 <= status < 500 and (told["error"]["rule"], told["error"]["field"]) == (rule, field)
    assert truth(shop) == before


def test_a_pack_the_till_sold_is_not_sold_again() -> None:
    shop = opened(trace_repeat="refuse")
    sold = selling(shop, trace_codes=["89900010000000000001"])
    shop.act("/world", sold)
    status, told = shop.control("POST", f"/rooms/{shop.room}/world", sold)
    assert (status, told["error"]["rule"]) == (409, "trace_repeated")
