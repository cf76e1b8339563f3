"""What a probe says: it held, or it broke, and on which journal lines one may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Both(NamedTuple):
    """The same words in both languages."""

    zh: str
    en: str

    def document(self) -> dict[str, str]:
        """As our own files write it."""
        return {"zh": self.zh, "en": self.en}


UNSAID = Both("", "")
"""Nothing to say."""


def both_of(document: Mapping[str, str]) -> Both:
    """Read back what ``Both.document`` wrote."""
    return Both(document["zh"], document["en"])


@dataclass(frozen=True, slots=True)
class Held:
    """The rule had an occasion to break and did not."""

    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """The rule broke. ``lines`` are ``seq`` numbers of the journal; empty when only a belief shows it."""

    expected: Both
    actual: Both
    lines: tuple[int, ...] = ()


Finding = Held | Broken
