"""What a probe has to see before it can say anything: the wire alone, or also what was asked and what is believed.

Every probe says so beside its rule. One that reads nothing but the journal judges traffic of whatever origin; every
other one is out of sight when the suite did not drive, and what it checks is then no part of the verdict.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from conformance.evidence import Evidence
from conformance.findings import Finding

Params = Mapping[str, Any]
Looks = Callable[[Evidence, Params], Iterable[Finding]]
P = TypeVar("P", bound=Looks)

_SEES: dict[Looks, Callable[[Params], bool]] = {}


def on_the_wire(probe: P) -> P:
    """Marks a probe that reads the journal and nothing else, whoever made the traffic."""
    _SEES[probe] = lambda params: True
    return probe


def on_the_wire_when(name: str, value: str) -> Callable[[P], P]:
    """Marks a probe that does so while its parameter ``name`` is ``value``: otherwise it has to know the story."""

    def mark(probe: P) -> P:
        _SEES[probe] = lambda params: bool(params.get(name) == value)
        return probe

    return mark


def in_sight(probe: Looks, params: Params) -> bool:
    """Whether a probe with these parameters can judge a journal alone."""
    return probe in _SEES and _SEES[probe](params)
