"""Rules of the counter rail: 2102, and which undo fits when its answer is known or lost."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import shop_orders
from conformance.sight import on_the_wire

Json = Mapping[str, Any]


@on_the_wire
def reverses_once(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """2601 goes out once for one original, however it ends; again only when a statement (3202) was read in between."""
    sent: dict[str, list[int]] = {}
    statements = [line.seq for line in evidence.calls("3202") if line.heard and line.accepted]
    for line in evidence.calls("2601"):
        before = sent.setdefault(line.sent("omsgid"), [])
        if not any(before and before[-1] < read < line.seq for read in statements):
            before.append(line.seq)
    for omsgid, seqs in sent.items():
        if len(seqs) == 1:
            yield Held(tuple(seqs))
        else:
            yield Broken(
                Both(
                    "同一笔只发送一次2601，之后对账或转人工",
                    "one 2601 for one original; then reconcile or ask a person",
                ),
                Both(f"对{omsgid}发送了{len(seqs)}次2601", f"2601 was sent {len(seqs)} times for {omsgid}"),
                tuple(seqs),
            )


@on_the_wire
def reverses_what_it_sent(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """``omsgid`` of 2601 is the msgid of a 2102 whose answer was lost, of this channel's own."""
    lost = {str(line.raw.get("msgid", "")): line.seq for line in evidence.calls("2102") if not line.heard}
    for line in evidence.calls("2601"):
        if line.sent("omsgid") in lost:
            yield Held((lost[line.sent("omsgid")], line.seq))
        else:
            yield Broken(
                Both("冲正自己发送、应答丢失的那笔2102", "2601 for one's own 2102 whose answer was lost"),
                Both(f"omsgid={line.sent('omsgid')}不是这样的报文", f"omsgid {line.sent('omsgid')} is no such message"),
                (line.seq,),
            )


def never_for_centre_orders(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """2103 and 2601 are never sent for a purchase made through the pay centre."""
    for order in shop_orders(evidence):
        if not order.pay_ord_ids:
            continue
        wrong = [line for line in evidence.calls("2103", "2601") if line.sent("psn_no") == order.psn_no]
        if wrong:
            yield Broken(
                Both("中心订单用6401或6203撤退", "6401 or 6203 for an order of the pay centre"),
                Both(f"发送了{wrong[0].code}", f"{wrong[0].code} was sent"),
                tuple(line.seq for line in wrong),
            )
        else:
            yield Held()


def known_is_cancelled(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A sale whose settlement id is known is cancelled with 2103."""
    known = {line.sent("psn_no"): line for line in evidence.calls("2102") if line.heard and line.accepted}
    for asked in evidence.asked("perform", "counter_cancel"):
        buyer = str(evidence.orders()[asked.order]["psn_no"])
        if buyer not in known:
            continue
        sale = known[buyer]
        undone = [line for line in evidence.calls("2103", "2601") if line.sent("psn_no") == buyer]
        if undone and undone[0].code == "2103" and undone[0].sent("setl_id") == sale.answered("setl_id"):
            yield Held((sale.seq, undone[0].seq))
        else:
            yield Broken(
                Both(f"用2103撤销{sale.answered('setl_id')}", f"2103 for {sale.answered('setl_id')}"),
                Both(f"发送了{undone[0].code}", f"{undone[0].code} was sent")
                if undone
                else Both("没有撤销", "nothing was sent"),
                (sale.seq, *(line.seq for line in undone)),
            )


def sells_once(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a 2102 without an answer, the basket is not sold again before that one is undone."""
    sales = evidence.calls("2102")
    for line in sales:
        if line.heard:
            continue
        again = next(
            (later for later in sales if later.seq > line.seq and later.sent("psn_no") == line.sent("psn_no")), None
        )
        undone = next(
            (later for later in evidence.calls("2601") if later.seq > line.seq and later.heard and later.accepted), None
        )
        if again and (undone is None or undone.seq > again.seq):
            yield Broken(
                Both("应答丢失的2102先冲正或对账", "a 2102 without an answer is reversed or reconciled first"),
                Both("又发送了一次2102", "2102 was sent again"),
                (line.seq, again.seq),
            )
        else:
            yield Held((line.seq,))
