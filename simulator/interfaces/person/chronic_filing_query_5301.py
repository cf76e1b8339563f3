"""5301: the chronic diseases a person is registered with."""

from simulator.domain.baskets import text
from simulator.domain.consent import person_by
from simulator.domain.filings import chronic_filings
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """No filing is an empty list; an unknown person is a refusal."""
    return {"feedetail": chronic_filings(unit, person_by(unit, text(call.node("data"), "psn_no")).psn_no)}
