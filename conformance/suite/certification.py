"""One run of one channel: connected once, each scenario played once when it is first needed, then judged."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from conformance.drivers.driver import Driver, DriverFault
from conformance.evidence import Evidence
from conformance.findings import Both
from conformance.requirement import Edition, Requirement
from conformance.scenarios.listing import Scenario, scenarios
from conformance.suite.abreast import Seat, played
from conformance.suite.run import Bench, ConfigureFault, never_began, play, told
from conformance.verdict import Books, Judged, Verdict, judge, judge_one

Json = Mapping[str, Any]
Told = Callable[[Scenario, Evidence], None]
"""Called after each scenario: who wants to show progress."""


PATIENCE: Final = 3
"""Breakdowns of the adapter in a row after which nothing more is asked of it."""
LEFT_ALONE: Final = Both(
    f"适配器连续{PATIENCE}个场景中断，不再尝试；处理：先修正最前面一个场景所说的问题，再重新运行",
    f"the adapter broke down in {PATIENCE} scenarios in a row and is asked nothing more; what to do: mend what the "
    "first of them says, and run again",
)


def silent(scenario: Scenario, evidence: Evidence) -> None:
    """Nobody looks."""


@dataclass(slots=True, kw_only=True)
class Certification:
    """Everything one run shares. ``hello`` is what the channel said of itself."""

    bench: Bench
    driver: Driver
    hello: Json
    edition: Edition
    requirements: tuple[Requirement, ...]
    told: Told = silent
    evidence: dict[str, Evidence] = field(default_factory=dict)
    leave: Callable[[], None] = lambda: None
    """Lets the platform go."""
    breakdowns: int = 0
    """Scenarios in a row in which the adapter broke down."""
    others: tuple[Seat, ...] = ()
    """More seats of the same channel, for scenarios played abreast."""

    def needed(self) -> list[Scenario]:
        """The scenarios this channel can be put through, for the chosen requirements, in the order of the catalogue."""
        wanted = {name for requirement in self.requirements for name in requirement.scenarios}
        return [scenario for name, scenario in scenarios().items() if name in wanted and self.able(scenario)]

    def able(self, scenario: Scenario) -> bool:
        """Whether the channel claims what the scenario asks for."""
        claimed = scenario.exercise.rail in self.hello["rails"]
        return claimed and not scenario.exercise.missing(self.hello)

    def play(self, names: Iterable[str]) -> None:
        """Play those scenarios that were not yet and can be; with several seats all that will be needed, abreast."""
        if self.others and not self.evidence:
            self._abreast()
        for name in names:
            scenario = scenarios()[name]
            if name in self.evidence or not self.able(scenario):
                continue
            self.evidence[name] = self._played(scenario, self._seat())
            self.told(scenario, self.evidence[name])

    def _abreast(self) -> None:
        """Play everything, and leave it in the order in which one seat would have."""
        able = {scenario.name: scenario for scenario in self.needed()}
        names = dict.fromkeys(name for one in self.requirements for name in one.scenarios if name in able)
        found = {}
        for scenario, evidence in played((self._seat(), *self.others), [able[name] for name in names], self._played):
            found[scenario.name] = evidence
            self.told(scenario, evidence)
        self.evidence.update({name: found[name] for name in names})

    def _seat(self) -> Seat:
        return Seat(bench=self.bench, driver=self.driver, leave=self.leave)

    def _played(self, scenario: Scenario, seat: Seat) -> Evidence:
        """A scenario's evidence. A driver that hangs costs minutes each time: after a few in a row it is left alone."""
        if self.breakdowns >= PATIENCE:
            return never_began(seat.bench, self.hello, scenario, LEFT_ALONE)
        evidence = self._tried(scenario, seat)
        self.breakdowns = self.breakdowns + 1 if evidence.record.get("broken_off") else 0
        return evidence

    def _tried(self, scenario: Scenario, seat: Seat) -> Evidence:
        try:
            return play(seat.bench, seat.driver, self.hello, scenario)
        except DriverFault as fault:
            return never_began(seat.bench, self.hello, scenario, told(fault))
        except ConfigureFault as fault:
            return never_began(seat.bench, self.hello, scenario, fault.both)

    def judge(self, requirement: Requirement) -> Judged:
        """One requirement, playing what it needs."""
        self.play(requirement.scenarios)
        return judge_one(requirement, self.edition, self.books())

    def verdict(self) -> Verdict:
        """The whole, after playing what is still missing."""
        self.play(scenario.name for scenario in self.needed())
        return judge(self.edition, self.requirements, self.books())

    def books(self) -> Books:
        """What the verdict rests on."""
        exercises = {name: scenario.exercise for name, scenario in scenarios().items()}
        return Books(hello=self.hello, evidence=self.evidence, exercises=exercises)

    def close(self) -> None:
        """Let channel and platform go."""
        for seat in (self._seat(), *self.others):
            seat.close()
