"""Stories of a platform with a cashier of its own: the buyer orders and pays there, 6204 and 6302 tell the channel."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

_BACK = frozenset({"refunded", "manual_review", "partly_refunded"})


def pay_at_the_centre(stage: Stage, params: Json) -> None:
    """Uploaded; the buyer confirms the order's data on the platform's page (6204), then pays there (6302)."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    for row in stage.control.call("GET", "/orders")["orders"]:
        stage.act("/person/cashier_confirm", pay_ord_id=row["pay_ord_id"])
    stage.deliver()
    stage.perform("check", order)
    stage.take_beliefs("data_confirmed")
    shopping.ship(stage, order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "manual_review"}))
    stage.take_beliefs("after_payment")
    shopping.ship(stage, order)


def refund_at_the_centre(stage: Stage, params: Json) -> None:
    """Paid at the platform's cashier, and then everything goes back."""
    pay_at_the_centre(stage, params)
    order = str(stage.facts["subject"])
    stage.perform("refund", order, reason="out_of_stock")
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refund")
