"""3507A: what was reported of several batches is taken back."""

from simulator.domain.ports import Unit
from simulator.domain.stock import remove
from simulator.exchange import Call, Json
from simulator.refusal import wording


def handle(call: Call, unit: Unit) -> Json:
    """Lists the rows that failed; the others are removed."""
    outcomes = remove(unit, call.org_codg, call.data["goodDetail"])
    failed = [dict(one.row) | {"retRslt": "0", "msgRslt": wording(one.refusal).zh} for one in outcomes if one.refusal]
    return {"goodErrDetail": failed}
