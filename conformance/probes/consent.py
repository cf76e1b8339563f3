"""Rules of the buyer's consent: one payAuthNo for one order, and a new one when it has lapsed."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held

Json = Mapping[str, Any]

LAPSED = ("consent_expired", "consent_spent")


def serves_one_order(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A payAuthNo is used to pay one order and no other."""
    used: dict[str, tuple[str, int]] = {}
    for line in evidence.calls("6202"):
        number, order = line.sent("payAuthNo"), line.key("payOrdId")
        if not number:
            continue
        first, seq = used.setdefault(number, (order, line.seq))
        if first == order:
            yield Held((line.seq,))
        else:
            yield Broken(
                Both("一个payAuthNo只用于一张订单", "one payAuthNo for one order"),
                Both("授权被用于另一张订单", "the consent was used for another order"),
                (seq, line.seq),
            )


def renewed_when_lapsed(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A consent the platform called lapsed is not sent again; the buyer is asked for another."""
    calls = evidence.calls("1101", "6201", "6202")
    for position, line in enumerate(calls):
        if line.rule not in LAPSED:
            continue
        lapsed = _number(line.sent("payAuthNo") or line.sent("mdtrt_cert_no"))
        again = next((later for later in calls[position + 1 :] if _number(later.sent("payAuthNo") or later.sent("mdtrt_cert_no")) == lapsed), None)
        if again is None:
            yield Held((line.seq,))
        else:
            yield Broken(
                Both("授权失效后请买方重新授权", "a new consent of the buyer once the old one has lapsed"),
                Both(f"{again.code}再次使用失效的授权", f"{again.code} used the lapsed consent again"),
                (line.seq, again.seq),
            )


def _number(text: str) -> str:
    """The keyed hash that stands for a secret in the journal, however its field hides it."""
    return text.rpartition("#")[2]
