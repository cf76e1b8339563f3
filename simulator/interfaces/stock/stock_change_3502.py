"""3502: goods that came or went without purchase or sale."""

from simulator.domain.ports import Unit
from simulator.domain.stock import take
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """``result`` as newer platforms answer it; the base edition has no output."""
    (outcome,) = take(unit, call.code, call.org_codg, [call.node("invinfo")], envelope=call.envelope)
    if outcome.refusal:
        raise outcome.refusal
    return {"result": {"retRslt": "1", "msgRslt": "；".join(outcome.notes)}}
