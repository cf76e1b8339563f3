"""Mistakes when the shop cannot or will not supply a paid order."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import goods, refunds
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.composing import refund
from conformance.channels.reference.orders import Order
from conformance.channels.reference.packs import Pack
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings
from schemas.amount import to_text

Json = dict[str, Any]


def _refunds_the_missing_line(parts: Parts) -> Parts:
    """Only what is missing goes back; the rest is to be sent."""

    def part(settings: Settings, order: Order, now_ms: int) -> Json:
        whole = refund(settings, order, now_ms)
        if order.shop != "short":
            return whole
        missing = to_text(order.lines[-1].fen)
        return whole | {"refdType": "HI", "totlRefdAmt": missing, "psnAcctRefdAmt": missing, "cashRefdAmt": "0.00"}

    return replace(parts, compose={**parts.compose, "6203": part})


def _reports_refused_orders(parts: Parts) -> Parts:
    """A sale is reported as soon as the shop says anything, even no."""

    def give(ctx: Context, order: Order) -> Order:
        if order.shop == "refused":
            packs = [
                Pack(
                    pack_no="", order=order.order, med_list_codg=line.med_list_codg, cnt=line.cnt, batch=f"{number}",
                    made="2025-01-10",
                )
                for number, line in enumerate(order.lines, 1)
            ]  # fmt: skip
            goods.report(ctx, order, tuple(packs))
        return refunds.refund(ctx, order)

    return replace(parts, steps={**parts.steps, "refund": give})


def _calls_refusal_cancelled(parts: Parts) -> Parts:
    """What the shop refused is called cancelled, as if nobody had paid."""

    def told(order: Order) -> Belief:
        belief = believe(order)
        return replace(belief, state="cancelled") if order.shop and belief.state == "refunded" else belief

    return replace(parts, believe=told)


REFUNDS_THE_MISSING_LINE = Mutant(
    name="refunds-the-missing-line",
    zh="缺货时只退缺的那一行",
    en="gives back only the line that is missing",
    change=_refunds_the_missing_line,
    must_break=frozenset({"shop/shortage/whole-order-goes-back"}),
)
REPORTS_REFUSED_ORDERS = Mutant(
    name="reports-refused-orders",
    zh="门店拒单后仍上报销售",
    en="reports a sale of what the shop refused",
    change=_reports_refused_orders,
    must_break=frozenset({"shop/refusal/no-sale-is-reported", "stock/sale/insured-rows-stand"}),
)
CALLS_REFUSAL_CANCELLED = Mutant(
    name="calls-refusal-cancelled",
    zh="门店拒单退款后说成“未扣款取消”",
    en="calls an order the shop refused cancelled, as if nobody had paid",
    change=_calls_refusal_cancelled,
    must_break=frozenset({"shop/refusal/ends-refunded"}),
)
