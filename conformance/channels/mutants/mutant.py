"""The form of a broken channel."""

from collections.abc import Callable
from dataclasses import dataclass

from conformance.channels.reference.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A mistake somebody could make. ``change`` takes the sound parts and gives the broken ones.

    ``must_break``: ids of the requirements that have to fail with it. ``may_break``: those that may fail along.
    """

    name: str
    zh: str
    en: str
    change: Callable[[Parts], Parts]
    must_break: frozenset[str]
    may_break: frozenset[str] = frozenset()
