"""Mistakes at the cash desk when its answer does not come."""

from dataclasses import replace

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.orders import Cash, Order
from conformance.channels.reference.parts import Context, Parts


def _charges_again(parts: Parts) -> Parts:
    """No answer, so nothing was opened: a fresh number, and the buyer pays that one."""

    def cash(ctx: Context, order: Order) -> Order:
        return parts.steps["cash"](ctx, replace(order, cash=None))

    return replace(parts, steps={**parts.steps, "cash": cash})


def _hands_back_again(parts: Parts) -> Parts:
    """No answer, so nothing went back: a fresh refund number."""

    def hand_back(ctx: Context, order: Order) -> Order:
        again = order.cash is not None and order.tries > 0
        return parts.steps["hand_back"](ctx, _renumbered(ctx, order, order.cash) if again and order.cash else order)

    return replace(parts, steps={**parts.steps, "hand_back": hand_back})


def _renumbered(ctx: Context, order: Order, cash: Cash) -> Order:
    fresh = tuple(one if one.done else replace(one, refund_no=ctx.serial("D")) for one in cash.refunds)
    return replace(order, cash=replace(cash, refunds=fresh))


CHARGES_AGAIN = Mutant(
    name="charges-again",
    zh="收银台下单无应答，换号再收一次",
    en="opens the cash desk under another number when the first opening got no answer",
    change=_charges_again,
    must_break=frozenset({"amount/desk/charged-once", "amount/desk/lost-opening-ends-paid"}),
)
HANDS_BACK_AGAIN = Mutant(
    name="hands-back-again",
    zh="收银台退款无应答，换号再退一次",
    en="refunds at the cash desk under another number when the first refund got no answer",
    change=_hands_back_again,
    must_break=frozenset({"amount/desk/handed-back-once"}),
)
