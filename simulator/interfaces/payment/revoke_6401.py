"""6401: withdraw an order before it is paid."""

from simulator.domain.order_record import named_order
from simulator.domain.orders import withdraw
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json, Reply

_DONE = "撤销成功"


def handle(call: Call, unit: Unit) -> Reply:
    """State 12; on an order withdrawn before it succeeds without effect (order-life 9.13)."""
    withdraw(unit, named_order(unit, call.channel.app_id, call.data))
    told: Json = {"success": True, "message": _DONE}
    return Reply(data=told, message=_DONE)
