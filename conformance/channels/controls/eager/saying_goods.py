"""The eager control's messages about goods."""

from conformance.channels.controls.wire import Facts, Json
from conformance.channels.reference.settings import Settings

INSURED, SELF_PAID, NO_BARCODE = "1", "2", "NDPB999"


def line_of(f: Facts, pack: Facts) -> Json:
    """The line of the basket that a pack is for."""
    return next(line for line in f["lines"] if line["med_list_codg"] == pack["med_list_codg"])


def own_code(f: Facts, pack: Facts) -> str:
    """What the shop calls it."""
    return named(line_of(f, pack))


def named(line: Facts) -> str:
    """The shop's own code of a line: the one it was given, or the one we make of every drug."""
    return str(line.get("own_code") or f"SKU-{line['med_list_codg']}")


def settled_as(f: Facts) -> str:
    """The settlement that paid; empty when insurance paid nothing."""
    return "" if f["setl_type"] == "CASH" else str(f["setl_id"])


def sale_row(settings: Settings, name: str, f: Facts, pack: Facts) -> Json:
    """A row of 3505A."""
    kind = INSURED if settled_as(f) else SELF_PAID
    return {
        **_goods(name, f, pack), "MDTRT_SETL_TYPE": kind, "phar_name": settings.phar_name,
        "phar_prac_cert_no": settings.phar_prac_cert_no, "rtal_docno": name, "drug_prod_barc": NO_BARCODE,
        "sel_retn_time": pack["at"], "sel_retn_opter_name": settings.opter_name, "memo": "",
    }  # fmt: skip


def return_row(settings: Settings, name: str, f: Facts, pack: Facts) -> Json:
    """A row of 3506A."""
    return {
        **_goods(name, f, pack), "medins_prod_sel_no": pack["sel_no"], "sel_retn_time": pack["back_at"],
        "sel_retn_opter_name": settings.opter_name,
    }  # fmt: skip


def _goods(name: str, f: Facts, pack: Facts) -> Json:
    line, setl_id = line_of(f, pack), settled_as(f)
    return {
        "med_list_codg": pack["med_list_codg"], "fixmedins_hilist_id": named(line),
        "fixmedins_hilist_name": line["name"], "fixmedins_bchno": pack["batch"], "manu_lotnum": pack["batch"],
        "manu_date": pack["made"], "expy_end": pack.get("expires") or "", "rx_flag": line.get("rx_flag", "0"),
        "trdn_flag": "1" if pack.get("split") else "0", "finl_trns_pric": line["pric"], "sel_retn_cnt": pack["cnt"],
        "drugtracinfo": [{"drug_trac_codg": code} for code in pack.get("trace_codes", ())],
        **({"setl_id": setl_id, "mdtrt_sn": f["visit"]} if setl_id else {"mdtrt_sn": name}),
    }  # fmt: skip


def purchase_row(settings: Settings, batch: Facts, at: str) -> Json:
    """A row of 3503A."""
    return {
        "med_list_codg": batch["med_list_codg"], "fixmedins_hilist_id": batch["own_code"],
        "fixmedins_hilist_name": batch["name"], "fixmedins_bchno": batch["batch"], "spler_name": batch["supplier"],
        "manu_lotnum": batch["lot"], "prodentp_name": batch["maker"], "aprvno": batch["aprvno"],
        "manu_date": batch["made"], "expy_end": batch["expires"], "finl_trns_pric": batch["price"],
        "purc_retn_cnt": batch["cnt"], "rx_flag": batch.get("rx_flag", "0"), "purc_retn_stoin_time": at,
        "purc_retn_opter_name": settings.opter_name, "purc_invo_file_List": [],
    }  # fmt: skip
