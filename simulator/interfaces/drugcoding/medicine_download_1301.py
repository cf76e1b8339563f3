"""1301: western and proprietary Chinese medicines: the room's catalogue, 97 columns."""

from simulator.domain.downloads import download
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The file with what is newer than ``ver``; fetched with 9102, owner ``plc``."""
    return download(unit, call.code, str(call.node("data")["ver"]))
