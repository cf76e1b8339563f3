"""2203A: what a pharmacy's visit is for, with the prescription it is filled from."""

from dataclasses import replace

from simulator.domain.baskets import text
from simulator.domain.outpatient import complete
from simulator.domain.ports import Unit
from simulator.domain.prescription_file import check_file
from simulator.domain.visits import visit_of
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """No output. The prescription, when sent, is an image or a PDF."""
    asked = call.node("mdtrtinfo")
    visit = visit_of(unit, call.org_codg, text(asked, "mdtrt_id"), text(asked, "psn_no"))
    check_file(asked.get("rxIn"), "rxIn")
    complete(
        unit,
        replace(
            visit, med_type=text(asked, "med_type"), dise_codg=text(asked, "dise_codg"),
            dise_name=text(asked, "dise_name"), main_cond_dscr=text(asked, "main_cond_dscr"),
        ),
    )  # fmt: skip
    return {}
