"""7201: the person at the counter lets the pharmacy open the prescription."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import authorise, newest
from simulator.domain.rx_views import offered
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The newest prescription that may still be filled, with the token that opens it."""
    rx = newest(unit, call.data, call.org_codg)
    return offered(authorise(unit, rx, org_codg=call.org_codg, app_id=call.channel.app_id))
