"""3302: an institution takes a mapping back."""

from simulator.domain.mappings import withdraw
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """No output; approved mappings may be withdrawn too (3.9)."""
    asked = call.node("data")
    if asked["fixmedins_code"] != call.org_codg:
        raise Refusal("foreign_institution", "fixmedins_code", value=asked["fixmedins_code"])
    withdraw(
        unit, fixmedins_code=call.org_codg, fixmedins_hilist_id=str(asked["fixmedins_hilist_id"]),
        list_type=str(asked["list_type"]), med_list_codg=str(asked["med_list_codg"]),
    )  # fmt: skip
    return {}
