"""1312: the insurance catalogue, page by page."""

from simulator.domain.catalogue_pages import equal, page
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Filters are exact, the name is a part of the name; a restricted drug shows lmt_used_flag 1."""
    asked = call.node("data")
    day = date10(unit.now_ms)

    def wanted(drug: Drug) -> bool:
        return (
            str(asked.get("hilist_name") or "") in drug.reg_name
            and equal(asked, "list_type", drug.list_type)
            and equal(asked, "chrgitm_lv", drug.chrgitm_lv)
            and equal(asked, "med_chrgitm_type", drug.med_chrgitm_type)
            and equal(asked, "lmt_used_flag", "1" if drug.restrictions else "0")
            and equal(asked, "vali_flag", drug.vali_flag)
        )

    return page(unit, asked, wanted, lambda drug: _row(drug, unit.city.admdvs, day))


def _row(drug: Drug, admdvs: str, day: str) -> Json:
    return {
        "hilist_code": drug.med_list_codg, "hilist_name": drug.reg_name, "insu_admdvs": admdvs,
        "begndate": "2021-01-01", "med_chrgitm_type": drug.med_chrgitm_type, "chrgitm_lv": drug.chrgitm_lv,
        "lmt_used_flag": "1" if drug.restrictions else "0", "list_type": drug.list_type, "med_use_flag": "1",
        "matn_used_flag": "0", "hilist_use_type": "1", "lmt_cpnd_type": "1", "vali_flag": drug.vali_flag,
        "memo": "；".join(restriction.text for restriction in drug.restrictions)[:500], "rid": f"R{drug.med_list_codg}",
        "updt_time": day, "crte_time": "2021-01-01",
    }  # fmt: skip
