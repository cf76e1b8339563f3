"""1311: day surgery."""

from simulator.domain.downloads import download
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """An empty file: the platform holds no such list (house)."""
    return download(unit, call.code, str(call.node("data")["ver"]))
