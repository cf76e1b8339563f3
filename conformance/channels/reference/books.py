"""Our own books of a day at one pharmacy, as the statement of 3202 wants them (institution-interfaces 5.3).

A record counts on the day of the platform's own time of it, not on ours: ordered before midnight and settled after is
the new day's. A purchase taken back is two records, each on its own day. What 2601 reversed was never there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from conformance.channels.reference.orders import Order, Split
from schemas import tabfile
from schemas.amount import AmountError, to_fen, to_text

MAX_ROWS: Final = 100_000
EQUAL: Final = ("000000", "0")
CENTRE_MORE, OURS_ONLY, DIFFERENT = "000101", "000102", "000103"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record of ours; the amounts of a refund are negative, ``fund_fen`` is the sum as it was printed."""

    order: str
    setl_id: str
    mdtrt_id: str
    psn_no: str
    insutype: str
    medfee_fen: int
    fund_fen: int
    acct_fen: int
    cash_fen: int
    refund: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The platform's verdict on one record. What only the centre has carries neither setl_id nor mdtrt_id."""

    psn_no: str
    mdtrt_id: str
    setl_id: str
    msgid: str
    stmt_rslt: str
    refund: bool
    memo: str
    medfee_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of comparing a day: how many rows, how many of them differ, the orders a person must look at."""

    rows: int
    differing: int
    foreign: int
    orders: tuple[str, ...]


def own_rows(orders: Iterable[Order], org: str, day: str) -> list[Row]:
    """Every record of ours that the platform counts on ``day`` (``yyyy-MM-dd``) at a pharmacy."""
    return [row for order in orders if order.org == org for row in of_day(order, day)]


def of_day(order: Order, day: str) -> Iterator[Row]:
    """The records of one order on one day: bought, taken back, both or neither."""
    for at, setl_id, refund in _events(order):
        if at.replace("-", "")[:8] == day.replace("-", ""):
            yield row_of(order, setl_id, refund=refund)


def _events(order: Order) -> Iterator[tuple[str, str, bool]]:
    """When, under which id, and whether it took money back."""
    if order.sale:
        if order.sale.setl_id and order.end != "reversed":
            yield order.sale.settled, order.sale.setl_id, False
        if order.sale.undo_setl_id:
            yield order.sale.undone, order.sale.undo_setl_id, True
    elif order.payment.setl_id:
        yield order.payment.settled, order.payment.setl_id, False
        if order.refund and order.refund.status == "SUCC" and order.refund.setl_id:
            yield order.refund.done, order.refund.setl_id, True


def row_of(order: Order, setl_id: str, *, refund: bool) -> Row:
    """A record of an order as it is uploaded."""
    assert order.payer is not None
    split, sign = order.split or Split(total_fen=0, cash_fen=0, account_fen=0, fund_fen=0), -1 if refund else 1
    return Row(
        order=order.order, setl_id=setl_id, mdtrt_id=order.sale.mdtrt_id if order.sale else order.payment.mdtrt_id,
        psn_no=order.payer.psn_no, insutype=order.payer.insutype, medfee_fen=sign * split.total_fen,
        fund_fen=sign * (order.sale.fund_sum_fen if order.sale else split.fund_fen),
        acct_fen=sign * split.account_fen, cash_fen=sign * (split.cash_fen + split.other_fen), refund=refund,
    )  # fmt: skip


def count(rows: Iterable[Row]) -> int:
    """Purchases less refunds, never below zero (5.1)."""
    return max(0, sum(-1 if row.refund else 1 for row in rows))


def packed(name: str, rows: Iterable[Row]) -> bytes:
    """The list of 3202: seven columns, zipped."""
    return tabfile.pack(
        name,
        (
            (
                row.setl_id, row.mdtrt_id, row.psn_no, to_text(row.medfee_fen), to_text(row.fund_fen),
                to_text(row.acct_fen), "1" if row.refund else "0",
            )
            for row in rows
        ),
    )  # fmt: skip


def unpacked(raw: bytes) -> list[Result]:
    """The platform's verdicts.

    Raises:
        ValueError: not such a list: damaged, too few columns, or an amount that is none.
    """
    try:
        return [_result(cells) for cells in tabfile.unpack(raw, most_rows=MAX_ROWS)]
    except (tabfile.TabFileError, AmountError) as fault:
        raise ValueError(str(fault)) from fault


def _result(cells: list[str]) -> Result:
    if len(cells) < 10:
        raise ValueError(f"{len(cells)} columns, ten are wanted")
    return Result(
        psn_no=cells[0], mdtrt_id=cells[1], setl_id=cells[2], msgid=cells[3], stmt_rslt=cells[4],
        refund=cells[5] == "1", memo=cells[6], medfee_fen=to_fen(cells[7] or "0"),
    )  # fmt: skip
