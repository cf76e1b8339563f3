"""One row per order. What the channel would tell its user is a column, written when it learns something."""

import sqlite3
from dataclasses import asdict, dataclass, field, fields
from typing import Any, cast

from conformance.channels.controls.wire import Json
from schemas import jsontext


@dataclass(slots=True)
class Row:
    """An order. Times in ms, money in fen; empty texts and zeros mean "not yet"."""

    ord: str
    rail: str
    org: str
    basket: list[Json]
    total: int
    freight: int = 0
    user: str = ""
    flag: str = "1"
    made: int = 0
    word: str = "not_sent"
    account: int = 0
    fund: int = 0
    cash: int = 0
    why: str = ""
    shut: int = 0
    """1: over; 2: over, and not even a notice opens it again."""
    wish: str = ""
    unheard: str = ""
    """Code of a message that may have changed something, as long as its answer is missing."""
    wake: int = 0
    quiet: int = 0
    naps: int = 0
    question: str = ""
    consent: str = ""
    consent_at: int = 0
    consent_url: str = ""
    for_refund: int = 0
    payer: Json = field(default_factory=dict)
    med_org_ord: str = ""
    batch: str = ""
    begun: int = 0
    pay_ord_id: str = ""
    pay_token: str = ""
    visit: str = ""
    state: str = ""
    kind: str = ""
    setl_id: str = ""
    split: Json = field(default_factory=dict)
    placed: int = 0
    trade: str = ""
    desk_asked: int = 0
    """1: the cash desk has opened the payment."""
    refund_sn: str = ""
    refund_at: int = 0
    back_cash: str = ""
    back_freight: str = ""
    fee_back: Json = field(default_factory=dict)
    shown: Json = field(default_factory=dict)
    code: str = ""
    """What the scanner read off a phone, until it is sent to be decoded: nobody can read it a second time."""
    msgid: str = ""
    said: Json = field(default_factory=dict)
    """Message ids under which a sale or its cancellation left, and which of the two."""
    booked: list[Json] = field(default_factory=list)
    """Its records for the statement of a day."""
    cashier: str = ""
    """Where the platform has a cashier of its own, its address: there the buyer orders and pays."""
    rx: Json = field(default_factory=dict)
    """The prescription it is filled on, and how far that has come."""
    past: list[str] = field(default_factory=list)


_NAMES = [one.name for one in fields(Row)]
_COLUMNS = ", ".join(f'"{name}"' for name in _NAMES)
_MARKS = ", ".join("?" * len(_NAMES))


class Sheet:
    """The rows, in one table; and two small ones for sign-ins and numbers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run(f"CREATE TABLE IF NOT EXISTS sheet ({_COLUMNS}, PRIMARY KEY (ord))")
        self._run("CREATE TABLE IF NOT EXISTS desk (org, day, sign_no, PRIMARY KEY (org))")
        self._run("CREATE TABLE IF NOT EXISTS tally (name PRIMARY KEY, n)")
        self._run("CREATE TABLE IF NOT EXISTS named (org, own, drug, PRIMARY KEY (org, own))")

    def save(self, row: Row) -> None:
        """Write a row."""
        cells = (value if isinstance(value, str | int) else jsontext.compact(value) for value in asdict(row).values())
        self._run(f"INSERT OR REPLACE INTO sheet ({_COLUMNS}) VALUES ({_MARKS})", tuple(cells))

    def row(self, name: str) -> Row | None:
        """The row of an order."""
        return next(iter(self._rows("WHERE ord = ?", name)), None)

    def paid_by(self, pay_ord_id: str) -> Row | None:
        """The row whose payment has that number."""
        return next(iter(self._rows("WHERE pay_ord_id = ?", pay_ord_id)), None)

    def rows(self) -> list[Row]:
        """All rows by name."""
        return self._rows("ORDER BY ord")

    def awake(self, now_ms: int) -> list[Row]:
        """Rows whose alarm has rung."""
        return self._rows("WHERE wake > 0 AND wake <= ? AND quiet <= ? ORDER BY wake, ord", now_ms, now_ms)

    def next_alarm(self) -> int | None:
        """When the next alarm rings."""
        rang = self._run("SELECT min(max(wake, quiet)) FROM sheet WHERE wake > 0").fetchone()[0]
        return cast("int | None", rang)

    def sign_no(self, org: str, day: str) -> str:
        """That day's sign-in, or an empty text."""
        found = self._run("SELECT sign_no FROM desk WHERE org = ? AND day = ?", (org, day)).fetchone()
        return str(found[0]) if found else ""

    def keep_sign_no(self, org: str, day: str, sign_no: str) -> None:
        """Keep the sign-in of a day."""
        self._run("INSERT OR REPLACE INTO desk VALUES (?, ?, ?)", (org, day, sign_no))

    def named(self, org: str, own: str) -> str:
        """What a code of a shop's own stands for, or an empty text."""
        found = self._run("SELECT drug FROM named WHERE org = ? AND own = ?", (org, own)).fetchone()
        return str(found[0]) if found else ""

    def name(self, org: str, own: str, drug: str) -> None:
        """Keep what a code of a shop's own stands for."""
        self._run("INSERT OR REPLACE INTO named VALUES (?, ?, ?)", (org, own, drug))

    def next_number(self, name: str) -> int:
        """1, 2, 3 … per name."""
        upsert = "INSERT INTO tally VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1 RETURNING n"
        return int(self._run(upsert, (name,)).fetchone()[0])

    def clear(self) -> None:
        """Forget orders, sign-ins and codes."""
        self._run("DELETE FROM sheet")
        self._run("DELETE FROM named")
        self._run("DELETE FROM desk")

    def _rows(self, clause: str, *values: Any) -> list[Row]:
        found = self._run(f"SELECT {_COLUMNS} FROM sheet {clause}", values).fetchall()
        return [_row(one) for one in found]


def _row(cells: tuple[Any, ...]) -> Row:
    values: list[Any] = [jsontext.own(cell) if isinstance(cell, bytes) else cell for cell in cells]
    return Row(*values)
