"""Mistakes about delivery money, which is no part of what the medicines cost."""

from dataclasses import replace

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Parts


def _fee_back_is_refund(parts: Parts) -> Parts:
    """Whatever the desk gave back counts as a refund of the order."""

    def told(order: Order) -> Belief:
        belief = believe(order)
        gave_back = order.cash is not None and order.cash.freight_back_fen > 0
        return replace(belief, state="partly_refunded") if gave_back and belief.state == "paid" else belief

    return replace(parts, believe=told)


FEE_BACK_IS_REFUND = Mutant(
    name="fee-back-is-refund",
    zh="只退了配送费就把订单当作部分退款",
    en="takes an order for partly refunded when its delivery fee alone went back",
    change=_fee_back_is_refund,
    must_break=frozenset({"delivery/fee/still-paid-after-fee-back"}),
)
