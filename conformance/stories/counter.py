"""Stories of a sale at the counter: sold, cancelled, and the answer lost."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]


def sell(stage: Stage, params: Json) -> None:
    """A sale to a person who shows an identity card. Faults, if any, are armed by the scenario."""
    order = sale(stage, params)
    stage.take_beliefs("after_sale")
    stage.let_work(order)


def sell_overtaken(stage: Stage, params: Json) -> None:
    """A sale that is held up on its way, undone meanwhile; then somebody asks whether the goods may be handed over."""
    order = sale(stage, params)
    stage.let_work(order)
    stage.take_beliefs("after_reversal")
    shopping.ship(stage, order)


def sell_and_cancel(stage: Stage, params: Json) -> None:
    """A sale, and the customer brings everything back to the till."""
    order = sale(stage, params)
    stage.perform("counter_cancel", order)
    stage.take_beliefs("after_cancelling")


def sell_to_several(stage: Stage, params: Json) -> None:
    """Several sales of one morning, one after the other."""
    for number, buyer in enumerate(params["buyers"], 1):
        sale(stage, params, name=f"C{number}", buyer=buyer)
    stage.take_beliefs("after_sale")


def sale(stage: Stage, params: Json, *, name: str = "C1", buyer: str = "") -> str:
    """One sale as the channel is asked for it; returns the order's name."""
    order = shopping.open_order(stage, params, name=name, buyer=buyer)
    fact = stage.facts["orders"][order]
    stage.perform(
        "counter_sale", order, org=fact["org"], lines=fact["lines"], acct_used_flag=fact["acct_used_flag"],
        certificate={"mdtrt_cert_type": "02", "mdtrt_cert_no": fact["certno"]},
    )  # fmt: skip
    return order
