"""The inbox: what the platform tells us unasked (6302; 6204 in cashier mode).

A notice is checked like any message, matched to an order of ours, stored, and only then acknowledged. It is a hint:
what it says is asked for by 6301 before anything is believed (order-life 1, online-payment 6.3).
"""

from dataclasses import replace
from typing import Any, Final

from conformance.channels.reference.money import read_split
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Json
from conformance.channels.reference.sealing import by_any
from conformance.channels.reference.unknown import differs
from schemas import jsontext
from schemas.amount import AmountError
from schemas.loader import interface
from simulator.wire import sealed
from simulator.wire.errors import WireError
from simulator.wire.timestamps import digits14

PAID_NOTICE: Final = "6302"
ORDER_NOTICE: Final = "6204"
"""Cashier mode: the order was pre-settled on the platform's page. Told apart by a field 6302 does not have."""
AT_ONCE: Final = 1
"""A time that has always come."""


def take_notice(ctx: Context, raw: bytes) -> bytes:
    """Verify, match, store, acknowledge. ``success`` false means "not mine, or not stored": send it again."""
    try:
        opened = by_any(ctx.parts.open_notice, ctx.parts.keys(ctx.settings, ctx.now_ms()), raw)
    except WireError as fault:
        return jsontext.compact({"code": 401, "success": False, "message": f"通知未通过校验：{fault.message}"})
    data = opened.data or {}
    order, why = match(ctx, data)
    if order is None or why:
        return acknowledge(ctx, success=False, message=why)
    store(ctx, order, data)
    ctx.parts.crash("after_notice_before_ack")
    return acknowledge(ctx, success=True, message="已收妥")


def match(ctx: Context, data: Json) -> tuple[Order | None, str]:
    """The order a notice speaks of, and why it cannot be taken."""
    misses = interface(kind_of(data)).check_input(data)
    if misses:
        return None, misses[0].zh
    order = ctx.notebook.order_by_payment(data["payOrdId"])
    if order is None or data["medOrgOrd"] != order.payment.med_org_ord:
        return None, "没有该支付订单"
    try:
        split = read_split(data)
    except AmountError:
        return order, "通知金额不平"
    return order, "通知金额与订单不一致" if split and differs(order, split) else ""


def kind_of(data: Json) -> str:
    """Which notice it is; the frame does not say, and one address serves both."""
    return ORDER_NOTICE if "thdPayType" in data else PAID_NOTICE


def store(ctx: Context, order: Order, data: Json) -> bool:
    """Write a notice down once; False when it was there already."""
    notice_id = f"{kind_of(data)}/{data['payOrdId']}"
    return ctx.notebook.note(notice_id, order.order, data, ctx.now_ms())


def acknowledge(ctx: Context, *, success: bool, message: str) -> bytes:
    """The answer to a notice, in the frame the notice came in."""
    data: dict[str, Any] = {"success": success, "message": message}
    credentials = ctx.parts.keys(ctx.settings, ctx.now_ms())[0].credentials
    if not ctx.settings.sealed:
        credentials = replace(credentials, enc_type=sealed.PLAIN)
    return sealed.seal(credentials, data, timestamp=digits14(ctx.now_ms()), code=0, message=message)


def heed(ctx: Context) -> int:
    """Work off stored notices: each makes us ask, whatever it said. Returns how many."""
    waiting = ctx.notebook.unheeded()
    for noted in waiting:
        order = ctx.notebook.order(noted.order)
        if order is not None and not order.frozen:
            ctx.keep(ctx.parts.heed_notice(replace(order, notices=order.notices + 1), noted.data))
        ctx.notebook.heed(noted.notice_id)
    return len(waiting)


def heed_notice(order: Order, data: Json) -> Order:
    """Ask the platform at once, unless an undo is under way: that asks by itself."""
    if order.wish and not order.end:
        return order
    return replace(order, step="ask", due_ms=AT_ONCE, unsure=True, end="", why="", tries=0)
