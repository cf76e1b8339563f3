"""Rows of 3501 to 3506 as a pharmacy sends them, for one batch of one drug."""

from typing import Any

from simulator.domain.settlement_record import Settlement

Row = dict[str, Any]
BATCH, LISTED, DRUG = "BCH0001", "SKU-A", "A"
CODE, OTHER = "83000010000000000001", "83000010000000000002"


def codes(*told: str) -> list[Row]:
    """The child node of a row."""
    return [{"drug_trac_codg": code} for code in told]


def _row(**fields: Any) -> Row:
    return {
        "med_list_codg": DRUG, "fixmedins_hilist_id": LISTED, "fixmedins_hilist_name": "甲类药",
        "fixmedins_bchno": BATCH, "rx_flag": "0", "manu_lotnum": "L1", "manu_date": "2025-01-01",
        "expy_end": "2027-12-31", **fields,
    }  # fmt: skip


def count(**fields: Any) -> Row:
    """3501."""
    return _row(**{"invdate": "2026-01-05", "inv_cnt": "10", "pric": "8.00", **fields})


def change(**fields: Any) -> Row:
    """3502."""
    told = {"inv_chg_type": "108", "pric": "8.00", "cnt": "10", "inv_chg_time": "2026-01-05 08:00:00"}
    return _row(**{**told, **fields})


def purchase(**fields: Any) -> Row:
    """3503 and 3504."""
    told = {
        "spler_name": "供应商", "prodentp_name": "厂家", "aprvno": "H1", "finl_trns_pric": "5.00",
        "purc_retn_cnt": "10", "purc_retn_stoin_time": "2026-01-05 08:00:00", "purc_retn_opter_name": "采购员",
        "purc_invo_no": "INV1",
    }  # fmt: skip
    return _row(**{**told, **fields})


def sale(paid: Settlement | None, **fields: Any) -> Row:
    """3505: of a settlement, or self-paid."""
    whose = (
        {"setl_id": paid.setl_id, "mdtrt_sn": paid.mdtrt_id, "MDTRT_SETL_TYPE": "1"}
        if paid
        else {"mdtrt_sn": "OWN-1", "MDTRT_SETL_TYPE": "2"}
    )
    told = {
        "phar_name": "药师", "phar_prac_cert_no": "PH1", "trdn_flag": "0", "finl_trns_pric": "10.00",
        "rtal_docno": "R1", "drug_prod_barc": "NDPB999", "sel_retn_cnt": "1", "sel_retn_time": "2026-01-05 09:05:00",
        "sel_retn_opter_name": "店员",
    }  # fmt: skip
    return _row(**{**told, **whose, **fields})


def back(mdtrt_sn: str, /, **fields: Any) -> Row:
    """3506."""
    told = {
        "mdtrt_sn": mdtrt_sn, "trdn_flag": "0", "sel_retn_cnt": "1", "sel_retn_time": "2026-01-05 12:00:00",
        "sel_retn_opter_name": "店员",
    }  # fmt: skip
    return _row(**{**told, **fields})
