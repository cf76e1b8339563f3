"""Rules of what the shop decides once it was paid: it refuses, or it has not everything."""

from collections.abc import Iterator

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.oracle.amounts import basket_fen, fen_of
from conformance.probes.reading import QUIESCENT, ShopOrder, shop_orders, truth
from conformance.probes.reading_goods import Json, window

_LEGS = {"HI": ("psnAcctRefdAmt", "fundRefdAmt"), "CASH": ("cashRefdAmt",)}
"""What a refund of that type gives back; ALL gives its total."""


def goes_back_whole(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After ``task`` the whole order goes back: the refunds together make up what was billed, in one leg or in two."""
    for asked, since in window(evidence, params["task"]):
        order = next(order for order in shop_orders(evidence) if order.name == asked.order)
        if not truth(evidence, QUIESCENT, order.name).ever_paid:
            continue
        refunds = [line for line in evidence.calls("6203") if line.key("payOrdId") in order.pay_ord_ids]
        asked_for = {line.sent("appRefdSn"): line for line in refunds if line.seq > since}
        back, billed = sum(map(_given_back_fen, asked_for.values())), _billed_fen(evidence, order)
        if back == billed:
            yield Held(tuple(line.seq for line in asked_for.values()))
        else:
            told = ", ".join(f"{line.sent('refdType')} {line.sent('totlRefdAmt')}" for line in asked_for.values())
            yield Broken(
                Both(f"6203整单退款，共{billed}分", f"6203 for the whole order, {billed} fen"),
                Both(f"发送了{told}" if told else "没有退款", f"{told} was sent" if told else "nothing was refunded"),
                tuple(line.seq for line in refunds),
            )


def _billed_fen(evidence: Evidence, order: ShopOrder) -> int:
    """What was uploaded for it, be that right or not."""
    bills = [
        row["bill"] for row in evidence.record["orders"] if row["pay_ord_id"] in order.pay_ord_ids if "bill" in row
    ]
    return int(bills[0]["total_fen"]) if bills else basket_fen(order.lines)


def _given_back_fen(line: Line) -> int:
    """What one 6203 asks back; of a leg that names the total of the whole order (9.16), its own parts."""
    body, parts = line.raw["request"], _LEGS.get(line.sent("refdType"), ())
    return sum(fen_of(body, part) for part in parts if line.sent(part)) or fen_of(body, "totlRefdAmt")


def rest_is_ordered_anew(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What remains of a short order is a new 6201: its own serial, and a consent given for it."""
    for asked, _ in window(evidence, params["task"]):
        again = [one for one in evidence.asked("perform", "place_order") if one.after_seq > asked.after_seq]
        if not again or not truth(evidence, QUIESCENT, asked.order).ever_paid:
            continue
        before = [line for line in evidence.calls("6201") if line.seq <= asked.after_seq]
        after = [line for line in evidence.calls("6201") if line.seq > asked.after_seq]
        fresh = [line for line in after if all(_differ(line, old) for old in before)]
        if fresh and len(fresh) == len(after):
            yield Held(tuple(line.seq for line in fresh))
        else:
            yield Broken(
                Both("新的medOrgOrd、新的payAuthNo", "a new medOrgOrd and a new payAuthNo"),
                Both(
                    "没有新订单" if not after else "沿用了原订单的",
                    "no new order" if not after else "those of the old order",
                ),
                tuple(line.seq for line in after),
            )


def _differ(one: Line, other: Line) -> bool:
    return all(one.sent(field) != other.sent(field) for field in ("medOrgOrd", "payAuthNo"))
