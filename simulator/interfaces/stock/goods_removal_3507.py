"""3507: what was reported of a batch is taken back."""

from simulator.domain.ports import Unit
from simulator.domain.stock import remove
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """``result`` as newer platforms answer it; the base edition has no output."""
    (outcome,) = remove(unit, call.org_codg, [call.node("data")])
    if outcome.refusal:
        raise outcome.refusal
    return {"result": {"retRslt": "1", "msgRslt": ""}}
