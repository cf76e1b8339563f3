"""The schedule of notices (6302) and what an institution's answer does (order-life 9.5, 9.6, L21–L24)."""

from dataclasses import replace

from simulator.domain.moment import MINUTE_MS, SECOND_MS
from simulator.domain.notice_record import PAID, Notice
from simulator.domain.order_record import Order
from simulator.domain.order_steps import CASH_TAKEN, INSURANCE_PAID, SETTLED_INSIDE, next_state
from simulator.domain.payment import give_back
from simulator.domain.ports import Unit

WAITS_MS = (
    15 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS,
)  # fmt: skip
"""Between one unanswered try and the next: seven tries, all within the hour of revsToken."""


def due(unit: Unit) -> list[Notice]:
    """Notices whose time has come, earliest first."""
    return unit.due(Notice, "due_ms", unit.now_ms)


def delivered(unit: Unit, notice: Notice, success: bool | None) -> Notice:
    """Book one try: True ends it (L21), False or silence (None) is retried (L23) until the schedule is used up.

    The answer to 6204 says that it arrived and moves no order.
    """
    tries = notice.tries + 1
    order = unit.get(Order, notice.pay_ord_id) if notice.code == PAID else None
    if success:
        if order:
            unit.put(_acknowledged(unit, order))
        notice = replace(notice, tries=tries, state="done", due_ms=0)
    elif tries > len(WAITS_MS) or unit.switches.notices == "once":
        notice = replace(notice, tries=tries, state="given_up", due_ms=0)
    else:
        notice = replace(notice, tries=tries, due_ms=unit.now_ms + WAITS_MS[tries - 1])
    if success is False and unit.switches.reverse_on_false and order and order.ord_stas == INSURANCE_PAID:
        reversed_order = replace(order, ord_stas=next_state(order.ord_stas, "reverse"))
        unit.put(give_back(unit, reversed_order))
    unit.put(notice)
    return notice


def _acknowledged(unit: Unit, order: Order) -> Order:
    """L21, L22: the institution confirmed its own settlement."""
    if order.ord_stas == INSURANCE_PAID or (order.ord_stas == CASH_TAKEN and order.setl_type == "CASH"):
        order = replace(order, ord_stas=next_state(order.ord_stas, "acknowledge"))
    if order.ord_stas != SETTLED_INSIDE:
        return order
    if unit.switches.close == "hold_5":
        return replace(order, due_ms=unit.now_ms + unit.switches.close_ms)
    return replace(order, ord_stas=next_state(order.ord_stas, "close"))
