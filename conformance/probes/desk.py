"""Rules of the cash desk when its answer stays away: what was asked may have been done."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]
OPEN = "cash.open"


@on_the_wire
def one_number(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a ``code`` without an answer, no other ``number`` is used for the same ``about`` before the desk was asked.

    A desk that says "paid" to the question leaves nothing to charge again.
    """
    lines, number = evidence.calls(params["code"]), str(params["number"])
    for lost in (line for line in lines if not line.heard):
        again = next((line for line in lines if _renumbered(lost, line, number, params["about"])), None)
        if again is None or _asked(evidence, lost, again):
            yield Held((lost.seq,))
        else:
            yield Broken(
                Both(f"同一{number}重发，或先问收银台", f"the same {number} again, or the desk is asked first"),
                Both(f"换了{number}再次{params['code']}", f"{params['code']} again under another {number}"),
                (lost.seq, again.seq),
            )


def _renumbered(lost: Line, line: Line, number: str, about: tuple[str, ...]) -> bool:
    same = all(line.sent(field) == lost.sent(field) for field in about)
    return line.seq > lost.seq and same and line.sent(number) != lost.sent(number)


def _asked(evidence: Evidence, lost: Line, again: Line) -> bool:
    """Whether the desk was heard about it in between, and did not say that it has the money."""
    told = [
        line
        for line in evidence.calls("cash.query")
        if lost.seq < line.seq < again.seq and line.heard and line.sent("outTradeNo") == lost.sent("outTradeNo")
    ]
    return bool(told) and not (again.code == OPEN and told[-1].answered("state") == "paid")
