"""Books made by hand: a run of five orders in which everything is in order, for the auditor's tests to spoil."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from loadtests.books import Books, Health, Traffic
from loadtests.load_profile import Limits
from loadtests.series import COLUMNS

LIMITS = Limits(
    calls_per_hundred_orders=900, in_doubt_permille=0, manual_permille=0, unconfirmed_permille=0, late_permille=10,
    late_ms=1000,
)  # fmt: skip
ORG = "P11010590001"
LINES = [{"med_list_codg": "XA", "cnt": "2", "pric": "19.80"}, {"med_list_codg": "ZA", "cnt": "1", "pric": "0.335"}]
"""39.60 + 0.34 (half a fen rounds up) = 39.94 yuan."""
PRICE_FEN = 3_994
NO_TIMES = {"p50_ms": None, "p95_ms": None, "p99_ms": None, "max_ms": None}
NAMES = ("paid", "mixed", "cash", "refunded", "failed")


def books(**changes: Any) -> Books:
    """Five orders: paid by the account; account, cash and freight; cash alone; refunded; refused by the core."""
    sound = Books(
        run={
            "profile": "hand",
            "digest": "0",
            "title_zh": "手工账",
            "title_en": "by hand",
            "seed": 1,
            "scale": "1",
            "channel": "reference",
            "day": "2024-07-01",
        },
        limits=LIMITS,
        asked=[_asked(name) for name in NAMES],
        begun=frozenset(NAMES),
        counted=frozenset({"paid", "mixed", "cash", "refunded"}),
        beliefs=[
            _belief("paid", "paid", account_fen=PRICE_FEN),
            _belief("mixed", "paid", account_fen=1_000, cash_fen=PRICE_FEN - 1_000 + 600),
            _belief("cash", "paid", cash_fen=PRICE_FEN),
            _belief("refunded", "refunded"),
            _belief("failed", "failed"),
        ],
        transfers=[
            _move("T0", "OPEN", "own:1", ("own:1", 100_000), ("opening", -100_000)),
            _move("T1", "PAY", "ORD-paid", ("own:1", -PRICE_FEN), (f"due:{ORG}", PRICE_FEN)),
            _move("T2", "PAY", "ORD-mixed", ("own:1", -1_000), (f"due:{ORG}", 1_000)),
            _move("T3", "PAY", "ORD-refunded", ("own:1", -PRICE_FEN), (f"due:{ORG}", PRICE_FEN)),
            _move("T4", "BACK", "ORD-refunded", ("own:1", PRICE_FEN), (f"due:{ORG}", -PRICE_FEN)),
        ],
        accounts={"own:1": 100_000 - PRICE_FEN - 1_000, "opening": -100_000, f"due:{ORG}": PRICE_FEN + 1_000},
        orders=[
            _order("paid", "6", "HI", account_fen=PRICE_FEN),
            _order("mixed", "6", "ALL", account_fen=1_000, cash_fen=PRICE_FEN - 1_000),
            _order("cash", "6", "CASH", cash_fen=PRICE_FEN),
            _order("refunded", "7", "HI", account_fen=PRICE_FEN),
            _order("failed", "15", "", account_fen=PRICE_FEN),
        ],
        cash=[_desk("mixed", PRICE_FEN - 1_000, 600), _desk("cash", PRICE_FEN, 0)],
        notices=[],
        statements=[statement(), statement(final=False, differing=3), statement(differing=1, orders=["refunded"])],
        series=[slice_row("10:00", placed=3, calls=20), slice_row("10:15", placed=2, calls=20, in_doubt=1)],
        codes=[{"code": "6202", "calls": 5, "unanswered": 1, **NO_TIMES}],
        troubles={"6202 NoAnswer TimeoutError": 1},
        traffic=Traffic(calls=40, by_code={"6202": 5}, notices=4),
        health=Health(spent_ms=5_000),
    )
    return replace(sound, **changes)


def slice_row(at: str, **changes: Any) -> dict[str, Any]:
    """A slice of the run in which nothing happened but what is said."""
    quiet = dict.fromkeys(COLUMNS, 0)
    return {**quiet, "at": at, "minute": int(at[:2]) * 60 + int(at[3:]), **NO_TIMES, **changes}


def statement(**changes: Any) -> dict[str, Any]:
    """A pharmacy's day as it was compared at rest: everything agrees."""
    return {
        "org": ORG, "day": "2024-07-01", "desk": 0, "answered": True, "rows": 3, "differing": 0, "foreign": 0,
        "orders": [], "why": "", "final": True, **changes,
    }  # fmt: skip


def changed(rows: Sequence[Any], place: int, **changes: Any) -> list[Any]:
    """The rows with one of them changed."""
    return [{**row, **changes} if number == place else row for number, row in enumerate(rows)]


def without(rows: Sequence[Any], place: int) -> list[Any]:
    """The rows without one of them."""
    return [row for number, row in enumerate(rows) if number != place]


def _asked(name: str) -> dict[str, Any]:
    freight = 500 if name == "mixed" else 0
    return {
        "number": name, "at_ms": 0, "psn_no": "1", "org": ORG, "lines": LINES, "delivery_fen": freight,
        "packing_fen": 100 if freight else 0, "acct_used_flag": "1", "undo": "refund" if name == "refunded" else "",
    }  # fmt: skip


def _belief(name: str, state: str, *, account_fen: int = 0, cash_fen: int = 0) -> dict[str, Any]:
    return {
        "order": name, "state": state, "account_fen": account_fen, "fund_fen": 0, "cash_fen": cash_fen,
        "pay_ord_ids": [f"ORD-{name}"],
    }  # fmt: skip


def _order(name: str, ord_stas: str, setl_type: str, *, account_fen: int = 0, cash_fen: int = 0) -> dict[str, Any]:
    split = {"medfee_fen": PRICE_FEN, "account_fen": account_fen, "fund_fen": 0, "cash_fen": cash_fen}
    return {
        "pay_ord_id": f"ORD-{name}", "psn_no": "1", "org_codg": ORG, "med_org_ord": name, "ord_stas": ord_stas,
        "setl_type": setl_type, "setl_id": "", "paid_ms": 0, "reason": "", "split": split,
    }  # fmt: skip


def _desk(name: str, cash_fen: int, freight_fen: int) -> dict[str, Any]:
    return {
        "out_trade_no": f"C-{name}", "pay_ord_id": f"ORD-{name}", "state": "paid", "cash_fen": cash_fen,
        "freight_fen": freight_fen, "refunds": [],
    }  # fmt: skip


def _move(transfer_id: str, kind: str, ref: str, *postings: tuple[str, int]) -> dict[str, Any]:
    rows = [{"account": account, "fen": fen} for account, fen in postings]
    return {"transfer_id": transfer_id, "kind": kind, "ref": ref, "at_ms": 0, "postings": rows}
