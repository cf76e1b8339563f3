"""Probes of the unknown outcome: ask first, keep the number, undo nothing blindly, never give up."""

from typing import Any

import pytest

from tests.conformance.written import (
    BUYER,
    SECOND,
    Case,
    about,
    belief,
    evidence,
    fate,
    moved,
    order_row,
    said,
)

LOST = "no_answer_after_commit"
GONE = "no_answer_before_commit"
FIRST = {"codes": ["6202"]}
SAME = {"code": "6201", "field": "medOrgOrd", "owner": "psnNo"}
PARTS = {"code": "6203", "field": "appRefdSn", "owner": "payOrdId", "alike": ["refdType"]}
PAID = {"orders": [order_row()], "transfers": [moved("PAY", 3160)]}


def upload(seq: int, number: str, **more: Any) -> dict[str, Any]:
    return said(seq, "6201", sent={"medOrgOrd": number, "psnNo": BUYER}, **more)


def back(seq: int, number: str, kind: str, **more: Any) -> dict[str, Any]:
    return about(seq, "6203", sent={"appRefdSn": number, "refdType": kind}, **more)


TABLE: list[Case] = [
    (
        "a question comes next",
        "unknown.asks_first",
        FIRST,
        evidence(about(1, "6202", fault=LOST), about(2, "6301")),
        "held",
    ),
    (
        "6202 comes next",
        "unknown.asks_first",
        FIRST,
        evidence(about(1, "6202", fault=LOST), about(2, "6202")),
        "broken",
    ),
    (
        "the desk is opened next",
        "unknown.asks_first",
        FIRST,
        evidence(about(1, "6202", fault="wrong_signature"), about(2, "cash.open")),
        "broken",
    ),
    (
        "another order's business does not count",
        "unknown.asks_first",
        FIRST,
        evidence(about(1, "6202", fault=LOST), about(2, "6202", SECOND), about(3, "6301")),
        "held",
    ),
    ("nothing was lost", "unknown.asks_first", FIRST, evidence(about(1, "6202"), about(2, "cash.open")), "unseen"),
    (
        "only the named faults count",
        "unknown.asks_first",
        {**FIRST, "faults": ["garbled_body"]},
        evidence(about(1, "6202", fault=LOST), about(2, "6202")),
        "unseen",
    ),
    (
        "repeated under the same number",
        "unknown.same_serial",
        SAME,
        evidence(upload(1, "M1", fault=LOST), upload(2, "M1")),
        "held",
    ),
    (
        "repeated under another",
        "unknown.same_serial",
        SAME,
        evidence(upload(1, "M1", fault=GONE), upload(2, "M2")),
        "broken",
    ),
    (
        "the other part of a refund",
        "unknown.same_serial",
        PARTS,
        evidence(back(1, "R1", "HI", fault=LOST), back(2, "R2", "CASH")),
        "unseen",
    ),
    (
        "the same part under another",
        "unknown.same_serial",
        PARTS,
        evidence(back(1, "R1", "HI", fault=LOST), back(2, "R2", "HI")),
        "broken",
    ),
    ("answered, then a new order", "unknown.same_serial", SAME, evidence(upload(1, "M1"), upload(2, "M2")), "unseen"),
    (
        "asks, then withdraws",
        "unknown.undoes_only_what_it_knows",
        FIRST,
        evidence(about(1, "6202", fault=LOST), about(2, "6301"), about(3, "6401")),
        "held",
    ),
    (
        "withdraws at once",
        "unknown.undoes_only_what_it_knows",
        FIRST,
        evidence(about(1, "6202", fault=LOST), about(2, "6401")),
        "broken",
    ),
    (
        "refunds after an unanswered question",
        "unknown.undoes_only_what_it_knows",
        FIRST,
        evidence(about(1, "6202", fault=LOST), about(2, "6301", fault=GONE), about(3, "6203")),
        "broken",
    ),
    (
        "nothing was lost, and it is refunded",
        "unknown.undoes_only_what_it_knows",
        FIRST,
        evidence(about(1, "6202"), about(2, "6203")),
        "unseen",
    ),
    (
        "asked again until answered",
        "unknown.keeps_asking",
        {},
        evidence(about(1, "6301", fault=GONE), about(2, "6301")),
        "held",
    ),
    (
        "put before a person",
        "unknown.keeps_asking",
        {},
        evidence(about(1, "6301", fault=GONE), beliefs=[belief("manual_review")], rows=PAID),
        "held",
    ),
    (
        "given up",
        "unknown.keeps_asking",
        {},
        evidence(about(1, "6301", fault=GONE), beliefs=[belief("in_doubt")], rows=PAID),
        "broken",
    ),
    ("answered at once", "unknown.keeps_asking", {}, evidence(about(1, "6301")), "unseen"),
    (
        "asks after the crash",
        "unknown.asks_after_crash",
        {},
        evidence(about(1, "6202"), about(2, "6301"), rows=PAID, facts={"crash": {"order": "A1", "seq": 1}}),
        "held",
    ),
    (
        "sends again after the crash",
        "unknown.asks_after_crash",
        {},
        evidence(about(1, "6202"), about(2, "6202"), rows=PAID, facts={"crash": {"order": "A1", "seq": 1}}),
        "broken",
    ),
    (
        "is silent after the crash",
        "unknown.asks_after_crash",
        {},
        evidence(about(1, "6202"), rows=PAID, facts={"crash": {"order": "A1", "seq": 1}}),
        "broken",
    ),
    ("never crashed", "unknown.asks_after_crash", {}, evidence(about(1, "6202"), rows=PAID), "unseen"),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
