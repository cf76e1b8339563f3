"""The suite judged by its mutants: each broken channel must fall, by its own requirements and by no others."""

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from tempfile import TemporaryDirectory

from conformance import catalogue
from conformance.channels.mutants.registry import Mutant, mutants
from conformance.channels.reference.sound import SOUND
from conformance.drivers.driver import Driver
from conformance.evidence import Evidence
from conformance.requirement import Edition, Requirement
from conformance.scenarios.listing import Scenario, scenarios
from conformance.suite import start, touched
from conformance.suite.certification import Certification
from conformance.suite.preflight import hello_of
from conformance.suite.reach import driver_for, in_process
from conformance.suite.run import Bench
from conformance.suite.spreading import spread
from conformance.suite.start import Reached
from conformance.verdict import Books, Verdict, judge

BROKEN = ("failed", "warned")
TIMEOUT_MS = 1_000
"""How long a mutant that is a program waits for an answer. Faults keep the platform silent on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one mutant."""

    mutant: Mutant
    asked: frozenset[str]
    """Requirements that were judged: all of an edition, or those somebody chose."""
    broken: frozenset[str]
    """Requirements that fell."""
    suite_errors: frozenset[str]
    spread: bool = False
    """Each rule was judged on all traffic and not on its own scenarios alone, so that others truly fall too."""

    @property
    def escaped(self) -> frozenset[str]:
        """Requirements that should have fallen and did not."""
        return self.mutant.must_break & self.asked - self.broken

    @property
    def collateral(self) -> frozenset[str]:
        """Requirements that fell although the mutant's fault is none of their business."""
        return frozenset() if self.spread else self.broken - self.mutant.must_break - self.mutant.may_break

    @property
    def aimed_at(self) -> bool:
        """Whether anything that was judged has to fall with it."""
        return bool(self.mutant.must_break & self.asked)

    @property
    def good(self) -> bool:
        """Everything fell that had to, and nothing that should stand."""
        return bool(self.mutant.must_break) and not (self.escaped or self.collateral or self.suite_errors)


Judge = Callable[[Edition, Iterable[Requirement], Books], Verdict]


def whatever(requirement: Requirement) -> bool:
    """Every requirement is in sight of who drives."""
    return True


def lasting(requirement: Requirement) -> bool:
    """Some scenario of it asks no restart, which a program at an address cannot do by itself."""
    exercises = [scenarios()[name].exercise for name in requirement.scenarios]
    return any("restart" not in one.needs for one in exercises)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """What channels of ours are tried with. ``rules`` are beginnings of requirement ids, or words for what is at stake
    (``money``); none of them means all."""

    edition: str = catalogue.LATEST
    seed: int = 1
    rules: tuple[str, ...] = ()
    simulator: tuple[str, str] | None = None
    """Address and token of a running simulator: mutants are then programs, and each is judged by the rules it must
    break alone. Without one they live in this process and are judged by all."""
    listening: bool = False
    """The programs are driven over HTTP, and not by lines."""
    judged: Judge = judge
    """How the verdict is drawn from what was played."""
    in_sight: Callable[[Requirement], bool] = whatever
    """Of which requirements it can speak at all."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Ids of the requirements that are judged, in the edition's order."""
        meant = catalogue.meant(catalogue.edition(self.edition), self.rules)
        return tuple(one.id for one in meant if self.in_sight(one))


def chosen(names: tuple[str, ...] = ()) -> list[str]:
    """Names of the mutants to try, in the order of the register: all, or those named."""
    return [name for name in mutants() if not names or name in names]


def matrix(names: list[str], trying: Trying, *, jobs: int = 1) -> Iterator[Row]:
    """Certify mutants in process and compare with what each says must and may break; in the order of ``names``.

    Each of several ``jobs`` is a process with a platform of its own: what they find does not depend on how many.
    """
    for name, (broken, errors) in zip(names, spread(partial(_fell, trying=trying), names, jobs=jobs), strict=True):
        yield _row(name, trying, broken, errors)


def try_one(name: str, trying: Trying) -> Row:
    """Certify one mutant and see what fell."""
    return _row(name, trying, *_fell(name, trying))


def one_per_area(names: list[str]) -> list[str]:
    """The first mutant for each area of the catalogue in which something must fall: a sample for slow drivers."""
    first: dict[str, str] = {}
    for name in names:
        for area in sorted({id_.partition("/")[0] for id_ in mutants()[name].must_break}):
            first.setdefault(area, name)
    return [name for name in names if name in first.values()]


