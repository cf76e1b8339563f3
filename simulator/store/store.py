"""The store: one connection, one writer, one transaction at a time that only the edge commits.

Everything a room is lives here; the process keeps nothing but caches of rows that never change (a catalogue's drugs)
or that are dropped when they change (a room's configuration).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simulator.store.durable import WriteAheadLog
from simulator.store.encoding import decode, decoder, encode
from simulator.store.tables import FIXED, ROOM_TABLES, Table, table


class StoreError(Exception):
    """The file cannot serve as a store: in use, of another layout, or not a database."""


class StoreInUse(StoreError):
    """Another process has the file open, and one writer is all it may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How a room was ordered; enough to make it again. ``no`` is its row, zero before it has one."""

    name: str
    no: int = 0
    world: str = "small"
    people: int = 0
    pharmacies: int = 0
    city: str = "beijing"
    seed: int = 1
    switches: dict[str, Any] = field(default_factory=dict)
    courier: str = "auto"
    start: str = ""
    channels: list[dict[str, Any]] = field(default_factory=list)
    catalogue: str = ""
    secret: str = ""
    offset_ms: int = 0
    """Room time minus real time."""
    created_ms: int = 0


class Store:
    """An open store. Not thread-safe by itself: the edge holds one lock around it."""

    def __init__(self, path: str | Path, kinds: Iterable[type]) -> None:
        """Open or make the file (``":memory:"`` for none) with one table per record class.

        Raises:
            StoreError: another process has it, or an incompatible version made it.
        """
        self.path = str(path)
        self.caches: dict[object, Any] = {}
        """Rows that never change."""
        self.volatile: dict[object, Any] = {}
        """Whatever was derived from rows that may change; emptied when one does or is undone."""
        self.earliest: dict[tuple[int, type], dict[str, int]] = {}
        """By room, class and indexed time: nothing is due before this. Dropped together with ``volatile``."""
        self._rooms: dict[str, Room] = {}
        self._counters: dict[tuple[int, str], int] = {}
        self._unsaved: set[tuple[int, str]] = set()
        self._counters_before: list[dict[tuple[int, str], int]] = []
        self._kinds = {kind: table(kind) for kind in kinds}
        self.log = WriteAheadLog(self.path)
        try:
            self.connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, cached_statements=512, timeout=0.2
            )
            self._prepare()
        except sqlite3.DatabaseError as fault:
            raise _worded(self.path, fault) from fault
        self.execute = self.connection.execute
        self.execute_many = self.connection.executemany

    def _prepare(self) -> None:
        run = self.connection.execute
        run("PRAGMA locking_mode=EXCLUSIVE")
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=NORMAL")
        run("PRAGMA temp_store=MEMORY")
        run("BEGIN IMMEDIATE")
        for statement in FIXED:
            run(statement)
        for made in self._kinds.values():
            self._declare(made)
        run("COMMIT")

    def _declare(self, made: Table) -> None:
        run, ddl = self.connection.execute, ";".join(made.ddl)
        known = run("SELECT ddl FROM layout WHERE name=?", (made.name,)).fetchone()
        if known is not None and known[0] != ddl:
            raise StoreError(f"{self.path}: made by another version ({made.name} differs); start with a new file")
        if known is None:
            run("INSERT INTO layout VALUES(?, ?)", (made.name, ddl))
            for statement in made.ddl:
                run(statement)

    def table(self, kind: type) -> Table:
        """The statements of a record class the store was opened with."""
        return self._kinds[kind]

    def begin(self) -> None:
        """Make sure a transaction is open."""
        if not self.connection.in_transaction:
            self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make everything since the last commit durable. Called by the edge, before it sends."""
        self.write()
        self.log.sync()

    def write(self) -> None:
        """Commit. A killed process loses nothing of it; a power cut may until ``log.sync``, and none is told before."""
        if self._unsaved:
            self._save_counters()
        if self.connection.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        if self.connection.in_transaction:
            self.execute("ROLLBACK")
        for kept in (self._counters, self._unsaved, self._counters_before):
            kept.clear()
        self.forget()

    def forget(self) -> None:
        """Drop the caches of rows that may have been undone."""
        self._rooms.clear()
        self.volatile.clear()
        self.earliest.clear()

    def savepoint(self) -> None:
        """Begin effects that may be undone without losing what came before them."""
        self.begin()
        self.execute("SAVEPOINT effects")
        self._counters_before.append({})

    def undo(self) -> None:
        """Lose the effects since the innermost savepoint, and the savepoint."""
        self.execute("ROLLBACK TO effects")
        self.execute("RELEASE effects")
        for counter, value in self._counters_before.pop().items():
            self._counters[counter] = value
            if not value:
                self._unsaved.discard(counter)
        self.forget()

    def keep(self) -> None:
        """Keep the effects since the innermost savepoint; they still await the commit."""
        self.execute("RELEASE effects")
        before = self._counters_before.pop()
        if self._counters_before:
            self._counters_before[-1] = before | self._counters_before[-1]

    def close(self) -> None:
        """Commit and let the file go."""
        self.commit()
        self.connection.close()
        self.log.close()

    def room(self, name: str) -> Room | None:
        """A room's configuration, or None."""
        known = self._rooms.get(name)
        if known is None:
            row = self.execute("SELECT no, config FROM room WHERE name=?", (name,)).fetchone()
            if row is None:
                return None
            known = self._rooms[name] = replace(decoder(Room)(row[1]), no=row[0])
        return known

    def room_names(self) -> list[str]:
        """All rooms, catalogues left out, oldest first."""
        rows = self.execute("SELECT name FROM room WHERE name NOT LIKE 'catalogue/%' ORDER BY no")
        return [name for (name,) in rows]

    def put_room(self, room: Room) -> Room:
        """Insert or change a room's configuration; returns it with its number."""
        self.begin()
        self.execute(
            "INSERT INTO room(name, config) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET config=excluded.config",
            (room.name, encode(room)),
        )
        self.forget()
        kept = self.room(room.name)
        assert kept is not None
        return kept

    def delete_room(self, room: Room) -> None:
        """Remove a room with everything in it."""
        self.empty_room(room)
        self.execute("DELETE FROM room WHERE no=?", (room.no,))
        self.forget()

    def empty_room(self, room: Room) -> None:
        """Remove everything in a room but its configuration."""
        self.begin()
        self.forget()
        for counter in [counter for counter in self._counters if counter[0] == room.no]:
            del self._counters[counter]
            self._unsaved.discard(counter)
        for name in (*ROOM_TABLES, *(made.name for made in self._kinds.values())):
            self.execute(f"DELETE FROM {name} WHERE room=?", (room.no,))

    def next_number(self, room_no: int, series: str) -> int:
        """1, 2, 3 … per room and series. Counted in memory, written once with the commit."""
        counter = (room_no, series)
        value = self._counters.get(counter)
        if value is None:
            row = self.execute("SELECT value FROM counter WHERE room=? AND series=?", counter).fetchone()
            value = int(row[0]) if row else 0
        if self._counters_before:
            self._counters_before[-1].setdefault(counter, value)
        self._counters[counter] = value + 1
        self._unsaved.add(counter)
        return value + 1

    def _save_counters(self) -> None:
        self.begin()
        self.execute_many(
            "INSERT INTO counter VALUES(?, ?, ?) ON CONFLICT(room, series) DO UPDATE SET value=excluded.value",
            [(*counter, self._counters[counter]) for counter in self._unsaved],
        )
        self._unsaved.clear()

    def next_seq(self, room: Room) -> int:
        """The number of the room's next journal line."""
        key = ("seq", room.no)
        known: int | None = self.volatile.get(key)
        if known is None:
            row = self.execute("SELECT coalesce(max(seq), 0) + 1 FROM journal WHERE room=?", (room.no,)).fetchone()
            known = self.volatile[key] = int(row[0])
        return known

    def write_line(self, room: Room, seq: int, at_ms: int, code: str, line: bytes) -> None:
        """Append one journal line, already redacted and encoded."""
        self.begin()
        self.volatile["seq", room.no] = seq + 1
        self.execute(
            "INSERT INTO journal(room, seq, at_ms, code, line) VALUES(?, ?, ?, ?, ?)", (room.no, seq, at_ms, code, line)
        )

    def lines(self, room: Room, after: int = 0, limit: int = 1_000) -> Iterator[bytes]:
        """Journal lines as written, from the one after ``after``."""
        return (line for _, line in self.numbered(room, after, limit))

    def numbered(self, room: Room, after: int = 0, limit: int = 1_000) -> Iterator[tuple[int, bytes]]:
        """The same, each with its number; the first kept may be any, from there on none is missing."""
        return self.execute(
            "SELECT seq, line FROM journal WHERE room=? AND seq>? ORDER BY seq LIMIT ?", (room.no, after, limit)
        )

    def first_seq(self, room: Room) -> int:
        """The number of the oldest line that is kept; 0 in an empty journal."""
        (first,) = self.execute("SELECT coalesce(min(seq), 0) FROM journal WHERE room=?", (room.no,)).fetchone()
        return int(first)

    def trim_lines(self, room: Room, before_ms: int, most: int) -> int:
        """Remove the oldest lines as far as they are from before a moment, at most so many and never the last one."""
        self.begin()
        (until,) = self.execute(
            "SELECT coalesce(max(seq), 0) FROM"
            " (SELECT seq, at_ms FROM journal WHERE room=? AND seq<? ORDER BY seq LIMIT ?) WHERE at_ms<?",
            (room.no, self.next_seq(room) - 1, most, before_ms),
        ).fetchone()
        return self.execute("DELETE FROM journal WHERE room=? AND seq<=?", (room.no, until)).rowcount

    def accounts(self, room: Room) -> dict[str, int]:
        """Balances of all ledger accounts in fen, by name."""
        rows = self.execute("SELECT account, balance_fen FROM account WHERE room=? ORDER BY account", (room.no,))
        return dict(rows.fetchall())

    def transfers(self, room: Room) -> Iterator[dict[str, Any]]:
        """All transfers in the order they were booked."""
        rows = self.execute(
            "SELECT transfer_id, kind, ref, at_ms, postings FROM transfer WHERE room=? ORDER BY id", (room.no,)
        )
        for transfer_id, kind, ref, at_ms, postings in rows:
            yield {"transfer_id": transfer_id, "kind": kind, "ref": ref, "at_ms": at_ms, "postings": decode(postings)}

    def add_run(self, at_ms: int, doc: bytes) -> int:
        """Keep what a suite posted about one of its runs; returns its number."""
        self.begin()
        return int(self.execute("INSERT INTO run(at_ms, doc) VALUES(?, ?)", (at_ms, doc)).lastrowid or 0)

    def runs(self) -> list[tuple[int, int, bytes]]:
        """``(number, at_ms, document)`` of every posted run, oldest first."""
        return self.execute("SELECT id, at_ms, doc FROM run ORDER BY id").fetchall()


def _worded(path: str, fault: sqlite3.DatabaseError) -> StoreError:
    if "locked" in str(fault):
        return StoreInUse(f"{path}: in use by another process; stop that one or name another file")
    return StoreError(f"{path}: cannot be used as a store ({fault})")
