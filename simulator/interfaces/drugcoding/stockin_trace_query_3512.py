"""3512: the trace codes of goods an institution received."""

from simulator.domain.goods_views import received
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Its own codes, in the order they came."""
    return {"output": received(unit, call.org_codg, call.node("data"))}
