"""7209: how far the courier is."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import deliver
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """``flag`` true once the step is kept."""
    deliver(unit, call.data, call.org_codg)
    return {"flag": True}
