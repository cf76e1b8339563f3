"""Coupons cut where they must not be, or billed as if there were none."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing
from conformance.channels.reference.orders import Line, Order
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.settings import Settings
from schemas.amount import to_text

Json = dict[str, Any]


def _unspread(lines: tuple[Line, ...], coupon_fen: int) -> tuple[Line, ...]:
    return lines


def _cuts_cash(parts: Parts) -> Parts:
    """The insurer is billed at list price, and the coupon makes the cash share smaller."""

    def collect(order: Order) -> tuple[int, int]:
        cash_fen, freight_fen = parts.to_collect(order)
        return max(0, cash_fen - order.coupon_fen), freight_fen

    return replace(parts, spread=_unspread, to_collect=collect)


def _cuts_delivery(parts: Parts) -> Parts:
    """The insurer is billed at list price, and the coupon makes delivery cheaper."""

    def collect(order: Order) -> tuple[int, int]:
        cash_fen, freight_fen = parts.to_collect(order)
        return cash_fen, max(0, freight_fen - order.coupon_fen)

    return replace(parts, spread=_unspread, to_collect=collect)


def _cuts_the_total(parts: Parts) -> Parts:
    """The coupon stands in the total of the bill alone; the lines keep their list price."""

    def upload(settings: Settings, order: Order, now_ms: int) -> Json:
        cut = to_text(order.total_fen - order.coupon_fen)
        return {**composing.upload(settings, order, now_ms), "medfeeSumamt": cut}

    return replace(parts, spread=_unspread, compose={**parts.compose, "6201": upload})


def _cuts_amounts(parts: Parts) -> Parts:
    """The lines cost less, but their price is printed as it stands on the shelf."""

    def spread(lines: tuple[Line, ...], coupon_fen: int) -> tuple[Line, ...]:
        cut = parts.spread(lines, coupon_fen)
        return tuple(replace(after, pric=before.pric) for before, after in zip(lines, cut, strict=True))

    return replace(parts, spread=spread)


COUPON_CUTS_CASH = Mutant(
    name="coupon-cuts-cash",
    zh="医保按原价结算，优惠券只减自费部分",
    en="bills the list price and takes a coupon off the cash share alone",
    change=_cuts_cash,
    must_break=frozenset({"amount/coupon/cuts-what-is-billed", "amount/coupon/leaves-cash-and-delivery-alone"}),
)
COUPON_CUTS_DELIVERY = Mutant(
    name="coupon-cuts-delivery",
    zh="医保按原价结算，优惠券只减配送费",
    en="bills the list price and takes a coupon off delivery alone",
    change=_cuts_delivery,
    must_break=frozenset({"amount/coupon/cuts-what-is-billed", "amount/coupon/leaves-cash-and-delivery-alone"}),
)
COUPON_CUTS_THE_TOTAL = Mutant(
    name="coupon-cuts-the-total",
    zh="优惠券只减费用总额，各行仍按原价",
    en="takes a coupon off the total of the bill and leaves its lines at list price",
    change=_cuts_the_total,
    must_break=frozenset({"amount/coupon/cuts-line-by-line"}),
    may_break=frozenset({"amount/coupon/leaves-cash-and-delivery-alone"}),
)
COUPON_CUTS_AMOUNTS = Mutant(
    name="coupon-cuts-amounts",
    zh="分摊优惠后单价仍填标价",
    en="takes a coupon off the lines and prints their price as on the shelf",
    change=_cuts_amounts,
    must_break=frozenset({"amount/coupon/rounds-line-by-line"}),
)
