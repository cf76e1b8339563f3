"""What is armed in a room, and which of it strikes now. Kept as records, so it commits and rolls back with the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol, TypeVar

from schemas.amount import to_text
from simulator.domain.order_record import Order
from simulator.domain.ports import Unit

R = TypeVar("R")
_ORDERS = 1_000
"""So many orders a fault that counts for each remembers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """One armed fault: what, where, on which messages, how often."""

    KEY: ClassVar[str] = "fault_id"
    INDEXES: ClassVar[tuple[str, ...]] = ("waits_at",)
    WATCHED: ClassVar[bool] = True
    """Asked for at every message, changed seldom: the store may keep what it found."""
    LASTING: ClassVar[bool] = True
    """A fault that struck has struck, even if what it struck is refused and undone."""

    fault_id: str
    name: str
    place: str
    waits_at: str
    """The place while it can still strike; empty when it is used up."""
    match: dict[str, str] = field(default_factory=dict)
    count: int = 1
    """How many matches it strikes; 0 strikes until it is cleared."""
    after: int = 0
    """How many matches it lets pass first."""
    seed: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    passed: int = 0
    struck: int = 0
    kept: str = ""
    """An earlier answer that this fault will give again."""
    each_order: bool = False
    """``count`` and ``after`` count for each order by itself."""
    seen: dict[str, int] = field(default_factory=dict)
    """How many matches each order had, of those last heard of."""

    def mark(self) -> dict[str, str]:
        """How the journal names it."""
        return {"id": self.fault_id, "name": self.name, "place": self.place}

    def suits(self, code: str, keys: Mapping[str, object]) -> bool:
        """Whether a message with that code and those key fields is meant."""
        return all(
            code == wanted if name == "code" else _fits(keys.get(name, ""), wanted)
            for name, wanted in self.match.items()
        )

    def counted(self, order: str = "") -> "Armed":
        """After one more match: let pass, or struck and perhaps used up."""
        if self.each_order:
            return self._counted_for(order)
        if self.passed < self.after:
            return replace(self, passed=self.passed + 1)
        struck = self.struck + 1
        return replace(self, struck=struck, waits_at="" if self.count and struck >= self.count else self.waits_at)

    def _counted_for(self, order: str) -> "Armed":
        """The same for one order; it is never used up, for the next order begins anew."""
        times = self.seen.get(order, 0) + 1
        strikes = times > self.after and (not self.count or times <= self.after + self.count)
        seen = dict([*self.seen.items()][-_ORDERS:]) | {order: times}
        return replace(self, seen=seen, struck=self.struck + strikes)


def _fits(value: object, wanted: str) -> bool:
    return wanted in value if isinstance(value, tuple) else str(value) == wanted


def plain_name(name: str) -> str:
    """One spelling for ``payOrdId`` and ``pay_ord_id``."""
    return name.replace("_", "").lower()


class Watching(Unit, Protocol):
    """A unit that may remember what it found."""

    def watched(self, kind: type[R], index: str, value: str) -> list[R]: ...


def pick(unit: Watching, *, place: str, code: str = "", keys: Mapping[str, object] | None = None) -> Armed | None:
    """The oldest fault armed for this place and message, counted down; None when nothing strikes."""
    waiting = unit.watched(Armed, "waits_at", place)
    known = _known(unit, keys or {}) if waiting else {}
    for armed in waiting:
        if armed.suits(code, known):
            now = armed.counted(str(known.get("payordid") or known.get("medorgord") or known.get("msgid") or ""))
            unit.put(now)
            if now.struck > armed.struck:
                return now
    return None


def _known(unit: Unit, keys: Mapping[str, object]) -> dict[str, object]:
    """What a message may be matched on: its own fields, and of the order it names the person, the total, the drugs."""
    known = {plain_name(name): value for name, value in keys.items()}
    order = unit.get(Order, str(known.get("payordid") or ""))
    if order is None:
        return known
    drugs = tuple(line.med_list_codg for line in order.bill.lines)
    about: dict[str, object] = {"psnno": order.psn_no, "total": to_text(order.bill.total_fen), "drugs": drugs}
    return about | known


def trouble(unit: Watching, place: str, code: str, ids: Mapping[str, str]) -> str:
    """The name of what strikes at a place inside the domain; empty when nothing does."""
    armed = pick(unit, place=place, code=code, keys=ids)
    return armed.name if armed else ""
