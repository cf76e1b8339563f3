"""1201: a designated institution by its code, or by a part of its name."""

from simulator.domain.baskets import text
from simulator.domain.institutions import found, printed
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """One row when one is found, else a list: editions differ (2.4); the switch ``medinsinfo`` asks for lists."""
    asked = call.node("medinsinfo")
    rows = [
        printed(institution)
        for institution in found(
            unit, fixmedins_type=text(asked, "fixmedins_type"), code=text(asked, "fixmedins_code"),
            name=text(asked, "fixmedins_name"),
        )
    ]  # fmt: skip
    return {"medinsinfo": rows[0] if len(rows) == 1 and unit.switches.medinsinfo == "row" else rows}
