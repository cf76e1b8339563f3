"""Look-ups in what a pharmacy reported: rows (3508–3511) and trace codes (3512, 3513), under camelCase names (6.9)."""

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.domain.baskets import text
from simulator.domain.date_range import span
from simulator.domain.goods import KINDS, Goods
from simulator.domain.moment import datetime19, read
from simulator.domain.ports import Unit
from simulator.domain.records import Institution, Person
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement
from simulator.domain.trace_uses import IN, SALE, TraceUse, stands

Json = dict[str, Any]

RENAMED = {
    "fixmedins_hilist_id": "medinsListCodg", "fixmedins_hilist_name": "medinsListName", "prsc_dr_name": "bilgDrName",
    "MDTRT_SETL_TYPE": "mdtrtSetlType",
}  # fmt: skip
"""Uploaded and queried under different names; all others only change their case."""
SERIALS = {"INV": "medinsProdInvNo", "CHG": "medinsProdInvChgNo", "PUR": "medinsProdPurcNo", "SEL": "medinsProdSelNo"}
_LIST_NAME = 100
"""Characters of medinsListName; it is uploaded with up to 200."""
_KEYS = ("fixmedins_code", "medins_list_codg", "fixmedins_bchno", "begndate", "enddate", "vali_flag")
"""Read by the look-up itself; whatever else is asked filters."""


def rows(unit: Unit, org: str, asked: Mapping[str, Any], infnos: tuple[str, ...]) -> list[Json]:
    """The reported rows of these kinds in a range of their own time; deleted ones only when ``vali_flag`` 0 asks.

    Raises:
        Refusal: ``foreign_institution``, ``date_range``.
    """
    own(org, asked)
    first, last = span(unit, asked, "begndate", "enddate")
    found = _candidates(unit, org, asked)
    shown = [
        _row(unit, one)
        for one in found
        if one.infno in infnos
        and first <= read(one.row[KINDS[one.infno].when]) <= last
        and one.vali == (text(asked, "vali_flag") != "0")
    ]
    return [row for row in shown if _passes(row, asked, _KEYS)]


def own(org: str, asked: Mapping[str, Any]) -> None:
    """An institution sees its own goods alone.

    Raises:
        Refusal: ``foreign_institution``.
    """
    if asked["fixmedins_code"] != org:
        raise Refusal("foreign_institution", "fixmedins_code", value=asked["fixmedins_code"])


def _candidates(unit: Unit, org: str, asked: Mapping[str, Any]) -> list[Goods]:
    batch, listed = f"{org}/{text(asked, 'fixmedins_bchno')}", f"{org}/{text(asked, 'medins_list_codg')}"
    if not text(asked, "fixmedins_bchno"):
        return unit.find(Goods, "listed", listed)
    found = unit.find(Goods, "batch", batch)
    return [one for one in found if one.listed == listed or not text(asked, "medins_list_codg")]


def _passes(row: Mapping[str, Any], asked: Mapping[str, Any], beside: Iterable[str]) -> bool:
    wanted = {camel(name): text(asked, name) for name in asked if name not in beside}
    return all(str(row.get(name, "")) == value for name, value in wanted.items() if value)


def camel(name: str) -> str:
    """``med_list_codg`` as ``medListCodg``, with the names that differ."""
    head, *rest = name.split("_")
    return RENAMED.get(name) or head + "".join(part.capitalize() for part in rest)


def _row(unit: Unit, one: Goods) -> Json:
    told = {camel(name): value for name, value in one.row.items()}
    told["medinsListName"] = told.get("medinsListName", "")[:_LIST_NAME]
    if one.infno in ("3503", "3504"):
        told["prodRetnFlag"] = "1" if one.infno == "3504" else "0"
    serial = SERIALS[KINDS[one.infno].letters]
    return told | {"fixmedinsCode": one.fixmedins_code, serial: one.goods_no} | _audit(unit, one)


def _audit(unit: Unit, one: Goods) -> Json:
    moment, office = datetime19(one.at_ms), unit.city.admdvs
    return {
        "valiFlag": "1" if one.vali else "0", "rid": f"G{one.goods_no}", "crteTime": moment, "updtTime": moment,
        "optTime": moment, "crterId": one.opter[:20], "crterName": one.opter_name[:50], "opterId": one.opter[:20],
        "opterName": one.opter_name[:50], "optinsNo": office, "crteOptinsNo": office, "poolareaNo": office,
    }  # fmt: skip


