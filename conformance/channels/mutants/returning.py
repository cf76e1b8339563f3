"""Mistakes of giving back when somebody else has a say, of buttons pressed twice, and of half-paid orders."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import REFUNDS_FAIL
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.beliefs import TAKEN, Belief, believe
from conformance.channels.reference.books import Result
from conformance.channels.reference.calling import cash_desk
from conformance.channels.reference.orders import COUNTER, TO_REFUND, TO_WITHDRAW, Order, Refund
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.walking import finish, manual, note_before

Json = dict[str, Any]


def _drops_refused_refunds(parts: Parts) -> Parts:
    """The platform wants the buyer's consent to a refund: that is for staff to sort out."""

    def ask_buyer(ctx: Context, order: Order) -> Order:
        return manual(ctx, order, "退款被拒")

    return replace(parts, steps={**parts.steps, "refund_consent": ask_buyer})


def _done_before_consent(parts: Parts) -> Parts:
    """The money will be back as soon as the buyer has consented, so he may as well be told now."""

    def told(order: Order) -> Belief:
        return Belief(state="refunded") if order.step == "refund_consent" else believe(order)

    return replace(parts, believe=told)


def _busy_is_withdrawn(parts: Parts) -> Parts:
    """Whoever cancels while the buyer is still confirming has cancelled."""

    def ask(ctx: Context, order: Order) -> Order:
        told = parts.steps["ask"](ctx, order)
        confirming = told.wish == TO_WITHDRAW and told.payment.ord_stas == "2" and not told.end
        return finish(ctx, told, "cancelled", "已取消") if confirming else told

    return replace(
        parts,
        steps={**parts.steps, "ask": ask},
        heed_notice=lambda order, data: order if order.end == "cancelled" else parts.heed_notice(order, data),
    )


def _forgets_refunds(parts: Parts) -> Parts:
    """A refund is written down when it was answered, not before it is sent."""

    def note(ctx: Context, order: Order) -> Order:
        return order if order.pending == "6203" else note_before(ctx, order)

    return replace(parts, note_before=note)


def _account_money_as_cash(parts: Parts) -> Parts:
    """Everything goes back over the cash desk, and what the desk will not give goes into the buyer's wallet."""

    def refund(ctx: Context, order: Order) -> Order:
        if order.cash and order.payment.split:
            whole = order.payment.split.total_fen
            asked = {"outTradeNo": order.cash.out_trade_no, "part": "cash", "fen": whole, "refundNo": ctx.serial("D")}
            cash_desk(ctx, "refund", asked)
        return finish(ctx, replace(order, wish=""), "refunded", "已退至钱包")

    return replace(parts, steps={**parts.steps, "refund": refund})


def _paid_stays_paid(parts: Parts) -> Parts:
    """An online order once paid is never asked about again, whatever a statement says."""

    def judge(ctx: Context, org: str, result: Result) -> str:
        wanted = parts.judge_row(ctx, org, result)
        return "" if wanted == "ask" else wanted

    return replace(parts, judge_row=judge)


def _four_is_paid(parts: Parts) -> Parts:
    """Insurance is paid: that is what counts."""

    def told(order: Order) -> Belief:
        belief = believe(order)
        taken = order.rail != COUNTER and order.payment.ord_stas in TAKEN and belief.state == "in_doubt"
        return replace(belief, state="paid") if taken and not order.pending else belief

    return replace(parts, believe=told)


def _thirteen_is_a_riddle(parts: Parts) -> Parts:
    """State 13 stands in no list of this channel: a person has to look at it."""

    def ask(ctx: Context, order: Order) -> Order:
        told = parts.steps["ask"](ctx, order)
        return manual(ctx, told, "未知状态13") if told.payment.ord_stas == "13" else told

    def desk(ctx: Context, order: Order) -> Order:
        told = parts.steps["desk"](ctx, order)
        return manual(ctx, told, "未知状态13") if told.payment.ord_stas == "13" else told

    return replace(parts, steps={**parts.steps, "ask": ask, "desk": desk})


def _order_per_click(parts: Parts) -> Parts:
    return replace(parts, stands=lambda order: False)


