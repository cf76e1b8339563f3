"""3513: the trace codes of goods an institution sold."""

from simulator.domain.goods_views import sold
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Its own codes, in the order they came."""
    return {"output": sold(unit, call.org_codg, call.node("data"))}
