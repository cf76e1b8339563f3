"""What the domain needs from outside: one unit of work, handed in by the caller."""

from typing import Any, Protocol, TypeVar

from simulator.domain.ledger import Transfer
from simulator.domain.rules import City, Switches

R = TypeVar("R")


class Unit(Protocol):
    """One exchange's view of one room's records. What it puts is kept only if the caller commits."""

    @property
    def room(self) -> str: ...

    @property
    def now_ms(self) -> int:
        """The room's virtual time; does not move within a unit."""
        ...

    @property
    def city(self) -> City: ...

    @property
    def switches(self) -> Switches: ...

    def get(self, kind: type[R], key: str) -> R | None:
        """The record with that key, or None. Drugs not changed in the room come from its catalogue."""
        ...

    def put(self, record: Any) -> None:
        """Insert or replace a record by its key."""
        ...

    def find(self, kind: type[R], index: str, value: str | int) -> list[R]:
        """Records whose indexed field equals ``value``, oldest first."""
        ...

    def due(self, kind: type[R], index: str, until_ms: int) -> list[R]:
        """Records whose indexed time is set (above zero) and not after ``until_ms``, earliest first."""
        ...

    def page(self, kind: type[R], after: str, limit: int) -> list[R]:
        """Records by key order, from the key after ``after``."""
        ...

    def post(self, transfer: Transfer) -> None:
        """Book a transfer: append it and move the balances. Must sum to zero."""
        ...

    def transfer(self, transfer_id: str) -> Transfer | None: ...

    def balance(self, account: str) -> int:
        """Balance of a ledger account in fen; zero when it never moved."""
        ...

    def next_number(self, series: str) -> int:
        """1, 2, 3 … per room and series."""
        ...

    def token(self, purpose: str, length: int) -> str:
        """Unguessable yet reproducible text (upper hex) from the room's secret."""
        ...

    def trouble(self, place: str, code: str, **ids: str) -> str:
        """Name of the armed fault that strikes here (places ``confirm``, ``refund``, ``cash``), or an empty text.

        Asking uses the fault up: call it once, where the trouble would happen.
        """
        ...
