"""Rules of the buyer's consent: one payAuthNo for one order, and a new one when it has lapsed."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]

AUTH = "house.auth.query"


@on_the_wire
def serves_one_order(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A payAuthNo that paid one order is not used for another."""
    uploaded = {line.answered("payOrdId"): line.sent("medOrgOrd") for line in evidence.calls("6201")}
    spent: dict[str, tuple[str, int]] = {}
    for line in evidence.calls("6201", "6202"):
        number = line.sent("payAuthNo")
        order = line.sent("medOrgOrd") or uploaded.get(line.key("payOrdId"), "")
        if not number:
            continue
        if line.code == "6202" and line.accepted:
            spent.setdefault(number, (order, line.seq))
        first, seq = spent.get(number, (order, line.seq))
        if first == order:
            yield Held((line.seq,))
        else:
            yield Broken(
                Both("一个payAuthNo只用于一张订单", "one payAuthNo for one order"),
                Both("授权被用于另一张订单", "the consent was used for another order"),
                (seq, line.seq),
            )


def renewed_when_lapsed(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A consent that lapsed pays nothing any more: it is tried once at most, and the order goes on with another."""
    lapsed_ms = int(evidence.facts["lapsed_ms"])
    given = {_number(line.answered("payAuthNo")): line for line in evidence.calls(AUTH) if line.answered("payAuthNo")}
    lapsed = {number for number, line in given.items() if line.at_ms < lapsed_ms}
    later = [line for line in evidence.calls("6201", "6202") if line.at_ms >= lapsed_ms and line.sent("payAuthNo")]
    old = [line for line in later if _number(line.sent("payAuthNo")) in lapsed]
    if len(old) > 1:
        yield Broken(
            Both("授权失效后请买方重新授权", "a new consent of the buyer once the old one has lapsed"),
            Both(f"失效的授权又用了{len(old)}次", f"the lapsed consent was used {len(old)} more times"),
            tuple(line.seq for line in old),
        )
    elif len(later) > len(old):
        yield Held(tuple(line.seq for line in later[:1]))


def _number(text: str) -> str:
    """The keyed hash that stands for a secret in the journal, however its field hides it."""
    return text.rpartition("#")[2]
