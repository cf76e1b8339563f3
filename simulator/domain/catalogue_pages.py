"""Paged look-ups in the drug catalogue (1304, 1312, 1316–1319)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal

R = TypeVar("R")
PAGE_LIMIT = 100
"""House: the texts name no greatest page."""
FIELDS = ("page_num", "page_size")
_STEP = 1_000


def page(
    unit: Unit,
    asked: Mapping[str, Any],
    wanted: Callable[[Drug], bool],
    row: Callable[[Drug], dict[str, Any]],
    fields: tuple[str, str] = FIELDS,
) -> dict[str, Any]:
    """One page of the drugs ``wanted`` lets through, with the totals of all of them; ``fields`` as ``paged``.

    Raises:
        Refusal: ``page_size`` names the field.
    """
    code = str(asked.get("hilist_code") or asked.get("med_list_codg") or asked.get("medListCodg") or "")
    return paged(asked, lambda: [drug for drug in _all(unit, code) if wanted(drug)], row, fields)


def paged(
    asked: Mapping[str, Any],
    find: Callable[[], Sequence[R]],
    row: Callable[[R], dict[str, Any]],
    fields: tuple[str, str] = FIELDS,
) -> dict[str, Any]:
    """The page a query asks for, with the totals; nothing is looked for when there is no such page.

    ``fields``: what the message calls the number and the size of the page.

    Raises:
        Refusal: ``page_size`` names the field.
    """
    number, size = (int(asked[field]) for field in fields)
    if number < 1:
        raise Refusal("page_size", fields[0])
    if not 1 <= size <= PAGE_LIMIT:
        raise Refusal("page_size", fields[1])
    found = find()
    return {
        "data": [row(one) for one in found[(number - 1) * size : number * size]],
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
