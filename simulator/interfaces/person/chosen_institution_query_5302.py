"""5302: the institutions a person is registered with."""

from simulator.domain.baskets import text
from simulator.domain.consent import person_by
from simulator.domain.filings import chosen_institutions
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Those of one kind of business; none is an empty list, an unknown person a refusal."""
    asked = call.node("data")
    person = person_by(unit, text(asked, "psn_no"))
    return {"psnfixmedin": chosen_institutions(unit, person.psn_no, text(asked, "biz_appy_type"))}
