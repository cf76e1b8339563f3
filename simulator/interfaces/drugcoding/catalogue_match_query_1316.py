"""1316: which entry of the insurance catalogue a national code belongs to, page by page."""

from simulator.domain.catalogue_pages import equal, page
from simulator.domain.downloads import BEGUN
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """House: every drug of the catalogue is its own entry, so both codes are the same."""
    asked = call.node("data")
    day = date10(unit.now_ms)

    def wanted(drug: Drug) -> bool:
        return (
            equal(asked, "med_list_codg", drug.med_list_codg)
            and equal(asked, "medins_list_codg", drug.med_list_codg)
            and equal(asked, "list_type", drug.list_type)
            and equal(asked, "insu_admdvs", unit.city.admdvs)
            and equal(asked, "vali_flag", drug.vali_flag)
        )

    return page(unit, asked, wanted, lambda drug: _row(drug, unit.city.admdvs, day))


def _row(drug: Drug, admdvs: str, day: str) -> Json:
    return {
        "med_list_codg": drug.med_list_codg, "hilist_code": drug.med_list_codg, "list_type": drug.list_type,
        "insu_admdvs": admdvs, "begndate": BEGUN, "vali_flag": drug.vali_flag, "rid": f"M{drug.med_list_codg}"[:40],
        "updt_time": day, "crte_time": BEGUN,
    }  # fmt: skip
