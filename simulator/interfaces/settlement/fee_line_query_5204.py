"""5204: the fee lines of one settlement of this institution."""

from simulator.domain.baskets import text
from simulator.domain.consent import person_by
from simulator.domain.past import settlement_of
from simulator.domain.past_views import fee_lines
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The rows stand under ``data`` (house: the table prints them without a node)."""
    asked = call.node("data")
    person = person_by(unit, text(asked, "psn_no"))
    paid = settlement_of(
        unit, call.org_codg, setl_id=text(asked, "setl_id"), mdtrt_id=text(asked, "mdtrt_id"), psn_no=person.psn_no
    )
    return {"data": fee_lines(unit, paid)}