def received(unit: Unit, org: str, asked: Mapping[str, Any]) -> list[Json]:
    """3512: the codes of goods that came in, in a range of platform days.

    Raises:
        Refusal: ``foreign_institution``, ``date_range``.
    """
    own(org, asked)
    first, last = span(unit, asked, "begndate", "enddate")
    shown = [_use(unit, use) for use in _codes(unit, org, asked, IN) if first <= use.at_ms <= last]
    return [row for row in shown if _passes(row, asked, ("fixmedins_code", "begndate", "enddate"))]


def sold(unit: Unit, org: str, asked: Mapping[str, Any]) -> list[Json]:
    """3513: the codes of goods sold; the dates may be left out.

    Raises:
        Refusal: ``foreign_institution``, ``date_range``.
    """
    own(org, asked)
    dated = text(asked, "begndate") and text(asked, "enddate")
    first, last = span(unit, asked, "begndate", "enddate") if dated else (0, unit.now_ms)
    shown = [_sale(unit, use) for use in _codes(unit, org, asked, SALE) if first <= use.at_ms <= last]
    return [row for row in shown if _passes(row, asked, ("fixmedins_code", "begndate", "enddate"))]


def _codes(unit: Unit, org: str, asked: Mapping[str, Any], kind: str) -> list[TraceUse]:
    code = text(asked, "drug_trac_codg")
    index, value = ("drug_trac_codg", code) if code else ("fixmedins_code", org)
    found = unit.find(TraceUse, index, value)
    return [use for use in found if use.kind == kind and use.fixmedins_code == org and stands(unit, use)]


def _use(unit: Unit, use: TraceUse) -> Json:
    goods = unit.get(Goods, use.goods_no) if use.goods_no else None
    shop = unit.get(Institution, use.fixmedins_code)
    told: Json = {
        "fixmedinsCode": use.fixmedins_code, "medListCodg": use.med_list_codg, "drugTracCodg": use.drug_trac_codg,
    }  # fmt: skip
    if goods:
        told |= {
            "medinsListCodg": goods.row["fixmedins_hilist_id"],
            "medinsListName": goods.row["fixmedins_hilist_name"][:_LIST_NAME],
            "fixmedinsBchno": goods.row["fixmedins_bchno"], "valiFlag": "1", "crterId": goods.opter[:20],
            "crterName": goods.opter_name[:50], "opterId": goods.opter[:20],
        }  # fmt: skip
    return told | {"optinsNo": unit.city.admdvs, "fixBlngAdmdvs": shop.admdvs if shop else ""}


def _sale(unit: Unit, use: TraceUse) -> Json:
    """A sold code with its buyer, from the reported row or from the settlement it came with."""
    goods = unit.get(Goods, use.goods_no) if use.goods_no else None
    paid = unit.get(Settlement, use.setl_id) if use.setl_id else None
    told = _use(unit, use) | {
        "mdtrtId": use.mdtrt_sn, "mdtrtSetlType": "1" if paid else "2", "trdnFlag": use.trdn_flag, "rid": use.use_no,
        "bkkpSn": use.feedetl_sn or (goods.row.get("rtal_docno", "") if goods else ""),
        "updtTime": datetime19(use.at_ms), "crteTime": datetime19(use.at_ms), "optTime": datetime19(use.at_ms),
        "opterName": goods.opter_name[:50] if goods else "", "memo": goods.row.get("memo", "") if goods else "",
    }  # fmt: skip
    told.pop("valiFlag", None)
    line = next((line for line in paid.bill.lines if line.feedetl_sn == use.feedetl_sn), None) if paid else None
    if line and not goods:
        told["medinsListCodg"] = line.medins_list_codg
    psn_no = paid.psn_no if paid else goods.row.get("psn_no", "") if goods else ""
    person = unit.get(Person, psn_no) if psn_no else None
    if person:
        told |= {
            "psnNo": person.psn_no, "psnCertType": person.psn_cert_type, "certno": person.certno,
            "psnName": person.psn_name,
        }  # fmt: skip
    return told
