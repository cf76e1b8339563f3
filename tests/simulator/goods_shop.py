"""A pharmacy at the wire that reports its goods: good messages of every interface of drug coding and stock."""

from typing import Any

from tests.simulator.domain import goods_rows as rows
from tests.simulator.shop import STOMACH_POWDER, Json, Shop
from tests.simulator.test_bad_input import sale

CODE, OTHER = "89901190000000000001", "89901190000000000002"
DAY, MOMENT = "2024-07-01", "2024-07-01 10:30:45"
OWN_ID = "SKU1"
_OURS = {
    "med_list_codg": STOMACH_POWDER, "fixmedins_hilist_id": OWN_ID, "fixmedins_hilist_name": "胃药",
    "manu_date": "2024-01-01",
}  # fmt: skip
_TIMES = dict.fromkeys(("inv_chg_time", "purc_retn_stoin_time", "sel_retn_time"), MOMENT) | {"invdate": DAY}


def truth(shop: Shop) -> Json:
    """All that a refused message must leave as it was."""
    books = shop.act("/books", method="GET")
    kept = {name: books[name] for name in ("ledger", "orders", "settlements", "goods", "traces", "alerts")}
    return {**kept, "mappings": shop.act("/mappings", method="GET")["mappings"]}


def must(shop: Shop, infno: str, data: Json) -> Any:
    """The output of a call that is taken."""
    told = shop.institution(infno, data)
    assert told["infcode"] == 0, (infno, told["err_msg"])
    return told["output"]


def settled(shop: Shop, *codes: str, spelling: str = "durg_trac_info", at_root: bool = False, **info: object) -> Json:
    """The setlinfo of a 2102 of two packs, with these trace codes."""
    asked = sale(shop, **info)
    if codes:
        told = [{"feedetl_sn": "1", "drug_trac_codg": code, "trdn_flag": "0"} for code in codes]
        (asked if at_root else asked["drugdetail"][0])[spelling] = told
    return dict(must(shop, "2102", asked)["setlinfo"])


def row(infno: str, paid: Json | None = None, **fields: Any) -> Json:
    """A row of 3501 to 3506, its A form the same."""
    made = {
        "3501": rows.count, "3502": rows.change, "3503": rows.purchase, "3504": rows.purchase,
        "3505": lambda **more: rows.sale(None, **more), "3506": lambda **more: rows.back("OWN-1", **more),
    }[infno[:4]]()  # fmt: skip
    made |= _OURS | {field: value for field, value in _TIMES.items() if field in made}
    if paid:
        made |= {"setl_id": paid["setl_id"], "mdtrt_sn": paid["mdtrt_id"], "MDTRT_SETL_TYPE": "1"}
    if infno == "3503A":
        made["purc_invo_file_List"] = []
    if infno == "3502A":
        made |= {"trdn_flag": "0", "trac_codg_pac_hery": "1"}
    return {**made, **fields}


NODES = {
    "3501": "invinfo", "3502": "invinfo", "3503": "purcinfo", "3504": "purcinfo", "3505": "selinfo", "3506": "selinfo",
}  # fmt: skip


def message(infno: str, *told: Json) -> Json:
    """The input around rows: one of a single form, several of an A form."""
    node = NODES[infno[:4]]
    return {f"{node}Detail": list(told)} if infno.endswith("A") else {node: told[0]}


def mapping(**fields: Any) -> Json:
    """A row of 3301."""
    return {
        "fixmedins_hilist_id": OWN_ID, "fixmedins_hilist_name": "胃药", "list_type": "101",
        "med_list_codg": STOMACH_POWDER, "begndate": "2024-01-01", "enddate": "2099-12-31", **fields,
    }  # fmt: skip


def withdrawal(shop: Shop, **fields: Any) -> Json:
    """The input of 3302."""
    told = {
        "fixmedins_code": shop.org, "fixmedins_hilist_id": OWN_ID, "list_type": "101", "med_list_codg": STOMACH_POWDER,
    }  # fmt: skip
    return {"data": {**told, **fields}}


def look(shop: Shop, **fields: Any) -> Json:
    """The input of 3508 to 3513."""
    told = {"fixmedins_code": shop.org, "medins_list_codg": OWN_ID, "begndate": DAY, "enddate": DAY}
    return {"data": {**told, **fields}}


def page(**fields: Any) -> Json:
    """The input of a paged look-up."""
    return {"data": {"updt_time": "2024-01-01", "page_num": 1, "page_size": 100, **fields}}
