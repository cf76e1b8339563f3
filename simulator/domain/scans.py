"""Trace codes as messages carry them: two spellings, two places, a list or a single object (3.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LINE_NODES = ("durg_trac_info", "drug_trac_info")
"""2102: the table prints the first, the change log the second."""
ROW_NODE = "drugtracinfo"
"""35xx: a list of objects, in one edition a single object."""
ONLINE_NODE = "drugTracInfo"
"""House: 6201 has no field for codes; with ``trace_before`` = settle they ride in ``extData`` of a line."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One code read off a pack; ``trdn_flag`` is 1 when the pack is split and only a part of it sold."""

    drug_trac_codg: str
    trdn_flag: str = "0"


def of_sale(
    data: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], place: str, node: str = "both"
) -> dict[str, tuple[Scan, ...]]:
    """The codes of a 2102 by ``feedetl_sn``; what stands in another place or spelling than the switches is not seen."""
    places: list[Mapping[str, Any]] = [data] if place in ("either", "root") else []
    if place in ("either", "line"):
        places += lines
    found: dict[str, tuple[Scan, ...]] = {}
    for holder in places:
        for name in LINE_NODES if node == "both" else (node,):
            for row in _rows(holder.get(name)):
                serial = _text(row, "feedetl_sn")
                found[serial] = found.get(serial, ()) + _scan(row, "drug_trac_codg", _text(row, "trdn_flag"))
    return found


def of_row(row: Mapping[str, Any]) -> tuple[Scan, ...]:
    """The codes of a 35xx row; the flat ``drug_trac_codg`` of 3505 counts only where the node names none."""
    flag = _text(row, "trdn_flag")
    codes = tuple(scan for one in _rows(row.get(ROW_NODE)) for scan in _scan(one, "drug_trac_codg", flag))
    return codes or _scan(row, "drug_trac_codg", flag)


def of_online_line(row: Mapping[str, Any]) -> tuple[Scan, ...]:
    """The codes of a 6201 line (house)."""
    ext = row.get("extData")
    rows = _rows(ext.get(ONLINE_NODE)) if isinstance(ext, Mapping) else ()
    return tuple(scan for one in rows for scan in _scan(one, "drugTracCodg", _text(one, "trdnFlag")))


def _rows(node: object) -> Sequence[Mapping[str, Any]]:
    rows = node if isinstance(node, list) else [node]
    return [row for row in rows if isinstance(row, Mapping)]


def _scan(row: Mapping[str, Any], field: str, trdn_flag: str) -> tuple[Scan, ...]:
    code = _text(row, field)
    return (Scan(code, trdn_flag or "0"),) if code else ()


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    return "" if value is None else str(value)
