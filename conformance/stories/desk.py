"""Stories of a cash desk whose answers get lost although it did what it was asked."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

_BACK = frozenset({"refunded", "manual_review", "partly_refunded"})


def lose_its_answers(stage: Stage, params: Json) -> None:
    """The buyer pays before the channel knows that the desk was opened, and pays whatever else is opened for him;
    then the shop cannot supply and everything goes back."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    paid = shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "manual_review"}))
    for number in paid:
        stage.act("/person/pay", pay_ord_id=number)
    stage.take_beliefs("after_payment")
    shopping.ship(stage, order)
    stage.perform("refund", order, reason="out_of_stock")
    stage.let_work(order, until=_BACK)
