"""What a basket must keep to before it is sent: limits per person and day, and drugs known under our own codes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.goods import scan_due
from conformance.channels.reference.orders import Line, Order
from conformance.channels.reference.parts import Context

GAVE_UP: Final = ("cancelled", "failed", "refunded", "not_sent")
"""States in which nothing of an order was bought."""


def within_limits(ctx: Context, order: Order) -> str:
    """No more of a limited drug for one person on one day, whatever the number of orders or lines it is spread over."""
    limited = {line.med_list_codg: line for line in order.lines if line.day_limit}
    if not limited:
        return ""
    standing = [one for one in ctx.notebook.orders() if _counts(ctx, one, order)]
    for code, line in limited.items():
        wanted = _of(code, [*standing, order])
        if wanted > line.day_limit:
            return f"{line.name or code} 每人每日限购 {line.day_limit}，本次后为 {wanted}"
    return ""


def _counts(ctx: Context, one: Order, order: Order) -> bool:
    same_day = datetime19(one.created_ms)[:10] == datetime19(order.created_ms)[:10]
    if one.order == order.order or one.user != order.user or not same_day:
        return False
    return ctx.parts.believe(one).state not in GAVE_UP


def _of(code: str, orders: Iterable[Order]) -> Decimal:
    return sum((Decimal(line.cnt) for one in orders for line in one.lines if line.med_list_codg == code), Decimal(0))


def mapped(ctx: Context, order: Order) -> str:
    """A drug under our own code is sold only once 3301 has said which catalogue drug it is."""
    for line in order.lines:
        if line.own_code and ctx.notebook.listed(order.org, line.own_code) != line.med_list_codg:
            return f"{line.name or line.own_code} 的本店编码 {line.own_code} 尚未完成目录对照"
    return ""


def scanned_at_till(ctx: Context, order: Order) -> str:
    """At the counter the codes go into 2102 itself: no scan, no settlement."""
    day = datetime19(ctx.now_ms())[:10]
    for line in order.lines:
        if line.trace_codes is not None and scan_due(day, insured=True) and not _scanned(line):
            return f"{line.name or line.med_list_codg} 的追溯码未扫全，不能医保结算"
    return ""


def _scanned(line: Line) -> bool:
    return Decimal(line.cnt) == len(set(line.trace_codes or ()))


BASKET: Final = {"limits": within_limits, "mapped": mapped, "scanned": scanned_at_till}
"""What must be right before a basket is sent."""
