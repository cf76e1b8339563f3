"""Rules of sign-in (9001)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]

SIGNED_OUT = ("not_signed_in", "sign_no_invalid")
"""Rules by which the platform says that a sign-in is over."""


@on_the_wire
def once_a_day(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """An operator signs in once a day at an institution, not before every call; one whose sign-in the platform said was
    over signs in again."""
    signed: Counter[tuple[str, str, str]] = Counter()
    over: set[str] = set()
    for line in evidence.calls():
        org = str(line.raw.get("org", ""))
        if line.rule in SIGNED_OUT:
            over.add(org)
        elif line.code == "9001" and line.heard:
            key = (org, line.sent("opter_no"), str(line.raw.get("at", ""))[:10])
            signed[key] += not (org in over and key in signed)
            over.discard(org)
    seqs = tuple(line.seq for line in evidence.calls("9001"))
    for (org, operator, day), times in signed.items():
        if times > 1:
            yield Broken(
                Both("每位操作员每天签到一次", "one sign-in per operator and day"),
                Both(f"{org}的{operator}在{day}签到{times}次", f"{operator} of {org} signed in {times} times on {day}"),
                seqs,
            )
        else:
            yield Held(seqs)
