"""5203: one settlement of this institution, or its cancellation."""

from simulator.domain.baskets import text
from simulator.domain.consent import person_by
from simulator.domain.past import settlement_of
from simulator.domain.past_views import settlement
from simulator.domain.ports import Unit
from simulator.domain.records import Institution
from simulator.domain.settlement_views import setldetail
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """All three ids are needed, so it cannot resolve a settlement whose answer was lost (7.1)."""
    asked = call.node("data")
    person = person_by(unit, text(asked, "psn_no"))
    paid = settlement_of(
        unit, call.org_codg, setl_id=text(asked, "setl_id"), mdtrt_id=text(asked, "mdtrt_id"), psn_no=person.psn_no
    )
    shop = unit.get(Institution, call.org_codg)
    assert shop is not None
    return {"setlinfo": settlement(unit, person, shop, paid), "setldetail": setldetail(paid.split, sign=paid.sign)}
