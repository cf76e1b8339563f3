"""What is refused in which state of a payment order (order-life.md 5), and that a refusal changes nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from simulator.domain import notices
from simulator.domain.notice_record import Notice
from simulator.domain.order_record import Order
from simulator.domain.order_steps import ALLOWED
from simulator.domain.orders import withdraw
from tests.simulator.domain.scene import Scene
from tests.simulator.domain.test_order_life import DEAR, again, rule_of


def in_state(scene: Scene, state: str) -> Order:
    """An order put into a state by hand, its other fields as a paid mixed order has them."""
    order = scene.paid(DEAR)
    for notice in scene.unit.find(Notice, "pay_ord_id", order.pay_ord_id):
        notices.delivered(scene.unit, notice, True)
    order = replace(order, ord_stas=state)
    scene.unit.put(order)
    return order


PAGE = """
call|0|1|2|3|4 5 6|7|8|9|10|11|12|13 15|14|16
6202|ok|ok|busy|busy|paid|closed|closed|closed|closed|closed|closed|closed|query|query
6401|ok|ok|busy|paid|paid|closed|closed|closed|closed|closed|ok|closed|query|closed
ALL|unpaid|unpaid|busy|cash|ok|done|no|no|no|no|unpaid|no|query|no
HI|unpaid|unpaid|busy|busy|ok|done|done|ok|ok|done|unpaid|no|query|no
CASH|unpaid|unpaid|busy|cash|ok|done|ok|done|ok|ok|unpaid|no|query|ok
"""
"""Section 5 as the page prints it; ``cash`` is "ok if CASH"."""


def test_what_is_refused_in_which_state_is_what_the_page_prints() -> None:
    """A second copy, typed from the page: the table of the code could otherwise only agree with itself."""
    heads, *rows = ([cell.strip() for cell in line.split("|")] for line in PAGE.strip().splitlines())
    for call, *words in rows:
        printed = {state: word for states, word in zip(heads[1:], words, strict=True) for state in states.split()}
        if call == "CASH":
            printed["13"] = "stuck"
        assert ALLOWED[call] == printed, call


@pytest.mark.parametrize("state", [str(number) for number in range(17)])
def test_a_call_that_a_state_refuses_changes_nothing(state: str) -> None:
    scene = Scene()
    order = in_state(scene, state)
    calls: dict[str, Callable[[], object]] = {
        "6202": lambda: scene.place(order), "6401": lambda: withdraw(scene.unit, order),
        "ALL": lambda: scene.refund(order), "HI": lambda: scene.refund(order, "HI"),
        "CASH": lambda: scene.refund(order, "CASH", cash_fen=1),
    }  # fmt: skip
    for call, act in calls.items():
        if ALLOWED[call][state] != "ok" and (state, call) != ("13", "CASH"):
            before = (order, scene.transfers(), scene.balance())
            assert rule_of(act).startswith(("order_", "refund_"))
            assert (again(scene, order), scene.transfers(), scene.balance()) == before