def _row(name: str, trying: Trying, broken: frozenset[str], errors: frozenset[str]) -> Row:
    asked = frozenset(_aimed(name, trying).asked)
    spread = trying.judged is not judge
    return Row(mutant=mutants()[name], asked=asked, broken=broken, suite_errors=errors, spread=spread)


def _aimed(name: str, trying: Trying) -> Trying:
    return replace(trying, rules=tuple(sorted(mutants()[name].must_break))) if trying.simulator else trying


def _fell(name: str, trying: Trying) -> tuple[frozenset[str], frozenset[str]]:
    """Ids alone: a mutant is made of functions, which do not travel between processes."""
    with _driven(name, trying) as (driver, reached):
        verdict = certified(driver, reached, _aimed(name, trying), known=_untouched(name, trying))
    fell = frozenset(row.requirement.id for row in verdict.judged if row.outcome in BROKEN)
    return fell, frozenset(row.requirement.id for row in verdict.judged if row.outcome == "suite_error")


def _untouched(name: str, trying: Trying) -> dict[str, Evidence]:
    """What the sound channel left of the scenarios in which it calls nothing that this mutant does otherwise.

    Nothing where only chosen rules are judged: the few scenarios they need are those the mutant is about.
    """
    if trying.simulator is not None or trying.rules:
        return {}
    other = touched.changed(mutants()[name].change(SOUND), SOUND)
    evidence, calls = _sound(trying)
    return {scenario: found for scenario, found in evidence.items() if not calls[scenario] & other}


@cache
def _sound(trying: Trying) -> tuple[Mapping[str, Evidence], Mapping[str, frozenset[str]]]:
    """The sound channel's evidence, and the names of the parts each scenario called."""
    called: set[str] = set()
    calls: dict[str, frozenset[str]] = {}

    def note(scenario: Scenario, evidence: Evidence) -> None:
        calls[scenario.name] = frozenset(called) | always
        called.clear()

    driver = in_process(touched.watched(SOUND, called.add), "reference", platform())
    always = frozenset(called)
    certification = _certification(driver, platform(), trying)
    called.clear()
    certification.told = note
    certification.verdict()
    certification.close()
    return certification.evidence, calls


@contextmanager
def _driven(name: str, trying: Trying) -> Iterator[tuple[Driver, Reached]]:
    """The mutant and its platform: both in this process, or a program of its own and a simulator that runs."""
    if trying.simulator is None:
        yield in_process(mutants()[name].change(SOUND), name, platform()), platform()
        return
    reached = start.over_http(*trying.simulator)
    words = [sys.executable, "-m", "conformance.channels.mutants", "--driver", "--mutant", name]
    words += ["--timeout-ms", str(TIMEOUT_MS)]
    with (_at_an_address if trying.listening else _with_notes)(words) as channel:
        yield driver_for(channel, reached), reached
    reached.close()


@contextmanager
def _with_notes(words: list[str]) -> Iterator[str]:
    with TemporaryDirectory(prefix="yibao-mutant-") as notes:
        yield f"command:{shlex.join([*words, '--notes', f'{notes}/notes.sqlite'])}"


@contextmanager
def _at_an_address(words: list[str]) -> Iterator[str]:
    """Nobody starts such a program again, so it keeps no notes and claims no restart."""
    with subprocess.Popen([*words, "--listen", "0"], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield program.stdout.readline().strip()
        finally:
            program.terminate()


@cache
def platform() -> Reached:
    """One for each process; every scenario has a room of its own in it."""
    return start.in_process()


def certified(driver: Driver, reached: Reached, trying: Trying, *, known: dict[str, Evidence] | None = None) -> Verdict:
    """The verdict on a channel of ours, without preflight: a liar must fall by the requirements.

    ``known``: evidence of scenarios that need not be played.
    """
    certification = _certification(driver, reached, trying)
    certification.evidence.update(known or {})
    try:
        certification.play(scenario.name for scenario in certification.needed())
        return trying.judged(certification.edition, certification.requirements, certification.books())
    finally:
        certification.close()


def _certification(driver: Driver, reached: Reached, trying: Trying) -> Certification:
    return Certification(
        bench=Bench(control=reached.control, base_url=reached.base_url, seed=trying.seed),
        driver=driver,
        hello=hello_of(driver),
        edition=catalogue.edition(trying.edition),
        requirements=tuple(catalogue.requirements()[id_] for id_ in trying.asked),
    )


def uncovered(rows: list[Row], edition: str = catalogue.LATEST) -> list[str]:
    """Checked requirements that no mutant has to break: rules without a broken twin."""
    proved = {id_ for row in rows for id_ in row.mutant.must_break}
    known = catalogue.requirements()
    return [id_ for id_ in catalogue.edition(edition).requirements if not known[id_].unchecked and id_ not in proved]
