"""A part that was swapped and never called changes nothing: what is told of calls and of swaps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from conformance.channels.mutants.registry import mutants
from conformance.channels.reference.sound import SOUND
from conformance.suite.matrix import Trying, certified, platform, try_one
from conformance.suite.reach import in_process
from conformance.suite.touched import changed, watched


@dataclass(frozen=True, kw_only=True)
class Inner:
    weigh: Callable[[int], int]


@dataclass(frozen=True, kw_only=True)
class Made:
    add: Callable[[int, int], int]
    steps: Mapping[str, Callable[[], str]]
    inner: Inner
    limit: int


PARTS = Made(
    add=lambda one, other: one + other,
    steps={"a": lambda: "A", "b": lambda: "B"},
    inner=Inner(weigh=lambda grams: grams),
    limit=3,
)


def test_a_call_is_told_by_the_name_of_its_part_and_answers_as_before() -> None:
    called: set[str] = set()
    parts = watched(PARTS, called.add)
    called.clear()
    assert (parts.add(1, other=2), parts.steps["b"](), parts.inner.weigh(5), parts.limit) == (3, "B", 5, 3)
    assert called == {"add", "steps/b", "inner/weigh"}


def test_what_is_no_call_counts_as_called_from_the_start() -> None:
    called: set[str] = set()
    watched(PARTS, called.add)
    assert called == {"limit"}


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (PARTS, set()),
        (replace(PARTS, add=max), {"add"}),
        (replace(PARTS, steps={**PARTS.steps, "b": lambda: "C"}), {"steps/b"}),
        (replace(PARTS, steps={"a": PARTS.steps["a"]}), {"steps/b"}),
        (replace(PARTS, steps={**PARTS.steps, "c": lambda: "C"}), {"steps/c"}),
        (replace(PARTS, inner=Inner(weigh=abs)), {"inner/weigh"}),
        (replace(PARTS, limit=4), {"limit"}),
    ],
)
def test_a_swapped_part_is_named(other: Made, names: set[str]) -> None:
    assert changed(other, PARTS) == names


@pytest.mark.matrix
@pytest.mark.parametrize("name", ["silent-courier", "ships-in-doubt", "unsigned-at-gateway"])
def test_what_was_not_played_again_would_have_ended_the_same(name: str) -> None:
    mutant, trying = mutants()[name], Trying()
    whole = certified(in_process(mutant.change(SOUND), name, platform()), platform(), trying)
    fell = {row.requirement.id for row in whole.judged if row.outcome in ("failed", "warned")}
    assert try_one(name, trying).broken == fell
