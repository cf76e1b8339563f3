"""7208: a dispensing is taken back."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import undo_sale
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """``flag`` true; the review stands, so the prescription may be filled again."""
    undo_sale(unit, call.data, call.org_codg)
    return {"flag": True}
