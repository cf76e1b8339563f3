"""7210: the person has received it."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import receive
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """``flag`` true; nothing follows but a refund."""
    receive(unit, call.data, call.channel.app_id)
    return {"flag": True}
