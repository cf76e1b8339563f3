"""A reversal that found nothing, taken for the end of the matter."""

from dataclasses import replace

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.beliefs import Belief
from conformance.channels.reference.orders import COUNTER, Order
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.walking import finish, go


def _refused(told: Order) -> bool:
    """Whether a 2601 was refused."""
    return told.pending == "2601" and told.end == "manual" and "拒" in told.why


def _not_found_is_not_sold(parts: Parts) -> Parts:
    """The platform does not know the sale, so there is none."""

    def reverse(ctx: Context, order: Order) -> Order:
        told = parts.steps["reverse"](ctx, order)
        return finish(ctx, replace(told, end="", why=""), "failed", "平台无此交易，未成交") if _refused(told) else told

    return replace(parts, steps={**parts.steps, "reverse": reverse})


def _sells_what_was_not_found(parts: Parts) -> Parts:
    """The platform does not know the sale, so it is made once more."""

    def reverse(ctx: Context, order: Order) -> Order:
        told = parts.steps["reverse"](ctx, order)
        return go(ctx, replace(told, end="", why="", pending=""), "quote") if _refused(told) else told

    return replace(parts, steps={**parts.steps, "reverse": reverse})


def _gives_goods_on_trust(parts: Parts) -> Parts:
    """The customer stands there, and a person will look into the sale later."""

    def may(order: Order, belief: Belief) -> bool:
        trusted = order.rail == COUNTER and belief.state == "manual_review"
        return trusted or parts.may_ship(order, belief)

    return replace(parts, may_ship=may)


NOT_FOUND_IS_NOT_SOLD = Mutant(
    name="not-found-is-not-sold",
    zh="2601答复“原交易不存在”，就当作未成交",
    en="takes a 2601 that found nothing for a proof that nothing was sold",
    change=_not_found_is_not_sold,
    must_break=frozenset({"counter/overtaken/not-found-proves-nothing"}),
)
SELLS_WHAT_WAS_NOT_FOUND = Mutant(
    name="sells-what-was-not-found",
    zh="2601答复“原交易不存在”，就再结算一次",
    en="sells once more after a 2601 that found nothing",
    change=_sells_what_was_not_found,
    must_break=frozenset({"counter/sale/not-sold-twice", "order/steps/paid-at-most-once"}),
    may_break=frozenset({"counter/overtaken/late-original-is-found", "counter/overtaken/not-found-proves-nothing"}),
)
GIVES_GOODS_ON_TRUST = Mutant(
    name="gives-goods-on-trust",
    zh="柜台结算结果未知、已转人工，仍把药品交给顾客",
    en="hands over the goods of a counter sale that is still with a person",
    change=_gives_goods_on_trust,
    must_break=frozenset({"counter/overtaken/unknown-sale-keeps-its-goods"}),
)
