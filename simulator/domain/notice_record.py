"""A notice the pay centre owes an institution."""

from dataclasses import dataclass
from typing import Any, ClassVar

from simulator.domain.moment import HOUR_MS, MINUTE_MS
from simulator.domain.order_record import Order
from simulator.domain.ports import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to an institution's inbox; ``state``: due, done, given_up. ``due_ms`` is 0 once it is over."""

    KEY: ClassVar[str] = "notice_id"
    INDEXES: ClassVar[tuple[str, ...]] = ("due_ms", "pay_ord_id")

    notice_id: str
    pay_ord_id: str
    app_id: str
    code: str
    data: dict[str, Any]
    due_ms: int
    tries: int = 0
    state: str = "due"


PAID, SYNCHRONISED = "6302", "6204"
_DELAYS_MS = {("late", PAID): 2 * HOUR_MS, ("before", SYNCHRONISED): 10 * MINUTE_MS}
"""Switch ``notices``: a paid order told two hours late; one told before 6204, which then comes after (9.5)."""


def owe(unit: Unit, order: Order, code: str, data: dict[str, Any]) -> None:
    """Schedule a notice for delivery right after this commit, or as the switch says."""
    if unit.switches.notices == "none":
        return
    unit.put(
        Notice(
            notice_id=f"N{unit.next_number('notice'):09d}", pay_ord_id=order.pay_ord_id, app_id=order.app_id,
            code=code, data=data, due_ms=unit.now_ms + _DELAYS_MS.get((unit.switches.notices, code), 0),
        )
    )  # fmt: skip
