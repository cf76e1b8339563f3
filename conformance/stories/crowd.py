"""Stories of many orders open at once, while some answers stay away."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]
SETTLED = frozenset({"paid", "failed", "cancelled", "manual_review"})


def rush(stage: Stage, params: Json) -> None:
    """Everybody orders before anybody confirms; then all confirm but every ``hesitant``-th."""
    orders = [
        shopping.open_order(
            stage, {**params, "shop": params["shops"][place % len(params["shops"])]}, name=f"R{place + 1}", buyer=buyer
        )
        for place, buyer in enumerate(params["buyers"])
    ]
    for order in orders:
        shopping.consent(stage, order)
    for order in orders:
        shopping.place(stage, order)
    stage.take_beliefs("crowded")
    for order in orders:
        stage.let_work(order)
    confirming = [order for place, order in enumerate(orders, start=1) if place % int(params["hesitant"])]
    for order in confirming:
        shopping.confirm(stage, order)
    stage.deliver()
    for order in confirming:
        stage.let_work(order, until=SETTLED)
    stage.take_beliefs("after_rush")
