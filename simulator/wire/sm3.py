"""The SM3 digest (GB/T 32905): 32 bytes, from ``hashlib`` where it offers SM3, else from cryptography."""

import hashlib

from cryptography.hazmat.primitives import hashes


def _from_hashlib(message: bytes) -> bytes:
    return hashlib.new("sm3", message, usedforsecurity=False).digest()


def _from_cryptography(message: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(message)
    return digest.finalize()


digest = _from_hashlib if "sm3" in hashlib.algorithms_available else _from_cryptography
