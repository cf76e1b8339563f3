"""How much money a finding is about, so that a person can tell a slip from a loss."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from conformance.evidence import Evidence

Json = Mapping[str, Any]


def at_stake_fen(evidence: Evidence, lines: tuple[int, ...]) -> int:
    """Worth of the orders that these journal lines name: medicines, delivery and packing, in fen.

    Where they name none, as when only a belief is wrong, that of every order of the scenario.
    """
    named = {value for line in evidence.lines() if line.seq in lines for value in line.raw.get("keys", {}).values()}
    found = [*_paid_online(evidence.record, named), *_paid_at_the_counter(evidence.record, named)]
    return sum(found) if found else sum(map(_basket_fen, evidence.orders().values()))


def _paid_online(record: Json, named: set[str]) -> Iterator[int]:
    for order in record["orders"]:
        if "bill" in order and named & {order["pay_ord_id"], order["med_org_ord"]}:
            freight = (one["freight_fen"] for one in record["cash"] if one["pay_ord_id"] == order["pay_ord_id"])
            yield order["bill"]["total_fen"] + max(freight, default=0)


def _paid_at_the_counter(record: Json, named: set[str]) -> Iterator[int]:
    for settlement in record["settlements"]:
        centre = settlement.get("origin") == "centre"
        if "bill" in settlement and settlement["setl_id"] in named and settlement["sign"] > 0 and not centre:
            yield settlement["bill"]["total_fen"]


def _basket_fen(order: Json) -> int:
    medicines = sum((_line_fen(line) for line in order.get("lines", ())), 0)
    return medicines + int(order.get("delivery_fen", 0)) + int(order.get("packing_fen", 0))


def _line_fen(line: Json) -> int:
    exact = Decimal(str(line["cnt"])) * Decimal(str(line["pric"])) * 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
