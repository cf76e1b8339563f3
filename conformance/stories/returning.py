"""Stories of giving back when somebody else has a say: the buyer consents anew, confirms meanwhile, clicks again, the
shop's own till is faster, or the process dies."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.people import turn
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

_BACK = frozenset({"refunded", "manual_review", "partly_refunded"})


def ask_consent_again(stage: Stage, params: Json) -> None:
    """The platform wants a fresh consent for a refund: the first buyer gives it after a while, the second never."""
    orders = [shopping.buy(stage, params, name=f"A{place}", buyer=who) for place, who in enumerate(params["buyers"], 1)]
    stage.advance(int(params["pause_ms"]))
    for order in orders:
        stage.perform("refund", order, reason="out_of_stock")
    stage.run_jobs()
    stage.take_beliefs("after_refund")
    shopping.consent(stage, orders[0])
    stage.perform("check", orders[0])
    stage.let_work(orders[0], until=_BACK)


def cancel_while_confirming(stage: Stage, params: Json) -> None:
    """The buyer's page is open when the shop cancels; he confirms all the same, and is faster."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    for row in stage.control.call("GET", "/orders")["orders"]:
        stage.act("/person/open", pay_ord_id=row["pay_ord_id"])
    stage.perform("cancel", order)
    stage.take_beliefs("while_confirming")
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refund")
    shopping.ship(stage, order)


def click_twice(stage: Stage, params: Json) -> None:
    """Every button is pressed twice: consent, order, order again once paid, refund."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    shopping.place(stage, order)
    stage.let_work(order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid"}))
    shopping.place(stage, order)
    stage.take_beliefs("after_payment")
    for _ in range(2):
        stage.perform("refund", order, reason="buyer")
        stage.let_work(order, until=_BACK)


def die_refunding(stage: Stage, params: Json) -> None:
    """The process dies right after a refund was sent, and is brought up again."""
    order = shopping.buy(stage, params)
    stage.ask("restart", {"point": params["point"]})
    stage.perform("refund", order, reason="out_of_stock")
    stage.facts["crash"] = {"order": order, "seq": stage.seq, "point": params["point"]}
    stage.take_beliefs("after_crash")
    stage.let_work(order, until=_BACK, rounds=4)


def be_overtaken_by_the_till(stage: Stage, params: Json) -> None:
    """The shop takes the purchase back at its own till; no notice says so, only the day's statement and 6301."""
    order = shopping.buy(stage, params)
    for row in stage.control.call("GET", "/orders")["orders"]:
        turn(stage, [{"change": "till_cancel", "pay_ord_id": row["pay_ord_id"]}])
    day = str(stage.control.call("GET", "/clock")["now"])[:10]
    org = stage.facts["orders"][order]["org"]
    stage.ask("perform", {"task": "reconcile", "org": org, "day": day})
    stage.take_beliefs("after_statement")
    shopping.ship(stage, order)


def leave_cash_unpaid(stage: Stage, params: Json) -> None:
    """Insurance is settled first, the buyer goes away before he pays his cash share, and the channel asks."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    shopping.confirm(stage, order, cash="fail")
    stage.perform("check", order)
    stage.take_beliefs("half_paid")
    shopping.ship(stage, order)
