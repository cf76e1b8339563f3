"""2101: what a counter purchase would cost, without moving money."""

from simulator.domain.baskets import counter, text
from simulator.domain.counter import Sale, quote
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import detlcutinfo, setldetail, setlinfo
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The split as of now; ``balc`` is what would be left."""
    info = call.node("druginfo")
    sale = Sale(
        bill=counter(call.data, call.org_codg, unit.switches), mdtrt_cert_type=text(info, "mdtrt_cert_type"),
        mdtrt_cert_no=text(info, "mdtrt_cert_no"), certno=text(info, "certno"), psn_name=text(info, "psn_name"),
    )  # fmt: skip
    quoted = quote(unit, sale)
    split = quoted.split
    told = setlinfo(
        quoted.person, sale.bill, split, unit.switches, mdtrt_id=quoted.mdtrt_id, at_ms=unit.now_ms,
        balance_fen=split.balance_before_fen - split.own_fen, msgid=call.msgid,
    )  # fmt: skip
    return {"setlinfo": told, "setldetail": setldetail(split), "detlcutinfo": detlcutinfo(split)}
