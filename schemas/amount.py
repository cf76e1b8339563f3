"""The one conversion between integer fen and the decimal text of the wire.

Inside, money is an ``int`` of fen; on the wire it is yuan with at most two decimals, as a JSON string or a JSON
number whose printed digits were kept. Nothing else in the project may divide or multiply by one hundred.
"""

import re
from decimal import Decimal

_YUAN = re.compile(r"(-?)([0-9]{1,14})(?:\.([0-9]{1,2}))?\Z")


class AmountError(ValueError):
    """The text is not an amount of yuan with at most 14 digits before and 2 after the point."""


def to_fen(value: object) -> int:
    """Read an amount of yuan as printed on the wire.

    Accepts text, an int, or a Decimal that kept its printed digits; never a float, because 0.1 + 0.2 is not 0.3.

    Raises:
        AmountError: anything else, or more than two decimals.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise AmountError(f"{value!r} is not an amount of yuan")
    match = _YUAN.match(str(value))
    if match is None:
        raise AmountError(f"{value!r} is not an amount of yuan with at most two decimals")
    sign, yuan, cents = match.groups()
    fen = int(yuan) * 100 + int((cents or "0").ljust(2, "0"))
    return -fen if sign else fen


def to_text(fen: int) -> str:
    """Print fen as yuan with exactly two decimals: 1980 becomes ``19.80``."""
    yuan, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{cents:02d}"
