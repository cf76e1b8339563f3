"""What of the sound channel a scenario calls.

A mutant is the sound channel with a few parts swapped. Where none of those is ever called it would play the scenario
exactly as the sound channel did, so that evidence serves it too: the matrix plays only what can differ.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

P = TypeVar("P")


def watched(parts: P, note: Callable[[str], object]) -> P:
    """The same parts, each telling its name whenever it is called; a part of a group as ``group/name``."""
    return _watched(parts, note, "")  # type: ignore[no-any-return]  # what goes in comes out


def _watched(value: Any, note: Callable[[str], object], name: str) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one: _watched(part, note, where) for one, where, part in _within(value, name)})
    if isinstance(value, Mapping):
        return {one: _watched(part, note, where) for one, where, part in _within(value, name)}
    if not callable(value):
        note(name)
        return value

    def telling(*given: Any, **named: Any) -> Any:
        note(name)
        return value(*given, **named)

    return telling


def changed(parts: P, sound: P) -> frozenset[str]:
    """Names of the parts that are not those of the sound channel, as ``watched`` tells them."""
    ours, theirs = dict(_leaves(sound, "")), dict(_leaves(parts, ""))
    return frozenset(name for name in ours.keys() | theirs.keys() if ours.get(name) is not theirs.get(name))


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    grouped = isinstance(value, Mapping) or (is_dataclass(value) and not isinstance(value, type))
    if not grouped:
        yield name, value
        return
    for _, where, part in _within(value, name):
        yield from _leaves(part, where)


def _within(group: Any, name: str) -> Iterator[tuple[str, str, Any]]:
    """(own name, whole name, part) of each part of a group."""
    if isinstance(group, Mapping):
        rows = list(group.items())
    else:
        rows = [(one.name, getattr(group, one.name)) for one in fields(group)]
    for own, part in rows:
        yield own, f"{name}/{own}".lstrip("/"), part
