"""7207: what was dispensed on a prescription."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import sell
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The serial 7208 takes it back by."""
    return {"flag": True, "selStooutSn": sell(unit, call.data, call.org_codg).sel_stoout_sn}
