"""7204: the prescription an authorisation opens."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import download
from simulator.domain.rx_views import shown
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Header, medicines, visit and diagnosis, and the signed original."""
    asked = call.data
    token = str(asked["epcToken"])
    return shown(unit, download(unit, auth_rxno=str(asked["authRxno"]), epc_token=token, org_codg=call.org_codg))
