"""Paged look-ups in the drug catalogue (1312, 1318)."""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal

PAGE_LIMIT = 100
"""House: the texts name no greatest page."""
_STEP = 1_000


def page(
    unit: Unit, asked: Mapping[str, Any], wanted: Callable[[Drug], bool], row: Callable[[Drug], dict[str, Any]]
) -> dict[str, Any]:
    """One page of the drugs ``wanted`` lets through, with the totals of all of them.

    Raises:
        Refusal: ``page_size`` names the field.
    """
    number, size = int(asked["page_num"]), int(asked["page_size"])
    if number < 1:
        raise Refusal("page_size", "page_num")
    if not 1 <= size <= PAGE_LIMIT:
        raise Refusal("page_size", "page_size")
    found = [drug for drug in _all(unit, str(asked.get("hilist_code") or "")) if wanted(drug)]
    return {
        "data": [row(drug) for drug in found[(number - 1) * size : number * size]],
        "pageNum": number, "pageSize": size, "pages": -(-len(found) // size), "recordCounts": len(found),
    }  # fmt: skip


def _all(unit: Unit, code: str) -> list[Drug]:
    if code:
        drug = unit.get(Drug, code)
        return [drug] if drug else []
    found: list[Drug] = []
    while rows := unit.page(Drug, found[-1].med_list_codg if found else "", _STEP):
        found += rows
    return found


def equal(asked: Mapping[str, Any], field: str, value: str) -> bool:
    """Whether a filter of the message, if it was sent, lets a value through."""
    return asked.get(field) in (None, "", value)
