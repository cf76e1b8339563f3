"""Beijing time in the forms the wire prints, from and to milliseconds since the epoch."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def at(ms: int) -> datetime:
    """The Beijing wall clock at that moment."""
    return datetime.fromtimestamp(ms // SECOND_MS, UTC).astimezone(BEIJING)


def stamp14(ms: int) -> str:
    """``yyyyMMddHHmmss``."""
    return _printed(ms // SECOND_MS)[0]


def stamp17(ms: int) -> str:
    """``yyyyMMddHHmmssSSS``."""
    return f"{stamp14(ms)}{ms % SECOND_MS:03d}"


def datetime19(ms: int) -> str:
    """``yyyy-MM-dd HH:mm:ss``."""
    return _printed(ms // SECOND_MS)[1]


def date10(ms: int) -> str:
    """``yyyy-MM-dd``: the platform day, which turns at city midnight."""
    return _printed(ms // SECOND_MS)[1][:10]


def read(text: str) -> int:
    """Milliseconds of ``yyyy-MM-dd[ HH:mm:ss]`` or ``yyyyMMdd[HHmmss]``, Beijing time.

    Raises:
        ValueError: any other form, or a date that does not exist.
    """
    for form in ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y-%m-%d", "%Y%m%d"):
        if len(text) == len(at(0).strftime(form)):
            try:
                return int(datetime.strptime(text, form).replace(tzinfo=BEIJING).timestamp()) * SECOND_MS
            except ValueError:
                continue
    raise ValueError(f"{text!r} is neither yyyy-MM-dd HH:mm:ss nor yyyyMMddHHmmss nor a date")


@lru_cache(4096)
def _printed(second: int) -> tuple[str, str]:
    """``yyyyMMddHHmmss`` and ``yyyy-MM-dd HH:mm:ss``: an exchange prints the same few moments again and again."""
    moment = at(second * SECOND_MS)
    return moment.strftime("%Y%m%d%H%M%S"), moment.strftime("%Y-%m-%d %H:%M:%S")
