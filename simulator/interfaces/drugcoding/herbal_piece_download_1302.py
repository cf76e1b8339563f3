"""1302: herbal pieces, 33 columns."""

from simulator.domain.downloads import download
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """What the room's catalogue has of them; most rooms have none and get an empty file."""
    return download(unit, call.code, str(call.node("data")["ver"]))
