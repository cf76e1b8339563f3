"""A requirement and an edition as those hold them who judge; ``catalogue`` reads them from their files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Finding

Probe = Callable[[Evidence, Mapping[str, Any]], Iterable[Finding]]

IMPACTS = ("money", "privacy", "security", "interop", "hygiene")
"""Gravest first: the order of failures in a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing a channel must, should or may do. Either a probe checks it, or ``unchecked`` says why none can."""

    id: str
    text: Both
    level: str
    impact: str
    source: str
    scenarios: tuple[str, ...] = ()
    probe: Probe | None = None
    probe_name: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    observations: int = 0
    unchecked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RailNeeds:
    """What a channel must offer on a rail for its result to be complete."""

    families: tuple[str, ...]
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A frozen list of requirements."""

    name: str
    title: Both
    frozen: str
    rails: Mapping[str, RailNeeds]
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """What a scenario asks of a channel before it can be run."""

    rail: str
    needs: tuple[str, ...] = ()
    """Capabilities."""
    families: tuple[str, ...] = ()
    """Interface families beside those every channel of the rail has."""

    def missing(self, hello: Mapping[str, Any]) -> tuple[str, ...]:
        """What it asks for and the channel does not claim, beside its rail: families, then capabilities."""
        offered = frozenset(hello["families"]) | frozenset(hello["capabilities"])
        return tuple(name for name in (*self.families, *self.needs) if name not in offered)
