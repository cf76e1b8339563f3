"""The channel's durable notes: one SQLite file, or memory.

Every state-changing message is noted before it is sent, its answer right after: an order is one row, written whole,
so that a process killed at any point finds what it had begun and when to look at it again.
A notice is stored in a table of its own before it is acknowledged; it is a hint, worked off later.
"""

import sqlite3
import threading
from dataclasses import dataclass
from typing import Any, cast

from conformance.channels.reference.orders import Order, read
from conformance.channels.reference.packs import Pack, read_pack
from schemas import jsontext

_TABLES = """
CREATE TABLE IF NOT EXISTS shop_order (
    id TEXT PRIMARY KEY, due_ms INTEGER NOT NULL, pay_ord_id TEXT NOT NULL, doc BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS order_due ON shop_order (due_ms) WHERE due_ms > 0;
CREATE INDEX IF NOT EXISTS order_pay_ord_id ON shop_order (pay_ord_id) WHERE pay_ord_id > '';
CREATE TABLE IF NOT EXISTS notice (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, at_ms INTEGER NOT NULL, heeded INTEGER NOT NULL, doc BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS notice_waiting ON notice (at_ms) WHERE heeded = 0;
CREATE TABLE IF NOT EXISTS sign_in (org TEXT PRIMARY KEY, day TEXT NOT NULL, sign_no TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, doc BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pack_order ON pack (order_id);
CREATE TABLE IF NOT EXISTS pack_code (code TEXT NOT NULL, pack TEXT NOT NULL, PRIMARY KEY (code, pack)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listed (
    org TEXT NOT NULL, own_code TEXT NOT NULL, drug TEXT NOT NULL, PRIMARY KEY (org, own_code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
_COUNT_ON = "INSERT INTO series VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"


@dataclass(frozen=True, slots=True)
class Noted:
    """A stored notice: which order it is about and what it said."""

    notice_id: str
    order: str
    data: dict[str, Any]


class Notebook:
    """The notes of one channel. Safe to use from the inbox's thread and the channel's at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def keep(self, order: Order) -> None:
        """Write an order whole: when this returns, a crash no longer loses it."""
        row = (order.order, order.due_ms if order.step else 0, order.payment.pay_ord_id, jsontext.compact(order))
        self._run("INSERT OR REPLACE INTO shop_order VALUES (?, ?, ?, ?)", row)

    def order(self, order_id: str) -> Order | None:
        """The order of that number, or None."""
        return self._one("SELECT doc FROM shop_order WHERE id = ?", order_id)

    def order_by_payment(self, pay_ord_id: str) -> Order | None:
        """The order whose last payment has that number, or None."""
        return self._one("SELECT doc FROM shop_order WHERE pay_ord_id = ?", pay_ord_id)

    def orders(self) -> list[Order]:
        """All orders by number."""
        return [_order(doc) for (doc,) in self._run("SELECT doc FROM shop_order ORDER BY id")]

    def due(self, until_ms: int) -> list[str]:
        """Numbers of the orders whose time has come, earliest first."""
        rows = self._run("SELECT id FROM shop_order WHERE due_ms > 0 AND due_ms <= ? ORDER BY due_ms, id", (until_ms,))
        return [order_id for (order_id,) in rows]

    def next_due_ms(self) -> int | None:
        """When the next order wants attention; None when nothing is left to do."""
        ((due_ms,),) = self._run("SELECT min(due_ms) FROM shop_order WHERE due_ms > 0")
        return cast("int | None", due_ms)

    def note(self, notice_id: str, order_id: str, data: object, at_ms: int) -> bool:
        """Store a notice once; False when the same one is already there."""
        row = (notice_id, order_id, at_ms, jsontext.compact(data))
        return bool(self._run("INSERT OR IGNORE INTO notice VALUES (?, ?, ?, 0, ?) RETURNING 1", row))

    def unheeded(self) -> list[Noted]:
        """Notices not worked off yet, oldest first."""
        rows = self._run("SELECT id, order_id, doc FROM notice WHERE heeded = 0 ORDER BY at_ms, id")
        return [Noted(one, order, cast("dict[str, Any]", jsontext.own(doc))) for one, order, doc in rows]

    def heed(self, notice_id: str) -> None:
        """Mark a notice as worked off."""
        self._run("UPDATE notice SET heeded = 1 WHERE id = ?", (notice_id,))

    def keep_pack(self, pack: Pack) -> None:
        """Write a pack down with its codes, before it is reported."""
        self._run("INSERT OR REPLACE INTO pack VALUES (?, ?, ?)", (pack.pack_no, pack.order, jsontext.compact(pack)))
        for code in pack.trace_codes:
            self._run("INSERT OR IGNORE INTO pack_code VALUES (?, ?)", (code, pack.pack_no))

    def drop_pack(self, pack_no: str) -> None:
        """Forget a pack that was never sold."""
        self._run("DELETE FROM pack WHERE id = ?", (pack_no,))
        self._run("DELETE FROM pack_code WHERE pack = ?", (pack_no,))

    def packs(self, order_id: str) -> list[Pack]:
        """The packs of an order."""
        return [_pack(doc) for (doc,) in self._run("SELECT doc FROM pack WHERE order_id = ? ORDER BY id", (order_id,))]

    def packs_with(self, code: str) -> list[Pack]:
        """Every pack that was scanned with a trace code."""
        rows = self._run("SELECT doc FROM pack JOIN pack_code ON pack = id WHERE code = ? ORDER BY id", (code,))
        return [_pack(doc) for (doc,) in rows]

    def keep_listed(self, org: str, own_code: str, med_list_codg: str) -> None:
        """Remember which catalogue drug a code of the shop's own stands for."""
        self._run("INSERT OR REPLACE INTO listed VALUES (?, ?, ?)", (org, own_code, med_list_codg))

    def listed(self, org: str, own_code: str) -> str:
        """The catalogue drug a code of the shop's own stands for, or an empty text."""
        rows = self._run("SELECT drug FROM listed WHERE org = ? AND own_code = ?", (org, own_code))
        return str(rows[0][0]) if rows else ""

    def sign_no(self, org: str, day: str) -> str:
        """The sign-in number of that day, or an empty text."""
        rows = self._run("SELECT sign_no FROM sign_in WHERE org = ? AND day = ?", (org, day))
        return str(rows[0][0]) if rows else ""

    def keep_sign_no(self, org: str, day: str, sign_no: str) -> None:
        """Keep the number of today's sign-in."""
        self._run("INSERT OR REPLACE INTO sign_in VALUES (?, ?, ?)", (org, day, sign_no))

    def fact(self, name: str) -> str:
        """A single remembered text, empty when never set."""
        rows = self._run("SELECT value FROM fact WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def keep_fact(self, name: str, value: str) -> None:
        """Remember a single text."""
        self._run("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def next_number(self, name: str) -> int:
        """1, 2, 3 … per name; a number is never given twice, not even across a crash."""
        rows = self._run(_COUNT_ON, (name,))
        return int(rows[0][0])

    def clear(self) -> None:
        """Forget the orders, notices, packs and mappings of a finished run; serial numbers go on."""
        for table in ("shop_order", "notice", "sign_in", "pack", "pack_code", "listed"):
            self._run(f"DELETE FROM {table}")

    def _one(self, statement: str, value: str) -> Order | None:
        rows = self._run(statement, (value,))
        return _order(rows[0][0]) if rows else None

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


def open_notebook(path: str = ":memory:") -> sqlite3.Connection:
    """A connection for a ``Notebook``; a file is written through to the disk at every note."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    if path != ":memory:":
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def _order(doc: bytes) -> Order:
    return read(cast("dict[str, Any]", jsontext.own(doc)))


def _pack(doc: bytes) -> Pack:
    return read_pack(cast("dict[str, Any]", jsontext.own(doc)))
