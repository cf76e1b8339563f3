"""The platform's own cashier: the page of 6201, the person's acts on it, 6204, and cash that the centre collects."""

from typing import Any

import pytest

from tests.simulator.shop import Json, Shop
from tests.simulator.test_bad_input import truth
from tests.simulator.test_courier import YES, Inbox, run, shop_with, wait

MINUTE_MS = 60_000
SHORT = "测试乙"
"""A person whose account does not cover nine packs."""


def cashier(inbox: Any = None, **switches: object) -> Shop:
    return shop_with(inbox or Inbox(YES), switches={"mode": "cashier", **switches})


def confirm_data(shop: Shop, order: Json, **body: object) -> Json:
    told = shop.act("/person/cashier_confirm", {"pay_ord_id": order["payOrdId"], **body})
    assert isinstance(told, dict)
    return told


def confirm(shop: Shop, order: Json, **body: object) -> Json:
    told = shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"], **body})
    assert isinstance(told, dict)
    return told


def refused(shop: Shop, path: str, body: Json) -> str:
    """The rule by which an act is refused; nothing has changed then."""
    before = truth(shop)
    status, told = shop.control("POST", f"/rooms/{shop.room}{path}", body)
    assert status >= 400 and truth(shop) == before
    return str(told["error"]["rule"])


def cash(shop: Shop) -> list[Json]:
    found: list[Json] = shop.act("/cash", method="GET")["cash"]
    return found


def refund(shop: Shop, order: Json, kind: str, **parts: str) -> Json:
    told = shop.sealed("6203", {
        "payOrdId": order["payOrdId"], "appRefdSn": f"R{next(shop.serials)}", "appRefdTime": "20240701103045",
        "refdType": kind, "payAuthNo": order["payAuthNo"], "cashRefdAmt": "0.00", **parts,
    })  # fmt: skip
    assert told.data, told
    return told.data


def test_6201_names_a_page_under_a_reserved_name() -> None:
    order = cashier().uploaded()
    assert order["cashierUrl"].startswith("https://cashier.example/pay/")
    assert "cashierUrl" not in shop_with(Inbox(YES)).uploaded()


def test_the_person_confirms_the_data_then_pays_and_each_is_told() -> None:
    inbox = Inbox(YES)
    shop = cashier(inbox)
    order = shop.uploaded()
    assert confirm_data(shop, order)["ordStas"] == "2"
    assert [(one["code"], one["state"]) for one in run(shop)] == [("6204", "done")]
    assert shop.state(order) == "2", "the answer to 6204 moves nothing"
    assert confirm(shop, order)["ordStas"] == "4"
    assert [(one["code"], one["state"]) for one in run(shop)] == [("6302", "done")]
    assert shop.state(order) == "6"
    told = shop.journal("out")[0]["request"]
    assert told["payOrdId"] == order["payOrdId"] and told["medOrgOrd"] == order["basket"]["medOrgOrd"]
    assert (told["feeSumamt"], told["ownPayAmt"], told["psnAcctPay"], told["fundPay"]) == (
        "39.60", "0.00", "39.60", "0.00",
    )  # fmt: skip
    assert told["thdPayType"] == "CENTRE"


def test_6204_is_tried_like_6302_and_its_failure_moves_nothing() -> None:
    shop = cashier(Inbox(b"no"), reverse_on_false=True)
    order = shop.uploaded()
    confirm_data(shop, order)
    for pause_ms in (0, 15_000, 30_000, 2 * MINUTE_MS):
        wait(shop, pause_ms)
        assert [one["success"] for one in run(shop)] == [None]
    assert shop.state(order) == "2"


def test_a_no_to_6204_does_not_reverse_a_paid_order() -> None:
    shop = cashier(Inbox(b'{"success":false,"message":"unknown"}'), reverse_on_false=True, notices="once")
    order = shop.uploaded()
    confirm_data(shop, order)
    confirm(shop, order)
    assert [one["code"] for one in run(shop)] == ["6204", "6302"]
    assert shop.state(order) == "13", "only the answer to 6302 reverses"
    assert shop.journal("out")[0]["effect"] == []


def test_6202_is_refused_where_the_platform_has_a_cashier() -> None:
    shop = cashier()
    order = shop.uploaded()
    before = truth(shop)
    told = shop.sealed("6202", shop.placing(order))
    assert told.refused and "cashierUrl" in told.message
    assert shop.journal()[-1]["refusal"]["rule"] == "cashier_mode"
    assert truth(shop) == before


