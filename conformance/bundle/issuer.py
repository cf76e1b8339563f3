"""Who signs: an issuer whose key is given in a file, or the published TEST key, which proves integrity and no origin.

A key file is one line: the key in Base64 as ``simulator.wire.sm2`` prints it. No issuer key is ever shipped.
"""

import base64
import os
import secrets
from pathlib import Path

from schemas.tomlfile import FileFault
from simulator.wire.sm2 import PrivateKey, PublicKey

ALGORITHM = "SM2-with-SM3"
"""GB/T 32918.2, raw r||s, user id 1234567812345678."""

TEST_KEY = PrivateKey.from_seed("yibao-channel-lab TEST issuer key: published, guards nothing")
"""Everybody has it: whoever holds a bundle could have signed it."""


def is_test(public: str) -> bool:
    """Whether a public key is the TEST key's."""
    return public == TEST_KEY.public.to_base64()


def read_private(path: Path) -> PrivateKey:
    """The issuer's key.

    Raises:
        FileFault: there is no such file, or it holds no key.
    """
    try:
        return PrivateKey.from_base64(_line(path))
    except ValueError as fault:
        raise FileFault(f"{path}: {fault}") from None


def read_public(path: Path) -> PublicKey:
    """The key an issuer has published.

    Raises:
        FileFault: there is no such file, or it holds no key.
    """
    try:
        return PublicKey.from_base64(_line(path))
    except ValueError as fault:
        raise FileFault(f"{path}: {fault}") from None


def make(path: Path) -> PublicKey:
    """Write a new issuer key, readable by its owner alone; answers the public half, to be published.

    Raises:
        FileFault: the file exists already, or cannot be written.
    """
    key = PrivateKey.from_seed(secrets.token_hex(64))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise FileFault(f"{path}: {fault.strerror}; a key is never overwritten 不覆盖已有密钥") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.to_base64() + "\n")
    return key.public


def sign(key: PrivateKey, message: bytes) -> str:
    """Base64."""
    return base64.b64encode(key.sign(message)).decode()


def holds(public: str, message: bytes, signature: str) -> bool:
    """Whether that key signed that message; False for anything that is no key or no signature."""
    try:
        raw = base64.b64decode(signature, validate=True)
        # Base64 leaves four bits of the last letter unused: only one spelling is accepted.
        return base64.b64encode(raw).decode() == signature and PublicKey.from_base64(public).verify(message, raw)
    except ValueError:
        return False


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError as fault:
        raise FileFault(f"{path}: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise FileFault(f"{path}: not a key in Base64 不是Base64密钥") from None
