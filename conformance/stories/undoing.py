"""Stories of giving back: refunds whole, lost, abnormal, of delivery alone, and a notice that comes too late."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

_BACK = frozenset({"refunded", "manual_review", "partly_refunded"})


def refund(stage: Stage, params: Json) -> None:
    """Paid, then the shop cannot supply: everything goes back. Faults, if any, are armed by the scenario."""
    order = shopping.buy(stage, params)
    stage.take_beliefs("after_payment")
    stage.perform("refund", order, reason=params.get("reason", "out_of_stock"))
    stage.take_beliefs("after_refund")
    shopping.ship(stage, order)
    stage.let_work(order, until=_BACK)


def cancel_paid(stage: Stage, params: Json) -> None:
    """The buyer cancels after paying."""
    order = shopping.buy(stage, params)
    stage.perform("cancel", order)
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refund")
    shopping.ship(stage, order)


def refund_delivery(stage: Stage, params: Json) -> None:
    """Delivered late: the delivery fee goes back, the medicines stay sold."""
    order = shopping.buy(stage, params)
    stage.perform("refund_delivery", order, fen=int(params["fen"]))
    stage.take_beliefs("after_refund")


def hear_late(stage: Stage, params: Json) -> None:
    """The notice of payment arrives hours after everything was refunded."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    shopping.confirm(stage, order)
    stage.perform("check", order)
    stage.let_work(order, until=frozenset({"paid"}))
    stage.perform("refund", order, reason="buyer")
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refund")
    stage.advance(int(params["late_ms"]))
    stage.deliver()
    stage.take_beliefs("after_notice")
