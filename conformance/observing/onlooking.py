"""What an onlooker would have said of a driven run: its traffic alone, as if the channel's own tests had made it."""

from collections.abc import Iterable

from conformance.evidence import Evidence
from conformance.observing.record import Seen, Subject, books_of
from conformance.requirement import Edition, Requirement
from conformance.sight import in_sight as probe_in_sight
from conformance.verdict import OBSERVED, Books, Verdict, judge


def in_sight(requirement: Requirement) -> bool:
    """Whether the wire alone shows it."""
    return requirement.probe is not None and probe_in_sight(requirement.probe, requirement.params)


def judged(edition: Edition, requirements: Iterable[Requirement], driven: Books) -> Verdict:
    """The verdict of class O on the same journals and ledgers; what was asked and believed is left out.

    The rooms go by names that are no scenario's, as those of strangers do: each rule is judged on all of their traffic.
    """
    parts = [_seen(evidence) for evidence in driven.evidence.values()]
    return judge(edition, requirements, books_of(parts, Subject(), made_by=OBSERVED))


def _seen(evidence: Evidence) -> Seen:
    record = evidence.record
    names = ("journal", "room", "city", "seed", "transfers", "orders", "settlements", "cash", "accounts", "drugs")
    return Seen(name=f"seen.{evidence.scenario}", platform=record["platform"], **{name: record[name] for name in names})
