"""The suite judged by sound channels, the reference and both controls, on many days: who falls is wrongly blamed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from conformance.channels.controls.registry import CONTROLS
from conformance.suite.matrix import Trying, certified, platform
from conformance.suite.reach import driver_for
from conformance.suite.spreading import spread
from conformance.verdict import Judged

SOUND = ("reference", *(f"control:{name}" for name in CONTROLS))
STANDS = ("passed", "unchecked", "not_applicable")


def stands(judged: Judged) -> bool:
    """Whether a sound channel may end so: every rule passes but those of a family that it does not claim."""
    unclaimed = judged.outcome == "untested" and not judged.scenarios
    return judged.outcome in STANDS or unclaimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One sound channel on the day of one seed: requirement and outcome of all that did not stand."""

    channel: str
    seed: int
    fell: tuple[tuple[str, str], ...]


def sweep(channels: Sequence[str], seeds: Sequence[int], trying: Trying, *, jobs: int = 1) -> Iterator[Day]:
    """Every channel on every day, seed by seed."""
    days = [(channel, seed) for seed in seeds for channel in channels]
    return spread(partial(_lived, trying=trying), days, jobs=jobs)


def _lived(day: tuple[str, int], trying: Trying) -> Day:
    channel, seed = day
    verdict = certified(driver_for(channel, platform()), platform(), replace(trying, seed=seed))
    fell = tuple((row.requirement.id, row.outcome) for row in verdict.judged if not stands(row))
    return Day(channel=channel, seed=seed, fell=fell)
