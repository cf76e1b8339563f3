"""7206: the pharmacist's review, passed or refused."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import review
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The serial under which the medicine is dispensed afterwards (7207)."""
    return {"flag": True, "rxChkBizSn": review(unit, call.data, call.org_codg).rx_chk_biz_sn}
