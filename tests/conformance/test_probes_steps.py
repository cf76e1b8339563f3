"""Probes of the order of steps, of what may be sold, and of consent."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    BUYER,
    DRUG,
    NUMBER,
    SECOND,
    Case,
    about,
    asked,
    evidence,
    fate,
    moved,
    order_row,
    said,
    sale_row,
)

LAPSED = {"lapsed_ms": 1000}
RX = "XJ01CAA040E001010199124"


def bill(seq: int, total: str, *rows: dict[str, str], number: str = "M1", buyer: str = BUYER) -> dict[str, Any]:
    return said(
        seq, "6201", sent={"psnNo": buyer, "medOrgOrd": number, "medfeeSumamt": total, "feedetailList": list(rows)}
    )


def row(amount: str, cnt: str = "2", pric: str = "15.80") -> dict[str, str]:
    return {"medListCodg": DRUG, "cnt": cnt, "pric": pric, "detItemFeeSumamt": amount}


def opened(seq: int, cash_fen: int, freight_fen: int) -> dict[str, Any]:
    return about(seq, "cash.open", sent={"cashFen": cash_fen, "freightFen": freight_fen})


def consented(seq: int, number: str, at_ms: int) -> dict[str, Any]:
    return said(seq, "house.auth.query", at_ms=at_ms, told={"payAuthNo": f"#{number}"})


def using(seq: int, number: str, at_ms: int, **more: Any) -> dict[str, Any]:
    return about(seq, "6202", sent={"payAuthNo": f"#{number}"}, at_ms=at_ms, **more)


def granted(seq: int, number: str, pay_ord_id: str) -> dict[str, Any]:
    return said(seq, "6201", sent={"medOrgOrd": number, "payAuthNo": "#a"}, told={"payOrdId": pay_ord_id})


def placing(code: str, *lines: dict[str, Any]) -> Evidence:
    body = {"task": "place_order", "order": "A1", "lines": [{"med_list_codg": code}]}
    return evidence(*lines, driver=[asked("perform", {"ok": {}}, **body)], facts={"barred": [RX]})


TABLE: list[Case] = [
    ("priced once", "steps.priced_once", {}, evidence(about(1, "6202")), "held"),
    ("priced again", "steps.priced_once", {}, evidence(about(1, "6202"), about(2, "6202")), "broken"),
    ("refused, then priced", "steps.priced_once", {}, evidence(about(1, "6202", rule="x"), about(2, "6202")), "held"),
    ("never priced", "steps.priced_once", {}, evidence(about(1, "6301")), "unseen"),
    (
        "identified first",
        "steps.identified_first",
        {},
        evidence(said(1, "1101", told={"baseinfo": {"psn_no": BUYER}}), bill(2, "31.60")),
        "held",
    ),
    ("never identified", "steps.identified_first", {}, evidence(bill(1, "31.60")), "broken"),
    (
        "the answer never came",
        "steps.identified_first",
        {},
        evidence(
            said(1, "1101", told={"baseinfo": {"psn_no": BUYER}}, fault="no_answer_after_commit"), bill(2, "31.60")
        ),
        "broken",
    ),
    ("stopped in the shop", "steps.keeps_barred_goods_out", {}, placing(RX), "held"),
    (
        "uploaded all the same",
        "steps.keeps_barred_goods_out",
        {},
        placing(RX, bill(1, "12.80", {**row("12.80"), "medListCodg": RX})),
        "broken",
    ),
    (
        "nothing barred was ordered",
        "steps.keeps_barred_goods_out",
        {},
        placing(DRUG, bill(1, "31.60", row("31.60"))),
        "unseen",
    ),
    (
        "paid once",
        "steps.paid_at_most_once",
        {},
        evidence(rows={"orders": [order_row()], "transfers": [moved("PAY", 3160)]}),
        "held",
    ),
    (
        "paid, refunded, paid again",
        "steps.paid_at_most_once",
        {},
        evidence(
            rows={
                "orders": [order_row(), order_row(SECOND)],
                "transfers": [moved("PAY", 3160), moved("BACK", 3160), moved("PAY", 3160, ref=SECOND)],
            }
        ),
        "held",
    ),
    (
        "paid twice",
        "steps.paid_at_most_once",
        {},
        evidence(
            rows={
                "orders": [order_row(), order_row(SECOND)],
                "transfers": [moved("PAY", 3160), moved("PAY", 3160, ref=SECOND)],
            }
        ),
        "broken",
    ),
    (
        "sold twice at the counter",
        "steps.paid_at_most_once",
        {},
        evidence(
            rows={
                "settlements": [sale_row(), sale_row("S2")],
                "transfers": [moved("PAY", 3160, ref="S1"), moved("PAY", 3160, ref="S2")],
            }
        ),
        "broken",
    ),
    ("never paid", "steps.paid_at_most_once", {}, evidence(rows={"orders": [order_row(stas="12")]}), "unseen"),
    (
        "a new order after a dead one",
        "steps.one_live_order",
        {},
        evidence(
            bill(1, "1"),
            bill(2, "1", number="M2"),
            rows={"orders": [order_row(stas="12"), order_row(SECOND, med_org_ord="M2")]},
        ),
        "held",
    ),
    (
        "two alive",
        "steps.one_live_order",
        {},
        evidence(
            bill(1, "1"),
            bill(2, "1", number="M2"),
            rows={"orders": [order_row(stas="0"), order_row(SECOND, med_org_ord="M2")]},
        ),
        "broken",
    ),
    (
        "one number, opened twice by the platform",
        "steps.one_live_order",
        {},
        evidence(bill(1, "1"), bill(2, "1"), rows={"orders": [order_row(stas="0"), order_row(SECOND)]}),
        "held",
    ),
    (
        "one order",
        "consent.serves_one_order",
        {},
        evidence(granted(1, "M1", NUMBER), using(2, "a", 0), using(3, "a", 1)),
        "held",
    ),
    (
        "another number before anything was paid",
        "consent.serves_one_order",
        {},
        evidence(granted(1, "M1", NUMBER), granted(2, "M2", SECOND)),
        "held",
    ),
    (
        "two orders",
        "consent.serves_one_order",
        {},
        evidence(granted(1, "M1", NUMBER), using(2, "a", 0), granted(3, "M2", SECOND)),
        "broken",
    ),
    (
        "renewed",
        "consent.renewed_when_lapsed",
        {},
        evidence(consented(1, "a", 0), consented(2, "b", 1500), using(3, "b", 1600), facts=LAPSED),
        "held",
    ),
    (
        "tried once, then renewed",
        "consent.renewed_when_lapsed",
        {},
        evidence(consented(1, "a", 0), using(2, "a", 1500), consented(3, "b", 1600), using(4, "b", 1700), facts=LAPSED),
        "held",
    ),
    (
        "tried again and again",
        "consent.renewed_when_lapsed",
        {},
        evidence(consented(1, "a", 0), using(2, "a", 1500), using(3, "a", 1600), facts=LAPSED),
        "broken",
    ),
    (
        "nothing was sent since",
        "consent.renewed_when_lapsed",
        {},
        evidence(consented(1, "a", 0), using(2, "a", 500), facts=LAPSED),
        "unseen",
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
