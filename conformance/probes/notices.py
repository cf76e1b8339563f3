"""Rules of the notice 6302 at the channel's inbox: what it answers, and what it does then."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import about
from conformance.sight import on_the_wire

Json = Mapping[str, Any]

FORGED, STRANGE = "forged_notice", "unknown_order_notice"
NOT_GENUINE = (FORGED, STRANGE)
"""Faults by which a notice came that speaks of no payment of this channel's."""
RETIRED = "retired_key"
"""Whether a notice under the key of yesterday is to be taken depends on its grace: rules of keys decide that."""
PAID = ("3", "4", "5", "6")
"""ordStas of which a notice may tell."""


@on_the_wire
def acknowledged(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A genuine notice of an order of this channel is answered with success true, in ``tries`` deliveries at most."""
    tries: dict[str, list[Line]] = {}
    for line in evidence.notices():
        if line.fault not in (*NOT_GENUINE, RETIRED) and not line.undelivered:
            tries.setdefault(line.key("payOrdId"), []).append(line)
    allowed = params.get("tries", 1)
    for lines in tries.values():
        if any(line.acknowledged for line in lines[:allowed]):
            yield Held((lines[0].seq,))
        elif len(lines) >= allowed:
            yield Broken(
                Both("验签、入库后应答success为true", "success true once it is verified and stored"),
                Both("通知未被确认", "the notice was not acknowledged"),
                tuple(line.seq for line in lines),
            )


@on_the_wire
def duplicate_acknowledged(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A notice that comes a second time is acknowledged again."""
    seen: set[str] = set()
    for line in evidence.notices():
        if line.fault in (*NOT_GENUINE, RETIRED):
            continue
        pay_ord_id = line.key("payOrdId")
        if pay_ord_id in seen:
            if line.acknowledged:
                yield Held((line.seq,))
            else:
                yield Broken(
                    Both("重复通知仍应答success为true", "success true for the repeated notice too"),
                    Both("重复通知未被确认", "the repeated notice was not acknowledged"),
                    (line.seq,),
                )
        if line.acknowledged:
            seen.add(pay_ord_id)


@on_the_wire
def answer_sealed(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A genuine notice that came sealed is answered sealed, with a signature that verifies."""
    for line in evidence.notices():
        if line.fault in NOT_GENUINE or not line.acknowledged or not line.raw.get("sealed"):
            continue
        if line.raw.get("answer_sealed"):
            yield Held((line.seq,))
        else:
            yield Broken(
                Both("应答encData加密、signData签名", "an answer with encData and signData"),
                Both("应答未签名", "the answer is unsigned"),
                (line.seq,),
            )


@on_the_wire
def forged_turned_away(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A notice whose signature does not verify is not acknowledged."""
    for line in evidence.notices():
        if line.fault != FORGED:
            continue
        if line.acknowledged:
            yield Broken(
                Both(
                    "验签失败的通知不得应答success为true",
                    "no success true for a notice whose signature does not verify",
                ),
                Both("伪造的通知被确认", "the forged notice was acknowledged"),
                (line.seq,),
            )
        else:
            yield Held((line.seq,))


@on_the_wire
def strangers_turned_away(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A well-signed notice about an order the channel never had is not acknowledged."""
    for line in evidence.notices():
        if line.fault != STRANGE:
            continue
        if line.acknowledged:
            yield Broken(
                Both(
                    "不认识的订单不应答success为true（答复表示本方已结算成功）",
                    "no success true for an unknown order: it would report a settlement of one's own",
                ),
                Both("不存在的订单被确认", "an order nobody has was acknowledged"),
                (line.seq,),
            )
        else:
            yield Held((line.seq,))


def asked_after(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The channel makes sure with 6301: after an acknowledged notice, or earlier, when 6301 told of the payment."""
    done: set[str] = set()
    for line in evidence.notices():
        pay_ord_id = line.key("payOrdId")
        if not line.acknowledged or line.fault in NOT_GENUINE or pay_ord_id in done:
            continue
        done.add(pay_ord_id)
        questions = [
            asked
            for asked in about(evidence, pay_ord_id)
            if asked.code == "6301" and (asked.seq > line.seq or (asked.heard and asked.answered("ordStas") in PAID))
        ]
        if questions:
            yield Held((line.seq, questions[0].seq))
        else:
            yield Broken(
                Both("收到通知后用6301核实", "6301 after the notice"),
                Both("只凭通知认定结果", "the notice alone was believed"),
                (line.seq,),
            )
