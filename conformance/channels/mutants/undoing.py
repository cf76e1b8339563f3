"""The wrong way out, or a way out taken twice."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import REFUNDS_FAIL, REFUNDS_STOP_SHORT
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing
from conformance.channels.reference.beliefs import TAKEN, Belief, believe
from conformance.channels.reference.orders import COUNTER, Order, Refund
from conformance.channels.reference.outcomes import Answered
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.refunds import choose_undo
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import finish, manual, tell

Json = dict[str, Any]


def _refunds_unpaid(parts: Parts) -> Parts:
    return replace(
        parts,
        choose_undo=lambda order: "6203" if choose_undo(order) == "6401" else choose_undo(order),
        refund_needs=lambda order: "" if order.refund is None else parts.refund_needs(order),
    )


def _withdraws_paid(parts: Parts) -> Parts:
    return replace(parts, choose_undo=lambda order: "6401" if choose_undo(order) == "6203" else choose_undo(order))


def _undoes_centre_at_counter(parts: Parts) -> Parts:
    """An order of the pay centre is taken back as if it had been sold at the counter."""

    def cancel(settings: Settings, order: Order, now_ms: int) -> Json:
        if order.sale:
            return composing.cancel_sale(settings, order, now_ms)
        assert order.payer is not None
        payment = order.payment
        return {"data": {"setl_id": payment.setl_id, "mdtrt_id": payment.mdtrt_id, "psn_no": order.payer.psn_no}}

    def undo(order: Order) -> str:
        return "2103" if order.rail != COUNTER and order.payment.ord_stas in TAKEN else choose_undo(order)

    def cancel_sale(ctx: Context, order: Order) -> Order:
        if order.sale:
            return parts.steps["cancel_sale"](ctx, order)
        order, outcome = tell(ctx, order, "2103")
        if isinstance(outcome, Answered):
            return finish(ctx, order, "refunded", "柜台销售已撤销")
        return manual(ctx, replace(order, pending=""), "结算撤销未成功")

    return replace(
        parts,
        choose_undo=undo,
        compose={**parts.compose, "2103": cancel},
        steps={**parts.steps, "cancel_sale": cancel_sale},
    )


def _reverses_known_sale(parts: Parts) -> Parts:
    return replace(parts, choose_undo=lambda order: "2601" if order.rail == COUNTER else choose_undo(order))


def _refunds_after_exp(parts: Parts) -> Parts:
    """EXP: tried again at once under a new serial."""

    def refund(ctx: Context, order: Order) -> Order:
        again = order.refund is not None and order.refund.status == "EXP"
        if again and order.refund:
            renewed = Refund(app_refd_sn=ctx.serial("R"), at_ms=ctx.now_ms(), pay_auth_no=order.refund.pay_auth_no)
            order = replace(order, refund=replace(renewed, asked_consent=True))
        return parts.steps["refund"](ctx, order)

    return replace(
        parts,
        refund_next=lambda status: "refund" if status == "EXP" else parts.refund_next(status),
        refund_needs=lambda order: "",
        steps={**parts.steps, "refund": refund},
    )


def _half_back_is_back(parts: Parts) -> Parts:
    """EXP is told to the buyer as a refund that succeeded."""

    def told(order: Order) -> Belief:
        done = order.refund is not None and order.refund.status == "EXP"
        return Belief(state="refunded") if done else believe(order)

    return replace(parts, believe=told)


def _hopes_for_refund(parts: Parts) -> Parts:
    """The buyer is told that his money is back as soon as 6203 has left."""

    def told(order: Order) -> Belief:
        return Belief(state="refunded") if order.pending == "6203" else believe(order)

    return replace(parts, believe=told)


REFUNDS_UNPAID = Mutant(
    name="refunds-unpaid",
    zh="未支付的订单用6203退费",
    en="refunds an order that was never paid instead of withdrawing it",
    change=_refunds_unpaid,
    must_break=frozenset({"refund/refund/withdraw-what-is-unpaid", "refund/refund/refund-only-what-is-paid"}),
)
WITHDRAWS_PAID = Mutant(
    name="withdraws-paid",
    zh="已支付的订单用6401撤销",
    en="withdraws a paid order instead of refunding it",
    change=_withdraws_paid,
    must_break=frozenset({"refund/refund/everything-comes-back"}),
    may_break=frozenset(
        {
            "family/aid/everybody-gets-back-his-own",
            "retry/refusals/refused-is-not-repeated",
            "shop/refusal/everything-comes-back",
            "shop/shortage/whole-order-goes-back",
        }
    )
    | REFUNDS_STOP_SHORT,
)
UNDOES_CENTRE_AT_COUNTER = Mutant(
    name="undoes-centre-at-counter",
    zh="用2103撤销支付中心的订单",
    en="takes an order of the pay centre back with 2103",
    change=_undoes_centre_at_counter,
    must_break=frozenset({"refund/refund/centre-orders-stay-in-the-centre"}),
    may_break=REFUNDS_FAIL | {"refund/crash/asked-about-first", "shop/shortage/whole-order-goes-back"},
)
REVERSES_KNOWN_SALE = Mutant(
    name="reverses-known-sale",
    zh="已知结算ID的柜台销售用2601冲正",
    en="reverses a counter sale whose settlement it knows",
    change=_reverses_known_sale,
    must_break=frozenset({"counter/sale/known-sale-is-cancelled"}),
)
REFUNDS_AFTER_EXP = Mutant(
    name="refunds-after-exp",
    zh="退款结果EXP后换号重提",
    en="sends another refund after EXP",
    change=_refunds_after_exp,
    must_break=frozenset({"refund/refund/stop-at-abnormal-end"}),
)
HALF_BACK_IS_BACK = Mutant(
    name="half-back-is-back",
    zh="EXP当作退款成功",
    en="takes EXP for a refund that succeeded",
    change=_half_back_is_back,
    must_break=frozenset({"refund/refund/abnormal-end-is-reviewed", "belief/ledger/never-wrong"}),
)
HOPES_FOR_REFUND = Mutant(
    name="hopes-for-refund",
    zh="6203一发出就告知已退款",
    en="tells the buyer that the money is back before 6203 was answered",
    change=_hopes_for_refund,
    must_break=frozenset({"refund/refund/not-refunded-before-heard"}),
    may_break=frozenset({"belief/ledger/never-wrong"}),
)
