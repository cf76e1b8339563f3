"""Mistakes with a platform that has a cashier of its own."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.mutants.trust import paid_by_notice
from conformance.channels.reference import inbox
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.walking import rest

Json = dict[str, Any]


def _ignores_cashier(parts: Parts) -> Parts:
    """cashierUrl is one of the fields nobody reads."""
    return replace(parts, after_upload=lambda order: "place")


def _order_notice_is_payment(parts: Parts) -> Parts:
    """A notice is a notice of payment."""

    def heed(order: Order, data: Json) -> Order:
        told = inbox.kind_of(data) == inbox.ORDER_NOTICE
        return paid_by_notice(order, data).paying(setl_type="ALL") if told else parts.heed_notice(order, data)

    return replace(parts, heed_notice=heed, steps={**parts.steps, "ask": _unless_told(parts)})


def _unless_told(parts: Parts) -> Any:
    def ask(ctx: Context, order: Order) -> Order:
        told = order.payment.ord_stas == "6" and not order.wish and not order.payment.settled
        return rest(ctx, order) if told and order.payment.cashier_url else parts.steps["ask"](ctx, order)

    return ask


def _knows_one_notice(parts: Parts) -> Parts:
    """Only 6302 is known; what looks otherwise is turned away."""

    def take(ctx: Context, raw: bytes) -> bytes:
        data = parts.open_notice(ctx.settings, raw).data or {}
        if inbox.kind_of(data) == inbox.ORDER_NOTICE:
            return inbox.acknowledge(ctx, success=False, message="未知通知")
        return parts.take_notice(ctx, raw)

    return replace(parts, take_notice=take)


def _collects_at_both(parts: Parts) -> Parts:
    """The price of the medicines is asked for at the desk as well, whoever collects it."""

    def collect(order: Order) -> tuple[int, int]:
        cash_fen, freight_fen = parts.to_collect(order)
        return (order.total_fen if order.payment.cashier_url else cash_fen), freight_fen

    return replace(parts, to_collect=collect)


def _forgets_centre_cash(parts: Parts) -> Parts:
    """Cash is what one's own desk holds."""

    def told(order: Order) -> Belief:
        own_fen = order.cash.held_fen if order.cash else 0
        return replace(believe(order), cash_fen=own_fen) if order.payment.cashier_url else believe(order)

    return replace(parts, believe=told)


def _leaves_freight_to_centre(parts: Parts) -> Parts:
    """Whoever collected gives back: with a cashier at the platform nothing is left for the channel to do."""

    def give_back(ctx: Context, order: Order) -> Order:
        return rest(ctx, order) if order.payment.cashier_url else parts.steps["give_back"](ctx, order)

    return replace(parts, steps={**parts.steps, "give_back": give_back})


IGNORES_CASHIER = Mutant(
    name="ignores-cashier",
    zh="不看cashierUrl，照样发送6202",
    en="sends 6202 although the platform has a cashier of its own",
    change=_ignores_cashier,
    must_break=frozenset({"cashier/page/no-6202-of-ones-own", "cashier/page/ends-paid"}),
    may_break=frozenset({"cashier/page/refund-comes-back"}),
)
ORDER_NOTICE_IS_PAYMENT = Mutant(
    name="order-notice-is-payment",
    zh="把6204当作支付成功",
    en="takes 6204 for a notice of payment",
    change=_order_notice_is_payment,
    must_break=frozenset({"cashier/page/order-notice-is-no-payment", "cashier/page/goods-wait-for-the-payment"}),
    may_break=frozenset({"cashier/page/cash-at-the-centre-counts", "cashier/page/refund-comes-back"}),
)
KNOWS_ONE_NOTICE = Mutant(
    name="knows-one-notice",
    zh="只认6302，不认6204",
    en="knows 6302 alone and turns 6204 away",
    change=_knows_one_notice,
    must_break=frozenset({"cashier/page/order-notice-is-acknowledged"}),
)
COLLECTS_AT_BOTH = Mutant(
    name="collects-at-both",
    zh="平台收银台收款，自己的收银台也收",
    en="collects at its own desk what the platform's cashier collects",
    change=_collects_at_both,
    must_break=frozenset({"cashier/page/centre-collects-the-cash-share"}),
    may_break=frozenset(
        {"cashier/page/ends-paid", "cashier/page/refund-comes-back", "cashier/page/cash-at-the-centre-counts"}
    ),
)
FORGETS_CENTRE_CASH = Mutant(
    name="forgets-centre-cash",
    zh="平台收取的自费不计入已收现金",
    en="does not count the cash the platform's cashier collected",
    change=_forgets_centre_cash,
    must_break=frozenset({"cashier/page/cash-at-the-centre-counts"}),
)
LEAVES_FREIGHT_TO_CENTRE = Mutant(
    name="leaves-freight-to-centre",
    zh="平台收银台模式下不退配送费",
    en="leaves the return of its own delivery fee to the platform",
    change=_leaves_freight_to_centre,
    must_break=frozenset({"cashier/page/refund-comes-back"}),
)
