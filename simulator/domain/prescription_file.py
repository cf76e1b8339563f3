"""The prescription that comes with 2203A: the bytes of an image or a PDF (4.6)."""

import base64
import binascii

from simulator.domain.refused import Refusal

STARTS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
"""How a PDF, a JPEG, a PNG, a GIF, a BMP and a TIFF of either byte order begin."""
LIMIT_BYTES = 2 * 1024 * 1024
"""House."""


def check_file(value: object, field: str) -> None:
    """An array of byte values, or Base64 text; absent is fine.

    Raises:
        Refusal: ``rx_file`` names the field.
    """
    if value in (None, "", []):
        return
    content = _bytes(value)
    if content is None or len(content) > LIMIT_BYTES or not content.startswith(STARTS):
        raise Refusal("rx_file", field, limit=LIMIT_BYTES // 1024 // 1024)


def _bytes(value: object) -> bytes | None:
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None
    if isinstance(value, list) and all(type(one) is int and -128 <= one <= 255 for one in value):
        return bytes(one % 256 for one in value)
    return None
