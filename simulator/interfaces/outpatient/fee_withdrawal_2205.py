"""2205: fee lines that are not settled are taken back."""

from simulator.domain.baskets import text
from simulator.domain.outpatient import withdraw
from simulator.domain.ports import Unit
from simulator.domain.visits import visit_of
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """No output."""
    asked = call.node("data")
    visit = visit_of(unit, call.org_codg, text(asked, "mdtrt_id"), text(asked, "psn_no"))
    withdraw(unit, visit, text(asked, "chrg_bchno"))
    return {}
