"""2208: a known outpatient settlement is taken back by a new, negative record."""

from simulator.domain.baskets import text
from simulator.domain.outpatient import cancel
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import cancellation, setldetail
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The negative of what was settled, with the fields of the room's edition."""
    asked = call.node("data")
    negative = cancel(
        unit, org=call.org_codg, setl_id=text(asked, "setl_id"), mdtrt_id=text(asked, "mdtrt_id"),
        psn_no=text(asked, "psn_no"), msgid=call.msgid, app_id=call.channel.app_id,
    )  # fmt: skip
    told = cancellation(unit, negative, infno="2208") | {"hosp_part_amt": "0.00"}
    return {"setlinfo": told, "setldetail": setldetail(negative.split, sign=-1)}
