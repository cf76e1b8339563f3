"""Rules of giving back: the right instrument, the same serial, stop at an abnormal end, and cash really returned."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.oracle.books import returned_fen
from conformance.probes.reading import QUIESCENT, about, by_order, shop_orders, subject, truth
from conformance.sight import on_the_wire

Json = Mapping[str, Any]


def unpaid_is_withdrawn(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """An order given up before it was paid is withdrawn with 6401."""
    for number in subject(evidence).pay_ord_ids:
        lines = about(evidence, number)
        withdrawn = next((line for line in lines if line.code == "6401" and line.accepted), None)
        if withdrawn:
            yield Held((withdrawn.seq,))
        else:
            yield Broken(
                Both("未付款的订单用6401撤销", "6401 for an order that was not paid"),
                Both("没有撤销该订单", "the order was not withdrawn"),
                tuple(line.seq for line in lines[-1:]),
            )


@on_the_wire
def only_what_is_paid(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """6203 is sent only for an order that was paid."""
    for number, lines in by_order(evidence.calls("6203")):
        for line in lines:
            if line.rule == "order_unpaid":
                yield Broken(
                    Both("付款之前用6401，不用6203", "6401, not 6203, before payment"),
                    Both(f"对未付款的{number}发送6203", f"6203 for {number}, which was not paid"),
                    (line.seq,),
                )
            else:
                yield Held((line.seq,))


def comes_back_whole(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a refund of everything nothing of the buyer's stays taken: account, fund, cash share, delivery, packing."""
    order = subject(evidence)
    now = truth(evidence, QUIESCENT, order.name)
    if not now.ever_paid:
        return
    if now.taken_fen == 0:
        yield Held()
        return
    parts = {"account": now.account_fen, "fund": now.fund_fen, "cash": now.cash_fen, "freight": now.freight_fen}
    left = ", ".join(f"{name} {fen}" for name, fen in parts.items() if fen)
    refunds = evidence.calls("6203", "2103", "cash.refund")
    yield Broken(
        Both("全部退回", "everything came back"),
        Both(f"未退回（分）：{left}", f"not back (fen): {left}"),
        tuple(line.seq for line in refunds),
    )


def declared_cash_moved(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What 6203 declared as returned cash, the cash desk did return."""
    for number, lines in by_order(evidence.calls("6203")):
        done = [line for line in lines if line.accepted and line.answered("refStatus") == "SUCC"]
        declared = next((line for line in done if line.sent("refdType") in ("ALL", "CASH")), None)
        desk = [row for row in evidence.record["cash"] if row["pay_ord_id"] == number and row["state"] == "paid"]
        owed = sum(int(row["cash_fen"]) for row in desk)
        if declared is None or not owed:
            continue
        moved = sum(returned_fen(row, "cash") for row in desk)
        if moved == owed:
            yield Held((declared.seq,))
        else:
            yield Broken(
                Both(f"收银台退回{owed}分", f"{owed} fen returned at the cash desk"),
                Both(f"已申报退款，收银台只退回{moved}分", f"declared as returned; the desk returned {moved} fen"),
                (declared.seq,),
            )


@on_the_wire
def stops_at_abnormal_end(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After refStatus EXP no further 6203 is sent for that order.

    Who asks for the parts one by one is never answered EXP (order-life L32, L33): there a part that FAILs ends it.
    """
    for _, lines in by_order(evidence.calls("6203")):
        ended = next((line for line in lines if line.answered("refStatus") == "EXP" and line.heard), None)
        if ended is None:
            yield from (Held((line.seq,)) for line in lines if line.sent("refdType") != "ALL" and _failed(line))
            continue
        later = [line for line in lines if line.seq > ended.seq]
        if later:
            yield Broken(
                Both("EXP之后转人工，不再提交6203", "a person decides after EXP; no further 6203"),
                Both(f"又提交了{len(later)}次6203", f"6203 was sent {len(later)} more times"),
                (ended.seq, *(line.seq for line in later)),
            )
        else:
            yield Held((ended.seq,))


def _failed(line: Line) -> bool:
    return line.heard and line.answered("refStatus") == "FAIL"


def delivery_only_at_desk(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A refund of delivery alone goes through the cash desk and never through 6203."""
    for asked in evidence.asked("perform", "refund_delivery"):
        order = next(order for order in shop_orders(evidence) if order.name == asked.order)
        if not truth(evidence, QUIESCENT, order.name).ever_paid:
            continue
        wrong = [line for number in order.pay_ord_ids for line in about(evidence, number) if line.code == "6203"]
        desk = [row for row in evidence.record["cash"] if row["pay_ord_id"] in order.pay_ord_ids]
        moved = sum(returned_fen(row, "freight") for row in desk)
        due = int(asked.raw["body"]["fen"])
        if wrong or moved != due:
            told = (
                Both("发送了6203", "6203 was sent")
                if wrong
                else Both(f"收银台退回{moved}分", f"the desk returned {moved} fen")
            )
            yield Broken(
                Both(f"只由收银台退回配送费{due}分", f"{due} fen of freight returned at the desk alone"),
                told,
                tuple(line.seq for line in wrong),
            )
        else:
            yield Held()
