"""The verdict: a pure function of the record, the requirements, the edition and this file.

Outcomes, worst first: ``suite_error, failed, untested, warned, passed``; beside them ``not_applicable`` (its rail, or
a family or capability the edition leaves to the channel, is not claimed) and ``unchecked`` (listed, never blocks).
What was not exercised often enough is untested, never green; what is our own fault is never the channel's. A scenario
in which the adapter broke off shows nothing: it accuses nobody, and every rule it was to exercise is untested.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import UNSAID, Both, Broken, both_of
from conformance.requirement import IMPACTS, Edition, Exercise, Requirement
from conformance.sight import in_sight

JUDGE = "1"
"""Version of the rules of this file."""

WORST_FIRST = ("suite_error", "failed", "untested", "warned", "passed", "not_applicable", "unchecked")
OUT_OF_SIGHT = Both(
    "只看报文无法判定：还须知道渠道的判断或所办的业务，由驱动方式验证",
    "out of sight of the wire: it takes what the channel believes or was asked to do; a driven run shows it",
)
EXIT_CODES = {"conformant": 0, "not_conformant": 1, "incomplete": 2, "suite_error": 4}
"""3 is a configuration error: it comes before any verdict."""

DRIVEN, OBSERVED, TRACED = "D", "O", "T"
"""Class of a verdict. The suite drove the channel; or others did and the suite looked on; or it was handed a trace."""

_BY_LEVEL = {"must": "failed", "should": "warned", "may": "passed"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A rule that broke, and in which scenario."""

    scenario: str
    broken: Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one requirement."""

    requirement: Requirement
    outcome: str
    held: int = 0
    seen: tuple[Seen, ...] = ()
    why: Both = UNSAID
    scenarios: tuple[str, ...] = ()
    """Those it was judged on."""
    needed: int = 0
    """How often it had to be seen: the requirement's number, or its share for a channel of fewer rails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole result, gravest first."""

    edition: str
    overall: str
    judged: tuple[Judged, ...]
    gaps: tuple[Both, ...]
    """What the edition needs and the channel does not offer."""

    @property
    def exit_code(self) -> int:
        """What a script sees."""
        return EXIT_CODES[self.overall]

    def count(self, outcome: str) -> int:
        """How many requirements ended so."""
        return sum(row.outcome == outcome for row in self.judged)

    def counts(self) -> dict[str, int]:
        """Every outcome with its number, worst first."""
        counted = Counter(row.outcome for row in self.judged)
        return {outcome: counted.get(outcome, 0) for outcome in WORST_FIRST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All the record a verdict rests on."""

    hello: Mapping[str, Any]
    evidence: Mapping[str, Evidence]
    exercises: Mapping[str, Exercise]
    """What each scenario asks of a channel."""
    made_by: str = DRIVEN
    """Class: who made the traffic."""


def judge(edition: Edition, requirements: Iterable[Requirement], books: Books) -> Verdict:
    """Judge each requirement, and the whole."""
    judged = [judge_one(requirement, edition, books) for requirement in requirements]
    judged.sort(key=_gravity)
    gaps = tuple((_gaps if books.made_by == DRIVEN else _unseen_families)(edition, books.hello))
    return Verdict(edition=edition.name, overall=overall_of(judged, gaps), judged=tuple(judged), gaps=gaps)


def judge_one(requirement: Requirement, edition: Edition, books: Books) -> Judged:
    """One requirement's outcome."""
    if requirement.unchecked:
        return Judged(
            requirement=requirement, outcome="unchecked", why=Both(requirement.unchecked, requirement.unchecked)
        )
    standing = (_standing if books.made_by == DRIVEN else _looked_on)(requirement, edition, books)
    if isinstance(standing, Judged):
        return standing
    record = [books.evidence[name] for name in standing if name in books.evidence]
    ours = [both_of(fault) for one in record for fault in one.record["faults_of_suite"]]
    cut = [both_of(one.record["broken_off"]) for one in record if one.record.get("broken_off")]
    held, seen = _examine(requirement, (one for one in record if not one.record.get("broken_off")))
    judged = Judged(
        requirement=requirement,
        outcome="passed",
        held=held,
        seen=tuple(seen),
        scenarios=tuple(one.scenario for one in record),
        needed=_needed(requirement, books),
    )
    if ours:
        return replace(judged, outcome="suite_error", why=ours[0])
    if seen:
        return replace(judged, outcome=_BY_LEVEL[requirement.level])
    if cut:
        return replace(judged, outcome="untested", why=cut[0])
    if held < judged.needed:
        return replace(judged, outcome="untested", why=_unseen(judged.needed, held))
    return judged


def _standing(requirement: Requirement, edition: Edition, books: Books) -> tuple[str, ...] | Judged:
    """The scenarios this channel can be put through, or why there are none."""
    claimed = {name: books.exercises[name] for name in requirement.scenarios}
    rails = {name: one for name, one in claimed.items() if one.rail in books.hello["rails"]}
    if not rails:
        words = Both("渠道未声明该业务线", "the channel does not claim this rail")
        return Judged(requirement=requirement, outcome="not_applicable", why=words)
    able = tuple(name for name, one in rails.items() if not one.missing(books.hello))
    if able:
        return able
    missing = sorted({name for one in rails.values() for name in one.missing(books.hello)})
    needed = {name for one in rails.values() for name in _needs(edition, one.rail)}
    words = Both(
        f"需要{'、'.join(missing)}，渠道未声明", f"needs {', '.join(missing)}, which the channel does not claim"
    )
    outcome = "untested" if needed.intersection(missing) else "not_applicable"
    return Judged(requirement=requirement, outcome=outcome, why=words)


def _looked_on(requirement: Requirement, edition: Edition, books: Books) -> tuple[str, ...] | Judged:
    """All that was seen, for a rule that the wire alone can show on a rail that was seen; of what a scenario of the
    suite once made, only what it was played for: a hard day of another rule accuses nobody."""
    assert requirement.probe is not None
    if not in_sight(requirement.probe, requirement.params):
        return Judged(requirement=requirement, outcome="not_applicable", why=OUT_OF_SIGHT)
    if not {books.exercises[name].rail for name in requirement.scenarios}.intersection(books.hello["rails"]):
        words = Both("没有看到该业务线的报文", "no message of this rail was seen")
        return Judged(requirement=requirement, outcome="not_applicable", why=words)
    return tuple(name for name in books.evidence if name not in books.exercises or name in requirement.scenarios)


def _needs(edition: Edition, rail: str) -> tuple[str, ...]:
    """What the rail's certificate rests on: without it a rule is untested, not beside the point."""
    needs = edition.rails.get(rail)
    return (*needs.families, *needs.capabilities) if needs else ()


def _examine(requirement: Requirement, record: Iterable[Evidence]) -> tuple[int, list[Seen]]:
    assert requirement.probe is not None
    held, seen = 0, []
    for evidence in record:
        for finding in requirement.probe(evidence, requirement.params):
            if isinstance(finding, Broken):
                seen.append(Seen(evidence.scenario, finding))
            else:
                held += 1
    return held, seen


def _needed(requirement: Requirement, books: Books) -> int:
    """The least number of observations; the share of the claimed rails' scenarios, where not all are claimed."""
    owed = sum(books.exercises[name].rail in books.hello["rails"] for name in requirement.scenarios)
    if books.made_by != DRIVEN or not owed:
        return requirement.observations
    return -(-requirement.observations * owed // len(requirement.scenarios))


def _unseen(need: int, held: int) -> Both:
    return Both(f"只观察到{held}次，至少需要{need}次", f"seen {held} times, at least {need} needed")


def _gaps(edition: Edition, hello: Mapping[str, Any]) -> Iterable[Both]:
    rails = [rail for rail in hello["rails"] if rail in edition.rails]
    if not rails:
        yield Both("渠道未声明本版次的任何业务线", "the channel claims no rail of this edition")
    for rail in rails:
        for name in edition.rails[rail].families:
            if name not in hello["families"]:
                yield Both(f"业务线{rail}需要接口族{name}，渠道未声明", f"rail {rail} needs family {name}, not claimed")
        for name in edition.rails[rail].capabilities:
            if name not in hello["capabilities"]:
                yield Both(
                    f"业务线{rail}需要能力{name}，渠道未声明", f"rail {rail} needs capability {name}, not claimed"
                )


def _unseen_families(edition: Edition, hello: Mapping[str, Any]) -> Iterable[Both]:
    """Of a channel that was looked on, only what it did can be told, not what it can do."""
    for rail in hello["rails"]:
        for name in edition.rails[rail].families if rail in edition.rails else ():
            if name not in hello["families"]:
                yield Both(
                    f"业务线{rail}需要接口族{name}，没有看到其报文",
                    f"rail {rail} needs family {name}, and no message of it was seen",
                )


def overall_of(judged: Iterable[Judged], gaps: tuple[Both, ...]) -> str:
    """The one word for all of them together."""
    outcomes = {row.outcome for row in judged}
    if "suite_error" in outcomes:
        return "suite_error"
    if "failed" in outcomes:
        return "not_conformant"
    if "untested" in outcomes or gaps or not outcomes & {"passed", "warned"}:
        return "incomplete"
    return "conformant"


def _gravity(row: Judged) -> tuple[int, int, str]:
    return WORST_FIRST.index(row.outcome), IMPACTS.index(row.requirement.impact), row.requirement.id
