"""5201: a person's visits to this institution; the way to find an unknown mdtrt_id."""

from simulator.domain.baskets import text
from simulator.domain.consent import person_by
from simulator.domain.date_range import span
from simulator.domain.past import visits
from simulator.domain.past_views import visit
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Rows of one med_type, and of one visit where it is named."""
    asked = call.node("data")
    person = person_by(unit, text(asked, "psn_no"))
    first_ms, last_ms = span(unit, asked, "begntime", "endtime")
    wanted, med_type = text(asked, "mdtrt_id"), text(asked, "med_type")
    rows = [
        visit(person, one)
        for one in visits(unit, call.org_codg, person.psn_no, first_ms, last_ms)
        if one.med_type == med_type and wanted in ("", one.mdtrt_id)
    ]
    return {"mdtrtinfo": rows}
