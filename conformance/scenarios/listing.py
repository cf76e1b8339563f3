"""Scenarios and their cast, read from the TOML files beside this module."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from conformance.findings import Both
from conformance.requirement import Exercise
from conformance.stories.stage import Stage
from schemas import tomlfile
from schemas.tomlfile import FileFault

Json = Mapping[str, Any]
Story = Callable[[Stage, Json], None]

_HERE = Path(__file__).parent
START = "2026-03-02 09:30:00"
"""When a room's day begins unless its scenario says otherwise: a Monday morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One thing that happens to a channel."""

    name: str
    text: Both
    story: Story
    exercise: Exercise
    world: str = "small"
    city: str = "beijing"
    start: str = START
    switches: Json = field(default_factory=dict)
    faults: Sequence[Json] = ()
    params: Json = field(default_factory=dict)
    hard: bool = False


@cache
def scenarios() -> Mapping[str, Scenario]:
    """Every scenario by name, in the order of files and tables."""
    found: dict[str, Scenario] = {}
    for path in sorted(_HERE.glob("*.toml")):
        if path.stem == "cast":
            continue
        for name, row in tomlfile.read(path, "scenario").items():
            if name in found:
                raise FileFault(f"{path.name}: scenario {name!r} exists already")
            found[name] = _scenario(name, row)
    return MappingProxyType(found)


@cache
def baskets() -> Mapping[str, Sequence[Json]]:
    """What is bought, by name."""
    rows: Mapping[str, Sequence[Json]] = tomlfile.read(_HERE / "cast.toml", "cast")["baskets"]
    return rows


def _scenario(name: str, row: Json) -> Scenario:
    plain = {key: row[key] for key in ("world", "city", "start", "switches", "faults", "params", "hard") if key in row}
    return Scenario(
        name=name,
        text=Both(row["zh"], row["en"]),
        story=_story(name, row["story"]),
        exercise=Exercise(rail=row["rail"], needs=tuple(row.get("needs", ())), families=tuple(row.get("families", ()))),
        **plain,
    )


def _story(scenario: str, name: str) -> Story:
    module, _, function = name.partition(".")
    try:
        story: Story = getattr(import_module(f"conformance.stories.{module}"), function)
    except (ImportError, AttributeError):
        raise FileFault(f"scenario {scenario!r}: no story is called {name!r}") from None
    return story
