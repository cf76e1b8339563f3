"""2103: a known counter settlement is taken back by a new, negative record."""

from simulator.domain.counter import cancel
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import cancellation, setldetail
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The negative of what was settled, with the fields of the room's edition."""
    asked = call.node("data")
    negative = cancel(
        unit, org=call.org_codg, setl_id=str(asked["setl_id"]), mdtrt_id=str(asked["mdtrt_id"]),
        psn_no=str(asked["psn_no"]), msgid=call.msgid, app_id=call.channel.app_id,
    )  # fmt: skip
    return {
        "setlinfo": cancellation(unit, negative, infno="2103"),
        "setldetail": setldetail(negative.split, sign=-1),
    }
