"""The suite judged by its mutants: every broken channel falls by its own rules; the sound one stands.

Minutes of work: ``tox run -e self`` runs it, ``-m 'not matrix'`` leaves it out. That nothing else falls with a mutant
takes longer: ``test_matrix_whole.py``, whose result the score of the edition keeps.
"""

import pytest

from conformance import catalogue
from conformance.bundle import mutation
from conformance.channels.mutants.registry import Mutant, mutants
from conformance.channels.reference.sound import SOUND
from conformance.cli.app import app
from conformance.observing import onlooking
from conformance.suite import start
from conformance.suite.certification import Certification
from conformance.suite.matrix import Row, Trying, certified, try_one, uncovered
from conformance.suite.preflight import hello_of
from conformance.suite.reach import driver_for, in_process
from conformance.suite.run import Bench
from conformance.suite.start import Reached
from conformance.suite.sweep import SOUND as ALL_SOUND

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def reached() -> Reached:
    return start.in_process()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_sound_channel_passes_everything(reached: Reached, seed: int) -> None:
    driver = in_process(SOUND, "reference", reached)
    verdict = certified(driver, reached, Trying(seed=seed))
    fell = [
        (row.requirement.id, row.outcome, row.why.en)
        for row in verdict.judged
        if row.outcome not in ("passed", "unchecked")
    ]
    assert fell == []
    assert verdict.overall == "conformant"


@pytest.mark.parametrize("rail", ["online", "counter"])
def test_a_channel_of_one_rail_alone_can_be_certified(reached: Reached, rail: str) -> None:
    driver = in_process(SOUND, "reference", reached)
    edition = catalogue.edition(catalogue.LATEST)
    certification = Certification(
        bench=Bench(control=reached.control, base_url=reached.base_url, seed=1), driver=driver,
        hello={**hello_of(driver), "rails": [rail]}, edition=edition,
        requirements=tuple(catalogue.requirements()[id_] for id_ in edition.requirements),
    )  # fmt: skip
    judged = certification.verdict().judged
    certification.close()
    short = [(row.requirement.id, row.outcome, row.why.en) for row in judged if row.outcome in ("untested", "failed")]
    assert short == []


@pytest.mark.parametrize("mutant", mutants().values(), ids=lambda mutant: mutant.name)
def test_a_mutant_falls_by_its_own_rules(mutant: Mutant) -> None:
    row = try_one(mutant.name, Trying(rules=tuple(sorted(mutant.must_break))))
    assert sorted(row.escaped) == [], "a rule it must break let it pass: the suite is too weak"
    assert sorted(row.suite_errors) == [], "the platform contradicted itself: our own fault"


def test_the_score_of_the_edition_is_of_these_rules_and_no_mutant_escaped() -> None:
    told = mutation.read(catalogue.LATEST)
    assert told is not None
    assert told["current"], "the rules have changed: run `yibao-certify matrix --write` and commit the score"
    assert (told["mutants"], told["caught"]) == (len(mutants()), len(mutants()))


def test_every_checked_requirement_has_a_mutant_that_must_break_it() -> None:
    asked = frozenset(Trying().asked)
    rows = [
        Row(mutant=mutant, asked=asked, broken=mutant.must_break, suite_errors=frozenset())
        for mutant in mutants().values()
    ]
    assert uncovered(rows) == []


def test_mutants_name_requirements_that_exist() -> None:
    known = set(catalogue.requirements())
    for mutant in mutants().values():
        assert mutant.must_break | mutant.may_break <= known, mutant.name
        assert mutant.must_break, mutant.name
        assert not mutant.must_break & mutant.may_break, mutant.name


ONLOOKER = Trying(judged=onlooking.judged, in_sight=onlooking.in_sight)


@pytest.mark.parametrize("channel", ALL_SOUND)
def test_an_onlooker_blames_no_sound_channel_for_any_traffic_of_the_catalogue(reached: Reached, channel: str) -> None:
    verdict = certified(driver_for(channel, reached), reached, ONLOOKER)
    assert [(row.requirement.id, row.seen[0]) for row in verdict.judged if row.outcome in ("failed", "warned")] == []
    assert verdict.count("passed") > 50


def test_an_onlooker_catches_what_the_wire_shows_and_speaks_of_nothing_else() -> None:
    seen, hidden = try_one("repeats-msgid", ONLOOKER), try_one("always-paid", ONLOOKER)
    assert (seen.aimed_at, seen.good) == (True, True)
    assert not hidden.aimed_at


@pytest.mark.parametrize("driver", ["command", "http"])
def test_a_mutant_that_is_a_program_falls_by_its_own_rules(driver: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(args=["matrix", "--driver", driver, "--only", "repeats-msgid"], standalone_mode=False) == 0
    assert "1 of 1 mutants fell as they should" in capsys.readouterr().out


def test_a_way_of_driving_that_is_none_names_those_there_are(capfd: pytest.CaptureFixture[str]) -> None:
    assert app(args=["matrix", "--driver", "telepathy"], standalone_mode=False) == 3
    assert "in_process, command, http, observed" in "".join(capfd.readouterr())
