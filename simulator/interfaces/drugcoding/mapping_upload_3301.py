"""3301: an institution tells which catalogue drug each of its own codes stands for."""

from collections.abc import Mapping
from typing import Any

from simulator.domain.baskets import text
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, ListedDrug
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """All rows or none; approved at once (house: whether and when a bureau approves is regional)."""
    for row in call.data["data"]:
        _list(unit, call.org_codg, row)
    return {}


def _list(unit: Unit, org: str, row: Mapping[str, Any]) -> None:
    code, own_id = text(row, "med_list_codg"), text(row, "fixmedins_hilist_id")
    if unit.get(Drug, code) is None:
        raise Refusal("unknown_drug", "med_list_codg", code=code)
    listed = ListedDrug(
        mapping_key=f"{org}/{own_id}", fixmedins_code=org, fixmedins_hilist_id=own_id,
        fixmedins_hilist_name=text(row, "fixmedins_hilist_name"), list_type=text(row, "list_type"), med_list_codg=code,
        begndate=text(row, "begndate"), enddate=text(row, "enddate"),
    )  # fmt: skip
    standing = unit.get(ListedDrug, listed.mapping_key)
    if standing and standing.med_list_codg != code:
        raise Refusal("mapping_exists", "fixmedins_hilist_id", value=own_id)
    unit.put(listed)
