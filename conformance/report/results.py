"""results.json: the whole verdict as one document (``schemas/suite/results.json``)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both
from conformance.report import words
from conformance.report.answers import Answer, answers
from conformance.report.stake import at_stake_fen
from conformance.requirement import Requirement
from conformance.verdict import DRIVEN, JUDGE, Judged, Seen, Verdict

Json = dict[str, Any]
FORMAT = "1"
DISTRIBUTION = "yibao-channel-lab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a report says of the run itself."""

    hello: Mapping[str, Any]
    evidence: Mapping[str, Evidence]
    texts: Mapping[str, Both]
    """Scenario → what happens in it."""
    seed: int
    replay: Callable[[str], str]
    """Requirement id → the one command that plays it again."""
    edition_title: Both
    partial: bool = False
    """Only some requirements were chosen: no verdict on the edition."""
    made: str = ""
    channel: str = ""
    """What was typed after ``--channel``."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Known failures that were excused, with their reasons."""
    rehearsal: bool = True
    """The TEST key signs, or the seed was known beforehand."""
    made_by: str = DRIVEN
    """Class: who made the traffic."""
    score: tuple[tuple[str, ...], ...] = ()
    """Mutation score of the edition: ways to reach a channel, caught of all in each, then area by area."""
    stale: tuple[str, ...] = ()
    """Ways whose score is of other requirements than these."""

    @property
    def notice(self) -> Both:
        """What every page opens with."""
        return words.NOTICE if self.rehearsal else words.NOT_NHSA


def results(verdict: Verdict, run: Run) -> Json:
    """The document."""
    document: Json = {
        "format": FORMAT,
        "notice": run.notice.document(),
        "class": run.made_by,
        "edition": verdict.edition,
        "partial": run.partial,
        "suite": {"name": DISTRIBUTION, "version": suite_version(), "judge": JUDGE},
        "channel": dict(run.hello),
        "seed": run.seed,
        "overall": verdict.overall,
        "exit_code": verdict.exit_code,
        "counts": verdict.counts(),
        "gaps": [gap.document() for gap in verdict.gaps],
        "requirements": [_judged(row, run) for row in verdict.judged],
        "scenarios": [{"name": name, **text.document()} for name, text in run.texts.items()],
    }
    told = {"made": run.made, "driven": run.channel, "known": dict(run.known)}
    return document | {name: value for name, value in told.items() if value}


def at_stake(requirement: Requirement, seen: Seen, run: Run) -> int:
    """Money a finding is about, in fen; 0 where the requirement is not about money."""
    return at_stake_fen(run.evidence[seen.scenario], seen.broken.lines) if requirement.impact == "money" else 0


def answered(seen: Seen, run: Run) -> list[Answer]:
    """What was answered around a finding, by the channel and by the platform."""
    return answers(run.evidence[seen.scenario], seen.broken.lines)


def suite_version() -> str:
    """Version of the installed distribution; ``0`` from a bare checkout."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0"


def _judged(row: Judged, run: Run) -> Json:
    requirement = row.requirement
    return {
        "id": requirement.id,
        **requirement.text.document(),
        "level": requirement.level,
        "impact": requirement.impact,
        "source": requirement.source,
        "outcome": row.outcome,
        "held": row.held,
        "needed": row.needed or requirement.observations,
        "why": row.why.document(),
        "scenarios": list(row.scenarios),
        "findings": [
            {
                "scenario": seen.scenario,
                "expected": seen.broken.expected.document(),
                "actual": seen.broken.actual.document(),
                "lines": list(seen.broken.lines),
                "at_stake_fen": at_stake(requirement, seen, run),
                "answered": [one.document() for one in answered(seen, run)],
                "replay": run.replay(requirement.id),
            }
            for seen in row.seen
        ],
    }
