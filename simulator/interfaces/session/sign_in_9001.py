"""9001: an operator signs in."""

from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.sign_in import sign_in
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """A sign-in number, good until city midnight (order-life 9.10)."""
    signed = sign_in(unit, call.org_codg, str(call.node("signIn")["opter_no"]))
    return {"signinoutb": {"sign_time": datetime19(signed.at_ms), "sign_no": signed.sign_no}}
