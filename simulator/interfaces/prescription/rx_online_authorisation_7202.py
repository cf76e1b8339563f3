"""7202: the person authorised the channel online; the pharmacy gets the token that opens the prescription."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import authorise, circulated
from simulator.domain.refused import Refusal
from simulator.domain.rx_views import opened
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """``epcChnlId`` is the channel's own appId (house: no other register of channels is known)."""
    asked = call.data
    if asked["epcChnlId"] != call.channel.app_id:
        raise Refusal("consent_app", "epcChnlId")
    rx = circulated(unit, str(asked["hiRxno"]), str(asked["authCircBizSn"]), call.channel.app_id)
    return opened(authorise(unit, rx, org_codg=call.org_codg, app_id=call.channel.app_id))
