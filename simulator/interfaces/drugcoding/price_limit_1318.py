"""1318: the highest price insurance counts, page by page."""

from simulator.domain.catalogue_pages import equal, page
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Only drugs that have a limit."""
    asked = call.node("data")
    day = date10(unit.now_ms)

    def wanted(drug: Drug) -> bool:
        return bool(drug.pric_uplmt) and equal(asked, "vali_flag", drug.vali_flag)

    return page(unit, asked, wanted, lambda drug: _row(drug, unit.city.admdvs, day))


def _row(drug: Drug, admdvs: str, day: str) -> Json:
    return {
        "hilist_code": drug.med_list_codg, "hilist_lmtpric_type": "1", "overlmt_dspo_way": "1", "insu_admdvs": admdvs,
        "begndate": "2021-01-01", "hilist_pric_uplmt_amt": drug.pric_uplmt, "vali_flag": drug.vali_flag,
        "rid": f"L{drug.med_list_codg}", "updt_time": day, "crte_time": "2021-01-01",
    }  # fmt: skip
