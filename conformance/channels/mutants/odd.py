"""Mistakes that show where an answer or a statement is odd: a field more, an old one again, a row less, cash astray."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.books import Tally
from conformance.channels.reference.orders import COUNTER, Order
from conformance.channels.reference.outcomes import Outcome, Silent
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.walking import finish
from schemas.loader import interface

Json = dict[str, Any]
ALSO_TOLD = {"hiDocSn", "hiRgstSn"}
"""Fields of 6301 that its printed table leaves out and every reader knows."""


def _reads_strictly(parts: Parts) -> Parts:
    """What the table does not name may not be there: the answer is taken for damaged."""

    def misfit(code: str, asked: Json, answer: Json) -> str:
        strange = sorted(answer.keys() - interface(code).output.schema["properties"].keys() - ALSO_TOLD)
        return f"unknown fields {strange}" if strange else parts.misfit(code, asked, answer)

    return replace(parts, misfit=misfit)


def _last_word_counts(parts: Parts) -> Parts:
    """Whatever 6301 said last is so, even of an order whose refund was answered SUCC."""

    def learn(order: Order, data: Json) -> Order:
        if order.refund and order.refund.status == "SUCC" and data["ordStas"] == "6":
            return replace(order, refund=None, wish="", why="", pending="", unsure=False).paying(ord_stas="6")
        return parts.learn(order, data)

    return replace(parts, learn=learn)


def _missing_row_is_no_sale(parts: Parts) -> Parts:
    """A statement that lacks records of ours proves that they never were."""

    def reconcile(ctx: Context, org: str, day: str) -> Tally | Outcome:
        told = parts.reconcile(ctx, org, day)
        if isinstance(told, Silent):
            of_day = {row.order for row in parts.own_rows(ctx.notebook.orders(), org, day)}
            for order in ctx.notebook.orders():
                if order.order in of_day and order.rail == COUNTER and not order.end:
                    finish(ctx, order, "cancelled", "中心无此记录")
        return told

    return replace(parts, reconcile=reconcile)


def _stuck_cash_is_failure(parts: Parts) -> Parts:
    """State 16 is read as a failed payment like any other; nobody looks for the cash."""

    def learn(order: Order, data: Json) -> Order:
        if data["ordStas"] != "16":
            return parts.learn(order, data)
        return replace(parts.learn(order, {**data, "ordStas": "15"}), cash=None)

    return replace(parts, learn=learn)


READS_STRICTLY = Mutant(
    name="reads-strictly",
    zh="应答多出未公布的字段就当作损坏",
    en="takes an answer with a field nobody published for a damaged one",
    change=_reads_strictly,
    must_break=frozenset({"wire/tolerance/extra-field-is-passed-over"}),
)
LAST_WORD_COUNTS = Mutant(
    name="last-word-counts",
    zh="6301最后说什么就是什么，已退款的也改回已支付",
    en="believes the last word of 6301, even the old answer of an order refunded since",
    change=_last_word_counts,
    must_break=frozenset({"unknown/replay/old-answer-is-not-believed", "belief/ledger/never-wrong"}),
)
MISSING_ROW_IS_NO_SALE = Mutant(
    name="missing-row-is-no-sale",
    zh="对账结果缺少的本方记录当作未成交",
    en="takes a record of its own that a statement lacks for a sale that never was",
    change=_missing_row_is_no_sale,
    must_break=frozenset({"reconciliation/damaged/damaged-statement-changes-no-belief", "belief/ledger/never-wrong"}),
    may_break=frozenset({"belief/ledger/right-amounts"}),
)
STUCK_CASH_IS_FAILURE = Mutant(
    name="stuck-cash-is-failure",
    zh="状态16（自费款退不回）当作支付失败了结",
    en="closes state 16, cash that cannot be returned, as a failed payment",
    change=_stuck_cash_is_failure,
    must_break=frozenset({"belief/stranded/stranded-cash-goes-to-a-person", "belief/ledger/never-wrong"}),
)
