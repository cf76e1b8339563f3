"""6301: the authoritative state of a payment order."""

from simulator.domain.order_record import named_order
from simulator.domain.order_views import result
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """In every state; a wrong token or identity is answered exactly like an unknown order (order-life 5)."""
    return result(unit, named_order(unit, call.channel.app_id, call.data))
