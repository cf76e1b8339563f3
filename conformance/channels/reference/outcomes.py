"""What can come of a message. The four differ in what may be concluded, and that decides what a payer is told."""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Answered:
    """A success we can trust: signed by the platform where answers are signed, whole, and about what we asked."""

    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform said no. Nothing changed by this message; ``signed`` False: anybody may have said so."""

    why: str
    signed: bool = True
    unknown: bool = False
    """The cash desk has no payment of that number."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Sent, and no answer we can trust: anything may have happened."""

    why: str
    retry_after_ms: int = 0


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Never reached the platform: nothing happened."""

    why: str
    retry_after_ms: int = 0


Outcome: TypeAlias = Answered | Refused | Silent | Undelivered


class Crashed(BaseException):
    """The channel dies here. Not an ``Exception``: nothing may catch it on the way out but who brings it up again."""
