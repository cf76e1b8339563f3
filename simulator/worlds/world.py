"""What a room starts from."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.domain.records import Institution, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """People, institutions, and the opening balances of the ledger in fen, by ledger account.

    ``catalogue`` names the list of drugs; ``shipped`` is the one of ``simulator.worlds.catalogue``.
    """

    name: str
    people: tuple[Person, ...]
    institutions: tuple[Institution, ...]
    openings: Mapping[str, int]
    catalogue: str = "shipped"
