"""The switches of an order's life (order-life.md 2), each value seen on the wire."""

from collections.abc import Callable
from typing import Any

import pytest

from schemas import jsontext
from simulator import cities
from tests.simulator.shop import Json, Shop
from tests.simulator.test_courier import YES, Inbox, run, shop_with, wait

MINUTE_MS = 60_000
SHORT = "测试乙"
"""His account does not cover nine packs: there is a cash share."""
Story = Callable[[Shop], Any]


def opened(**switches: object) -> Shop:
    return shop_with(Inbox(YES), switches=switches)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def fen(text: object) -> int:
    return int(str(text).replace(".", ""))


def asked(shop: Shop, order: Json) -> Json:
    told = shop.sealed("6301", shop.asking(order)).data
    assert told is not None
    return told


def act(shop: Shop, name: str, order: Json, **body: object) -> str:
    return str(shop.act(f"/person/{name}", {"pay_ord_id": order["payOrdId"], **body})["ordStas"])


def desk_opened(shop: Shop, order: Json) -> None:
    body = {"outTradeNo": f"T{next(shop.serials)}", "payOrdId": order["payOrdId"], "freightFen": 0,
            "cashFen": fen(order["split"]["ownPayAmt"])}  # fmt: skip
    headers = {"authorization": f"Bearer {shop.told['cashDesk']['token']}"}
    assert shop.post("/house/cash/open", jsontext.compact(body), headers).status == 200


def short_order(shop: Shop) -> Json:
    """An order with a cash share, its payment opened at the desk."""
    order = shop.placed(shop.person(SHORT), packs=9)
    desk_opened(shop, order)
    return order


def refunding(shop: Shop, order: Json, kind: str, total: str, **parts: object) -> Json:
    return {
        "payOrdId": order["payOrdId"], "appRefdSn": f"R{next(shop.serials)}", "appRefdTime": "20240701103045",
        "refdType": kind, "totlRefdAmt": total, "cashRefdAmt": "0.00", "payAuthNo": order["payAuthNo"], **parts,
    }  # fmt: skip


def rule(shop: Shop) -> str:
    """Why the last message was refused; empty when it was not."""
    refusal = shop.journal()[-1]["refusal"]
    return str(refusal["rule"]) if refusal else ""


def balance(shop: Shop, name: str = "测试甲") -> int:
    return int(shop.person(name)["balance_fen"])


def confirmed_by(shop: Shop) -> str:
    order = shop.placed()
    wait(shop, 10)
    return shop.state(order)


def settled_at(shop: Shop) -> Any:
    before = balance(shop)
    order = shop.placed()
    return order["split"]["ordStas"], before - balance(shop), shop.state(order)


def first_leg(shop: Shop) -> Any:
    """States and setlType on the way of an order whose buyer pays cash late, if insurance lets him."""
    order = short_order(shop)
    states = [act(shop, "confirm", order, cash="fail")]
    told = asked(shop, order)
    if told.get("setlType") == "HI":
        shop.act("/person/pay", {"pay_ord_id": order["payOrdId"]})
        told = asked(shop, order)
        states.append(str(told["ordStas"]))
    return states, told.get("setlType")


def shown_by_6202(shop: Shop) -> Any:
    order = shop.placed()
    return order["split"]["ordStas"], shop.state(order)


def money_after_6202(shop: Shop) -> Any:
    """Balance after 6202, and whether the order survives that the account is emptied before its confirmation."""
    before = balance(shop)
    order = shop.placed()
    taken = before - balance(shop)
    shop.act("/world/balance", {"psn_no": order["person"]["psn_no"], "fen": 0})
    return taken, act(shop, "confirm", order)


def closed(shop: Shop) -> list[str]:
    order = shop.paid()
    run(shop)
    states = [shop.state(order)]
    wait(shop, 31 * MINUTE_MS)
    return [*states, shop.state(order)]


def part_of_the_insurance(shop: Shop) -> Any:
    order = shop.paid()
    shop.sealed("6203", refunding(shop, order, "HI", "10.00", psnAcctRefdAmt="10.00", fundRefdAmt="0.00"))
    return rule(shop), shop.state(order)


def reversed_by_token(shop: Shop) -> Any:
    order = shop.paid()
    token = asked(shop, order)["revsToken"]
    body = refunding(shop, order, "HI", "39.60", payAuthNo=None, extData={"revsToken": token})
    told = shop.sealed("6203", body)
    return told.data and told.data["refStatus"], shop.state(order)


def reversed_by_false(shop: Shop) -> str:
    shop.platform.inboxes["inbox"] = Inbox(b'{"success":false,"message":"no"}')
    order = shop.paid()
    run(shop)
    return shop.state(order)


def cancelled_in_the_shop(shop: Shop) -> Any:
    shop.sign_in()
    order = shop.paid()
    told = asked(shop, order)
    data = {"setl_id": told["hiDocSn"], "mdtrt_id": told["hiRgstSn"], "psn_no": order["person"]["psn_no"]}
    answer = shop.institution("2103", {"data": data})
    return answer["infcode"], shop.state(order), [one["code"] for one in run(shop)]


