"""2102: a counter purchase, split and paid in one step."""

from simulator.domain.baskets import counter, text
from simulator.domain.counter import Sale, settle
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import detlcutinfo, setldetail, setlinfo
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The settlement and its split; the request's msgid becomes medins_setl_id."""
    info = call.node("druginfo")
    sale = Sale(
        bill=counter(call.data, call.org_codg, unit.switches),
        mdtrt_cert_type=text(info, "mdtrt_cert_type"),
        mdtrt_cert_no=text(info, "mdtrt_cert_no"), certno=text(info, "certno"), psn_name=text(info, "psn_name"),
    )  # fmt: skip
    quoted, settlement = settle(unit, sale, app_id=call.channel.app_id, msgid=call.msgid)
    split = quoted.split
    told = setlinfo(
        quoted.person, sale.bill, split, unit.switches, mdtrt_id=quoted.mdtrt_id, at_ms=unit.now_ms,
        balance_fen=split.balance_before_fen - split.own_fen, msgid=call.msgid,
    )  # fmt: skip
    told |= {"setl_id": settlement.setl_id, "mdtrt_cert_type": sale.mdtrt_cert_type}
    return {"setlinfo": told, "setldetail": setldetail(split), "detlcutinfo": detlcutinfo(split)}
