"""Probes of money on the wire: rounding, sums, the cash share."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    BUYER,
    DRUG,
    NUMBER,
    Case,
    about,
    evidence,
    fate,
    order_row,
    said,
    shop_order,
)

HALF = {"medListCodg": DRUG, "cnt": "5", "pric": "0.1150", "detItemFeeSumamt": "0.58"}


def bill(seq: int, total: str, *rows: dict[str, str], number: str = "M1", buyer: str = BUYER) -> dict[str, Any]:
    return said(
        seq, "6201", sent={"psnNo": buyer, "medOrgOrd": number, "medfeeSumamt": total, "feedetailList": list(rows)}
    )


def row(amount: str, cnt: str = "2", pric: str = "15.80") -> dict[str, str]:
    return {"medListCodg": DRUG, "cnt": cnt, "pric": pric, "detItemFeeSumamt": amount}


def priced(seq: int, cash: str) -> dict[str, Any]:
    return about(seq, "6202", told={"payOrdId": NUMBER, "ownPayAmt": cash, "feeSumamt": "31.60"})


def opened(seq: int, cash_fen: int, freight_fen: int) -> dict[str, Any]:
    return about(seq, "cash.open", sent={"cashFen": cash_fen, "freightFen": freight_fen})


def delivered(*lines: dict[str, Any], freight_fen: int = 600) -> Evidence:
    facts = {"orders": {"A1": shop_order(delivery_fen=freight_fen)}}
    return evidence(*lines, rows={"orders": [order_row()]}, facts=facts)


TABLE: list[Case] = [
    ("half a fen goes up", "amounts.lines_rounded", {}, evidence(bill(1, "0.58", HALF)), "held"),
    (
        "half a fen goes down",
        "amounts.lines_rounded",
        {},
        evidence(bill(1, "0.57", {**HALF, "detItemFeeSumamt": "0.57"})),
        "broken",
    ),
    (
        "three decimals are no amount",
        "amounts.lines_rounded",
        {},
        evidence(bill(1, "0.575", {**HALF, "detItemFeeSumamt": "0.575"})),
        "broken",
    ),
    (
        "the counter's lines too",
        "amounts.lines_rounded",
        {},
        evidence(said(1, "2102", sent={"drugdetail": [{"cnt": "2", "pric": "15.80", "det_item_fee_sumamt": "31.61"}]})),
        "broken",
    ),
    ("adds up", "amounts.header_is_sum", {}, evidence(bill(1, "63.20", row("31.60"), row("31.60"))), "held"),
    ("does not add up", "amounts.header_is_sum", {}, evidence(bill(1, "37.60", row("31.60"))), "broken"),
    ("medicines alone", "amounts.bill_is_medicines", {}, evidence(bill(1, "31.60", row("31.60"))), "held"),
    (
        "delivery as a line of its own",
        "amounts.bill_is_medicines",
        {},
        evidence(bill(1, "37.60", row("31.60"), row("6.00", "1", "6.00"))),
        "broken",
    ),
    ("somebody else's bill", "amounts.bill_is_medicines", {}, evidence(bill(1, "99.00", buyer="P9")), "unseen"),
    (
        "cash share and freight apart",
        "amounts.desk_collects_cash_share",
        {},
        delivered(priced(1, "11.60"), opened(2, 1160, 600)),
        "held",
    ),
    (
        "the whole price",
        "amounts.desk_collects_cash_share",
        {},
        delivered(priced(1, "11.60"), opened(2, 3160, 600)),
        "broken",
    ),
    (
        "delivery in the cash share",
        "amounts.desk_collects_cash_share",
        {},
        delivered(priced(1, "11.60"), opened(2, 1760, 0)),
        "broken",
    ),
    (
        "nothing to collect",
        "amounts.desk_collects_cash_share",
        {},
        delivered(priced(1, "0.00"), freight_fen=0),
        "unseen",
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