def _refund_per_click(parts: Parts) -> Parts:
    """Asked for a refund again, it refunds again: under a new serial."""

    def ask(ctx: Context, order: Order) -> Order:
        done = order.refund is not None and order.refund.status == "SUCC" and order.payment.ord_stas == "7"
        if order.wish != TO_REFUND or not done or order.unsure:
            return parts.steps["ask"](ctx, order)
        fresh = Refund(app_refd_sn=ctx.serial("R"), at_ms=ctx.now_ms(), pay_auth_no=order.payment.pay_auth_no)
        return parts.steps["refund"](ctx, replace(order, refund=replace(fresh, asked_consent=True)))

    def needs(order: Order) -> str:
        return "" if order.payment.ord_stas == "7" else parts.refund_needs(order)

    return replace(parts, steps={**parts.steps, "ask": ask}, refund_needs=needs)


DROPS_REFUSED_REFUNDS = Mutant(
    name="drops-refused-refunds",
    zh="退款须重新授权时直接放弃",
    en="drops a refund for which the buyer would have to consent anew",
    change=_drops_refused_refunds,
    must_break=frozenset({"refund/consent/buyer-is-asked", "refund/consent/goes-on-after-consent"}),
)
DONE_BEFORE_CONSENT = Mutant(
    name="done-before-consent",
    zh="等待买方授权退款时就告知已退款",
    en="tells the buyer that his money is back while waiting for his consent to the refund",
    change=_done_before_consent,
    must_break=frozenset({"refund/consent/open-until-consented"}),
)
BUSY_IS_WITHDRAWN = Mutant(
    name="busy-is-withdrawn",
    zh="买方正在确认时取消即视为已撤销",
    en="takes an order for cancelled while the buyer is still confirming it",
    change=_busy_is_withdrawn,
    must_break=frozenset({"refund/race/confirmed-meanwhile-comes-back", "refund/race/not-cancelled-while-confirming"}),
)
FORGETS_REFUNDS = Mutant(
    name="forgets-refunds",
    zh="6203发出之前不落库",
    en="writes a refund down only once it was answered",
    change=_forgets_refunds,
    must_break=frozenset({"refund/crash/asked-about-first", "refund/crash/still-ends-refunded"}),
)
ACCOUNT_MONEY_AS_CASH = Mutant(
    name="account-money-as-cash",
    zh="账户支付的部分退成现金或钱包余额",
    en="gives account money back as cash or wallet money",
    change=_account_money_as_cash,
    must_break=frozenset({"refund/way/account-money-to-the-account"}),
    may_break=REFUNDS_FAIL
    | {
        "belief/ledger/never-wrong",
        "refund/consent/open-until-consented",
        "refund/crash/asked-about-first",
        "refund/late/late-refund-goes-to-a-person",
        "shop/shortage/whole-order-goes-back",
    },
)
PAID_STAYS_PAID = Mutant(
    name="paid-stays-paid",
    zh="已支付的线上订单不再查询，对账有差异也不管",
    en="never asks about a paid online order again, whatever a statement says",
    change=_paid_stays_paid,
    must_break=frozenset({"refund/way/till-refund-is-learned", "refund/way/till-refund-keeps-goods"}),
)
FOUR_IS_PAID = Mutant(
    name="four-is-paid",
    zh="状态4即视为已支付，不管自费款",
    en="takes state 4 for paid and does not look at the cash share",
    change=_four_is_paid,
    must_break=frozenset({"amount/legs/open-cash-leg-is-not-paid", "amount/legs/half-paid-goods-stay"}),
)
THIRTEEN_IS_A_RIDDLE = Mutant(
    name="thirteen-is-a-riddle",
    zh="不认识状态13，一律转人工",
    en="does not know state 13 and leaves it to a person",
    change=_thirteen_is_a_riddle,
    must_break=frozenset({"amount/legs/taken-back-is-cancelled"}),
)
ORDER_PER_CLICK = Mutant(
    name="order-per-click",
    zh="每点一次下单就是一张新订单",
    en="takes every press of the button for a new order",
    change=_order_per_click,
    must_break=frozenset(
        {"concurrency/clicks/one-order-for-two-clicks", "concurrency/clicks/one-cash-payment-for-two-clicks"}
    ),
)
REFUND_PER_CLICK = Mutant(
    name="refund-per-click",
    zh="每点一次退款就换号再退一次",
    en="sends another refund under another serial for every press of the button",
    change=_refund_per_click,
    must_break=frozenset({"concurrency/clicks/one-refund-for-two-clicks", "concurrency/clicks/clicks-end-refunded"}),
)
