"""Records to bytes and back: the simulator's one door to msgspec."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec

R = TypeVar("R")

_ENCODER = msgspec.json.Encoder()


def encode(record: object) -> bytes:
    """JSON of a dataclass or plain value; a Decimal becomes text and so keeps its digits."""
    return _ENCODER.encode(record)


@cache
def decoder(kind: type[R]) -> Callable[[bytes], R]:
    """The function that reads back what ``encode`` wrote for this class."""
    return msgspec.json.Decoder(kind, float_hook=Decimal).decode


def decode(raw: bytes) -> Any:
    """Plain JSON values; numbers with a point come back as Decimal, never as float."""
    return _PLAIN.decode(raw)


_PLAIN = msgspec.json.Decoder(float_hook=Decimal)
