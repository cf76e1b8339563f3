"""What a probe says it needs to see is what it reads: the wire alone says the same with everything else taken away."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from conformance import catalogue
from conformance.channels.mutants.registry import mutants
from conformance.channels.reference.sound import SOUND
from conformance.evidence import Evidence
from conformance.findings import Broken, Finding
from conformance.requirement import Requirement
from conformance.scenarios.listing import scenarios
from conformance.sight import in_sight
from conformance.suite.matrix import platform
from conformance.suite.preflight import hello_of
from conformance.suite.reach import in_process
from conformance.suite.run import Bench, play

STRIPPED: dict[str, Any] = {"facts": {"orders": {}}, "driver": [], "beliefs": [], "moments": {}, "listing": {}}
SEEN = [row for row in catalogue.requirements().values() if row.probe is not None and in_sight(row.probe, row.params)]


@cache
def played(name: str, mutant: str = "") -> Evidence:
    reached = platform()
    parts = mutants()[mutant].change(SOUND) if mutant else SOUND
    driver = in_process(parts, mutant or "reference", reached)
    bench = Bench(control=reached.control, base_url=reached.base_url, seed=1)
    return play(bench, driver, hello_of(driver), scenarios()[name])


def found(requirement: Requirement, evidence: Evidence) -> list[Finding]:
    assert requirement.probe is not None
    return list(requirement.probe(evidence, requirement.params))


def wire_alone(evidence: Evidence) -> Evidence:
    return Evidence({**evidence.record, **STRIPPED})


def broken(findings: Iterable[Finding]) -> bool:
    return any(isinstance(finding, Broken) for finding in findings)


@pytest.mark.parametrize("requirement", SEEN, ids=lambda row: row.id)
def test_the_wire_alone_says_what_the_whole_record_says(requirement: Requirement) -> None:
    for name in requirement.scenarios:
        whole = played(name)
        assert found(requirement, wire_alone(whole)) == found(requirement, whole), name


CAUGHT = [(mutant.name, row) for mutant in mutants().values() for row in SEEN if row.id in mutant.must_break]


@pytest.mark.slow
@pytest.mark.parametrize(("mutant", "requirement"), CAUGHT, ids=lambda one: getattr(one, "id", one))
def test_the_wire_alone_catches_the_same_broken_channels(mutant: str, requirement: Requirement) -> None:
    names = [name for name in requirement.scenarios if broken(found(requirement, played(name, mutant)))]
    assert names
    assert all(broken(found(requirement, wire_alone(played(name, mutant)))) for name in names)


def test_a_serial_is_watched_where_its_owner_is_the_order_and_not_where_it_is_a_buyer() -> None:
    """A buyer may place another order after one whose answer was lost; a refund belongs to one order for ever."""
    rules = catalogue.requirements()
    seen = {row.id for row in SEEN}
    assert "refund/refund/same-refund-serial-again" in seen
    assert "unknown/order/same-order-number-again" not in seen
    assert rules["unknown/order/same-order-number-again"].probe_name == "unknown.same_serial"


def test_what_takes_a_belief_or_a_story_is_out_of_sight() -> None:
    hidden = {row.probe_name.partition(".")[0] for row in catalogue.requirements().values() if row.probe} - {
        row.probe_name.partition(".")[0] for row in SEEN
    }
    assert "beliefs" in hidden
