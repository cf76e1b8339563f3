"""Times on the wire: Beijing time as digits outside, milliseconds since the epoch inside."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from simulator.wire.errors import WireError

FRESH_MS: Final = 600_000
_BEIJING: Final = timezone(timedelta(hours=8))


def digits14(ms: int) -> str:
    """``yyyyMMddHHmmss``, the form of the specification's sample."""
    return _printed(ms // 1000)


def digits17(ms: int) -> str:
    """``yyyyMMddHHmmssSSS``, used by ``refmsg_time`` and ``respond_time`` of the institution frame."""
    return f"{digits14(ms)}{ms % 1000:03d}"


def parse_timestamp(text: str) -> int:
    """Milliseconds of 14 digits ``yyyyMMddHHmmss``, 13 digits (ms) or 10 digits (s).

    The specification's sample has 14 digits; live clients send all three. Raises ``WireError`` bad_timestamp.
    """
    if text.isascii() and text.isdigit():
        if len(text) == 13:
            return int(text)
        if len(text) == 10:
            return int(text) * 1000
        if len(text) == 14:
            return _from_digits14(text)
    raise WireError("bad_timestamp", field="timestamp")


def is_fresh(timestamp_ms: int, now_ms: int, window_ms: int = FRESH_MS) -> bool:
    """Whether a message is at most ``window_ms`` old or early. ``house``: ten minutes."""
    return abs(now_ms - timestamp_ms) <= window_ms


@lru_cache(4096)
def _printed(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).astimezone(_BEIJING).strftime("%Y%m%d%H%M%S")


@lru_cache(4096)
def _from_digits14(text: str) -> int:
    month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(4, 14, 2))
    try:
        moment = datetime(int(text[:4]), month, day, hour, minute, second, tzinfo=_BEIJING)
        return int(moment.timestamp()) * 1000
    except ValueError:
        raise WireError("bad_timestamp", field="timestamp") from None
