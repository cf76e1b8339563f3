"""Probes of what a shop takes in, what it calls its goods, and what a basket may hold."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import BUYER, DRUG, Case, asked, evidence, fate, order_row, said, shop_order

GOODS = {
    "own_code": "SKU1", "name": "感冒灵", "med_list_codg": DRUG, "batch": "IN1", "lot": "L1", "made": "2025-11-01",
    "expires": "2027-10-31", "supplier": "批发", "maker": "药厂", "aprvno": "Z1", "price": "11.25", "cnt": "100",
}  # fmt: skip
ROW = {
    "med_list_codg": DRUG, "fixmedins_hilist_id": "SKU1", "fixmedins_bchno": "IN1", "manu_lotnum": "L1",
    "manu_date": "2025-11-01", "expy_end": "2027-10-31", "spler_name": "批发", "prodentp_name": "药厂", "aprvno": "Z1",
    "finl_trns_pric": "11.2500", "purc_retn_cnt": "100",
}  # fmt: skip
TOOK = {"ok": {"org": "O1", "taken": ["IN1"], "failed": []}}
FAILED = {"ok": {"org": "O1", "taken": [], "failed": [{"batch": "IN1", "why": "日期"}]}}
OK, NO = {"ok": {"order": "A1", "state": "not_paid"}}, {"refused": {"reason_zh": "不行", "reason_en": "no"}}
LINE = {"med_list_codg": DRUG, "cnt": "1", "pric": "15.80"}
DAY_MS = 86_400_000


def bought(seq: int, taken: bool = True, **changes: Any) -> dict[str, Any]:
    row = {**ROW, **changes}
    return said(
        seq, "3503A", sent={"purcinfoDetail": [row]}, told={"purcinfoDetail": [{**row, "retRslt": str(int(taken))}]}
    )


def came_in(answer: dict[str, Any], *lines: dict[str, Any], **body: Any) -> Evidence:
    told = asked("perform", answer, after_seq=9, task="receive_stock", org="O1", goods=[GOODS], **body)
    return evidence(*lines, driver=[told])


def removed(seq: int) -> dict[str, Any]:
    return said(seq, "3507A", sent={"goodDetail": [{"fixmedins_bchno": "IN1", "inv_data_type": "3"}]})


def mapping(seq: int, rule: str = "", drug: str = DRUG) -> dict[str, Any]:
    return said(seq, "3301", sent={"data": [{"fixmedins_hilist_id": "SKU1", "med_list_codg": drug}]}, rule=rule)


def billed(seq: int, own: str = "SKU1", *, pric: str = "15.80", number: str = "ORD1") -> dict[str, Any]:
    row = {"medListCodg": DRUG, "medinsListCodg": own, "pric": pric, "cnt": "1"}
    return said(seq, "6201", sent={"psnNo": BUYER, "feedetailList": [row]}, told={"payOrdId": number})


def ordered(
    answer: dict[str, Any], after: int, *lines: dict[str, Any], order: str = "A1", at_ms: int = 0
) -> dict[str, Any]:
    told = asked("perform", answer, after_seq=after, task="place_order", order=order, user="U1", lines=list(lines))
    return {**told, "at_ms": at_ms}


OWN = {**LINE, "own_code": "SKU1"}
EARLIER = asked("perform", OK, after_seq=2, task="sign_in", org="O1")


def own(*lines: dict[str, Any], answer: dict[str, Any] = OK) -> Evidence:
    return evidence(*lines, driver=[EARLIER, ordered(answer, 9, OWN)])


def told_of_mapping(answer: dict[str, Any], rule: str = "") -> Evidence:
    driver = [asked("perform", answer, after_seq=5, task="map_drug", org="O1", own_code="SKU1")]
    return evidence(mapping(3, rule), driver=driver)


LIMITED = {**LINE, "cnt": "2", "day_limit": 2}
ONE_MORE = {**LINE, "day_limit": 2}
ROWS = {"orders": [order_row(), order_row("ORD2")]}


def shopped(*driver: dict[str, Any], lines: tuple[int, ...] = (3,), **more: Any) -> Evidence:
    uploads = [billed(seq, number=f"ORD{place}") for place, seq in enumerate(lines, 1)]
    return evidence(*uploads, driver=list(driver), rows=ROWS, **more)


FULL, NEXT = ordered(OK, 4, LIMITED), {"next_day": "A2"}
SECOND_OK, SECOND_NO = ordered(OK, 9, ONE_MORE, order="A2"), ordered(NO, 4, ONE_MORE, order="A2")
TOMORROW = ordered(OK, 9, ONE_MORE, order="A2", at_ms=DAY_MS)
SPREAD = ordered(OK, 4, LIMITED, ONE_MORE)


def at_till(answer: dict[str, Any], scanned: list[str], *sent: str, sold: bool = True) -> Evidence:
    line = {**LINE, "cnt": "2", "trace_codes": scanned}
    codes = [{"feedetl_sn": "1", "drug_trac_codg": code, "trdn_flag": "0"} for code in sent]
    sale = said(3, "2102", sent={"drugdetail": [{"feedetl_sn": "1", "durg_trac_info": codes}]})
    driver = [asked("perform", answer, after_seq=9, task="counter_sale", order="A1", lines=[line])]
    return evidence(*([sale] if sold else []), driver=driver)


CAPPED = {"orders": {"A1": shop_order(lines=[LINE])}}

TABLE: list[Case] = [
    ("as it came", "shelving.rows_as_received", {}, came_in(TOOK, bought(3)), "held"),
    ("another lot", "shelving.rows_as_received", {}, came_in(TOOK, bought(3, manu_lotnum="IN1")), "broken"),
    ("another count", "shelving.rows_as_received", {}, came_in(TOOK, bought(3, purc_retn_cnt="10")), "broken"),
    ("nothing sent", "shelving.rows_as_received", {}, came_in(TOOK), "unseen"),
    ("taken, told taken", "shelving.results_are_told", {}, came_in(TOOK, bought(3)), "held"),
    ("refused, told failed", "shelving.results_are_told", {}, came_in(FAILED, bought(3, False)), "held"),
    ("refused, told taken", "shelving.results_are_told", {}, came_in(TOOK, bought(3, False)), "broken"),
    ("not even sent, told failed", "shelving.results_are_told", {}, came_in(FAILED), "held"),
    ("not even sent, told taken", "shelving.results_are_told", {}, came_in(TOOK), "broken"),
    ("taken, told failed", "shelving.results_are_told", {}, came_in(FAILED, bought(3)), "broken"),
    (
        "removed first", "shelving.removed_before_corrected", {},
        came_in(TOOK, removed(3), bought(4), corrects=["IN1"]), "held",
    ),
    ("on top", "shelving.removed_before_corrected", {}, came_in(TOOK, bought(4), corrects=["IN1"]), "broken"),
    (
        "removed after", "shelving.removed_before_corrected", {},
        came_in(TOOK, bought(4), removed(5), corrects=["IN1"]), "broken",
    ),
    ("mapped, billed", "shelving.mapped_first", {}, own(mapping(1), billed(4)), "held"),
    ("mapped by itself, then billed", "shelving.mapped_first", {}, own(mapping(3), billed(4)), "held"),
    ("mapped after it was billed", "shelving.mapped_first", {}, own(billed(4), mapping(5)), "broken"),
    ("not mapped, stopped", "shelving.mapped_first", {}, own(answer=NO), "held"),
    ("not mapped, billed", "shelving.mapped_first", {}, own(billed(4)), "broken"),
    ("mapping refused, billed", "shelving.mapped_first", {}, own(mapping(1, "mapping_exists"), billed(4)), "broken"),
    ("mapped to another", "shelving.mapped_first", {}, own(mapping(1, drug="X"), billed(4)), "broken"),
    ("own code", "shelving.own_code_on_line", {}, own(billed(4)), "held"),
    ("national code", "shelving.own_code_on_line", {}, own(billed(4, DRUG)), "broken"),
    ("taken, said so", "shelving.mapping_is_told", {}, told_of_mapping(OK), "held"),
    ("refused, said so", "shelving.mapping_is_told", {}, told_of_mapping(NO, "mapping_exists"), "held"),
    ("refused, said taken", "shelving.mapping_is_told", {}, told_of_mapping(OK, "mapping_exists"), "broken"),
    ("to the limit", "limits.within_the_day", {}, shopped(FULL), "held"),
    ("spread over lines", "limits.within_the_day", {}, shopped(SPREAD), "broken"),
    ("spread over orders", "limits.within_the_day", {}, shopped(FULL, SECOND_OK, lines=(3, 6)), "broken"),
    ("second one stopped", "limits.within_the_day", {}, shopped(FULL, SECOND_NO), "held"),
    ("the day after", "limits.within_the_day", {}, shopped(FULL, TOMORROW, lines=(3, 6)), "held"),
    ("sold next day", "limits.free_next_day", {}, shopped(FULL, TOMORROW, lines=(3, 6), facts=NEXT), "held"),
    ("held back next day", "limits.free_next_day", {}, shopped(FULL, SECOND_NO, facts=NEXT), "broken"),
    ("its price", "limits.price_as_told", {}, evidence(billed(3), facts=CAPPED), "held"),
    ("cut down", "limits.price_as_told", {}, evidence(billed(3, pric="12.00"), facts=CAPPED), "broken"),
    ("all codes", "limits.codes_of_the_till", {}, at_till(OK, ["8A", "8B"], "8B", "8A"), "held"),
    ("a code lost", "limits.codes_of_the_till", {}, at_till(OK, ["8A", "8B"], "8A"), "broken"),
    ("unscanned, settled", "limits.unscanned_stay", {}, at_till(OK, ["8A"], "8A"), "broken"),
    ("unscanned, stopped", "limits.unscanned_stay", {}, at_till(NO, ["8A"], sold=False), "held"),
    ("scanned", "limits.unscanned_stay", {}, at_till(OK, ["8A", "8B"], "8A", "8B"), "unseen"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
