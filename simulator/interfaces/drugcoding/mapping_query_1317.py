"""1317: the mappings an institution uploaded, page by page."""

from simulator.domain.baskets import text
from simulator.domain.catalogue_pages import equal, paged
from simulator.domain.mappings import ListedDrug, view
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Its own mappings only; the name is a part of the name, ``vali_flag`` as ``view`` shows it."""
    asked = call.node("data")
    if not equal(asked, "fixmedins_code", call.org_codg):
        raise Refusal("foreign_institution", "fixmedins_code", value=text(asked, "fixmedins_code"))

    def row(listed: ListedDrug) -> Json:
        return view(listed, unit.city.admdvs)

    def wanted(listed: ListedDrug) -> bool:
        shown = row(listed)
        exact = ("medins_list_codg", "list_type", "med_list_codg", "insu_admdvs", "vali_flag", "begndate")
        named = text(asked, "medins_list_name") in listed.fixmedins_hilist_name
        return named and all(equal(asked, field, str(shown[field])) for field in exact)

    def find() -> list[ListedDrug]:
        return [one for one in unit.find(ListedDrug, "fixmedins_code", call.org_codg) if wanted(one)]

    return paged(asked, find, row)
