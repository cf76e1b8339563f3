"""What the terse control charges: a coupon comes off the dearest line as long as it lasts, then off the next one."""

from decimal import ROUND_HALF_UP, Decimal

from conformance.channels.controls.driving import Declined
from conformance.channels.controls.wire import Json, line_fen


def cut(basket: list[Json], coupon: int) -> list[Json]:
    """The basket at the prices charged, with a coupon of so many fen for all of it.

    Raises:
        Declined: the coupon is worth more than the basket leaves; a line is never given away, it keeps one fen.
    """
    charged = [dict(line) for line in basket]
    for line in sorted(charged, key=line_fen, reverse=True):
        off = min(coupon, line_fen(line) - 1)
        if off > 0:
            _lower(line, line_fen(line) - off)
            coupon -= off
    if coupon:
        raise Declined("优惠券超过药费")
    return charged


def _lower(line: Json, fen: int) -> None:
    """Print the price at which the line comes to so many fen."""
    yuan = Decimal(fen) / 100 / Decimal(line["cnt"])
    line["pric"] = str(yuan.quantize(Decimal("0.000001"), ROUND_HALF_UP))
