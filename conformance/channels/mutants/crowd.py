"""Mistakes that show only when many orders are open at once."""

from dataclasses import replace

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Parts
from simulator.wire.timestamps import digits14

ROOM = 6


def _clock_serials(parts: Parts) -> Parts:
    """The serial of 6201 is the second in which the order was made."""
    return replace(parts, med_org_ord=lambda order, fresh: f"M{digits14(order.created_ms)}")


def _takes_equals_for_repeats(parts: Parts) -> Parts:
    """An equal amount at the same shop within a minute is a double click: the payment begun for it serves again."""

    def upload(ctx: Context, order: Order) -> Order:
        for other in ctx.notebook.orders():
            alike = (other.org, other.total_fen) == (order.org, order.total_fen) and other.order != order.order
            if alike and other.payment.pay_ord_id and order.created_ms - other.created_ms < 60_000:
                return ctx.keep(replace(order, payment=other.payment, step="ask", due_ms=ctx.now_ms()))
        return parts.steps["upload"](ctx, order)

    return replace(parts, steps={**parts.steps, "upload": upload})


def _drops_the_crowd(parts: Parts) -> Parts:
    """Room for six: when a seventh order is open, the oldest is forgotten and nobody asks about it any more."""

    def begin(ctx: Context, order: Order) -> Order:
        still_open = [one for one in ctx.notebook.orders() if one.step and one.order != order.order]
        if len(still_open) >= ROOM:
            oldest = min(still_open, key=lambda one: (one.created_ms, one.order))
            ctx.keep(replace(oldest, step="", end="failed", why="排队已满"))
        return parts.begin(ctx, order)

    return replace(
        parts, begin=begin, heed_notice=lambda order, data: order if order.end else parts.heed_notice(order, data)
    )


CLOCK_SERIALS = Mutant(
    name="clock-serials",
    zh="medOrgOrd取下单的秒数",
    en="takes the second of the order for its medOrgOrd",
    change=_clock_serials,
    must_break=frozenset({"load/rush/serials-never-meet"}),
    may_break=frozenset({"load/rush/every-buyer-is-served", "shop/shortage/rest-is-a-new-order"}),
)
TAKES_EQUALS_FOR_REPEATS = Mutant(
    name="takes-equals-for-repeats",
    zh="同店同金额一分钟内视为重复点击，沿用已有支付订单",
    en="takes an equal amount at the same shop within a minute for a double click",
    change=_takes_equals_for_repeats,
    must_break=frozenset({"load/rush/payments-stay-with-their-order"}),
    may_break=frozenset({"load/rush/every-buyer-is-served"}),
)
DROPS_THE_CROWD = Mutant(
    name="drops-the-crowd",
    zh="最多跟踪六张未完成订单，超出时丢弃最早的一张",
    en="has room for six open orders and forgets the oldest",
    change=_drops_the_crowd,
    must_break=frozenset({"load/rush/every-buyer-is-served", "load/rush/each-order-its-own-truth"}),
    may_break=frozenset({"load/rush/payments-stay-with-their-order"}),
)
