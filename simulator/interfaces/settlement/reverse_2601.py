"""2601: undo a message whose answer was lost."""

from simulator.domain.outpatient import reverse
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json, Reply


def handle(call: Call, unit: Unit) -> Json | Reply:
    """No output. An original never seen is refused, and yet kept out from now on (order-life 9.14)."""
    asked = call.node("data")
    omsgid = str(asked["omsgid"])
    found = reverse(unit, org=call.org_codg, omsgid=omsgid, oinfno=str(asked["oinfno"]), psn_no=str(asked["psn_no"]))
    if found is None:
        return Reply(data={}, refusal=Refusal("original_unknown", "omsgid", value=omsgid))
    return {}
