"""One exchange's view of one room: the domain's port ``Unit`` over the store."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from heapq import merge
from itertools import islice
from typing import Any, TypeVar

from simulator.domain.ledger import Posting, Transfer
from simulator.domain.records import Channel, Drug
from simulator.domain.rules import City, Switches
from simulator.store.encoding import decoder, encode
from simulator.store.store import Room, Store
from simulator.store.tables import Table

R = TypeVar("R")

CATALOGUE = "catalogue/"
"""Prefix of the rooms that hold nothing but a catalogue of drugs, shared by other rooms."""
_REGISTERS = (Channel, Drug)
"""Classes whose records change so rarely that what is derived from them is kept until one does."""
_CACHED_DRUGS = 50_000
_CACHED_RECORDS = 20_000
_NEVER = 1 << 62
_UPSERT_ACCOUNT = (
    "INSERT INTO account VALUES(?, ?, ?)"
    " ON CONFLICT(room, account) DO UPDATE SET balance_fen=balance_fen+excluded.balance_fen"
)
_POSTINGS = decoder(tuple[Posting, ...])


class LedgerError(Exception):
    """A transfer that does not sum to zero: a fault of ours, never of a caller."""


def untroubled(unit: "RoomUnit", place: str, code: str, ids: Mapping[str, str]) -> str:
    """No fault is ever armed."""
    return ""


Trouble = Callable[["RoomUnit", str, str, Mapping[str, str]], str]


class RoomUnit:
    """See ``simulator.domain.ports.Unit``. ``posted`` remembers what it booked, for the journal."""

    def __init__(
        self, store: Store, room: Room, *, now_ms: int, city: City, switches: Switches, trouble: Trouble = untroubled
    ) -> None:
        store.begin()
        self.store = store
        self.settings = room
        self.now_ms = now_ms
        self.city = city
        self.switches = switches
        self._trouble = trouble
        self.posted: list[Transfer] = []
        self._marks: list[int] = []
        self._lasting: list[Any] = []
        self._seen: dict[tuple[type, str], Any] = {}
        self._no = room.no
        self._run = store.execute

    @property
    def room(self) -> str:
        """The room's name."""
        return self.settings.name

    @property
    def secret(self) -> str:
        """What the room's tokens and hashes derive from; test only."""
        return self.settings.secret

    def get(self, kind: type[R], key: str) -> R | None:
        """The record with that key; a drug the room never changed comes from its catalogue."""
        seen = self._seen.get((kind, key))
        if seen is None:
            seen = self._kept(kind, key) if getattr(kind, "KEPT", False) else self._read(kind, key)
            if seen is not None:
                self._seen[kind, key] = seen
        return seen

    def _kept(self, kind: type[R], key: str) -> R | None:
        """A record of a class marked ``KEPT``: read again only after it was put, or anything was undone."""
        volatile, place = self.store.volatile, (kind, key, self._no)
        known: R | None = volatile.get(place)
        if known is None:
            known = self._read(kind, key)
            if len(volatile) >= _CACHED_RECORDS:
                volatile.clear()
            if known is not None:
                volatile[place] = known
        return known

    def _read(self, kind: type[R], key: str) -> R | None:
        table = self.store.table(kind)
        if kind is Drug and self.settings.catalogue and not self._has_own_drugs(table):
            return self._catalogued(table, key)  # type: ignore[return-value]  # R is Drug here
        row = self._run(table.get, (self._no, key)).fetchone()
        if row is not None:
            return table.decode(row[0])  # type: ignore[no-any-return]  # the table was built from this class
        if kind is Drug and self.settings.catalogue:
            return self._catalogued(table, key)  # type: ignore[return-value]  # R is Drug here
        return None

    def _has_own_drugs(self, table: Table) -> bool:
        """Whether this room changed any drug; most never do, and then the catalogue alone is asked."""
        key = ("own drugs", self._no)
        known: bool | None = self.store.volatile.get(key)
        if known is None:
            known = self.store.volatile[key] = bool(self._rows(table, self._no, "", 1))
        return known

    def _catalogued(self, table: Table, key: str) -> Drug | None:
        cache = self.store.caches.setdefault(self.settings.catalogue, {})
        if key not in cache:
            shelf = self.store.room(self.settings.catalogue)
            row = self._run(table.get, (shelf.no, key)).fetchone() if shelf else None
            if row is None:
                return None
            if len(cache) >= _CACHED_DRUGS:
                cache.clear()
            cache[key] = table.decode(row[0])
        return cache[key]  # type: ignore[no-any-return]  # only drugs are put in

    def put(self, record: Any) -> None:
        """Insert or replace by key."""
        table = self.store.table(type(record))
        if getattr(record, "WATCHED", False) or isinstance(record, _REGISTERS):
            self.store.forget()
        if getattr(record, "LASTING", False):
            self._lasting.append(record)
        key, row = table.key_of(record), table.row(record)
        self._run(table.put, (self._no, key, encode(record), *row))
        self._seen[type(record), key] = record
        self.store.volatile.pop((type(record), key, self._no), None)
        self._hurry(record)

    def _hurry(self, record: Any) -> None:
        """Something may be due earlier than was known."""
        known = self.store.earliest.get((self._no, type(record)))
        if known:
            known.update({index: min(ms, getattr(record, index) or _NEVER) for index, ms in known.items()})

    def add(self, record: Any) -> int:
        """Insert a record that must be new: its number in the table, or 0 when its key is taken and nothing changed."""
        table = self.store.table(type(record))
        self._hurry(record)
        done = self._run(table.add, (self._no, table.key_of(record), encode(record), *table.row(record)))
        return int(done.lastrowid or 0) if done.rowcount else 0

    def drop(self, kind: type, index: str, until_ms: int) -> None:
        """Delete the records whose indexed time is set and not after ``until_ms``."""
        self._seen.clear()
        self._run(self.store.table(kind).drop[index], (self._no, until_ms))

    def find(self, kind: type[R], index: str, value: str | int) -> list[R]:
        """Records whose indexed field equals ``value``, oldest first."""
        if getattr(kind, "WATCHED", False):
            return list(self.watched(kind, index, value))
        return self._find(kind, index, value)

    def _find(self, kind: type[R], index: str, value: str | int) -> list[R]:
        table = self.store.table(kind)
        if value:
            rows = self._run(table.find[index], (self._no, value)).fetchall()
        else:
            rows = self._run(table.unset[index], (self._no,)).fetchall()
        return [table.decode(doc) for (doc,) in rows]

    def watched(self, kind: type[R], index: str, value: str | int) -> list[R]:
        """Like ``find`` for a class marked ``WATCHED``: read again only after one of its records was put."""
        key = (kind, index, value, self._no)
        known: list[R] | None = self.store.volatile.get(key)
        if known is None:
            known = self.store.volatile[key] = self._find(kind, index, value)
        return known

    def due(self, kind: type[R], index: str, until_ms: int) -> list[R]:
        """Records whose indexed time is set and not after ``until_ms``, earliest first."""
        known, table = self.store.earliest.setdefault((self._no, kind), {}), self.store.table(kind)
        earliest = known.get(index)
        if earliest is None:
            (found,) = self._run(table.earliest[index], (self._no,)).fetchone()
            earliest = known[index] = found or _NEVER
        if earliest > until_ms:
            return []
        rows = self._run(table.due[index], (self._no, until_ms)).fetchall()
        if not rows:
            del known[index]  # what was due has been seen to: look again for the next
        return [table.decode(doc) for (doc,) in rows]

    def page(self, kind: type[R], after: str, limit: int) -> list[R]:
        """Records by key from the one after ``after``; drugs merge the room's own with its catalogue."""
        table = self.store.table(kind)
        own = self._rows(table, self._no, after, limit)
        shelf = self.store.room(self.settings.catalogue) if kind is Drug and self.settings.catalogue else None
        if shelf is None:
            return [table.decode(doc) for _, doc in own]
        changed = {key for key, _ in own}
        rest = (row for row in self._rows(table, shelf.no, after, limit) if row[0] not in changed)
        return [table.decode(doc) for _, doc in islice(merge(own, rest), limit)]

    def _rows(self, table: Table, no: int, after: str, limit: int) -> list[tuple[str, bytes]]:
        return self._run(table.page, (no, after, limit)).fetchall()

    def every(self, kind: type[R], step: int = 500) -> Iterator[R]:
        """All records of a kind by key, read in pages."""
        after, key_of = "", self.store.table(kind).key_of
        while rows := self.page(kind, after, step):
            yield from rows
            after = key_of(rows[-1])

    def remove(self, kind: type, key: str) -> None:
        """Take a record out (armed faults; the domain itself never deletes)."""
        self.store.forget()
        self._seen.pop((kind, key), None)
        self._run(f"DELETE FROM {self.store.table(kind).name} WHERE room=? AND key=?", (self._no, key))

    def post(self, transfer: Transfer) -> None:
        """Append a transfer and move the balances.

        Raises:
            LedgerError: it does not sum to zero.
        """
        if transfer.imbalance_fen:
            raise LedgerError(f"transfer {transfer.transfer_id} is out of balance by {transfer.imbalance_fen} fen")
        self._run(
            "INSERT INTO transfer(room, transfer_id, kind, ref, at_ms, postings) VALUES(?, ?, ?, ?, ?, ?)",
            (self._no, transfer.transfer_id, transfer.kind, transfer.ref, transfer.at_ms, encode(transfer.postings)),
        )
        moves = [(self._no, posting.account, posting.fen) for posting in transfer.postings]
        self.store.execute_many(_UPSERT_ACCOUNT, moves)
        self.posted.append(transfer)

    def transfer(self, transfer_id: str) -> Transfer | None:
        """A booked transfer, or None."""
        row = self._run(
            "SELECT kind, ref, at_ms, postings FROM transfer WHERE room=? AND transfer_id=?", (self._no, transfer_id)
        ).fetchone()
        if row is None:
            return None
        return Transfer(transfer_id=transfer_id, kind=row[0], ref=row[1], at_ms=row[2], postings=_POSTINGS(row[3]))

    def balance(self, account: str) -> int:
        """Balance in fen; zero when the account never moved."""
        row = self._run("SELECT balance_fen FROM account WHERE room=? AND account=?", (self._no, account)).fetchone()
        return int(row[0]) if row else 0

    def next_number(self, series: str) -> int:
        """1, 2, 3 … per room and series."""
        return self.store.next_number(self._no, series)

    def token(self, purpose: str, length: int) -> str:
        """Upper hex text from the room's secret, the same for the same purpose; house, for tests only."""
        key, text = self.secret.encode(), ""
        while len(text) < length:
            text += hmac.new(key, f"{purpose}#{len(text)}".encode(), hashlib.sha256).hexdigest().upper()
        return text[:length]

    def next_line(self) -> int:
        """Number of the journal line to come."""
        return self.store.next_seq(self.settings)

    def write_line(self, seq: int, code: str, line: bytes) -> None:
        """Append a journal line at the unit's time."""
        self.store.write_line(self.settings, seq, self.now_ms, code, line)

    def trouble(self, place: str, code: str, **ids: str) -> str:
        """Name of the armed fault that strikes here, used up by asking; empty when none does."""
        return self._trouble(self, place, code, ids)

    def savepoint(self) -> None:
        """Begin effects that may be undone."""
        self.store.savepoint()
        self._marks.append(len(self.posted))

    def undo(self) -> None:
        """Lose the effects since the innermost savepoint, except records of a class marked ``LASTING``."""
        self.store.undo()
        self._seen.clear()
        del self.posted[self._marks.pop() :]
        lasting, self._lasting = self._lasting, []
        for record in lasting:
            self.put(record)

    def keep(self) -> None:
        """Keep the effects since the innermost savepoint; they still await the commit."""
        self.store.keep()
        self._marks.pop()