def shown_while_refunding(shop: Shop) -> list[str]:
    order = shop.paid()
    assert shop.sealed("6203", refunding(shop, order, "ALL", "39.60")).data
    states = [shop.state(order)]
    wait(shop, MINUTE_MS + 1)
    return [*states, shop.state(order)]


TABLE: list[tuple[str, object, Story, object]] = [
    ("confirm", "person", confirmed_by, "1"),
    ("confirm", "auto", confirmed_by, "4"),
    ("settle_at", "confirm", settled_at, ("1", 0, "1")),
    ("settle_at", "order", settled_at, ("4", 3_960, "4")),
    ("legs", "cash_first", first_leg, (["1"], None)),
    ("legs", "insurance_first", first_leg, (["4", "4"], "ALL")),
    ("answer_6202", "1", shown_by_6202, ("1", "1")),
    ("answer_6202", "2", shown_by_6202, ("2", "1")),
    ("hold_at_6202", False, money_after_6202, (0, "15")),
    ("hold_at_6202", True, money_after_6202, (3_960, "4")),
    ("close", "at_once", closed, ["6", "6"]),
    ("close", "hold_5", closed, ["5", "6"]),
    ("partial_hi", "never", part_of_the_insurance, ("refund_amount", "4")),
    ("partial_hi", "city", part_of_the_insurance, ("refund_amount", "4")),
    ("revs_route", False, reversed_by_token, (None, "4")),
    ("revs_route", True, reversed_by_token, ("SUCC", "13")),
    ("reverse_on_false", False, reversed_by_false, "4"),
    ("reverse_on_false", True, reversed_by_false, "13"),
    ("counter_refund", "refuse", cancelled_in_the_shop, (-1, "4", ["6302"])),
    ("counter_refund", "allow", cancelled_in_the_shop, (0, "7", ["6302"])),
    ("state_17", False, shown_while_refunding, ["7", "7"]),
    ("state_17", True, shown_while_refunding, ["17", "7"]),
]


@pytest.mark.parametrize(("switch", "value", "story", "expected"), TABLE)
def test_a_switch_shows_on_the_wire(switch: str, value: object, story: Story, expected: object) -> None:
    shop = opened(**{switch: value})
    assert story(shop) == expected
    assert sum(shop.act("/ledger", method="GET")["accounts"].values()) == 0


def test_a_hold_is_let_go_by_whatever_ends_or_reprices_the_order() -> None:
    shop = opened(hold_at_6202=True)
    before = balance(shop)
    withdrawn, expired, repriced = shop.placed(), shop.placed(), shop.placed()
    assert balance(shop) == before - 3 * 3_960
    assert shop.sealed("6401", shop.asking(withdrawn)).success is True
    assert shop.sealed("6202", shop.placing(repriced)).data
    assert balance(shop) == before - 2 * 3_960
    wait(shop, 20 * MINUTE_MS)
    assert act(shop, "confirm", repriced) == "4"
    wait(shop, 11 * MINUTE_MS)
    assert (shop.state(expired), balance(shop)) == ("12", before - 3_960)


def test_a_hold_that_the_core_refuses_or_leaves_open_returns_once() -> None:
    shop = opened(hold_at_6202=True)
    before = balance(shop)
    refused, silent = shop.placed(), shop.placed()
    shop.act("/faults", {"name": "core_refuses"})
    assert act(shop, "confirm", refused) == "15"
    shop.act("/faults", {"name": "core_silent"})
    assert act(shop, "confirm", silent) == "14"
    assert balance(shop) == before - 3_960
    assert act(shop, "resolve", silent, settled=False) == "15"
    assert balance(shop) == before


def test_cash_that_never_comes_takes_insurance_back_unless_the_shop_has_confirmed() -> None:
    shop = opened(legs="insurance_first")
    late, confirmed = short_order(shop), None
    assert act(shop, "confirm", late, cash="fail") == "4"
    wait(shop, 31 * MINUTE_MS)
    assert shop.state(late) == "13"
    confirmed = short_order(shop)
    act(shop, "confirm", confirmed, cash="fail")
    run(shop)
    wait(shop, 31 * MINUTE_MS)
    assert shop.state(confirmed) == "6"


REVERSALS = [
    pytest.param({"extData": {"revsToken": "REV0"}}, 0, "revs_token_wrong", id="another token"),
    pytest.param({"refdType": "ALL"}, 0, "revs_hi_only", id="more than the insurance"),
    pytest.param({"totlRefdAmt": "39.59"}, 0, "refund_amount", id="another amount"),
    pytest.param({}, 60 * MINUTE_MS + 1, "revs_token_expired", id="after the hour"),
]


