"""Stories of whose money it is: relatives who pay, accounts left alone, and a world that changes before money moves."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

_BACK = frozenset({"refunded", "manual_review", "partly_refunded"})


def choose_purses(stage: Stage, params: Json) -> None:
    """Several buyers, each with his own choice: no account, his own alone, his relatives' too."""
    for number, choice in enumerate(params["choices"], 1):
        order = shopping.open_order(stage, {**params, **choice}, name=f"A{number}")
        shopping.place_with_consent(stage, order)
        stage.take_beliefs(f"before_confirmation_{number}")
        shopping.ship(stage, order)
        shopping.confirm(stage, order)
        stage.deliver()
        stage.let_work(order, until=frozenset({"paid", "failed", "manual_review"}))


def lose_ground(stage: Stage, params: Json) -> None:
    """Between the split and the confirmation the world changes (``meanwhile``): the core refuses."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    turn(stage, params["meanwhile"])
    shopping.confirm(stage, order)
    stage.deliver()
    stage.perform("check", order)
    stage.take_beliefs("after_refusal")
    shopping.ship(stage, order)


def part_and_return(stage: Stage, params: Json) -> None:
    """Paid with relatives' money; the tie between them ends (``meanwhile``), and then everything goes back."""
    order = shopping.buy(stage, params)
    turn(stage, params["meanwhile"])
    stage.perform("refund", order, reason="out_of_stock")
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refund")


def order_through_changes(stage: Stage, params: Json) -> None:
    """One buyer orders three times; before the third his insurance is suspended."""
    for name in ("A1", "A2"):
        shopping.buy(stage, params, name=name)
    turn(stage, params["meanwhile"])
    third = shopping.open_order(stage, params, name="A3")
    shopping.place_with_consent(stage, third)


def turn(stage: Stage, changes: list[Json]) -> None:
    """Change the world; people (``who``) and shops (``where``) are named as the cast names them."""
    for change in changes:
        body = {name: value for name, value in change.items() if name not in ("who", "where")}
        if "who" in change:
            body["psn_no"] = stage.cast.people[change["who"]]["psn_no"]
        if "where" in change:
            body["fixmedins_code"] = stage.cast.shops[change["where"]]["fixmedins_code"]
        stage.act("/world", **body)
