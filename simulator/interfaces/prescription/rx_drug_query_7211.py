"""7211: the medicines that are prescribed and dispensed electronically, page by page."""

from simulator.domain.catalogue_pages import page
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.rx_views import dispensable
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Prescription medicine in force; codes are exact, the name is a part of the name."""
    asked = call.data
    codes = {str(code) for code in asked.get("medListCodgs") or ()}

    def wanted(drug: Drug) -> bool:
        row = dispensable(drug)
        return (
            drug.rx_flag != "0"
            and drug.vali_flag == "1"
            and (not codes or drug.med_list_codg in codes)
            and str(asked.get("drugName") or "") in drug.reg_name
            and all(asked.get(flag) in (None, "", row[flag]) for flag in ("dualchnlFlag", "oppoolFlag"))
        )

    found = page(unit, asked, wanted, dispensable, ("pageNum", "pageSize"))
    return {"total": found["recordCounts"], "size": len(found["data"]), "list": found["data"]}
