"""One table per record class, described by the class itself (``KEY`` and ``INDEXES``), and the fixed tables.

``id`` counts insertions and an update keeps it, so reading an index returns the oldest record first. Empty text and
zero are stored as NULL in index columns: they mean "not set", and partial indexes then skip them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from simulator.store.encoding import decoder

FIXED = (
    "CREATE TABLE IF NOT EXISTS layout(name TEXT PRIMARY KEY, ddl TEXT NOT NULL) WITHOUT ROWID",
    (
        "CREATE TABLE IF NOT EXISTS room(no INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
        " config BLOB NOT NULL)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS counter(room INTEGER, series TEXT, value INTEGER NOT NULL,"
        " PRIMARY KEY(room, series)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE IF NOT EXISTS account(room INTEGER, account TEXT, balance_fen INTEGER NOT NULL,"
        " PRIMARY KEY(room, account)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE IF NOT EXISTS transfer(id INTEGER PRIMARY KEY, room INTEGER NOT NULL, transfer_id TEXT NOT NULL,"
        " kind TEXT NOT NULL, ref TEXT NOT NULL, at_ms INTEGER NOT NULL, postings BLOB NOT NULL)"
    ),
    "CREATE UNIQUE INDEX IF NOT EXISTS transfer_key ON transfer(room, transfer_id)",
    "CREATE INDEX IF NOT EXISTS transfer_ref ON transfer(room, ref)",
    (
        "CREATE TRIGGER IF NOT EXISTS transfer_is_final BEFORE UPDATE ON transfer"
        " BEGIN SELECT RAISE(ABORT, 'a transfer never changes'); END"
    ),
    (
        "CREATE TABLE IF NOT EXISTS journal(id INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL,"
        " at_ms INTEGER NOT NULL, code TEXT NOT NULL, line BLOB NOT NULL)"
    ),
    "CREATE UNIQUE INDEX IF NOT EXISTS journal_seq ON journal(room, seq)",
    "CREATE TABLE IF NOT EXISTS run(id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, doc BLOB NOT NULL)",
)
ROOM_TABLES = ("counter", "account", "transfer", "journal")
"""Fixed tables with a ``room`` column, emptied when a room goes."""


@dataclass(frozen=True, slots=True)
class Table:
    """The statements of one record class, prepared as text once."""

    name: str
    ddl: tuple[str, ...]
    key_of: Callable[[Any], str]
    indexed_of: tuple[Callable[[Any], Any], ...]
    decode: Callable[[bytes], Any]
    put: str
    add: str
    get: str
    page: str
    find: dict[str, str]
    unset: dict[str, str]
    due: dict[str, str]
    earliest: dict[str, str]
    drop: dict[str, str]

    def row(self, record: Any) -> tuple[object, ...]:
        """Index columns of a record; NULL where it is not set."""
        return tuple(value_of(record) or None for value_of in self.indexed_of)


@cache
def table(kind: type) -> Table:
    """The table of a record class.

    Raises:
        TypeError: the class does not say by which fields it is found.
    """
    key, indexes = getattr(kind, "KEY", None), getattr(kind, "INDEXES", None)
    if not isinstance(key, str) or indexes is None:
        raise TypeError(f"{kind.__name__} is no record class: it needs the class variables KEY and INDEXES")
    name = f"record_{kind.__name__.lower()}"
    return Table(
        name=name,
        ddl=_ddl(name, indexes),
        key_of=attrgetter(key),
        indexed_of=tuple(attrgetter(index) for index in indexes),
        decode=decoder(kind),
        put=_insert(name, indexes, "DO UPDATE SET doc=excluded.doc" + _updates(indexes)),
        add=_insert(name, indexes, "DO NOTHING"),
        get=f"SELECT doc FROM {name} WHERE room=? AND key=?",
        page=f"SELECT key, doc FROM {name} WHERE room=? AND key>? ORDER BY key LIMIT ?",
        find={i: f'SELECT doc FROM {name} WHERE room=? AND "i_{i}"=? ORDER BY id' for i in indexes},
        unset={i: f'SELECT doc FROM {name} WHERE room=? AND "i_{i}" IS NULL ORDER BY id' for i in indexes},
        due={
            i: f'SELECT doc FROM {name} WHERE room=? AND "i_{i}">0 AND "i_{i}"<=? ORDER BY "i_{i}", id' for i in indexes
        },
        earliest={i: f'SELECT min("i_{i}") FROM {name} WHERE room=? AND "i_{i}">0' for i in indexes},
        drop={i: f'DELETE FROM {name} WHERE room=? AND "i_{i}">0 AND "i_{i}"<=?' for i in indexes},
    )


def _ddl(name: str, indexes: tuple[str, ...]) -> tuple[str, ...]:
    columns = "".join(f'"i_{index}", ' for index in indexes)
    return (
        (
            f"CREATE TABLE IF NOT EXISTS {name}(id INTEGER PRIMARY KEY, room INTEGER NOT NULL, key TEXT NOT NULL,"
            f" {columns}doc BLOB NOT NULL)"
        ),
        f"CREATE UNIQUE INDEX IF NOT EXISTS {name}_key ON {name}(room, key)",
        *(
            f'CREATE INDEX IF NOT EXISTS {name}_{index} ON {name}(room, "i_{index}") WHERE "i_{index}" IS NOT NULL'
            for index in indexes
        ),
    )


def _updates(indexes: tuple[str, ...]) -> str:
    return "".join(f', "i_{index}"=excluded."i_{index}"' for index in indexes)


def _insert(name: str, indexes: tuple[str, ...], otherwise: str) -> str:
    columns = "".join(f', "i_{index}"' for index in indexes)
    return (
        f"INSERT INTO {name}(room, key, doc{columns}) VALUES(?, ?, ?{', ?' * len(indexes)})"
        f" ON CONFLICT(room, key) {otherwise}"
    )
