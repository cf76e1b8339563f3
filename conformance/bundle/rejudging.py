"""The verdict once more from saved evidence, under the same edition or another; needs no network and no channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance import catalogue
from conformance.bundle.reading import Saved
from conformance.findings import UNSAID, Both
from conformance.requirement import Requirement
from conformance.scenarios.listing import scenarios
from conformance.verdict import Books, Judged, Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is judged otherwise now. ``what``: a requirement's id, or the whole. Empty: there was none."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A requirement that comes, goes, or ends otherwise under another edition. Empty: not asked."""

    id: str
    text: Both
    before: str
    now: str
    why: Both = UNSAID


def rejudge(saved: Saved, edition: str = "") -> Verdict:
    """Judge the evidence by the requirements of its own edition, or of another.

    Raises:
        FileFault: no such edition.
    """
    frozen = catalogue.edition(edition or saved.results["edition"])
    exercises = {name: scenario.exercise for name, scenario in scenarios().items()}
    books = Books(hello=saved.results["channel"], evidence=saved.evidence, exercises=exercises, made_by=saved.made_by)
    return judge(frozen, _asked(saved, frozen.requirements, other=bool(edition)), books)


def differences(saved: Saved, verdict: Verdict) -> list[Difference]:
    """Where a verdict differs from the printed one: outcomes, observations, where findings are, and the whole.

    How a finding is worded may change from one release to the next; that is no difference.
    """
    before = {row["id"]: row for row in saved.results["requirements"]}
    now = {row.requirement.id: row for row in verdict.judged}
    found = [
        Difference(what=id_, before=_printed(before.get(id_)), now=_drawn(now.get(id_))) for id_ in {**before, **now}
    ]
    whole = Difference(what="", before=saved.results["overall"], now=verdict.overall)
    return [one for one in (whole, *found) if one.before != one.now]


def changes(saved: Saved, verdict: Verdict) -> list[Change]:
    """What would change for the channel under the edition of a verdict, gravest outcome first."""
    before = {row["id"]: row for row in saved.results["requirements"]}
    now = {row.requirement.id: row for row in verdict.judged}
    found = [_change(row, before.get(id_)) for id_, row in now.items()]
    gone = [
        Change(id=id_, text=Both(row["zh"], row["en"]), before=row["outcome"], now="")
        for id_, row in before.items()
        if id_ not in now
    ]
    return [one for one in (*found, *gone) if one.before != one.now]


def _change(row: Judged, before: Any) -> Change:
    return Change(
        id=row.requirement.id,
        text=row.requirement.text,
        before=before["outcome"] if before else "",
        now=row.outcome,
        why=row.seen[0].broken.actual if row.seen else row.why,
    )


def _asked(saved: Saved, listed: tuple[str, ...], *, other: bool) -> Iterator[Requirement]:
    """All of an edition; of a partial run, those it was about."""
    chosen = {row["id"] for row in saved.results["requirements"]}
    for id_ in listed:
        if other or not saved.results["partial"] or id_ in chosen:
            yield catalogue.requirements()[id_]


def _printed(row: Any) -> str:
    if row is None:
        return ""
    return _worded(row["outcome"], row["held"], [(one["scenario"], list(one["lines"])) for one in row["findings"]])


def _drawn(row: Judged | None) -> str:
    if row is None:
        return ""
    return _worded(row.outcome, row.held, [(seen.scenario, list(seen.broken.lines)) for seen in row.seen])


def _worded(outcome: str, held: int, findings: list[tuple[str, list[int]]]) -> str:
    places = "; ".join(f"{scenario} {lines}" for scenario, lines in findings)
    return f"{outcome}, held {held}" + (f", broken {places}" if places else "")