@pytest.mark.parametrize(("change", "later_ms", "why"), REVERSALS)
def test_the_authority_to_reverse_is_narrow(change: Json, later_ms: int, why: str) -> None:
    shop = opened(revs_route=True, notices="none")
    order = shop.paid()
    token = asked(shop, order)["revsToken"]
    wait(shop, later_ms)
    body = refunding(shop, order, "HI", "39.60", payAuthNo=None, extData={"revsToken": token})
    assert shop.sealed("6203", body | change).refused
    assert (rule(shop), shop.state(order)) == (why, "4")


def test_the_authority_to_reverse_ends_with_the_shops_own_confirmation() -> None:
    shop = opened(revs_route=True)
    order = shop.paid()
    token = asked(shop, order)["revsToken"]
    run(shop)
    body = refunding(shop, order, "HI", "39.60", payAuthNo=None, extData={"revsToken": token})
    assert shop.sealed("6203", body).refused and rule(shop) == "revs_state"


def test_a_reversed_order_still_owes_the_buyers_cash() -> None:
    shop = opened(revs_route=True, cash_by="centre", notices="none")
    order = shop.placed(shop.person(SHORT), packs=9)
    act(shop, "confirm", order)
    told = asked(shop, order)
    body = refunding(shop, order, "HI", yuan(fen(told["psnAcctPay"])), extData={"revsToken": told["revsToken"]})
    assert shop.sealed("6203", body).data
    again = shop.sealed("6203", body)
    assert again.data and again.data["refStatus"] == "SUCC", "the same serial is answered the same"
    assert shop.state(order) == "13"
    cash = refunding(shop, order, "CASH", told["ownPayAmt"], cashRefdAmt=told["ownPayAmt"])
    assert shop.sealed("6203", cash).data
    (book,) = shop.act("/cash", method="GET")["cash"]
    assert (shop.state(order), sum(one["fen"] for one in book["refunds"])) == ("13", fen(told["ownPayAmt"]))


@pytest.fixture
def lenient_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """A city that lets a part of the insurance money go back; none of ours is known to."""
    from dataclasses import replace

    beijing = cities.load("beijing")
    monkeypatch.setattr(cities, "load", lambda name: replace(beijing, partial_hi=True))


@pytest.mark.usefixtures("lenient_city")
def test_insurance_money_goes_back_in_parts_where_city_and_switch_allow_it() -> None:
    shop = opened(partial_hi="city")
    before = balance(shop)
    order = shop.paid()
    for amount, state, left in (("10.00", "4", 2_960), ("9.60", "4", 2_000), ("20.00", "7", 0)):
        body = refunding(shop, order, "HI", amount, psnAcctRefdAmt=amount, fundRefdAmt="0.00")
        told = shop.sealed("6203", body)
        assert told.data and told.data["refStatus"] == "SUCC" and told.data["hiFefdSn"]
        assert (shop.state(order), before - balance(shop)) == (state, left)
    told = shop.sealed("6203", refunding(shop, order, "HI", "1.00", psnAcctRefdAmt="1.00", fundRefdAmt="0.00"))
    assert told.refused and rule(shop) == "order_refunded"
    records = shop.act("/settlements", method="GET")["settlements"]
    assert sum(one["sign"] * one["split"]["own_fen"] for one in records) == 0
    assert [one["stas"] for one in records if one["sign"] > 0] == ["cancelled"]


@pytest.mark.usefixtures("lenient_city")
@pytest.mark.parametrize(("acct", "fund"), [("39.61", "0.00"), ("0.00", "0.00"), ("10.00", "1.00"), ("-1.00", "1.00")])
def test_a_part_is_never_more_than_what_is_left_of_its_source(acct: str, fund: str) -> None:
    shop = opened(partial_hi="city")
    order = shop.paid()
    before = balance(shop)
    total = yuan(max(0, fen(acct) + fen(fund)))
    told = shop.sealed("6203", refunding(shop, order, "HI", total, psnAcctRefdAmt=acct, fundRefdAmt=fund))
    assert told.refused and (rule(shop), balance(shop)) == ("refund_amount", before)


@pytest.mark.usefixtures("lenient_city")
def test_what_is_left_goes_back_with_a_refund_of_all_and_not_by_the_counter() -> None:
    shop = opened(partial_hi="city", counter_refund="allow")
    shop.sign_in()
    before = balance(shop)
    order = shop.paid()
    shop.sealed("6203", refunding(shop, order, "HI", "10.00", psnAcctRefdAmt="10.00", fundRefdAmt="0.00"))
    told = asked(shop, order)
    data = {"setl_id": told["hiDocSn"], "mdtrt_id": told["hiRgstSn"], "psn_no": order["person"]["psn_no"]}
    assert shop.institution("2103", {"data": data})["infcode"] == -1
    answer = shop.sealed("6203", refunding(shop, order, "ALL", "29.60"))
    assert answer.data and answer.data["refStatus"] == "SUCC"
    assert (shop.state(order), balance(shop)) == ("7", before)
