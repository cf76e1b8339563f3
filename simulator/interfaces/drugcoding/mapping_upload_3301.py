"""3301: an institution tells which catalogue drug each of its own codes stands for."""

from collections.abc import Mapping
from typing import Any

from simulator.domain.baskets import text
from simulator.domain.mappings import ListedDrug, upload
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """All rows or none; whether they stand at once or wait for approval is the switch ``mapping``."""
    for row in call.data["data"]:
        upload(unit, _listed(call.org_codg, row))
    return {}


def _listed(org: str, row: Mapping[str, Any]) -> ListedDrug:
    own_id = text(row, "fixmedins_hilist_id")
    return ListedDrug(
        mapping_key=f"{org}/{own_id}", fixmedins_code=org, fixmedins_hilist_id=own_id,
        fixmedins_hilist_name=text(row, "fixmedins_hilist_name"), list_type=text(row, "list_type"),
        med_list_codg=text(row, "med_list_codg"), begndate=text(row, "begndate"), enddate=text(row, "enddate"),
        aprvno=text(row, "aprvno"), dosform=text(row, "dosform"), spec=text(row, "spec"), pacspec=text(row, "pacspec"),
        prcunt=text(row, "prcunt"), exct_cont=text(row, "exct_cont"), item_cont=text(row, "item_cont"),
        memo=text(row, "memo"),
    )  # fmt: skip
