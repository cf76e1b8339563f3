"""Products and shares of money, rounded half up to the fen at the places the specification names (4.5)."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from simulator.domain.refused import Refusal

_FEN = Decimal(1)


def whole_fen(yuan: Decimal) -> int:
    """Yuan to fen, half up away from zero."""
    return int((yuan * 100).quantize(_FEN, rounding=ROUND_HALF_UP))


def product_fen(cnt: str, pric: str) -> int:
    """``round(cnt × pric, 2)`` of two decimal texts, in fen (4.5 identity 5)."""
    return whole_fen(Decimal(cnt) * Decimal(pric))


def share_fen(fen: int, basis_points: int) -> int:
    """A share in hundredths of a percent, half up."""
    return int((Decimal(fen) * basis_points / 10_000).quantize(_FEN, rounding=ROUND_HALF_UP))


def positive(text: object, field: str) -> str:
    """The printed text of a number above zero.

    Raises:
        Refusal: ``not_positive`` names the field.
    """
    printed = str(text)
    try:
        good = Decimal(printed) > 0
    except InvalidOperation:
        good = False
    if not good:
        raise Refusal("not_positive", field, value=printed)
    return printed
