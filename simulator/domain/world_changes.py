"""What changes in the world while orders are on their way (house): balances, people, institutions, drugs."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from simulator.domain import ledger, till
from simulator.domain.bookings import close_quota, move
from simulator.domain.consent import person_by
from simulator.domain.downloads import revise
from simulator.domain.filings import choose_institution, file_chronic
from simulator.domain.hospital import prescribe, withdraw
from simulator.domain.mappings import ListedDrug
from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Institution
from simulator.domain.refused import Refusal

Body = Mapping[str, Any]
Answer = dict[str, Any]

_IMMUTABLE = ("psn_no", "fixmedins_code", "med_list_codg", "restrictions", "mapping_key", "fixmedins_hilist_id")


def set_balance(unit: Unit, psn_no: str, fen: int) -> None:
    """Book the difference between an account's balance and ``fen`` against the opening account."""
    move(unit, ledger.OPENING, ledger.own(psn_no), fen - unit.balance(ledger.own(psn_no)), psn_no)


def _balance(unit: Unit, body: Body) -> Answer:
    person = person_by(unit, str(body.get("psn_no", "")))
    fen = _fen(body)
    set_balance(unit, person.psn_no, fen)
    return {"psn_no": person.psn_no, "balance_fen": fen}


def _fen(body: Body) -> int:
    fen = body.get("fen")
    if isinstance(fen, bool) or not isinstance(fen, int) or fen < 0:
        raise Refusal("change_value", "fen")
    return fen


def _quota(unit: Unit, body: Body) -> Answer:
    """A giver sets aside that much for one relative, out of the own account (order-life 9.17)."""
    person = person_by(unit, str(body.get("psn_no", "")))
    giver, fen = str(body.get("giver", "")), _fen(body)
    if giver not in person.givers:
        raise Refusal("change_value", "giver")
    more = fen - unit.balance(ledger.quota(giver, person.psn_no))
    if more > unit.balance(ledger.own(giver)):
        raise Refusal("change_value", "fen")
    move(unit, ledger.own(giver), ledger.quota(giver, person.psn_no), more, person.psn_no)
    return {"psn_no": person.psn_no, "giver": giver, "quota_fen": fen}


def _changed(record: Any, body: Body) -> Any:
    """The record with the named fields replaced by values of the same type."""
    known = {field.name for field in fields(record)} - set(_IMMUTABLE)
    wanted = {name: value for name, value in body.items() if name not in ("change", *_IMMUTABLE)}
    for name, value in wanted.items():
        if name not in known:
            raise Refusal("change_unknown", name, known=", ".join(sorted(known)))
        old = getattr(record, name)
        if isinstance(old, tuple) and isinstance(value, list) and all(isinstance(item, str) for item in value):
            wanted[name] = tuple(value)
        elif type(value) is not type(old):
            raise Refusal("change_value", name)
    return replace(record, **wanted)


def _person(unit: Unit, body: Body) -> Answer:
    person = person_by(unit, str(body.get("psn_no", "")))
    changed = _changed(person, body)
    unit.put(changed)
    for giver in person.givers:
        if giver not in changed.givers:
            close_quota(unit, giver, person.psn_no)
    return {"psn_no": changed.psn_no}


def _institution(unit: Unit, body: Body) -> Answer:
    institution = unit.get(Institution, str(body.get("fixmedins_code", "")))
    if institution is None:
        raise Refusal("unknown_institution", "fixmedins_code", value=body.get("fixmedins_code", ""))
    unit.put(_changed(institution, body))
    return {"fixmedins_code": institution.fixmedins_code}


def _drug(unit: Unit, body: Body) -> Answer:
    drug = unit.get(Drug, str(body.get("med_list_codg", "")))
    if drug is None:
        raise Refusal("unknown_drug", "med_list_codg", code=body.get("med_list_codg", ""))
    unit.put(_changed(drug, body))
    revise(unit, drug.med_list_codg)
    return {"med_list_codg": drug.med_list_codg}


def _mapping(unit: Unit, body: Body) -> Answer:
    key = f"{body.get('fixmedins_code', '')}/{body.get('fixmedins_hilist_id', '')}"
    listed = unit.get(ListedDrug, key)
    if listed is None:
        raise Refusal("mapping_unknown", "fixmedins_hilist_id", value=body.get("fixmedins_hilist_id", ""))
    unit.put(replace(_changed(listed, body), updt_ms=unit.now_ms))
    return {"mapping_key": key}


def _prescription(unit: Unit, body: Body) -> Answer:
    """A hospital prescribes; lines are ``med_list_codg`` and ``cnt`` in packs, ``days`` how long it is good."""
    person = person_by(unit, str(body.get("psn_no", "")))
    rx = prescribe(unit, person, body.get("lines"), body.get("days", 3))
    return {"hi_rxno": rx.hi_rxno, "rx_trace_code": rx.rx_trace_code, "vali_end_time": datetime19(rx.vali_end_ms)}


def _prescription_withdrawn(unit: Unit, body: Body) -> Answer:
    rx = withdraw(unit, str(body.get("hi_rxno", "")))
    return {"hi_rxno": rx.hi_rxno}


CHANGES: Mapping[str, Callable[[Unit, Body], Answer]] = {
    "balance": _balance, "quota": _quota, "person": _person, "institution": _institution, "drug": _drug,
    "mapping": _mapping, "chronic_filing": file_chronic, "chosen_institution": choose_institution,
    "prescription": _prescription, "prescription_withdrawn": _prescription_withdrawn,
    "till_sale": till.sell, "till_cancel": till.cancel,
}  # fmt: skip
"""balance {psn_no, fen} · quota {psn_no, giver, fen} ·
person {psn_no, …} · institution {fixmedins_code, …} · drug {med_list_codg, …} ·
mapping {fixmedins_code, fixmedins_hilist_id, approved, …} ·
chronic_filing {psn_no, opsp_dise_code, opsp_dise_name, …} ·
chosen_institution {psn_no, biz_appy_type, fixmedins_code, …} ·
prescription {psn_no, lines: [{med_list_codg, cnt}], days} · prescription_withdrawn {hi_rxno} ·
till_sale {fixmedins_code, psn_no, med_list_codg, cnt, pric, app_id, trace_codes} · till_cancel {pay_ord_id}: by the
shop's own till, or with an ``app_id`` by another channel of the shop."""
