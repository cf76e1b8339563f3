"""3509: the changes an institution reported."""

from simulator.domain.goods_views import rows
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Its own rows in a range of their own time, in the order they came."""
    return {"output": rows(unit, call.org_codg, call.node("data"), ("3502",))}