REFUSED = [
    pytest.param({"pay_ord_id": "ORD0"}, "unknown_order", id="an unknown order"),
    pytest.param({"pay_auth": "AUTH0"}, "consent_unknown", id="a consent nobody gave"),
]


@pytest.mark.parametrize(("body", "rule"), REFUSED)
def test_a_wrong_act_on_the_page_changes_nothing(body: Json, rule: str) -> None:
    shop = cashier()
    order = shop.uploaded()
    assert refused(shop, "/person/cashier_confirm", {"pay_ord_id": order["payOrdId"], **body}) == rule


def test_there_is_no_page_where_there_is_no_cashier() -> None:
    shop = shop_with(Inbox(YES))
    order = shop.uploaded()
    assert refused(shop, "/person/cashier_confirm", {"pay_ord_id": order["payOrdId"]}) == "no_cashier"


def test_a_consent_that_ran_out_is_given_anew_through_the_address() -> None:
    shop = cashier()
    order = shop.uploaded()
    wait(shop, 11 * MINUTE_MS)
    assert refused(shop, "/person/cashier_confirm", {"pay_ord_id": order["payOrdId"]}) == "consent_expired"
    fresh = shop.consent(order["person"])
    assert confirm_data(shop, order, pay_auth=fresh)["ordStas"] == "2"
    assert confirm(shop, order)["ordStas"] == "4"


def test_who_leaves_the_page_finds_a_fresh_split_when_he_comes_back() -> None:
    shop = cashier()
    order = shop.uploaded()
    confirm_data(shop, order)
    shop.act("/person/leave", {"pay_ord_id": order["payOrdId"]})
    assert shop.state(order) == "1"
    shop.act("/world/balance", {"psn_no": order["person"]["psn_no"], "fen": 1_000})
    confirm_data(shop, order)
    told = shop.sealed("6301", shop.asking(order)).data
    assert told is not None
    assert (told["ordStas"], told["psnAcctPay"], told["ownPayAmt"]) == ("2", "10.00", "29.60")


def test_an_order_nobody_opens_is_withdrawn_by_time_and_6401_works_before_that() -> None:
    shop = cashier()
    left, withdrawn = shop.uploaded(), shop.uploaded()
    assert shop.sealed("6401", shop.asking(withdrawn)).success is True
    wait(shop, 121 * MINUTE_MS)
    assert (shop.state(left), shop.state(withdrawn)) == ("12", "12")


def paid_with_cash(shop: Shop) -> tuple[Json, int]:
    """A paid order with a cash share, and that share in fen."""
    order = shop.uploaded(shop.person(SHORT), packs=9)
    confirm_data(shop, order)
    assert confirm(shop, order)["ordStas"] == "4"
    told = shop.sealed("6301", shop.asking(order)).data
    assert told and told["setlType"] == "ALL"
    return order, int(str(told["ownPayAmt"]).replace(".", ""))


def test_the_centre_collects_the_cash_share_into_its_own_book() -> None:
    shop = cashier()
    order, cash_fen = paid_with_cash(shop)
    (book,) = cash(shop)
    assert cash_fen > 0
    assert (book["pay_ord_id"], book["cash_fen"], book["freight_fen"], book["app_id"], book["state"]) == (
        order["payOrdId"], cash_fen, 0, "", "paid",
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "state"), [("ALL", "7"), ("CASH", "9")])
def test_a_refund_gives_the_centres_cash_back_with_6203(kind: str, state: str) -> None:
    shop = cashier()
    order, cash_fen = paid_with_cash(shop)
    amount = f"{cash_fen // 100}.{cash_fen % 100:02d}"
    total = "178.20" if kind == "ALL" else amount
    assert refund(shop, order, kind, totlRefdAmt=total, cashRefdAmt=amount)["refStatus"] == "SUCC"
    assert shop.state(order) == state
    (book,) = cash(shop)
    assert sum(one["fen"] for one in book["refunds"]) == cash_fen


def test_a_refund_of_the_insurance_alone_leaves_the_centres_cash_where_it_is() -> None:
    shop = cashier()
    order, cash_fen = paid_with_cash(shop)
    rest = 17_820 - cash_fen
    told = refund(shop, order, "HI", totlRefdAmt=f"{rest // 100}.{rest % 100:02d}")
    assert (told["refStatus"], shop.state(order), cash(shop)[0]["refunds"]) == ("SUCC", "8", [])


