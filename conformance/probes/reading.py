"""What several probes read out of a record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.oracle.books import Truth, truth_of

Json = Mapping[str, Any]
QUIESCENT = "quiescent"
"""The moment when nothing is due any more."""


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order of the story as the suite placed it. Each has its own buyer, which tells whose money moved."""

    name: str
    fact: Json
    pay_ord_ids: tuple[str, ...]

    @property
    def psn_no(self) -> str:
        """The buyer."""
        return str(self.fact["psn_no"])

    @property
    def lines(self) -> Sequence[Json]:
        """The basket."""
        lines: Sequence[Json] = self.fact["lines"]
        return lines

    @property
    def freight_fen(self) -> int:
        """Delivery and packing."""
        return int(self.fact.get("delivery_fen", 0)) + int(self.fact.get("packing_fen", 0))


def shop_orders(evidence: Evidence) -> list[ShopOrder]:
    """Every order of the story."""
    return [
        ShopOrder(
            name,
            fact,
            tuple(str(row["pay_ord_id"]) for row in evidence.record["orders"] if row["psn_no"] == fact["psn_no"]),
        )
        for name, fact in evidence.orders().items()
    ]


def subject(evidence: Evidence) -> ShopOrder:
    """The order the scenario is about."""
    name = evidence.facts["subject"]
    return next(order for order in shop_orders(evidence) if order.name == name)


def truth(evidence: Evidence, moment: str, order: str) -> Truth:
    """What was true of an order's money at a moment."""
    return truth_of(str(evidence.orders()[order]["psn_no"]), evidence.moment(moment))


def about(evidence: Evidence, pay_ord_id: str, *, after: int = 0) -> list[Line]:
    """What the channel said about a pay order, from the line after ``after`` on."""
    return [line for line in evidence.calls() if line.seq > after and line.key("payOrdId") == pay_ord_id]


def by_order(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The lines of each pay order they name."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        if pay_ord_id := line.key("payOrdId"):
            grouped.setdefault(pay_ord_id, []).append(line)
    yield from grouped.items()
