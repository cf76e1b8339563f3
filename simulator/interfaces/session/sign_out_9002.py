"""9002: an operator signs out, on the day of the sign-in."""

from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.sign_in import sign_out
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Both printed node names are answered: editions differ (2.2)."""
    asked = call.node("signOut")
    signed = sign_out(unit, call.org_codg, str(asked["opter_no"]), str(asked["sign_no"]))
    told = {"sign_time": datetime19(signed.out_ms)}
    return {"sign_time": told, "signoutoutb": told}
