"""1304: ethnic medicines, page by page."""

from simulator.domain.catalogue_pages import equal, page
from simulator.domain.downloads import BEGUN
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.exchange import Call, Json

ETHNIC = "104"


def handle(call: Call, unit: Unit) -> Json:
    """What the catalogue has of that kind; names are parts of the registered name."""
    asked = call.node("data")
    day = date10(unit.now_ms)

    def wanted(drug: Drug) -> bool:
        named = all(str(asked.get(field) or "") in drug.reg_name for field in ("drug_genname", "reg_name"))
        return drug.list_type == ETHNIC and named and equal(asked, "vali_flag", drug.vali_flag)

    return page(unit, asked, wanted, lambda drug: _row(drug, day))


def _row(drug: Drug, day: str) -> Json:
    return {
        "med_list_codg": drug.med_list_codg, "drug_genname": drug.reg_name, "dosform": drug.dosform,
        "drug_spec": drug.spec, "pacspec": drug.pacspec, "begndate": BEGUN, "vali_flag": drug.vali_flag,
        "rid": f"R{drug.med_list_codg}"[:40], "crte_time": BEGUN, "updt_time": day, "ver": "v0001",
    }  # fmt: skip
