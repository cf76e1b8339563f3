"""Beijing time in the forms the wire prints, from and to milliseconds since the epoch."""

from datetime import UTC, datetime, timedelta, timezone

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
    return at(ms).strftime("%Y%m%d%H%M%S")


def stamp17(ms: int) -> str:
    """``yyyyMMddHHmmssSSS``."""
    return f"{stamp14(ms)}{ms % SECOND_MS:03d}"


def datetime19(ms: int) -> str:
    """``yyyy-MM-dd HH:mm:ss``."""
    return at(ms).strftime("%Y-%m-%d %H:%M:%S")


def date10(ms: int) -> str:
    """``yyyy-MM-dd``: the platform day, which turns at city midnight."""
    return at(ms).strftime("%Y-%m-%d")


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
