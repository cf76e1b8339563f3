"""Mistakes of the cut of the day, of other cities' editions, and about what others did at the same pharmacy."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import NOTHING_ENDS_WELL
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import calling
from conformance.channels.reference.books import EQUAL, Result, Row, Tally, row_of
from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.orders import COUNTER, Order, Split
from conformance.channels.reference.outcomes import Outcome
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.reconciling import whose
from conformance.channels.reference.walking import finish, manual
from schemas.amount import to_fen

Json = dict[str, Any]


def _counts_online_by_order_day(parts: Parts) -> Parts:
    """An online order belongs to the day on which it was placed, and so does its refund."""

    def rows(orders: Iterable[Order], org: str, day: str) -> list[Row]:
        kept = list(orders)
        mine = [one for one in kept if one.org == org and not one.sale and datetime19(one.created_ms)[:10] == day]
        online = [row_of(one, one.payment.setl_id, refund=False) for one in mine if one.payment.setl_id]
        back = [
            row_of(one, one.refund.setl_id, refund=True) for one in mine if one.refund and one.refund.status == "SUCC"
        ]
        return [*parts.own_rows([one for one in kept if one.sale], org, day), *online, *back]

    return replace(parts, own_rows=rows)


def _drops_yesterdays_orders(parts: Parts) -> Parts:
    """At midnight the desk is cleared: what is not paid by then is over."""

    def ask(ctx: Context, order: Order) -> Order:
        yesterday = datetime19(order.created_ms)[:10] != datetime19(ctx.now_ms())[:10]
        waiting = order.rail != COUNTER and order.payment.ord_stas in ("1", "2") and not order.wish
        return finish(ctx, order, "cancelled", "已过当日") if yesterday and waiting else parts.steps["ask"](ctx, order)

    def heed(order: Order, data: Json) -> Order:
        return order if order.end == "cancelled" else parts.heed_notice(order, data)

    return replace(parts, steps={**parts.steps, "ask": ask}, heed_notice=heed)


def _states_the_fund_bare(parts: Parts) -> Parts:
    """What the fund paid is what is left once the account is taken off, wherever it was printed."""

    def rows(orders: Iterable[Order], org: str, day: str) -> list[Row]:
        kept = list(orders)
        bare = {one.order: one.split.fund_fen for one in kept if one.split}
        return [
            replace(row, fund_fen=-bare[row.order] if row.refund else bare[row.order])
            for row in parts.own_rows(kept, org, day)
        ]

    return replace(parts, own_rows=rows)


def _refunds_this_year_only(parts: Parts) -> Parts:
    """The books of a year are closed with the year."""

    def refund(ctx: Context, order: Order) -> Order:
        bought, now = datetime19(order.created_ms)[:4], datetime19(ctx.now_ms())[:4]
        return parts.steps["refund"](ctx, order) if bought == now else manual(ctx, order, "跨年订单不能退款")

    return replace(parts, steps={**parts.steps, "refund": refund})


def _expects_state_one(parts: Parts) -> Parts:
    """6202 answers 1; whatever else it may answer is an error."""

    def cash(ctx: Context, order: Order) -> Order:
        if order.payment.ord_stas not in ("1", "0"):
            return manual(ctx, order, f"6202 应答状态 {order.payment.ord_stas} 不符合预期", frozen=True)
        return parts.steps["cash"](ctx, order)

    return replace(parts, steps={**parts.steps, "cash": cash})


def _counts_account_twice(parts: Parts) -> Parts:
    """The fund total of a counter sale is what the fund paid, whatever the region puts into it."""

    def read(setlinfo: Json) -> Split:
        sound, printed = parts.read_sale(setlinfo), to_fen(setlinfo["fund_pay_sumamt"])
        return replace(sound, fund_fen=printed)

    return replace(parts, read_sale=read)


def _one_spelling(parts: Parts) -> Parts:
    """A notice without ownPayAmt is malformed."""

    def take(ctx: Context, raw: bytes) -> bytes:
        data = parts.open_notice(ctx.settings, raw).data or {}
        if "ownpayAmt" in data and "ownPayAmt" not in data:
            return parts.take_notice(ctx, b"{}")
        return parts.take_notice(ctx, raw)

    return replace(parts, take_notice=take)


def _reverses_strangers(parts: Parts) -> Parts:
    """Whatever only the centre has was lost by us, and is reversed."""

    def judge(ctx: Context, org: str, result: Result) -> str:
        if whose(ctx, org, result) is None and result.stmt_rslt not in EQUAL and result.msgid and not result.refund:
            undo = {"psn_no": result.psn_no, "omsgid": result.msgid, "oinfno": "2102"}
            calling.for_shop(ctx, "2601", org, {"data": undo})
        return parts.judge_row(ctx, org, result)

    return replace(parts, judge_row=judge)


def _distrusts_the_day(parts: Parts) -> Parts:
    """A day with a difference is a day to be looked at: all of its sales go to a person."""

    def reconcile(ctx: Context, org: str, day: str) -> Tally | Outcome:
        told = parts.reconcile(ctx, org, day)
        if isinstance(told, Tally) and told.foreign:
            for order in ctx.notebook.orders():
                if order.org == org and not order.end:
                    manual(ctx, order, "当日对账有差异", frozen=True)
        return told

    return replace(parts, reconcile=reconcile)


def _lists_twice(parts: Parts) -> Parts:
    """What the till sold to a buyer of ours for the same amount is taken for ours and listed twice."""

    def rows(orders: Iterable[Order], org: str, day: str) -> list[Row]:
        return [row for row in parts.own_rows(orders, org, day) for _ in range(2)]

    return replace(parts, own_rows=rows)


COUNTS_ONLINE_BY_ORDER_DAY = Mutant(
    name="counts-online-by-order-day",
    zh="线上订单及其退款都记在下单当天",
    en="books an online order and its refund on the day it was placed",
    change=_counts_online_by_order_day,
    must_break=frozenset({"day/cut/each-record-on-its-own-day"}),
)
DROPS_YESTERDAYS_ORDERS = Mutant(
    name="drops-yesterdays-orders",
    zh="午夜清掉前一天未付款的订单",
    en="drops the unpaid orders of yesterday at midnight",
    change=_drops_yesterdays_orders,
    must_break=frozenset({"day/cut/order-outlives-its-day"}),
    may_break=frozenset({"day/cut/each-record-on-its-own-day", "day/cut/refund-across-the-year"}),
)
REFUNDS_THIS_YEAR_ONLY = Mutant(
    name="refunds-this-year-only",
    zh="跨年订单不退款",
    en="refunds nothing that was bought last year",
    change=_refunds_this_year_only,
    must_break=frozenset({"day/cut/refund-across-the-year"}),
)
STATES_THE_FUND_BARE = Mutant(
    name="states-the-fund-bare",
    zh="对账时基金总额一律不含账户",
    en="states the fund without the account, even where it was printed with it",
    change=_states_the_fund_bare,
    must_break=frozenset({"city/edition/fund-stated-as-printed"}),
)
EXPECTS_STATE_ONE = Mutant(
    name="expects-state-one",
    zh="6202应答不是状态1就报错",
    en="takes any state but 1 in the answer of 6202 for an error",
    change=_expects_state_one,
    must_break=frozenset({"city/edition/any-state-after-6202"}),
    may_break=(
        NOTHING_ENDS_WELL
        | {
            "amount/desk/lost-opening-ends-paid",
            "amount/legs/open-cash-leg-is-not-paid",
            "amount/legs/taken-back-is-cancelled",
            "notice/early/early-notice-ends-paid",
        }
    )
    | frozenset({"wire/tolerance/extra-field-is-passed-over"}),
)
COUNTS_ACCOUNT_TWICE = Mutant(
    name="counts-account-twice",
    zh="基金总额包含账户时重复计算账户支付",
    en="counts the account twice where the fund total contains it",
    change=_counts_account_twice,
    must_break=frozenset({"city/edition/account-counted-once"}),
)
ONE_SPELLING = Mutant(
    name="one-spelling",
    zh="通知里没有ownPayAmt就拒收",
    en="turns away a notice that does not spell ownPayAmt",
    change=_one_spelling,
    must_break=frozenset({"city/edition/one-spelling-is-enough"}),
    may_break=frozenset({"city/edition/any-state-after-6202", "wire/dialects/either-spelling-is-read"}),
)
REVERSES_STRANGERS = Mutant(
    name="reverses-strangers",
    zh="对账中多出的记录一律冲正",
    en="reverses every record that only the centre has",
    change=_reverses_strangers,
    must_break=frozenset({"reconciliation/others/left-alone"}),
)
DISTRUSTS_THE_DAY = Mutant(
    name="distrusts-the-day",
    zh="当日有他人的记录就把自己的订单全部转人工",
    en="puts all its sales of a day before a person when the day holds others' records",
    change=_distrusts_the_day,
    must_break=frozenset({"reconciliation/others/own-sale-stays-paid"}),
)
LISTS_TWICE = Mutant(
    name="lists-twice",
    zh="把他人相同的记录也当作自己的上报",
    en="lists each record twice, taking the till's equal one for its own",
    change=_lists_twice,
    must_break=frozenset({"reconciliation/others/others-are-not-adopted"}),
    may_break=frozenset(
        {
            "city/edition/fund-stated-as-printed",
            "reconciliation/books/each-record-on-the-platforms-day",
            "reconciliation/others/own-sale-stays-paid",
            "day/cut/each-record-on-its-own-day",
        }
    ),
)
