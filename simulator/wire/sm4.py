"""SM4 as the sealed frame uses it: ECB with PKCS7, hex outside, a key derived from appId and appSecret.

Source: the message security chapter of the pay-centre specification. No IV exists in this protocol.
"""

import binascii
from functools import lru_cache
from typing import Final

from simulator.wire import primitives
from simulator.wire.errors import WireError

BLOCK_BYTES: Final = 16


@lru_cache(maxsize=1024)
def derive_key(app_id: str, app_secret: str) -> bytes:
    """The 16 characters that serve as key: the head of the upper-case hex of appSecret under appId's head.

    Raises ``ValueError`` when appId has fewer than 16 ASCII characters.
    """
    outer = app_id.encode()[:BLOCK_BYTES]
    if len(outer) != BLOCK_BYTES or not app_id.isascii():
        raise ValueError("appId 至少需要 16 个 ASCII 字符 / appId needs at least 16 ASCII characters")
    return encrypt(outer, app_secret.encode())[:BLOCK_BYTES].encode()


def encrypt(key: bytes, clear: bytes) -> str:
    """Upper-case hex of the ciphertext."""
    padding = BLOCK_BYTES - len(clear) % BLOCK_BYTES
    return primitives.sm4_encrypt(key, clear + bytes([padding]) * padding).hex().upper()


def decrypt(key: bytes, sealed_hex: str) -> bytes:
    """The clear bytes of hex in either case. Raises ``WireError`` bad_encoding or bad_ciphertext."""
    try:
        sealed = binascii.unhexlify(sealed_hex)
    except ValueError:
        raise WireError("bad_encoding", field="encData", wanted="hex") from None
    if not sealed or len(sealed) % BLOCK_BYTES:
        raise WireError("bad_ciphertext", field="encData")
    padded = primitives.sm4_decrypt(key, sealed)
    padding = padded[-1]
    if not 1 <= padding <= BLOCK_BYTES or padded[-padding:] != bytes([padding]) * padding:
        raise WireError("bad_ciphertext", field="encData")
    return padded[:-padding]
