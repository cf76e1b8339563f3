"""Books that are not compared, or compared by the wrong day."""

from collections.abc import Iterable
from dataclasses import replace

from conformance.channels.mutants.collateral import STATEMENT_TELLS_NOTHING
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.books import Result, Row, row_of
from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Parts


def _reads_no_rows(parts: Parts) -> Parts:
    return replace(parts, judge_row=lambda ctx, org, result: "")


def _skips_negative_rows(parts: Parts) -> Parts:
    def judge(ctx: Context, org: str, result: Result) -> str:
        return "" if result.refund else parts.judge_row(ctx, org, result)

    return replace(parts, judge_row=judge)


def _counts_by_order_day(parts: Parts) -> Parts:
    """A cancellation is booked on the day of the purchase."""

    def rows(orders: Iterable[Order], org: str, day: str) -> list[Row]:
        return [
            row_of(order, setl_id, refund=refund)
            for order in orders
            if order.org == org and order.sale and datetime19(order.created_ms)[:10] == day
            for setl_id, refund in ((order.sale.setl_id, False), (order.sale.undo_setl_id, True))
            if setl_id
        ]

    return replace(parts, own_rows=rows)


READS_NO_ROWS = Mutant(
    name="reads-no-rows",
    zh="对账结果文件下载后不看",
    en="fetches the result of a statement and reads none of its rows",
    change=_reads_no_rows,
    must_break=frozenset(
        {
            "counter/overtaken/late-original-is-found",
            "reconciliation/books/lost-sale-is-found",
            "reconciliation/books/lost-cancellation-is-learned",
        }
    ),
    may_break=STATEMENT_TELLS_NOTHING,
)
SKIPS_NEGATIVE_ROWS = Mutant(
    name="skips-negative-rows",
    zh="对账时不看退费记录",
    en="skips the negative rows of a statement's result",
    change=_skips_negative_rows,
    must_break=frozenset({"reconciliation/books/lost-cancellation-is-learned"}),
    may_break=STATEMENT_TELLS_NOTHING,
)
COUNTS_BY_ORDER_DAY = Mutant(
    name="counts-by-order-day",
    zh="撤销记在购药当天",
    en="books a cancellation on the day of the purchase",
    change=_counts_by_order_day,
    must_break=frozenset({"reconciliation/books/each-record-on-the-platforms-day"}),
    may_break=frozenset({"day/cut/each-record-on-its-own-day", "reconciliation/others/others-are-not-adopted"}),
)
