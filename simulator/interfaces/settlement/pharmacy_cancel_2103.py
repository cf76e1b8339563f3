"""2103: a known counter settlement is taken back by a new, negative record."""

from schemas.amount import to_text
from simulator.domain import ledger
from simulator.domain.counter import cancel
from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import money, setldetail
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """All amounts negative, a setl_id of its own, the balance risen again (4.3)."""
    asked = call.node("data")
    negative = cancel(
        unit, org=call.org_codg, setl_id=str(asked["setl_id"]), mdtrt_id=str(asked["mdtrt_id"]),
        psn_no=str(asked["psn_no"]), msgid=call.msgid, app_id=call.channel.app_id,
    )  # fmt: skip
    told = {
        "mdtrt_id": negative.mdtrt_id, "setl_id": negative.setl_id, "clr_optins": unit.city.admdvs,
        "setl_time": datetime19(negative.at_ms), **money(negative.split, sign=-1),
        "balc": to_text(unit.balance(ledger.own(negative.psn_no))), "medins_setl_id": call.msgid,
    }  # fmt: skip
    return {"setlinfo": told, "setldetail": setldetail(negative.split, sign=-1)}
