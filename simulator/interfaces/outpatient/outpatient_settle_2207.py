"""2207: an uploaded batch is settled."""

from simulator.domain.outpatient import settle
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import setldetail, setlinfo
from simulator.domain.visit_messages import settling
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The settlement and its split; the request's msgid becomes medins_setl_id."""
    asked = settling(call.data, call.org_codg)
    quoted, settlement = settle(unit, asked, app_id=call.channel.app_id, msgid=call.msgid)
    split = quoted.split
    told = setlinfo(
        quoted.person, settlement.bill, split, unit.switches, mdtrt_id=quoted.mdtrt_id, at_ms=unit.now_ms,
        balance_fen=split.balance_before_fen - split.own_fen, msgid=call.msgid, clr_type=settlement.clr_type,
    )  # fmt: skip
    told |= {"setl_id": settlement.setl_id, "hosp_part_amt": "0.00", "mdtrt_cert_type": asked.claim.mdtrt_cert_type}
    return {"setlinfo": told, "setldetail": setldetail(split)}
