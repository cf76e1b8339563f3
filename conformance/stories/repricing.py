"""Stories of a price cap that moves while an order is open."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import people, shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]


def order_anew(stage: Stage, params: Json) -> None:
    """The cap falls between the split and the confirmation (a fault): the core refuses; the buyer orders once more."""
    people.lose_ground(stage, params)
    order = str(stage.facts["subject"])
    shopping.place_with_consent(stage, order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "failed", "manual_review"}))
    shopping.ship(stage, order)
