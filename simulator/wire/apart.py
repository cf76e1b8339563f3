"""What of a sealed exchange can be done by another process than the platform's: opening it, and sealing its answer.

Both are pure functions of bytes and keys. Whoever opens ahead says with which keys it did; the platform takes the
result only when those are the keys it would have used itself at that moment, and opens the message again otherwise.
So a key that was exchanged meanwhile never accepts or refuses anything wrongly.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Literal, NamedTuple

from simulator.wire.envelope import Opened, Peeked, peek
from simulator.wire.errors import WireError
from simulator.wire.sealed import Credentials, Leniency, open_sealed, seal
from simulator.wire.sm2 import PrivateKey, PublicKey

_CARRIED = ("encData", "signData", "data")
"""Fields that nobody reads any more once a frame is open."""
_ANY_KEY = PrivateKey(1)
"""Stands where a key is not used: opening signs nothing."""


class Keys(NamedTuple):
    """All that decides how a sealed request opens, beside its own bytes."""

    app_id: str
    app_secret: str
    public_key: str
    """Of the channel, in Base64."""
    plain: bool
    """Whether the room takes frames that are neither sealed nor signed."""


class Ahead(NamedTuple):
    """A request opened ahead: its outside without the sealed content, what was in it, and by which keys."""

    peeked: Peeked
    opened: Opened
    keys: Keys


class Unsealed(NamedTuple):
    """An answer that is still to be sealed: the arguments of ``sealed.seal``, the keys as plain values."""

    app_id: str
    app_secret: str
    scalar: int
    """Of the private key that signs."""
    enc_type: str
    data: Mapping[str, object] | None
    timestamp: str
    trans_type: str | None
    code: int
    message: str
    success: bool
    signed_as: Literal["numbers", "strings"]
    hex_as: Literal["upper", "lower"]


def open_ahead(peeked: Peeked, keys: Keys) -> Ahead | None:
    """The request opened, or None where the platform has to see for itself what is wrong with it."""
    try:
        opened = open_sealed(peeked, _opening(keys), lenient=Leniency(plain=keys.plain))
    except (WireError, ValueError):
        return None
    outside = {name: value for name, value in peeked.envelope.items() if name not in _CARRIED}
    return Ahead(replace(peeked, envelope=outside), opened, keys)


def peek_at(raw: bytes) -> Peeked | None:
    """The outside of a frame, or None when there is none to see."""
    try:
        return peek(raw)
    except WireError:
        return None


def sealed_now(answer: Unsealed) -> bytes:
    """The answer in its frame."""
    app_id, app_secret, scalar, enc_type, data, *_ = answer
    return seal(
        _sealing(app_id, app_secret, scalar, enc_type),
        data,
        timestamp=answer.timestamp,
        trans_type=answer.trans_type,
        code=answer.code,
        message=answer.message,
        success=answer.success,
        signed_as=answer.signed_as,
        hex_as=answer.hex_as,
    )


@lru_cache(1024)
def _opening(keys: Keys) -> Credentials:
    return Credentials(keys.app_id, keys.app_secret, _ANY_KEY, PublicKey.from_base64(keys.public_key))


@lru_cache(1024)
def _sealing(app_id: str, app_secret: str, scalar: int, enc_type: str) -> Credentials:
    private = PrivateKey(scalar)
    return Credentials(app_id, app_secret, private, private.public, enc_type=enc_type)
