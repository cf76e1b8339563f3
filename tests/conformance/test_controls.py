"""Sound channels built otherwise: whoever of them falls, the suite blames wrongly."""

from pathlib import Path

import pytest

from conformance.channels import controls
from conformance.channels.controls.registry import CONTROLS
from conformance.suite import start
from conformance.suite.matrix import Trying, certified
from conformance.suite.reach import UnknownChannel, driver_for
from conformance.suite.start import Reached
from conformance.suite.sweep import SOUND, stands, sweep

MONEY_BACK = Trying(rules=("refund/refund/everything-comes-back",))


@pytest.fixture(scope="module")
def reached() -> Reached:
    return start.in_process()


@pytest.mark.matrix
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_passes_everything_it_claims(reached: Reached, name: str, seed: int) -> None:
    verdict = certified(driver_for(f"control:{name}", reached), reached, Trying(seed=seed))
    fell = [(row.requirement.id, row.outcome, row.why.en) for row in verdict.judged if not stands(row)]
    assert fell == []
    assert verdict.overall == ("incomplete" if verdict.gaps else "conformant")


def test_every_sound_channel_gives_all_money_back() -> None:
    days = list(sweep(SOUND, (7,), MONEY_BACK))
    assert [(day.channel, day.fell) for day in days] == [(channel, ()) for channel in SOUND]


def test_a_control_that_is_none_is_named(reached: Reached) -> None:
    with pytest.raises(UnknownChannel, match="eager, terse"):
        driver_for("control:lazy", reached)


def test_the_controls_share_no_step_record_or_belief_with_the_reference() -> None:
    shared = ("orders", "walking", "unknown", "refunds", "online", "beliefs", "counter", "composing", "inbox")
    for source in Path(controls.__path__[0]).rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        assert not [name for name in shared if f"reference.{name} " in text or f"reference import {name}" in text], (
            source
        )
