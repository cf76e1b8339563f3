"""Ranges of time in queries: dates mean whole days, both ends included (institution-interfaces.md 1.4)."""

from collections.abc import Mapping
from typing import Any

from simulator.domain.baskets import text
from simulator.domain.moment import DAY_MS, SECOND_MS, date10, read
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal

DATE_CHARS = 10


def span(unit: Unit, data: Mapping[str, Any], begin: str, end: str) -> tuple[int, int]:
    """The first and the last millisecond of a range given in two fields.

    Raises:
        Refusal: ``date_range`` names the field: no such date, the end before the begin, or longer than the switch
            ``range_days`` allows.
    """
    first, last = (moment(unit, data, field) for field in (begin, end))
    last += (DAY_MS if len(text(data, end)) == DATE_CHARS else SECOND_MS) - 1
    if last < first or last - first > unit.switches.range_days * DAY_MS:
        raise _refused(unit, end)
    return first, last


def moment(unit: Unit, data: Mapping[str, Any], field: str) -> int:
    """The moment a field names, in milliseconds; of a date its midnight.

    Raises:
        Refusal: ``date_range`` names the field.
    """
    try:
        return read(text(data, field))
    except ValueError as fault:
        raise _refused(unit, field) from fault


def days(first_ms: int, last_ms: int) -> list[str]:
    """Every platform day a range touches, as ``yyyy-MM-dd``."""
    found = [date10(ms) for ms in range(first_ms, last_ms + 1, DAY_MS)]
    return found if found[-1] == date10(last_ms) else [*found, date10(last_ms)]


def _refused(unit: Unit, field: str) -> Refusal:
    return Refusal("date_range", field, days=unit.switches.range_days)
