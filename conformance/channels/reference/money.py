"""Money the channel computes itself or reads from an answer: integer fen, line amounts rounded half up."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from conformance.channels.reference.orders import Line, Order, Split
from schemas.amount import AmountError, to_fen


def line_fen(cnt: str, pric: str) -> int:
    """``round(cnt × pric, 2)`` half up, in fen (institution-interfaces 4.5)."""
    return int((Decimal(cnt) * Decimal(pric) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def spread(lines: tuple[Line, ...], coupon_fen: int) -> tuple[Line, ...]:
    """A coupon makes the medicines cheaper, line by line in proportion: what is billed is what is charged, so that
    account and cash share it (order-life 7). The last line takes what rounding leaves."""
    total_fen, left_fen = sum(line.fen for line in lines), coupon_fen
    if not 0 < coupon_fen < total_fen:
        return lines
    charged = []
    for place, line in enumerate(lines, 1):
        off_fen = left_fen if place == len(lines) else coupon_fen * line.fen // total_fen
        left_fen -= off_fen
        charged.append(_at(line, line.fen - off_fen))
    return tuple(charged)


def _at(line: Line, fen: int) -> Line:
    """The line at another amount; six decimals of ``pric`` multiply back to it."""
    pric = (Decimal(fen) / 100 / Decimal(line.cnt)).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
    return replace(line, fen=fen, pric=str(pric))


def to_collect(order: Order) -> tuple[int, int]:
    """What the cash desk has to collect: the cash share of the split, unless the platform's cashier does that itself,
    and delivery with packing beside it."""
    split = order.payment.split
    return (split.cash_fen if split and not order.payment.cashier_url else 0), order.freight_fen


def read_split(data: Mapping[str, Any]) -> Split | None:
    """The split of 6202, 6301 or 6302; None when the answer tells no amounts (legal in 0, 1 and 2).

    6302 spells the cash field ``ownpayAmt`` in the printed table and ``ownPayAmt`` elsewhere (order-life 9.18).

    Raises:
        AmountError: an amount is unreadable, or the four do not add up to the total.
    """
    if data.get("feeSumamt") in (None, ""):
        return None
    own = data.get("ownPayAmt", data.get("ownpayAmt"))
    split = Split(
        total_fen=to_fen(data["feeSumamt"]), cash_fen=to_fen(own), account_fen=to_fen(data.get("psnAcctPay")),
        fund_fen=to_fen(data.get("fundPay")), other_fen=to_fen(data.get("othFeeAmt") or "0"),
    )  # fmt: skip
    return _balanced(split)


def read_setlinfo(setlinfo: Mapping[str, Any]) -> Split:
    """The split of 2101 or 2102.

    In some regions fund_pay_sumamt contains the account (institution-interfaces 4.5): what the person bears tells it
    apart.

    Raises:
        AmountError: as ``read_split``.
    """
    total, other = to_fen(setlinfo["medfee_sumamt"]), to_fen(setlinfo.get("hosp_part_amt") or "0")
    fund, account = to_fen(setlinfo["fund_pay_sumamt"]), to_fen(setlinfo["acct_pay"])
    if fund - account == total - other - to_fen(setlinfo["psn_part_amt"]):
        fund -= account
    split = Split(
        total_fen=total, cash_fen=to_fen(setlinfo["psn_cash_pay"]), account_fen=account, fund_fen=fund, other_fen=other
    )
    return _balanced(split)


def _balanced(split: Split) -> Split:
    parts = (split.cash_fen, split.account_fen, split.fund_fen, split.other_fen)
    if sum(parts) != split.total_fen or min(parts) < 0:
        raise AmountError(f"{split} does not add up")
    return split
