"""7203: the pharmacy reads the prescription's code off the person's screen, once."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import authorise, read_code
from simulator.domain.rx_views import opened
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The token that opens the prescription."""
    rx = read_code(unit, str(call.data["epcQrcd"]))
    return opened(authorise(unit, rx, org_codg=call.org_codg, app_id=call.channel.app_id))