def test_a_failed_cash_leg_of_the_centre_is_exp_and_keeps_the_cash() -> None:
    shop = cashier()
    order, cash_fen = paid_with_cash(shop)
    shop.act("/faults", {"name": "refund_cash_fails"})
    amount = f"{cash_fen // 100}.{cash_fen % 100:02d}"
    assert refund(shop, order, "ALL", totlRefdAmt="178.20", cashRefdAmt=amount)["refStatus"] == "EXP"
    assert (shop.state(order), cash(shop)[0]["refunds"]) == ("8", [])


def desk(shop: Shop, action: str, body: Json) -> tuple[int, str]:
    from schemas import jsontext

    headers = {"authorization": f"Bearer {shop.told['cashDesk']['token']}"}
    reply = shop.post(f"/house/cash/{action}", jsontext.compact(body), headers)
    told = jsontext.parse(reply.body)
    assert isinstance(told, dict)
    return reply.status, str(told.get("rule", ""))


def test_the_channels_desk_takes_delivery_but_no_cash_share_and_cannot_touch_the_centres_cash() -> None:
    shop = cashier()
    order = shop.uploaded(shop.person(SHORT), packs=9)
    asked = {"outTradeNo": "T1", "payOrdId": order["payOrdId"], "cashFen": 100, "freightFen": 500}
    assert desk(shop, "open", asked) == (409, "cash_by_centre")
    assert desk(shop, "open", asked | {"cashFen": 0})[0] == 200
    confirm_data(shop, order)
    confirm(shop, order)
    assert sorted((one["app_id"] != "", one["state"]) for one in cash(shop)) == [(False, "paid"), (True, "paid")]
    for number in (order["payOrdId"], f"centre/{order['payOrdId']}"):
        gone = {"outTradeNo": number, "refundNo": "R1", "part": "cash", "fen": 1}
        assert desk(shop, "refund", gone) == (404, "cash_unknown")


def test_a_refusal_of_the_core_returns_the_centres_cash() -> None:
    shop = cashier()
    order = shop.uploaded(shop.person(SHORT), packs=9)
    confirm_data(shop, order)
    shop.act("/faults", {"name": "core_refuses"})
    assert confirm(shop, order)["ordStas"] == "15"
    (book,) = cash(shop)
    assert sum(one["fen"] for one in book["refunds"]) == book["cash_fen"] > 0


def test_a_person_who_does_not_pay_the_centre_leaves_the_order_waiting() -> None:
    shop = cashier()
    order = shop.uploaded(shop.person(SHORT), packs=9)
    confirm_data(shop, order)
    assert confirm(shop, order, cash="fail")["ordStas"] == "1"
    assert cash(shop) == []


@pytest.mark.parametrize(
    ("mode", "cash_by", "by_centre"),
    [("cashier", "mode", True), ("cashier", "channel", False), ("no_cashier", "mode", False),
     ("no_cashier", "centre", True)],
)  # fmt: skip
def test_who_collects_the_cash_share_is_a_switch_of_its_own(mode: str, cash_by: str, by_centre: bool) -> None:
    shop = shop_with(Inbox(YES), switches={"mode": mode, "cash_by": cash_by})
    order = shop.uploaded(shop.person(SHORT), packs=9)
    asked = {"outTradeNo": "T1", "payOrdId": order["payOrdId"], "cashFen": 100, "freightFen": 0}
    assert desk(shop, "open", asked)[1] == ("cash_by_centre" if by_centre else "")


def test_the_simulated_buyer_walks_through_the_cashier_by_himself() -> None:
    shop = cashier(confirm="auto")
    order = shop.uploaded(shop.person(SHORT), packs=9)
    wait(shop, 10)
    assert shop.state(order) == "4"
    assert [one["code"] for one in run(shop)] == ["6204", "6302"]


def test_what_the_page_refuses_the_simulated_buyer_troubles_nobody_else() -> None:
    shop = cashier(confirm="auto")
    order = shop.uploaded()
    shop.act("/world/drug", {"med_list_codg": order["basket"]["feedetailList"][0]["medListCodg"], "vali_flag": "0"})
    wait(shop, 10)
    assert shop.state(order) == "0"


def test_a_notice_may_overtake_the_one_before_it() -> None:
    inbox = Inbox(YES)
    shop = cashier(inbox, notices="before")
    order = shop.uploaded()
    confirm_data(shop, order)
    assert run(shop) == []
    confirm(shop, order)
    assert [one["code"] for one in run(shop)] == ["6302"]
    wait(shop, 10 * MINUTE_MS)
    assert [one["code"] for one in run(shop)] == ["6204"]
    assert shop.state(order) == "6"
