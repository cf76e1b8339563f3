"""A message held up on its way: its sender hears nothing, a reversal overtakes it, and then it arrives (9.14)."""

from typing import Any

import pytest

from simulator.wire.transport import NoAnswer
from tests.simulator.shop import Json, Shop, a_platform
from tests.simulator.test_bad_input import sale
from tests.simulator.test_courier import wait
from tests.simulator.test_switches_life import balance

MINUTE_MS = 60_000


def sent(shop: Shop, **fault: Any) -> str:
    """A sale that is held up; the message id it left under."""
    shop.sign_in()
    shop.act("/faults", {"name": "late_arrival", "match": {"code": "2102"}, **fault})
    msgid = f"{shop.org}202407011030450888"
    with pytest.raises(NoAnswer):
        shop.institution("2102", sale(shop), msgid=msgid)
    return msgid


def reversal(shop: Shop, omsgid: str) -> Json:
    data = {"psn_no": shop.person()["psn_no"], "omsgid": omsgid, "oinfno": "2102"}
    return shop.institution("2601", {"data": data})


def late(shop: Shop) -> list[Json]:
    return [line for line in shop.journal("act") if line["surface"] == "belated"]


def test_a_sale_that_its_reversal_overtook_is_kept_out_when_it_arrives() -> None:
    shop = Shop(a_platform())
    before = balance(shop)
    msgid = sent(shop)
    assert (shop.journal()[-1]["outcome"], shop.journal()[-1]["fault"]["name"]) == ("silent", "late_arrival")
    assert late(shop) == []
    assert reversal(shop, msgid)["infcode"] == -1
    (arrived,) = late(shop)
    assert (arrived["code"], arrived["msgid"], arrived["outcome"]) == ("2102", msgid, "refused")
    assert arrived["refusal"]["rule"] == "msgid_reversed"
    assert arrived["seq"] > shop.journal()[-1]["seq"]
    assert balance(shop) == before


def test_without_a_tombstone_the_overtaken_sale_settles_and_its_sender_does_not_know() -> None:
    shop = Shop(a_platform(), switches={"tombstone": False})
    before = balance(shop)
    assert reversal(shop, sent(shop))["infcode"] == -1
    (arrived,) = late(shop)
    assert (arrived["outcome"], arrived["kept"], len(arrived["effect"])) == ("ok", True, 1)
    assert balance(shop) == before - 3_960


def test_a_reversal_of_another_message_lets_it_wait() -> None:
    shop = Shop(a_platform())
    sent(shop)
    reversal(shop, f"{shop.org}202407011030450999")
    assert late(shop) == []


def test_it_arrives_at_the_latest_when_its_time_is_up() -> None:
    shop = Shop(a_platform())
    before = balance(shop)
    sent(shop, params={"ms": MINUTE_MS})
    wait(shop, MINUTE_MS - 1)
    assert late(shop) == []
    wait(shop, 1)
    assert [line["outcome"] for line in late(shop)] == ["ok"]
    assert balance(shop) == before - 3_960


def test_a_fault_that_strikes_for_ever_lets_each_message_arrive_once() -> None:
    shop = Shop(a_platform())
    sent(shop, params={"ms": MINUTE_MS}, count=0)
    wait(shop, MINUTE_MS)
    wait(shop, MINUTE_MS)
    assert len(late(shop)) == 1
