"""Notices a fault holds back until something else has happened: another order was told, or the order was refunded."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol, TypeVar

from simulator.domain.notice_record import Notice
from simulator.domain.order_record import Order
from simulator.domain.ports import Unit
from simulator.faults.armed import Armed

R = TypeVar("R")
ANOTHER, REFUND = "another", "refund"
WAITS_FOR = {"reordered_notice": ANOTHER, "notice_after_refund": REFUND}
"""Name of a fault → what its notice waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One notice kept back; ``until``: ``another`` or ``refund``."""

    KEY: ClassVar[str] = "notice_id"
    INDEXES: ClassVar[tuple[str, ...]] = ("kept",)
    WATCHED: ClassVar[bool] = True

    notice_id: str
    until: str
    kept: str = "1"


class Watching(Unit, Protocol):
    """A unit that may remember what it found."""

    def watched(self, kind: type[R], index: str, value: str) -> list[R]: ...

    def remove(self, kind: type[Any], key: str) -> None: ...


def hold(unit: Unit, notice: Notice, armed: Armed) -> None:
    """Keep a notice back, ``ms`` at most."""
    unit.put(replace(notice, due_ms=unit.now_ms + int(armed.params["ms"])))
    unit.put(Held(notice_id=notice.notice_id, until=WAITS_FOR[armed.name]))


def release(unit: Watching, told: Notice | None = None) -> None:
    """Let go what has waited long enough; ``told`` is a notice that was just acknowledged."""
    for held in unit.watched(Held, "kept", "1"):
        notice = unit.get(Notice, held.notice_id)
        if notice is None or notice.tries or _over(unit, held, notice, told):
            if notice is not None and not notice.tries:
                unit.put(replace(notice, due_ms=min(notice.due_ms, unit.now_ms)))
            unit.remove(Held, held.notice_id)


def _over(unit: Unit, held: Held, notice: Notice, told: Notice | None) -> bool:
    if held.until == ANOTHER:
        return told is not None and told.pay_ord_id != notice.pay_ord_id
    order = unit.get(Order, notice.pay_ord_id)
    return order is not None and any(refund.ref_status == "SUCC" for refund in order.refunds)
