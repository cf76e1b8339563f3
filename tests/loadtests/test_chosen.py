"""The auditor notices: the day of lost answers passes with the sound channel, a broken one breaks its own rule."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from loadtests import closing, load_profile
from loadtests.chosen import parts_of
from loadtests.judgement import Judgement, judge
from loadtests.load_profile import Fault, ProfileError
from tests.loadtests.played import Town

LOST = "no_answer_after_commit"
DENSE = replace(
    load_profile.load("beijing-lost-answers"), desks=3, people=60, pharmacies=6, patience_ms=10, refund_permille=200,
    limits=replace(load_profile.load("beijing-lost-answers").limits, calls_per_hundred_orders=2_000),
    faults=(
        Fault(name=LOST, match={"code": "6201"}, permille=100), Fault(name=LOST, match={"code": "6202"}, permille=100),
        Fault(name="duplicate_notice", match={"code": "6302"}, permille=100),
    ),
)  # fmt: skip
"""The same kinds of trouble, dense enough for a small town to meet them all."""
Play = Callable[[str], Judgement]


@pytest.fixture
def play() -> Iterator[Play]:
    towns: list[Town] = []

    def played(channel: str) -> Judgement:
        towns.append(Town(DENSE, orders=30, channel=channel))
        towns[-1].play()
        return judge(closing.close(towns[-1].staged))

    yield played
    for town in towns:
        town.platform.store.close()


def test_the_day_of_lost_answers_is_the_launch_day_with_one_percent_lost_and_half_a_percent_doubled() -> None:
    stormy, calm = load_profile.load("beijing-lost-answers"), load_profile.load("beijing-launch-day")
    assert sum(fault.permille for fault in stormy.faults if fault.name == LOST) == 10
    assert [fault.permille for fault in stormy.faults if fault.name == "duplicate_notice"] == [5]
    assert (stormy.orders, stormy.pharmacies) == (calm.orders, calm.pharmacies)


def test_the_reference_channel_breaks_nothing(play: Play) -> None:
    judged = play("reference")
    assert judged.violations == 0 and not judged.void and judged.exit_code == 0


BROKEN = [
    ("counts-copies", {"beliefs-equal-ledger"}),
    ("keeps-freight", {"cash-collected"}),
    ("charges-the-total", {"cash-collected"}),
]


@pytest.mark.parametrize(("name", "rules"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_channel_with_one_money_mistake_breaks_exactly_its_rule(name: str, rules: set[str], play: Play) -> None:
    judged = play(f"mutant:{name}")
    assert {result.rule for result in judged.results if result.findings} == rules
    assert judged.exit_code == 1


@pytest.mark.parametrize("channel", ["mutant:", "mutant:sound", "counts-copies", "http://127.0.0.1:1"])
def test_an_unknown_channel_is_refused_and_the_known_ones_listed(channel: str) -> None:
    with pytest.raises(ProfileError, match="counts-copies"):
        parts_of(channel)
