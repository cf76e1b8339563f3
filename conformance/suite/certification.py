"""One run of one channel: connected once, each scenario played once when it is first needed, then judged."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.drivers.driver import Driver, DriverFault
from conformance.evidence import Evidence
from conformance.findings import Both
from conformance.requirement import Edition, Requirement
from conformance.scenarios.listing import Scenario, scenarios
from conformance.suite.run import Bench, ConfigureFault, never_began, play
from conformance.verdict import Books, Judged, Verdict, judge, judge_one

Json = Mapping[str, Any]
Told = Callable[[Scenario, Evidence], None]
"""Called after each scenario: who wants to show progress."""


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

    def needed(self) -> list[Scenario]:
        """The scenarios this channel can be put through, for the chosen requirements, in the order of the catalogue."""
        wanted = {name for requirement in self.requirements for name in requirement.scenarios}
        return [scenario for name, scenario in scenarios().items() if name in wanted and self.able(scenario)]

    def able(self, scenario: Scenario) -> bool:
        """Whether the channel claims what the scenario asks for."""
        claimed = scenario.exercise.rail in self.hello["rails"]
        return claimed and not scenario.exercise.missing(self.hello)

    def play(self, names: Iterable[str]) -> None:
        """Play those scenarios that were not yet and can be."""
        for name in names:
            scenario = scenarios()[name]
            if name in self.evidence or not self.able(scenario):
                continue
            self.evidence[name] = self._played(scenario)
            self.told(scenario, self.evidence[name])

    def _played(self, scenario: Scenario) -> Evidence:
        try:
            return play(self.bench, self.driver, self.hello, scenario)
        except DriverFault as fault:
            return never_began(self.bench, self.hello, scenario, Both(fault.zh, fault.en))
        except ConfigureFault as fault:
            return never_began(self.bench, self.hello, scenario, fault.both)

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
        self.driver.close()
        self.leave()
