"""The door to the crypto library: the SM3 digest and bare SM4 blocks (GB/T 32905, GB/T 32907).

SM3 comes from ``hashlib`` where the interpreter's OpenSSL offers it, else from cryptography.
"""

import hashlib
from functools import lru_cache
from threading import get_ident

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4


def _sm3_of_hashlib(message: bytes) -> bytes:
    return hashlib.new("sm3", message, usedforsecurity=False).digest()


def _sm3_of_cryptography(message: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(message)
    return digest.finalize()


sm3 = _sm3_of_hashlib if "sm3" in hashlib.algorithms_available else _sm3_of_cryptography
"""The 32 bytes of the SM3 digest."""


def sm4_encrypt(key: bytes, blocks: bytes) -> bytes:
    """SM4-ECB without padding, as the protocol has it; ``blocks`` is a multiple of 16 bytes."""
    return _encryptor(key, get_ident()).update(blocks)


def sm4_decrypt(key: bytes, blocks: bytes) -> bytes:
    """The reverse of ``sm4_encrypt``."""
    return _decryptor(key, get_ident()).update(blocks)


# In ECB a context that got whole blocks has nothing left over, so it serves the next message too; one per thread,
# because two threads must not be inside one context at once.
@lru_cache(maxsize=1024)
def _encryptor(key: bytes, thread: int) -> CipherContext:
    return Cipher(SM4(key), modes.ECB()).encryptor()


@lru_cache(maxsize=1024)
def _decryptor(key: bytes, thread: int) -> CipherContext:
    return Cipher(SM4(key), modes.ECB()).decryptor()
