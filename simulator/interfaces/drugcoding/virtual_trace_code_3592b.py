"""3592B: a trace code for goods that have none."""

from simulator.domain.drugcode import NO_CODE
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal
from simulator.domain.trace_uses import issue_virtual
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """A new code each time, good for one sale of this drug by this institution."""
    asked = call.node("data")
    code = str(asked["med_list_codg"])
    if code != NO_CODE and unit.get(Drug, code) is None:
        raise Refusal("unknown_drug", "med_list_codg", code=code)
    virtual = issue_virtual(
        unit, fixmedins_code=call.org_codg, med_list_codg=code, fixmedins_hilist_id=str(asked["fixmedins_hilist_id"]),
        fixmedins_bchno=str(asked["fixmedins_bchno"]),
    )  # fmt: skip
    told = {
        "med_list_codg": code, "fixmedins_hilist_id": virtual.fixmedins_hilist_id,
        "fixmedins_hilist_name": asked["fixmedins_hilist_name"], "drug_trac_codg": virtual.drug_trac_codg,
    }  # fmt: skip
    return {"result": told}
