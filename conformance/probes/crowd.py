"""Rules of many orders open at once: none is taken for another, none is left behind."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import QUIESCENT, shop_orders, truth

Json = Mapping[str, Any]
SERIALS = {"6201": "medOrgOrd", "6202": "orgBizSer"}


def own_payments(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Each order holds the pay orders of its own buyer, all of them and nobody else's."""
    theirs = {order.name: set(order.pay_ord_ids) for order in shop_orders(evidence)}
    for row in evidence.beliefs(QUIESCENT):
        held, due = set(row["pay_ord_ids"]), theirs[row["order"]]
        if held == due:
            yield Held()
        else:
            yield Broken(
                Both(f"支付订单{sorted(due)}", f"pay orders {sorted(due)}"),
                Both(
                    f"订单{row['order']}持有{sorted(held)}",
                    f"order {row['order']} holds {sorted(held)}",
                ),
            )


def serials_differ(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A serial of 6201 or 6202 belongs to one buyer's order for ever."""
    for code, field in SERIALS.items():
        first: dict[str, tuple[str, int]] = {}
        owners = {number: order.name for order in shop_orders(evidence) for number in order.pay_ord_ids} | {
            order.psn_no: order.name for order in shop_orders(evidence)
        }
        for line in evidence.calls(code):
            serial = line.sent(field)
            owner = owners.get(line.sent("psnNo") or line.sent("payOrdId"), "")
            if not serial or not owner:
                continue
            earlier, seq = first.setdefault(serial, (owner, line.seq))
            if earlier == owner:
                yield Held((line.seq,))
            else:
                yield Broken(
                    Both(f"{field}各不相同", f"a {field} of its own"),
                    Both(
                        f"订单{earlier}与{owner}共用{serial}",
                        f"orders {earlier} and {owner} share {serial}",
                    ),
                    (seq, line.seq),
                )


def all_served(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Whose payment stands in the books is told so when nothing is due any more; nobody's order was dropped."""
    told = {row["order"]: row["state"] for row in evidence.beliefs(QUIESCENT)}
    confirmed = {
        line.key("payOrdId") for line in evidence.lines() if line.surface == "person" and line.code == "confirm"
    }
    for order in shop_orders(evidence):
        opened = order.name in told and any(number in confirmed for number in order.pay_ord_ids)
        if opened and truth(evidence, QUIESCENT, order.name).bought and told[order.name] == "paid":
            yield Held()
        elif not order.pay_ord_ids or opened:
            yield Broken(
                Both("订单到达“已支付”", "the order ends as paid"),
                Both(
                    f"订单{order.name}停在{told.get(order.name, '未知')}",
                    f"order {order.name} ends as {told.get(order.name, 'unknown')}",
                ),
            )
