"""A notice the pay centre owes an institution."""

from dataclasses import dataclass
from typing import Any, ClassVar

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


def owe(unit: Unit, order: Order, code: str, data: dict[str, Any]) -> None:
    """Schedule a notice for delivery right after this commit, unless the switch says there is none."""
    if unit.switches.notices == "none":
        return
    unit.put(
        Notice(
            notice_id=f"N{unit.next_number('notice'):09d}", pay_ord_id=order.pay_ord_id, app_id=order.app_id,
            code=code, data=data, due_ms=unit.now_ms,
        )
    )  # fmt: skip
