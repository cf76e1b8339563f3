"""SM3withSM2 signatures (GB/T 32918.2 on sm2p256v1): raw r||s, 64 bytes, in Base64 on the wire.

The keys are TEST keys. Constant time is not owed here and not attempted: never hand this module a key
that guards something.

The nonce is HMAC-SHA-512 of the private key over the digest and 16 random bytes: no bad source of chance can
reveal the key, and the same text is never signed twice alike. That matters: the sealed frame has no message id, so
the platform knows a repeated message by its signature. 512 bits reduced to 256 leave no usable bias.

The user id is always ``1234567812345678`` on the wire, whatever an SDK's parameter named userId suggests.
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Final, Self

from simulator.wire import curve
from simulator.wire.curve import N
from simulator.wire.primitives import sm3

DEFAULT_UID: Final = b"1234567812345678"
SIGNATURE_BYTES: Final = 64

_PUBLIC_LENGTH: Final = "SM2 公钥须为 64 字节，或以 04 开头的 65 字节 / an SM2 public key has 64 bytes, or 65 led by 04"
_PRIVATE_LENGTH: Final = (
    "SM2 私钥须为 32 字节，或以 00 开头的 33 字节 / an SM2 private key has 32 bytes, or 33 led by 00"
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point of the curve. Raises ``ValueError`` for anything else."""

    x: int
    y: int

    def __post_init__(self) -> None:
        if not curve.on_curve(self.x, self.y):
            raise ValueError("SM2 公钥不在曲线上 / the SM2 public key is not a point of sm2p256v1")

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """Read 65 bytes ``04||X||Y`` or 64 bytes ``X||Y``. Raises ``ValueError``."""
        raw = _unbase64(text, "SM2 公钥")
        if len(raw) == 65 and raw[0] == 4:
            raw = raw[1:]
        if len(raw) != 64:
            raise ValueError(_PUBLIC_LENGTH)
        return cls(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))

    def to_base64(self) -> str:
        """The 65-byte form ``04||X||Y``."""
        return base64.b64encode(b"\x04" + _bytes(self.x) + _bytes(self.y)).decode()

    def verify(self, message: bytes, signature: bytes, *, uid: bytes = DEFAULT_UID) -> bool:
        """Whether ``signature`` (raw r||s) is this key's over ``message``. Never raises on garbage."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        t = (r + s) % N
        if not (0 < r < N and 0 < s < N and t):
            return False
        base, own = curve.table_of(curve.G), curve.table_of((self.x, self.y))
        x, _, z = curve.total(chain(curve.multiples(base, s), curve.multiples(own, t)))
        return bool(z) and _has_abscissa((r - _digest(self, uid, message)) % N, x, z)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A scalar in 1..n-2. Never shown by ``repr``. Raises ``ValueError`` when out of range."""

    scalar: int = field(repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.scalar < N - 1:
            raise ValueError("SM2 私钥超出范围 / the SM2 private key is out of range")

    @classmethod
    def from_seed(cls, text: str) -> Self:
        """A TEST key made from a text: the same text, the same key, for everybody."""
        return cls(int.from_bytes(hashlib.sha512(text.encode()).digest()) % (N - 2) + 1)

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """Read 32 bytes, or 33 led by 00 as Java's BigInteger prints them. Raises ``ValueError``."""
        raw = _unbase64(text, "SM2 私钥")
        if len(raw) == 33 and raw[0] == 0:
            raw = raw[1:]
        if len(raw) != 32:
            raise ValueError(_PRIVATE_LENGTH)
        return cls(int.from_bytes(raw))

    def to_base64(self) -> str:
        """The 32-byte form."""
        return base64.b64encode(_bytes(self.scalar)).decode()

    @property
    def public(self) -> PublicKey:
        """The key others verify with."""
        return _public_of(self.scalar)

    def sign(self, message: bytes, *, uid: bytes = DEFAULT_UID, k: int | None = None) -> bytes:
        """Sign as raw r||s. ``k`` fixes the nonce for published vectors; leave it out otherwise."""
        digest = _digest(self.public, uid, message)
        for attempt in range(256):
            nonce = k if k is not None else _nonce(self.scalar, digest, attempt)
            signature = _signature(self.scalar, digest, nonce)
            if signature is not None:
                return signature
        raise ValueError("此随机数无法签名 / this nonce gives no signature")


def raw_from_der(der: bytes) -> bytes | None:
    """The raw r||s of a DER SEQUENCE of two INTEGERs, None when it is not exactly that.

    BouncyCastle's ``SM3withSM2`` emits DER (70-72 bytes beginning with 30); the wire wants raw.
    """
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2:
        return None
    parts = []
    rest = der[2:]
    for _ in range(2):
        if len(rest) < 3 or rest[0] != 2 or not 0 < rest[1] <= min(33, len(rest) - 2):
            return None
        value, rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        if value[0] & 0x80 or len(value.lstrip(b"\0")) > 32:
            return None
        parts.append(value.lstrip(b"\0").rjust(32, b"\0"))
    return None if rest else b"".join(parts)


def _has_abscissa(candidate: int, x: int, z: int) -> bool:
    """Whether the Jacobian point's affine x, taken modulo n, is the candidate; saves the inversion."""
    zz = z * z % curve.P
    return candidate * zz % curve.P == x or (candidate + N < curve.P and (candidate + N) * zz % curve.P == x)


def _signature(scalar: int, digest: int, nonce: int) -> bytes | None:
    if not 0 < nonce < N:
        return None
    point = curve.total(curve.multiples(curve.table_of(curve.G), nonce))
    r = (digest + int(curve.affine(point)[0])) % N
    if not r or r + nonce == N:
        return None
    s = _inverse_of_successor(scalar) * (nonce - r * scalar) % N
    return _bytes(r) + _bytes(s) if s else None


def _nonce(scalar: int, digest: int, attempt: int) -> int:
    text = _bytes(digest) + bytes([attempt]) + os.urandom(16)
    return int.from_bytes(hmac.digest(_bytes(scalar), text, "sha512")) % (N - 1) + 1


def _digest(key: PublicKey, uid: bytes, message: bytes) -> int:
    return int.from_bytes(sm3(_identity(key.x, key.y, uid) + message))


@lru_cache(maxsize=1024)
def _identity(x: int, y: int, uid: bytes) -> bytes:
    """Z of the standard: the digest that ties a signature to the user id, the curve and the key."""
    length = (8 * len(uid)).to_bytes(2)
    numbers = (curve.A, curve.B, *curve.G, x, y)
    return sm3(length + uid + b"".join(_bytes(number) for number in numbers))


@lru_cache(maxsize=1024)
def _public_of(scalar: int) -> PublicKey:
    x, y = curve.affine(curve.total(curve.multiples(curve.table_of(curve.G), scalar)))
    return PublicKey(int(x), int(y))


@lru_cache(maxsize=1024)
def _inverse_of_successor(scalar: int) -> int:
    return pow(scalar + 1, -1, N)


def _bytes(number: int) -> bytes:
    return number.to_bytes(32)


def _unbase64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{what}不是合法的 Base64 / not Base64") from None
