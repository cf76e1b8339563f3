"""Faults of the moment: a forgery between two genuine notices, and what else depends on when it comes."""

import pytest

from simulator.wire import sealed
from simulator.wire.errors import WireError
from tests.simulator.shop import Shop
from tests.simulator.test_courier import YES, Inbox, run, shop_with, wait


def test_a_forged_notice_comes_between_the_true_one_and_its_repeat() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    shop.act("/faults", {"name": "forged_notice", "params": {"times": 1, "when": "between"}})
    shop.paid()
    run(shop)
    assert [line["kind"] for line in shop.journal("out")] == ["true", "forged", "duplicate"]
    first, forged, again = inbox.got
    assert sealed.open_sealed(first, shop.credentials).data == sealed.open_sealed(again, shop.credentials).data
    with pytest.raises(WireError, match="bad_signature"):
        sealed.open_sealed(forged, shop.credentials)


def test_a_word_that_is_none_of_a_parameters_choices_is_refused() -> None:
    shop = shop_with(Inbox(YES))
    status, told = shop.control("POST", "/rooms/main/faults", {"name": "forged_notice", "params": {"when": "later"}})
    assert (status, told["error"]["field"]) == (400, "params.when")
    assert shop.act("/faults", method="GET")["faults"] == []


def names(shop: Shop) -> list[tuple[str, str]]:
    """The notices that left, by the order they were about."""
    return [(line["keys"]["payOrdId"], line["kind"]) for line in shop.journal("out")]


def test_a_reordered_notice_comes_after_the_next_orders() -> None:
    shop = shop_with(Inbox(YES))
    shop.act("/faults", {"name": "reordered_notice"})
    first = shop.paid()["payOrdId"]
    run(shop)
    assert names(shop) == []
    second = shop.paid(shop.person("测试寅"))["payOrdId"]
    run(shop)
    assert names(shop) == [(second, "true"), (first, "true")]


def test_a_reordered_notice_waits_so_long_at_most() -> None:
    shop = shop_with(Inbox(YES))
    shop.act("/faults", {"name": "reordered_notice", "params": {"ms": 60_000}})
    shop.paid()
    run(shop)
    wait(shop, 59_999)
    run(shop)
    assert names(shop) == []
    wait(shop, 1)
    run(shop)
    assert len(names(shop)) == 1


def test_a_notice_after_the_refund_comes_once_the_money_is_back() -> None:
    shop = shop_with(Inbox(YES))
    shop.act("/faults", {"name": "notice_after_refund"})
    order = shop.paid()
    run(shop)
    assert names(shop) == []
    asked = {"totlRefdAmt": "39.60", "psnAcctRefdAmt": "39.60", "fundRefdAmt": "0.00", "cashRefdAmt": "0.00"}
    told = shop.sealed(
        "6203",
        {
            "payOrdId": order["payOrdId"],
            "appRefdSn": "R1",
            "appRefdTime": "20240701103045",
            "refdType": "ALL",
            "payAuthNo": order["payAuthNo"],
            **asked,
        },
    )
    assert told.data["refStatus"] == "SUCC"
    run(shop)
    assert names(shop) == [(order["payOrdId"], "true")]
    assert shop.state(order) == "7"


def test_an_early_notice_is_there_before_the_answer_of_6202() -> None:
    seen: list[str] = []
    inbox = Inbox(YES)
    shop = shop_with(inbox, switches={"settle_at": "order"})
    order = shop.uploaded()
    shop.act("/faults", {"name": "early_notice", "match": {"code": "6202"}})
    shop.sealed("6202", shop.placing(order))
    seen += [line["code"] for line in shop.journal("out")]
    assert (seen, len(inbox.got)) == (["6302"], 1)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("drug_withdrawn", "withdrawn_drug"),
        ("price_limit_cut", "price_limit_changed"),
        ("balance_spent", "balance_gone"),
        ("pharmacy_suspended", "institution_suspended"),
    ],
)
def test_what_changes_after_6202_makes_the_core_refuse_at_the_confirmation(name: str, rule: str) -> None:
    shop = shop_with(Inbox(YES))
    order = shop.uploaded()
    shop.act("/faults", {"name": name, "match": {"code": "6202"}})
    assert shop.sealed("6202", shop.placing(order)).data["ordStas"] == "1"
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    assert shop.state(order) == "15"
    orders = shop.act("/orders", method="GET")["orders"]
    assert rule in str(orders) + str(shop.journal("act"))
    moved = [line["code"] for line in shop.journal("act") if line["surface"] == "world"]
    assert moved == [name]


def test_a_message_that_was_refused_moves_nothing() -> None:
    shop = shop_with(Inbox(YES))
    order = shop.placed()
    shop.act("/faults", {"name": "pharmacy_suspended", "match": {"code": "6203"}})
    shop.sealed("6203", {"payOrdId": order["payOrdId"]})
    assert [line for line in shop.journal("act") if line["surface"] == "world"] == []


def test_a_day_cut_sets_the_clock_to_the_next_morning() -> None:
    shop = shop_with(Inbox(YES))
    order = shop.uploaded()
    shop.act("/faults", {"name": "day_cut", "match": {"code": "6202"}})
    told = shop.sealed("6202", shop.placing(order))
    assert told.data["ordStas"] == "1"
    assert shop.act("/clock", method="GET")["now"] == "2024-07-02 00:00:01"
