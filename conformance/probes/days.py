"""Rules of what others did at the same pharmacy on the same day."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held

Json = Mapping[str, Any]

UNDOING = ("2601", "2103", "2208")


def leaves_others_alone(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """No 2601 names the message, and no 2103 the settlement, of a record of the till's or of another channel's."""
    undone, own = evidence.calls(*UNDOING), {line.raw.get("appId") for line in evidence.calls()}
    for row in evidence.record["settlements"]:
        if row["app_id"] in own or not evidence.asked("perform", "reconcile"):
            continue
        theirs = {str(row["medins_setl_id"]), str(row["setl_id"])}
        wrong = [line for line in undone if theirs & {line.sent("omsgid"), line.sent("setl_id")}]
        if wrong:
            yield Broken(
                Both("他人的记录不动", "what others did is left alone"),
                Both(f"对它发送了{wrong[0].code}", f"{wrong[0].code} was sent for it"),
                tuple(line.seq for line in wrong),
            )
        else:
            yield Held()
