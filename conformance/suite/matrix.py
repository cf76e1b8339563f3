"""The suite judged by its mutants: each broken channel must fall, by its own requirements and by no others."""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance import catalogue
from conformance.channels.mutants.registry import Mutant, mutants
from conformance.channels.reference.sound import SOUND
from conformance.drivers.driver import Driver
from conformance.suite import start
from conformance.suite.certification import Certification
from conformance.suite.preflight import hello_of
from conformance.suite.reach import in_process
from conformance.suite.run import Bench
from conformance.suite.start import Reached
from conformance.verdict import Verdict

BROKEN = ("failed", "warned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one mutant."""

    mutant: Mutant
    broken: frozenset[str]
    """Requirements that fell."""
    suite_errors: frozenset[str]

    @property
    def escaped(self) -> frozenset[str]:
        """Requirements that should have fallen and did not."""
        return self.mutant.must_break - self.broken

    @property
    def collateral(self) -> frozenset[str]:
        """Requirements that fell although the mutant's fault is none of their business."""
        return self.broken - self.mutant.must_break - self.mutant.may_break

    @property
    def caught(self) -> bool:
        """Everything fell that had to."""
        return bool(self.mutant.must_break) and not self.escaped

    @property
    def good(self) -> bool:
        """Caught, and nothing fell that should stand."""
        return self.caught and not self.collateral and not self.suite_errors


def matrix(*, edition: str = catalogue.LATEST, seed: int = 1, names: tuple[str, ...] = ()) -> Iterator[Row]:
    """Certify every mutant (or those named) in process and compare with what it says must and may break."""
    reached = start.in_process()
    for name, mutant in mutants().items():
        if not names or name in names:
            yield row_of(mutant, reached, edition=edition, seed=seed)


def row_of(mutant: Mutant, reached: Reached, *, edition: str = catalogue.LATEST, seed: int = 1) -> Row:
    """Certify one mutant and see what fell."""
    driver = in_process(mutant.change(SOUND), mutant.name, reached)
    verdict = certified(driver, reached, edition=edition, seed=seed)
    fell = frozenset(row.requirement.id for row in verdict.judged if row.outcome in BROKEN)
    ours = frozenset(row.requirement.id for row in verdict.judged if row.outcome == "suite_error")
    return Row(mutant=mutant, broken=fell, suite_errors=ours)


def certified(driver: Driver, reached: Reached, *, edition: str, seed: int) -> Verdict:
    """The verdict on a channel of ours, without preflight: a liar must fall by the requirements."""
    frozen = catalogue.edition(edition)
    certification = Certification(
        bench=Bench(control=reached.control, base_url=reached.base_url, seed=seed),
        driver=driver,
        hello=hello_of(driver),
        edition=frozen,
        requirements=tuple(catalogue.requirements()[id_] for id_ in frozen.requirements),
    )
    try:
        return certification.verdict()
    finally:
        certification.close()


def uncovered(rows: list[Row], edition: str = catalogue.LATEST) -> list[str]:
    """Checked requirements that no mutant has to break: rules without a broken twin."""
    proved = {id_ for row in rows for id_ in row.mutant.must_break}
    known = catalogue.requirements()
    return [id_ for id_ in catalogue.edition(edition).requirements if not known[id_].unchecked and id_ not in proved]
