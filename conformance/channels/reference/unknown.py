"""Finding out: 6301 and the cash desk are asked, what they say is added to what we know, and the course is set.

Nothing is concluded from silence. Known states decide (order-life 3, 5, 6); what contradicts itself is frozen.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from conformance.channels.reference.beliefs import TAKEN, cash_is_good
from conformance.channels.reference.calling import call, cash_desk
from conformance.channels.reference.money import read_split
from conformance.channels.reference.orders import TO_GIVE_UP, Order, Split
from conformance.channels.reference.outcomes import Answered, Refused
from conformance.channels.reference.parts import Context, Json, Step
from conformance.channels.reference.walking import finish, go, later, manual, rest, retry_after_ms
from schemas.amount import AmountError

TERMINAL: Final = ("7", "12", "13", "15")
NEVER_OPENED: Final = "closed"
"""The cash desk's word for a payment that will not be collected; ours for one it never heard of."""
WAITING: Final = ("1", "2")
DESK_DECIDES: Final = (*TAKEN, "3", "7", "12", "13", "15")
"""Where the cash leg matters to what we may believe or must give back."""


def ask(ctx: Context, order: Order) -> Order:
    """6301, then wherever its answer leads."""
    if not order.payment.pay_ord_id:
        return go(ctx, order, "upload")
    outcome = call(ctx, "6301", order)
    if not isinstance(outcome, Answered):
        return later(ctx, replace(order, unsure=True), retry_after_ms(outcome))
    order = ctx.parts.learn(order, outcome.data)
    if order.frozen:
        return manual(ctx, order, order.why, frozen=True)
    return course(ctx, order)


def learn(order: Order, data: Json) -> Order:
    """The state of the payment as 6301 tells it. Amounts that differ from the frozen split freeze the order."""
    known, told = order.payment, str(data["ordStas"])
    if known.ord_stas in TERMINAL and told != known.ord_stas:
        return replace(order, frozen=True, why=f"终态 {known.ord_stas} 之后又收到状态 {told}")
    try:
        split = read_split(data)
    except AmountError as fault:
        return replace(order, frozen=True, why=f"6301 应答金额不平：{fault}")
    if split and differs(order, split):
        return replace(order, frozen=True, why="6301 应答金额与下单时的金额不一致")
    return replace(order, pending="", unsure=False).paying(
        ord_stas=told, split=known.split or split, setl_type=str(data.get("setlType") or known.setl_type),
        setl_id=str(data.get("hiDocSn") or known.setl_id), mdtrt_id=str(data.get("hiRgstSn") or known.mdtrt_id),
        settled=known.settled or str(data.get("traceTime") or ""),
    )  # fmt: skip


def differs(order: Order, split: Split) -> bool:
    """Whether amounts contradict the split of our last 6202, or the price of the basket."""
    known = order.payment.split
    return split != known if known else split.total_fen != order.total_fen


def course(ctx: Context, order: Order) -> Order:
    """The next step, from what is known and what is wanted."""
    state = order.payment.ord_stas
    if state == "16":
        return manual(ctx, order, "医保未结算而现金退回失败，款项滞留", frozen=True)
    if state in DESK_DECIDES and order.cash and order.cash.asked_in != state and _desk_may_know(order):
        return go(ctx, order, "desk")
    if order.wish == TO_GIVE_UP and state not in ("0", "1", *TERMINAL):
        order = replace(order, wish="", why="")  # it is on its way or paid after all: nothing to give up
    if order.wish:
        return _undo(ctx, order)
    if state in ENDINGS:
        return ENDINGS[state](ctx, order)
    if not order.payment.cashier_url and (state == "0" or (state == "1" and order.payment.split is None)):
        return _place_again(ctx, order)
    if state in WAITING and order.cash is None and ctx.parts.to_collect(order) != (0, 0):
        return go(ctx, order, "cash")
    if state in TAKEN or (state == "3" and order.payment.setl_type == "CASH"):
        return _paid(ctx, order)
    return later(ctx, replace(order, step="ask"))


def _desk_may_know(order: Order) -> bool:
    """An opening without an answer may have happened: who undoes an order asks; who goes on with it opens again."""
    assert order.cash is not None
    return bool(order.cash.state or order.wish or order.payment.ord_stas in ENDINGS)


