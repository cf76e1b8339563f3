"""Probes of goods: what left, what was told about it, what came back."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    BUYER,
    DRUG,
    OTHER,
    Case,
    about,
    asked,
    books,
    evidence,
    fate,
    moved,
    order_row,
    said,
    shop_order,
)

PACK = {"med_list_codg": DRUG, "cnt": "2", "batch": "B1", "made": "2025-01-10", "trace_codes": ["8A", "8B"]}
BARE = {**PACK, "trace_codes": []}
OLD_STOCK = {**BARE, "no_code": True}
PAID = {"orders": [order_row()], "transfers": [moved("PAY", 3160)]}
SETTLED = {"setl_id": "S1", "psn_no": BUYER, "refers_to": "", "mdtrt_id": "V1", "sign": 1, "stas": "live"}
LIVE = {**PAID, "settlements": [SETTLED]}
DEAD = {**PAID, "settlements": [{**SETTLED, "stas": "cancelled"}]}
ROW = {
    "med_list_codg": DRUG, "fixmedins_bchno": "B1", "setl_id": "S1", "mdtrt_sn": "V1", "MDTRT_SETL_TYPE": "1",
    "trdn_flag": "0", "finl_trns_pric": "15.80", "sel_retn_cnt": "2",
    "drugtracinfo": [{"drug_trac_codg": "8A"}, {"drug_trac_codg": "8B"}],
}  # fmt: skip
OK, NO = {"ok": {"order": "A1", "state": "paid"}}, {"refused": {"reason_zh": "不行", "reason_en": "no"}}


def sold(seq: int, taken: bool = True, *, code: str = "3505A", fault: str = "", **changes: Any) -> dict[str, Any]:
    row = {**ROW, **changes}
    result = {**row, "retRslt": "1" if taken else "0"}
    told = {"selinfoDetail": [result]} if code == "3505A" else {"selinfoErrDetail": [] if taken else [result]}
    return said(seq, code, sent={"selinfoDetail": [row]}, told=told, fault=fault)


def back(seq: int, taken: bool = True, **changes: Any) -> dict[str, Any]:
    return sold(seq, taken, code="3506A", **changes)


def dispense(answer: dict[str, Any], after: int, *packs: dict[str, Any], order: str = "A1") -> dict[str, Any]:
    return asked("perform", answer, after_seq=after, task="dispense", order=order, packs=list(packs or (PACK,)))


def task(name: str, after: int = 0, answer: dict[str, Any] = OK, **body: Any) -> dict[str, Any]:
    return asked("perform", answer, after_seq=after, task=name, order="A1", **body)


def day(*lines: dict[str, Any], driver: list[dict[str, Any]], rows: dict[str, Any] = LIVE, **more: Any) -> Evidence:
    moments = {"d": {**books(**rows), "dispense_of": "A1"}}
    return evidence(*lines, driver=driver, rows=rows, moments=moments, **more)


LEFT = [dispense(OK, 9)]
STAYED = [dispense(NO, 9)]
SELF_PAID = {"setl_id": "", "MDTRT_SETL_TYPE": "2", "mdtrt_sn": "A1"}
LOST = {"fault": "no_answer_after_commit"}
FOUND = said(5, "3511", told={"output": [{"medListCodg": DRUG, "fixmedinsBchno": "B1"}]})


def lost(*lines: dict[str, Any]) -> Evidence:
    return day(sold(3, **LOST), *lines, driver=LEFT)


NEXT = sold(4, fixmedins_bchno="B2")
BESIDE = said(5, "3511", sent={"data": {"fixmedins_bchno": "B2"}}, told={"output": []})
VIRTUAL = [said(1, "3592B", told={"result": {"drug_trac_codg": code}}) for code in ("8A", "8B")]
TWO_BUYERS = {"orders": {"A1": shop_order(), "B1": shop_order(OTHER)}}
OTHERS = dispense(OK, 9, order="B1")
REFUSED_OTHERS = dispense(NO, 9, order="B1")


def used(*driver: dict[str, Any]) -> Evidence:
    return day(driver=[dispense(OK, 2), *driver], facts=TWO_BUYERS)


RETURNED = task("take_back", 4, received=True, delivered=True)
SHORT = task("out_of_stock", 4, missing=["X"])
AGAIN = asked("perform", OK, after_seq=9, task="place_order", order="A2")


def whole(*legs: tuple[str, str], rows: dict[str, Any] = PAID) -> Evidence:
    refunds = [
        about(6 + place, "6203", sent={"refdType": kind, "totlRefdAmt": yuan, "appRefdSn": f"R{kind}"})
        for place, (kind, yuan) in enumerate(legs)
    ]
    return evidence(*refunds, driver=[SHORT], rows=rows)


def anew(serial: str, consent: str) -> Evidence:
    first = said(1, "6201", sent={"medOrgOrd": "M1", "payAuthNo": "C1"})
    second = said(7, "6201", sent={"medOrgOrd": serial, "payAuthNo": consent})
    return evidence(first, second, driver=[SHORT, AGAIN], rows=PAID)


PAIR = {"code": "3505A", "ask": "3511"}
GONE = {"task": "out_of_stock"}
ORIGINAL = {"totlRefdAmt": "31.60", "psnAcctRefdAmt": "20.00", "fundRefdAmt": "0.00", "cashRefdAmt": "11.60"}
LEGS = evidence(
    about(6, "6203", sent={**ORIGINAL, "refdType": "HI", "appRefdSn": "R1"}),
    about(7, "6203", sent={**ORIGINAL, "refdType": "CASH", "appRefdSn": "R2"}),
    driver=[SHORT], rows=PAID,
)  # fmt: skip
AFTER_REFUSAL = {"task": "refuse_by_shop"}
DUE, FREE = {"due": True}, {"due": False}
FACT_DUE, FACT_FREE = {"scan_due": True}, {"scan_due": False}

TABLE: list[Case] = [
    ("paid", "dispensing.only_paid", {}, day(driver=LEFT), "held"),
    ("stopped while unpaid", "dispensing.only_paid", {}, day(driver=STAYED, rows={}), "held"),
    ("left unpaid", "dispensing.only_paid", {}, day(driver=LEFT, rows={}), "broken"),
    ("taken, then left", "dispensing.reported_first", {}, day(sold(5), driver=LEFT), "held"),
    ("left without a report", "dispensing.reported_first", {}, day(driver=LEFT), "broken"),
    ("left with its row refused", "dispensing.reported_first", {}, day(sold(5, False), driver=LEFT), "broken"),
    ("left on a lost answer", "dispensing.reported_first", {}, day(sold(4, **LOST), driver=LEFT), "broken"),
    ("lost and found by 3511", "dispensing.reported_first", {}, day(sold(4, **LOST), FOUND, driver=LEFT), "held"),
    ("stayed", "dispensing.reported_first", {}, day(driver=STAYED), "unseen"),
    ("row refused, stayed", "dispensing.refused_row_keeps_goods", {}, day(sold(5, False), driver=STAYED), "held"),
    ("row refused, left", "dispensing.refused_row_keeps_goods", {}, day(sold(5, False), driver=LEFT), "broken"),
    ("row taken", "dispensing.refused_row_keeps_goods", {}, day(sold(5), driver=LEFT), "unseen"),
    ("its settlement", "dispensing.tied_to_settlement", {}, day(sold(5), driver=LEFT), "held"),
    ("another visit", "dispensing.tied_to_settlement", {}, day(sold(5, mdtrt_sn="V2"), driver=LEFT), "broken"),
    ("insured told self-paid", "dispensing.tied_to_settlement", {}, day(sold(5, **SELF_PAID), driver=LEFT), "broken"),
    ("self-paid", "dispensing.tied_to_settlement", {}, day(sold(5, **SELF_PAID), driver=LEFT, rows=PAID), "held"),
    ("self-paid told insured", "dispensing.tied_to_settlement", {}, day(sold(5), driver=LEFT, rows=PAID), "broken"),
    ("both codes", "dispensing.codes_as_scanned", {}, day(sold(5), driver=LEFT), "held"),
    ("no codes", "dispensing.codes_as_scanned", {}, day(sold(5, drugtracinfo=[]), driver=LEFT), "broken"),
    ("nothing scanned", "dispensing.codes_as_scanned", {}, day(sold(5), driver=[dispense(OK, 9, BARE)]), "unseen"),
    ("whole", "dispensing.split_is_flagged", {}, day(sold(5), driver=LEFT), "held"),
    ("whole told opened", "dispensing.split_is_flagged", {}, day(sold(5, trdn_flag="1"), driver=LEFT), "broken"),
    ("all of it", "dispensing.complete", {}, day(driver=LEFT), "held"),
    ("less of it", "dispensing.complete", {}, day(driver=[dispense(OK, 9, {**PACK, "cnt": "1"})]), "broken"),
    ("less, stopped", "dispensing.complete", {}, day(driver=[dispense(NO, 9, {**PACK, "cnt": "1"})]), "held"),
    ("due, left bare", "dispensing.as_due", DUE, day(driver=[dispense(OK, 9, BARE)], facts=FACT_DUE), "broken"),
    ("due, stayed", "dispensing.as_due", DUE, day(driver=[dispense(NO, 9, BARE)], facts=FACT_DUE), "held"),
    ("free, left", "dispensing.as_due", FREE, day(driver=[dispense(OK, 9, BARE)], facts=FACT_FREE), "held"),
    ("free, stayed", "dispensing.as_due", FREE, day(driver=[dispense(NO, 9, BARE)], facts=FACT_FREE), "broken"),
    ("free asked as due", "dispensing.as_due", DUE, day(driver=[dispense(OK, 9, BARE)], facts=FACT_FREE), "unseen"),
    ("sold once", "selling.sold_once", {}, day(sold(5), driver=LEFT), "held"),
    ("sold twice", "selling.sold_once", {}, day(sold(5), sold(6, setl_id="S2"), driver=LEFT), "broken"),
    ("came back in between", "selling.sold_once", {}, day(sold(5), back(6), sold(7), driver=LEFT), "held"),
    ("asked first", "selling.asks_before_repeating", PAIR, day(sold(4, **LOST), FOUND, sold(6), driver=LEFT), "held"),
    ("sent again", "selling.asks_before_repeating", PAIR, day(sold(4, **LOST), sold(6), driver=LEFT), "broken"),
    ("another pack", "selling.asks_before_repeating", PAIR, lost(NEXT), "unseen"),
    ("another, then asked", "selling.asks_before_repeating", PAIR, lost(NEXT, FOUND), "held"),
    ("asked about another", "selling.asks_before_repeating", PAIR, lost(BESIDE, sold(6)), "broken"),
    ("its price", "selling.price_charged", {}, day(sold(5, finl_trns_pric="15.8"), driver=LEFT), "held"),
    ("list price", "selling.price_charged", {}, day(sold(5, finl_trns_pric="19.80"), driver=LEFT), "broken"),
    ("payment stands", "selling.insured_rows_stand", {}, day(sold(5), driver=LEFT), "held"),
    ("refunded and back", "selling.insured_rows_stand", {}, day(sold(5), back(6), driver=LEFT, rows=DEAD), "held"),
    ("refunded, still sold", "selling.insured_rows_stand", {}, day(sold(5), driver=LEFT, rows=DEAD), "broken"),
    (
        "nothing told", "selling.nothing_for_dead_orders", AFTER_REFUSAL,
        day(driver=[task("refuse_by_shop"), *STAYED], rows=DEAD), "held",
    ),
    (
        "told at refusal", "selling.nothing_for_dead_orders", AFTER_REFUSAL,
        day(sold(5), driver=[task("refuse_by_shop", 8)], rows=DEAD), "broken",
    ),
    (
        "waited for the goods", "selling.back_only_when_back", {},
        day(sold(2), back(8), driver=[task("take_back", 4, received=False), task("take_back", 9, received=True)]),
        "held",
    ),
    (
        "booked on the road", "selling.back_only_when_back", {},
        day(sold(2), back(4), driver=[task("take_back", 4, received=False), task("take_back", 9, received=True)]),
        "broken",
    ),
    (
        "the same came back", "selling.back_is_reported", {},
        day(sold(2), back(8), driver=[dispense(OK, 3), task("take_back", 9, received=True)]), "held",
    ),
    (
        "came back without codes", "selling.back_is_reported", {},
        day(sold(2), back(8, drugtracinfo=[]), driver=[dispense(OK, 3), task("take_back", 9, received=True)]),
        "broken",
    ),
    (
        "nothing booked", "selling.back_is_reported", {},
        day(sold(2), driver=[dispense(OK, 3), task("take_back", 9, received=True)]), "broken",
    ),
    ("sold elsewhere, stayed", "selling.used_pack_stays", {"because": "sold"}, used(REFUSED_OTHERS), "held"),
    ("sold elsewhere, left", "selling.used_pack_stays", {"because": "sold"}, used(OTHERS), "broken"),
    ("came back, stayed", "selling.used_pack_stays", {"because": "back"}, used(RETURNED, REFUSED_OTHERS), "held"),
    ("came back, left", "selling.used_pack_stays", {"because": "back"}, used(RETURNED, OTHERS), "broken"),
    (
        "codes of 3592B", "selling.virtual_codes", {},
        day(*VIRTUAL, sold(5), driver=[dispense(OK, 9, OLD_STOCK)]), "held",
    ),
    ("made up", "selling.virtual_codes", {}, day(sold(5), driver=[dispense(OK, 9, OLD_STOCK)]), "broken"),
    ("all back", "shop.goes_back_whole", GONE, whole(("ALL", "31.60")), "held"),
    ("back in two legs", "shop.goes_back_whole", GONE, whole(("HI", "20.00"), ("CASH", "11.60")), "held"),
    ("two legs of one total", "shop.goes_back_whole", GONE, LEGS, "held"),
    ("the same again", "shop.goes_back_whole", GONE, whole(("ALL", "31.60"), ("ALL", "31.60")), "held"),
    ("one leg of two", "shop.goes_back_whole", GONE, whole(("HI", "20.00")), "broken"),
    ("a line back", "shop.goes_back_whole", GONE, whole(("ALL", "15.80")), "broken"),
    ("nothing back", "shop.goes_back_whole", GONE, whole(), "broken"),
    ("never paid", "shop.goes_back_whole", GONE, whole(rows={}), "unseen"),
    ("a new order", "shop.rest_is_ordered_anew", {"task": "out_of_stock"}, anew("M2", "C2"), "held"),
    ("the old consent", "shop.rest_is_ordered_anew", {"task": "out_of_stock"}, anew("M2", "C1"), "broken"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
