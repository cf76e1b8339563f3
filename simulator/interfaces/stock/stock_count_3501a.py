"""3501A: counts of several batches."""

from simulator.domain.baskets import text
from simulator.domain.ports import Unit
from simulator.domain.stock import take
from simulator.exchange import Call, Json
from simulator.refusal import wording

ECHOED = (
    "med_list_codg", "fixmedins_hilist_id", "fixmedins_hilist_name", "fixmedins_bchno", "memo",
)  # fmt: skip


def handle(call: Call, unit: Unit) -> Json:
    """House: no output is printed for it; failed rows are listed as 3502A lists them."""
    outcomes = take(unit, call.code, call.org_codg, call.data["invinfoDetail"], envelope=call.envelope)
    failed = [
        {field: text(one.row, field) for field in ECHOED} | {"retRslt": "0", "msgRslt": wording(one.refusal).zh}
        for one in outcomes
        if one.refusal
    ]
    return {"invinfoErrDetail": failed}
