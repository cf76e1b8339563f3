"""The ways out of an online order: 6401 before it is paid, 6203 after, and the cash desk for what it collected.

Never an undo before the state is known, never a second refund under another serial, nothing after ``EXP``.
"""

from dataclasses import replace

from conformance.channels.reference.beliefs import TAKEN
from conformance.channels.reference.calling import call, cash_desk
from conformance.channels.reference.orders import (
    COUNTER,
    CashRefund,
    Consent,
    Order,
    Refund,
)
from conformance.channels.reference.outcomes import Answered, Refused
from conformance.channels.reference.parts import Context, Json
from conformance.channels.reference.unknown import course, heard
from conformance.channels.reference.walking import (
    go,
    later,
    manual,
    retry_after_ms,
    tell,
    unanswered,
)


def choose_undo(order: Order) -> str:
    """Which instrument undoes the order as it stands (order-life 6)."""
    if order.rail == COUNTER:
        assert order.sale is not None
        return "2103" if order.sale.setl_id else "2601"
    state = order.payment.ord_stas
    if state in ("0", "1"):
        return "6401"
    if state in TAKEN or (state == "3" and order.payment.setl_type == "CASH"):
        return "6203"
    return "none" if state in ("7", "8", "9", "10", "11", "12", "13", "15") else "wait"


def withdraw(ctx: Context, order: Order) -> Order:
    """6401. A refusal (the buyer is confirming, or was faster) and a lost answer are both asked about."""
    order, outcome = tell(ctx, order, "6401")
    if isinstance(outcome, Answered):
        return course(ctx, replace(order, pending="").paying(ord_stas="12"))
    if isinstance(outcome, Refused) and outcome.signed:
        return later(ctx, replace(order, pending="", step="ask"))
    return unanswered(ctx, order, outcome, again="ask")


def refund(ctx: Context, order: Order) -> Order:
    """6203 for the whole order, under one serial for ever."""
    why = ctx.parts.refund_needs(order)
    if why:
        return manual(ctx, order, why)
    asked = order.refund or Refund(
        app_refd_sn=ctx.serial("R"), at_ms=ctx.now_ms(), pay_auth_no=order.payment.pay_auth_no
    )
    serial = ctx.parts.app_refd_sn(order, ctx.serial("R")) if order.refund else asked.app_refd_sn
    order = replace(order, refund=replace(asked, app_refd_sn=serial))
    order, outcome = tell(ctx, order, "6203")
    if isinstance(outcome, Refused) and outcome.signed:
        return _refused(ctx, replace(order, pending=""), outcome.why)
    if not isinstance(outcome, Answered):
        return unanswered(ctx, order, outcome, again="refund")
    return _answered(ctx, replace(order, pending=""), outcome.data)


def app_refd_sn(order: Order, fresh: str) -> str:
    """The serial is the platform's only way to know a repeat: it never changes."""
    return order.refund.app_refd_sn if order.refund else fresh


def refund_needs(order: Order) -> str:
    """Why 6203 must not be sent: the payment is not certain, or a refund already answered."""
    if order.refund and order.refund.status:
        return f"退款 {order.refund.app_refd_sn} 已得到 {order.refund.status}，不重复提交"
    if order.payment.split is None:
        return "结算金额未知，不能退款"
    return "" if choose_undo(order) == "6203" else "订单未确认已支付，不能退款"


def _answered(ctx: Context, order: Order, data: Json) -> Order:
    """What came of the refund; what is neither done nor worth a question is never sent again by a machine."""
    assert order.refund is not None
    status, done = str(data["refStatus"]), f"{data.get('hiTrnsDate', '')}{data.get('hiTrnsTime', '')}"
    told = replace(order.refund, status=status, setl_id=str(data.get("hiFefdSn") or ""), done=done)
    order = replace(order, refund=told)
    step = ctx.parts.refund_next(status)
    if step:
        return go(ctx, order, step)
    return manual(ctx, order, f"退款结果 {status}，不自动重提，请人工处理", frozen=status == "EXP")


def refund_next(status: str) -> str:
    """SUCC is made sure of by 6301; after EXP and FAIL a person looks."""
    return "ask" if status == "SUCC" else ""


def _refused(ctx: Context, order: Order, why: str) -> Order:
    """Perhaps the platform wants the buyer's consent to the refund (order-life 9.8): asked for once."""
    assert order.refund is not None
    if order.refund.asked_consent:
        return manual(ctx, order, f"退款被拒：{why}")
    asked = replace(order.refund, asked_consent=True)
    return go(ctx, replace(order, refund=asked, consent=Consent(req_biz_no=ctx.serial("A"))), "refund_consent")


def refund_consent(ctx: Context, order: Order) -> Order:
    """Wait for the buyer to consent to the refund; the order stays "refunding" meanwhile."""
    assert order.refund is not None
    assert order.consent is not None
    outcome = call(ctx, "house.auth.query", order)
    if isinstance(outcome, Refused):
        return manual(ctx, order, f"退款授权被拒：{outcome.why}")
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    if outcome.data["authStas"] != "1":
        url = str(outcome.data.get("authUrl", ""))
        return later(ctx, replace(order, consent=replace(order.consent, auth_url=url)))
    return go(ctx, replace(order, refund=replace(order.refund, pay_auth_no=str(outcome.data["payAuthNo"]))), "refund")


def give_back(ctx: Context, order: Order) -> Order:
    """Return all that the cash desk holds, cash share and freight, each under a number of its own."""
    assert order.cash is not None
    left = {
        "cash": order.cash.cash_fen - order.cash.cash_back_fen,
        "freight": order.cash.freight_fen - order.cash.freight_back_fen,
    }
    wanted = tuple(CashRefund(refund_no=ctx.serial("D"), part=part, fen=fen) for part, fen in left.items() if fen > 0)
    return go(ctx, replace(order, cash=replace(order.cash, refunds=order.cash.refunds + wanted)), "hand_back")


def hand_back(ctx: Context, order: Order) -> Order:
    """Send the refunds that are noted; the same number repeated is the same refund."""
    assert order.cash is not None
    wanted = next((one for one in order.cash.refunds if not one.done), None)
    if wanted is None:
        return course(ctx, order)
    outcome = cash_desk(
        ctx, "refund",
        {"outTradeNo": order.cash.out_trade_no, "part": wanted.part, "fen": wanted.fen, "refundNo": wanted.refund_no},
    )  # fmt: skip
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    told = heard(order, outcome.data)
    assert told.cash is not None
    if told.cash.held_fen >= order.cash.held_fen:
        return manual(ctx, told, "收银台答复已退，但持有金额未减少")
    marked = tuple(replace(one, done=one.done or one == wanted) for one in told.cash.refunds)
    return go(ctx, replace(told, cash=replace(told.cash, refunds=marked)), "hand_back")
