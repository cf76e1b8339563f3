"""What time alone does to payment orders (order-life.md L05, L06, L08, L20, L22) and what the simulated buyer does."""

from dataclasses import replace

from simulator.domain import cash, cashier
from simulator.domain.evoucher_lock import tries_left
from simulator.domain.order_record import Order
from simulator.domain.order_steps import INSURANCE_PAID, PRESETTLED, SAVED, SETTLED_INSIDE, SETTLING, next_state
from simulator.domain.orders import dropped
from simulator.domain.payment import confirm, give_back, leave_page
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal


def sweep(unit: Unit) -> None:
    """Do what is due now."""
    for order in unit.due(Order, "due_ms", unit.now_ms):
        _due(unit, order)
    for order in unit.due(Order, "auto_ms", unit.now_ms):
        _buyer_acts(unit, order)


def _due(unit: Unit, order: Order) -> None:
    if order.ord_stas in (SAVED, PRESETTLED):
        dropped(unit, order, "expire")
    elif order.ord_stas == SETTLING:
        leave_page(unit, order)
    elif order.ord_stas == INSURANCE_PAID:
        unit.put(give_back(unit, replace(order, ord_stas=next_state(order.ord_stas, "cash_overdue"))))
    elif order.ord_stas == SETTLED_INSIDE:
        unit.put(replace(order, ord_stas=next_state(order.ord_stas, "close"), due_ms=0))
    else:
        unit.put(replace(order, due_ms=0))


def _buyer_acts(unit: Unit, order: Order) -> None:
    """The simulated buyer (switch ``confirm`` = auto) confirms as soon as he is asked."""
    order = replace(order, auto_ms=0)
    unit.put(order)
    if order.ord_stas == SAVED and cashier.open_here(unit):
        order = _at_the_cashier(unit, order)
    if (
        order.ord_stas in (PRESETTLED, SETTLING)
        and order.split
        and tries_left(unit, order.psn_no)
        and cash.ready(unit, order.pay_ord_id, order.split.cash_fen)
    ):
        confirm(unit, order)


def _at_the_cashier(unit: Unit, order: Order) -> Order:
    """What the page refuses, it refuses to the buyer, not to whoever happens to call now: he goes away."""
    try:
        return cashier.confirm_data(unit, order)
    except Refusal:
        return order
