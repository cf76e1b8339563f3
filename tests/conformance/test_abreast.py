"""Scenarios played abreast: a seat has one at a time, and what comes out is what one seat would give."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from conformance.drivers.command import Command
from conformance.evidence import Evidence
from conformance.scenarios.listing import Scenario, scenarios
from conformance.suite import reach, start
from conformance.suite.abreast import Seat, played
from conformance.suite.run import Bench
from conformance.suite.session import Order, Prepared, Unready, prepare

RULES = ("unknown/order/", "belief/ledger/never-wrong", "amount/bill/total")


def ready() -> Prepared:
    return prepare(Order(only=RULES))


def another_seat() -> Seat:
    """A channel and a platform of their own."""
    reached = start.in_process()
    bench = Bench(control=reached.control, base_url=reached.base_url, seed=1)
    return Seat(bench=bench, driver=reach.driver_for("reference", reached), leave=reached.close)


@pytest.fixture
def one() -> Iterator[Prepared]:
    prepared = ready()
    yield prepared
    prepared.certification.close()


@pytest.fixture
def three() -> Iterator[Prepared]:
    prepared = ready()
    prepared.certification = replace(prepared.certification, others=(another_seat(), another_seat()))
    yield prepared
    prepared.certification.close()


def test_three_seats_give_what_one_gives_in_the_same_order(one: Prepared, three: Prepared) -> None:
    for requirement in one.certification.requirements:
        one.certification.judge(requirement)
    assert one.finish() == three.finish()
    told, tripled = one.certification.evidence, three.certification.evidence
    assert list(told) == list(tripled) and len(told) > 5
    assert [spoken(evidence) for evidence in told.values()] == [spoken(evidence) for evidence in tripled.values()]


def spoken(evidence: Evidence) -> list[tuple[str, str, str]]:
    """What was said and how it ended. Serials differ: a channel goes on counting from scenario to scenario."""
    return [(line.direction, line.code, line.raw["outcome"]) for line in evidence.lines()]


def test_each_is_told_once_as_it_ends(three: Prepared) -> None:
    told: list[str] = []
    three.certification.told = lambda scenario, evidence: told.append(scenario.name)
    three.finish()
    assert sorted(told) == sorted(three.certification.evidence)


def test_a_seat_has_one_scenario_at_a_time() -> None:
    taken: set[int] = set()
    seats = [Seat(bench=Any, driver=Any) for _ in range(2)]  # type: ignore[arg-type]  # nobody asks them anything
    due = list(scenarios().values())[:20]

    def play(scenario: Scenario, seat: Seat) -> Evidence:
        assert id(seat) not in taken
        taken.add(id(seat))
        found = Evidence({"scenario": scenario.name})
        taken.discard(id(seat))
        return found

    assert {evidence.scenario for _, evidence in played(seats, due, play)} == {scenario.name for scenario in due}


def test_what_goes_wrong_at_a_seat_is_not_swallowed() -> None:
    def play(scenario: Scenario, seat: Seat) -> Evidence:
        raise RuntimeError("our own fault")

    seat = Seat(bench=Any, driver=Any)  # type: ignore[arg-type]  # nobody asks it anything
    with pytest.raises(RuntimeError, match="our own fault"):
        list(played([seat], list(scenarios().values())[:3], play))


@pytest.mark.parametrize("channel", ["reference", "command:python adapter.py", "http://127.0.0.1:9", "by-hand"])
def test_several_at_a_time_need_an_adapter_that_can_be_several(channel: str) -> None:
    with pytest.raises(Unready, match=r"\{job\}"):
        prepare(Order(channel=channel, jobs=2, simulator="http://127.0.0.1:9"))


def test_each_adapter_is_started_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(Command, "__init__", lambda self, command: started.append(command))
    for job in (1, 2):
        reach.bare_driver("command:node a.js --port 90{job}0", start.in_process(), job=job)
    assert started == ["node a.js --port 9010", "node a.js --port 9020"]
