"""One scenario of a saved bundle played again with the same seed, and compared with what was saved."""

from dataclasses import dataclass, replace

from conformance import catalogue
from conformance.bundle.reading import Saved
from conformance.evidence import Evidence, Line
from conformance.findings import Both
from conformance.requirement import Requirement
from conformance.suite.session import Order, Prepared, Unready, prepare
from conformance.verdict import DRIVEN, Judged, judge_one

NOT_DRIVEN = Both(
    "这份证据不是由套件驱动产生的，无法重放；可用rejudge重新判定",
    "the suite did not drive this one, so there is nothing to play again; rejudge draws its verdict anew",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What the scenario showed this time. ``parted``: the first journal line that is another one; 0 when none is."""

    evidence: Evidence
    judged: tuple[Judged, ...]
    parted: int

    @property
    def broken(self) -> list[Judged]:
        """Requirements of which the scenario shows that they are not met."""
        return [row for row in self.judged if row.seen]


def replay(saved: Saved, scenario: str, order: Order) -> Replayed:
    """Play it; ``order`` says where platform and channel are, the bundle says the rest.

    Raises:
        Unready: no such scenario in the bundle, or the run cannot begin.
    """
    if saved.made_by != DRIVEN:
        raise Unready(NOT_DRIVEN)
    if scenario not in saved.evidence:
        known = ", ".join(saved.evidence)
        raise Unready(
            Both(f"证据包里没有场景{scenario}；有：{known}", f"no scenario {scenario!r} here; there are: {known}")
        )
    results = saved.results
    channel = order.channel or str(results.get("driven", "reference"))
    prepared = prepare(replace(order, channel=channel, edition=results["edition"], seed=results["seed"]))
    try:
        prepared.certification.play([scenario])
        return _told(prepared, saved, scenario)
    finally:
        prepared.certification.close()


def _told(prepared: Prepared, saved: Saved, scenario: str) -> Replayed:
    now = prepared.certification.evidence.get(scenario)
    if now is None:
        raise Unready(
            Both(f"渠道不再声明场景{scenario}所需的能力", f"the channel no longer claims what {scenario!r} needs")
        )
    books, edition = prepared.certification.books(), prepared.certification.edition
    about = [row for row in map(_known, edition.requirements) if scenario in row.scenarios]
    judged = tuple(judge_one(row, edition, books) for row in about)
    return Replayed(evidence=now, judged=judged, parted=_parted(saved.evidence[scenario], now))


def _known(id_: str) -> Requirement:
    return catalogue.requirements()[id_]


def _parted(then: Evidence, now: Evidence) -> int:
    """A channel's own numbers go on from run to run; who said what, and what came of it, does not change."""
    before, after = [_gist(line) for line in then.lines()], [_gist(line) for line in now.lines()]
    if before == after:
        return 0
    pairs = zip(before, after, strict=False)
    return next((seq for seq, (one, other) in enumerate(pairs, 1) if one != other), min(len(before), len(after)) + 1)


def _gist(line: Line) -> tuple[str, ...]:
    outcome, state = str(line.raw["outcome"]), line.answered("ordStas")
    return line.direction, line.surface, line.code, outcome, line.rule, line.fault, state
