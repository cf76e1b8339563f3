"""1319: the share of a drug's price the person pays first, page by page."""

from simulator.domain.baskets import text
from simulator.domain.catalogue_pages import equal, page
from simulator.domain.downloads import BEGUN
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.settlement_views import ratio
from simulator.exchange import Call, Json

PERSON_TYPES, SHARE_TYPE = ("99", "310", "330", "390"), "10"
"""House: one share for everybody, shown for the type that was asked for; paid before reimbursement."""


def handle(call: Call, unit: Unit) -> Json:
    """The ratios a split uses; a drug of class 03 is paid whole: 1."""
    asked = call.node("data")
    day = date10(unit.now_ms)
    person_type = text(asked, "selfpay_prop_psn_type") or PERSON_TYPES[0]

    def wanted(drug: Drug) -> bool:
        return (
            equal(asked, "vali_flag", drug.vali_flag)
            and person_type in PERSON_TYPES
            and equal(asked, "selfpay_prop_type", SHARE_TYPE)
            and equal(asked, "insu_admdvs", unit.city.admdvs)
        )

    return page(unit, asked, wanted, lambda drug: _row(drug, person_type, unit.city.admdvs, day))


def _row(drug: Drug, person_type: str, admdvs: str, day: str) -> Json:
    share_bp = 10_000 if drug.chrgitm_lv == "03" else drug.selfpay_bp
    return {
        "hilist_code": drug.med_list_codg, "selfpay_prop_psn_type": person_type, "selfpay_prop_type": SHARE_TYPE,
        "insu_admdvs": admdvs, "begndate": BEGUN, "selfpay_prop": ratio(share_bp), "vali_flag": drug.vali_flag,
        "rid": f"S{drug.med_list_codg}"[:40], "updt_time": day, "crte_time": BEGUN,
    }  # fmt: skip
