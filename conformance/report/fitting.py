"""How much of a text fits beside an arrow: Chinese signs are twice as wide as Latin ones."""

import unicodedata
from typing import Final

WIDE_PX: Final = 12
"""A Chinese sign at the size of the drawing."""
NARROW_PX: Final = 7
"""A Latin letter of a broad face at that size, so that it fits with every face."""


def fitted(text: str, room_px: int) -> str:
    """The text, or as much of it as fits, an ellipsis at its end."""
    if _width_px(text) <= room_px:
        return text
    kept = text
    while kept and _width_px(kept) + WIDE_PX > room_px:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _width_px(text: str) -> int:
    return sum(WIDE_PX if unicodedata.east_asian_width(sign) in "WF" else NARROW_PX for sign in text)
