"""Looking institutions up (1201; institution-interfaces.md 2.4)."""

from typing import Any

from simulator.domain.ports import Unit
from simulator.domain.records import Institution
from simulator.domain.refused import Refusal

PHARMACY = "2"
NO_LEVEL = "11"
"""``hosp_lv`` of pharmacies (8)."""
MOST = 100
"""House: the most institutions one answer names."""
_STEP = 500


def found(unit: Unit, *, fixmedins_type: str, code: str, name: str) -> list[Institution]:
    """Institutions of a type with that code, that keyword in the name, or both; by code, at most ``MOST``.

    Raises:
        Refusal: ``unknown_institution`` when there is none.
    """
    candidates = [one for one in [unit.get(Institution, code)] if one] if code else _every(unit)
    rows = [one for one in candidates if one.fixmedins_type == fixmedins_type and name in one.fixmedins_name]
    if not rows:
        raise Refusal("unknown_institution", "fixmedins_code" if code else "fixmedins_name", value=code or name)
    return rows[:MOST]


def _every(unit: Unit) -> list[Institution]:
    rows: list[Institution] = []
    while page := unit.page(Institution, rows[-1].fixmedins_code if rows else "", _STEP):
        rows += page
    return rows


def level(institution: Institution) -> str:
    """``hosp_lv``: known of pharmacies only."""
    return NO_LEVEL if institution.fixmedins_type == PHARMACY else ""


def printed(institution: Institution) -> dict[str, Any]:
    """A row of ``medinsinfo``."""
    return {
        "fixmedins_code": institution.fixmedins_code, "fixmedins_name": institution.fixmedins_name,
        "uscc": institution.uscc or institution.fixmedins_code, "fixmedins_type": institution.fixmedins_type,
        "hosp_lv": level(institution),
    }  # fmt: skip
