"""Fills a store with settlements by the hundred thousand: records of real sales, copied under ids of their own.

A settlement comes with its transfer, its message id, its order and that order's consent, spread over four hundred
days. Copies are made by SQLite alone, some thousand to a commit, so that neither memory nor the log grows with the
number; nothing waits for the disk until the end.
"""

import sqlite3
from collections.abc import Callable

SEEDS = 200
"""Sales of each kind that are copied again and again."""
STEP = 10_000
"""Settlements of one commit."""
DAYS = 400
_COPIES = {
    "record_settlement": {
        "key": "key || n",
        '"i_medins_key"': '"i_medins_key" || n',
        '"i_org_day"': f"substr(\"i_org_day\", 1, 13) || date('2025-01-01', (n % {DAYS}) || ' days')",
        '"i_mdtrt_id"': '"i_mdtrt_id" || n',
        "doc": "doc",
    },
    "transfer": {
        "transfer_id": "transfer_id || '/' || n", "kind": "kind", "ref": "ref || n", "at_ms": "at_ms",
        "postings": "postings",
    },
    "record_usedmessage": {"key": "key || n", "doc": "doc"},
    "record_order": {
        "key": "key || n", '"i_org_ord"': '"i_org_ord" || n', '"i_psn_no"': '"i_psn_no" || n', "doc": "doc",
    },
    "record_consent": {"key": "key || n", '"i_claim"': '"i_claim" || n', "doc": "doc"},
}  # fmt: skip
"""Table → column → what it gets in copy ``n``. Times at which something falls due are left out: nothing does."""


def stored(connection: sqlite3.Connection) -> int:
    """How many settlements there are."""
    (count,) = connection.execute("SELECT count(*) FROM record_settlement").fetchone()
    return int(count)


def fill(connection: sqlite3.Connection, settlements: int, told: Callable[[int], None] = lambda count: None) -> int:
    """Copy the first ``SEEDS`` sales until so many are stored, telling ``told`` after each commit; how many it holds.

    The store must not be in a transaction, and is as durable as ever when this returns.
    """
    begin, end = stored(connection) // SEEDS, settlements // SEEDS
    safety, cache = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "cache_size"))
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-65536")
    try:
        for first in range(begin, end, STEP // SEEDS):
            _copy(connection, first, min(first + STEP // SEEDS, end))
            told(min(first + STEP // SEEDS, end) * SEEDS)
    finally:
        connection.execute(f"PRAGMA synchronous={safety}")
        connection.execute(f"PRAGMA cache_size={cache}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return stored(connection)


def _copy(connection: sqlite3.Connection, first: int, end: int) -> None:
    """Copies ``first`` to the one before ``end`` of every seed, in one commit."""
    connection.execute("BEGIN IMMEDIATE")
    for name, columns in _COPIES.items():
        connection.execute(
            f"WITH RECURSIVE copy(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM copy WHERE n + 1 < ?2),"
            f" seed AS MATERIALIZED (SELECT * FROM {name} ORDER BY id LIMIT ?3)"
            f" INSERT INTO {name}(room, {', '.join(columns)}) SELECT room, {', '.join(columns.values())}"
            f" FROM copy, seed WHERE n < ?2",
            (first, end, SEEDS),
        )
    connection.execute("COMMIT")
