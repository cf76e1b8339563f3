"""2206: what an uploaded batch would cost, without moving money."""

from simulator.domain.outpatient import clr_type, quote
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import setldetail, setlinfo
from simulator.domain.visit_messages import settling
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The split as of now; ``balc`` is what would be left."""
    asked = settling(call.data, call.org_codg)
    quoted, bill = quote(unit, asked)
    split = quoted.split
    told = setlinfo(
        quoted.person, bill, split, unit.switches, mdtrt_id=quoted.mdtrt_id, at_ms=unit.now_ms,
        balance_fen=split.balance_before_fen - split.own_fen, msgid=call.msgid, clr_type=clr_type(asked.med_type),
    )  # fmt: skip
    told |= {"hosp_part_amt": "0.00", "mdtrt_cert_type": asked.claim.mdtrt_cert_type}
    return {"setlinfo": told, "setldetail": setldetail(split)}