def _place_again(ctx: Context, order: Order) -> Order:
    """The split never came to be: 6202 once more, now that the platform has said so."""
    return ctx.keep(replace(order, step="place", due_ms=ctx.now_ms()))


def _paid(ctx: Context, order: Order) -> Order:
    """Paid at the insurer; the order rests when the cash leg is good too. Until then both are asked in turn: what
    insurance paid first is taken back when no cash comes (order-life L20)."""
    if cash_is_good(order):
        return rest(ctx, order)
    if order.cash is None or not order.cash.state:
        return go(ctx, order, "cash")
    if order.step == "ask":
        return ctx.keep(replace(order, step="desk", due_ms=ctx.now_ms()))
    return later(ctx, replace(order, step="ask"))


def _undo(ctx: Context, order: Order) -> Order:
    """Somebody wants out: the state decides by which way (order-life 6)."""
    undo = ctx.parts.choose_undo(order)
    if undo in UNDO_BY:
        return ctx.keep(replace(order, step=UNDO_BY[undo], due_ms=ctx.now_ms()))
    state = order.payment.ord_stas
    if undo == "none" and state in ENDINGS:
        return ENDINGS[state](ctx, order)
    return later(ctx, replace(order, step="ask"))


def _refunded(ctx: Context, order: Order) -> Order:
    """Insurance is back; what the cash desk still holds goes back too."""
    return go(ctx, order, "give_back") if order.cash and order.cash.held_fen else rest(ctx, order)


def _partly(ctx: Context, order: Order) -> Order:
    """One leg is back and the other is not: not by a refund of ours that ended well, so a person decides."""
    if order.wish:
        return manual(ctx, order, f"退款只完成一半（状态 {order.payment.ord_stas}），请人工处理")
    return rest(ctx, order)


def _withdrawn(ctx: Context, order: Order) -> Order:
    if order.cash and order.cash.held_fen:
        return _cash_astray(ctx, order)
    return finish(ctx, order, "failed" if order.wish == TO_GIVE_UP else "cancelled", "已撤销")


def _reversed(ctx: Context, order: Order) -> Order:
    if order.cash and order.cash.held_fen:
        return go(ctx, order, "give_back")
    return finish(ctx, order, "cancelled", "医保已撤销")


def _failed(ctx: Context, order: Order) -> Order:
    if order.cash and order.cash.held_fen:
        return _cash_astray(ctx, order)
    return finish(ctx, order, "failed", "医保结算失败")


def _cash_astray(ctx: Context, order: Order) -> Order:
    return manual(ctx, order, "订单未成交而收银台仍持有现金，请人工核对", frozen=True)


UNDO_BY: Mapping[str, str] = {"6401": "withdraw", "6203": "refund", "2103": "cancel_sale", "2601": "reverse"}
"""Instrument → the step that uses it."""
ENDINGS: Mapping[str, Step] = {
    "7": _refunded, "8": _partly, "9": _partly, "10": _partly, "11": _partly, "12": _withdrawn, "13": _reversed,
    "15": _failed,
}  # fmt: skip
"""ordStas with nothing more to come from the platform → what is left for us."""


def ask_desk(ctx: Context, order: Order) -> Order:
    """The cash desk's own word on the cash leg, good for the state the payment is in."""
    assert order.cash is not None
    outcome = cash_desk(ctx, "query", {"outTradeNo": order.cash.out_trade_no})
    if isinstance(outcome, Refused) and outcome.unknown and order.cash.state in ("", NEVER_OPENED):
        return course(
            ctx, replace(order, cash=replace(order.cash, state=NEVER_OPENED, asked_in=order.payment.ord_stas))
        )
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    return course(ctx, heard(order, outcome.data))


def heard(order: Order, data: Json) -> Order:
    """The cash leg as the desk answered it."""
    assert order.cash is not None
    cash = replace(
        order.cash, state=str(data["state"]), cash_back_fen=int(data["cashRefundedFen"]),
        freight_back_fen=int(data["freightRefundedFen"]), asked_in=order.payment.ord_stas,
    )  # fmt: skip
    return replace(order, cash=cash)
