"""Rules of sign-in (9001)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]


@on_the_wire
def once_a_day(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """An operator signs in once a day at an institution, not before every call."""
    signed = Counter(
        (str(line.raw.get("org", "")), line.sent("opter_no"), str(line.raw.get("at", ""))[:10])
        for line in evidence.calls("9001")
        if line.heard
    )
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
