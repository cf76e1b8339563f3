"""Double entry for insurance money: transfers never change, a reversal is a new transfer, everything sums to zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

OPENING = "opening"
"""Where money was before the room began; its balance is minus everything else."""
SUSPENSE = "suspense"
"""Money of orders whose outcome the platform itself does not know (state 14)."""


def own(psn_no: str) -> str:
    """The personal account of an insured person."""
    return f"own:{psn_no}"


def quota(giver: str, psn_no: str) -> str:
    """What a giver set aside for one relative (``aid`` = wallet)."""
    return f"quota:{giver}/{psn_no}"


def pool(admdvs: str) -> str:
    """The pooled fund of an area."""
    return f"pool:{admdvs}"


def due(fixmedins_code: str) -> str:
    """What insurance owes an institution."""
    return f"due:{fixmedins_code}"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a transfer: what an account gains, in fen; negative when it loses."""

    account: str
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """An immutable booking. ``kind``: OPEN, PAY, BACK, HOLD, RELEASE, ADJUST; ``ref``: payOrdId or setl_id."""

    KEY: ClassVar[str] = "transfer_id"

    transfer_id: str
    kind: str
    ref: str
    at_ms: int
    postings: tuple[Posting, ...]

    @property
    def imbalance_fen(self) -> int:
        """Zero for every transfer the store accepts."""
        return sum(posting.fen for posting in self.postings)


def payment(sources: Iterable[tuple[str, int]], fixmedins_code: str) -> tuple[Posting, ...]:
    """Take from each source what it pays and owe the total to the institution (``PAY``)."""
    taken = [(account, fen) for account, fen in sources if fen]
    total = sum(fen for _, fen in taken)
    return (*(Posting(account, -fen) for account, fen in taken), Posting(due(fixmedins_code), total))


def mirror(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The exact opposite, source by source (``BACK``)."""
    return tuple(Posting(posting.account, -posting.fen) for posting in postings)


def held(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The same sources, into suspense instead of the institution (``HOLD``)."""
    return tuple(
        Posting(SUSPENSE, posting.fen) if posting.account.startswith("due:") else posting for posting in postings
    )
