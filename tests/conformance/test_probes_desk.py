"""Probes of the cash desk: one number while its answer is missing."""

from typing import Any

import pytest

from tests.conformance.written import NUMBER, Case, evidence, fate, said

LOST = "no_answer_after_commit"
CHARGE = {"code": "cash.open", "number": "outTradeNo", "about": ["payOrdId"]}
BACK = {"code": "cash.refund", "number": "refundNo", "about": ["outTradeNo", "part"]}


def opened(seq: int, number: str, **more: Any) -> dict[str, Any]:
    return said(seq, "cash.open", sent={"payOrdId": NUMBER, "outTradeNo": number}, **more)


def asked(seq: int, number: str, state: str, **more: Any) -> dict[str, Any]:
    return said(seq, "cash.query", sent={"outTradeNo": number}, told={"state": state}, **more)


def returned(seq: int, refund_no: str, part: str = "cash", **more: Any) -> dict[str, Any]:
    return said(seq, "cash.refund", sent={"outTradeNo": "T1", "part": part, "refundNo": refund_no}, **more)


TABLE: list[Case] = [
    ("same number", "desk.one_number", CHARGE, evidence(opened(1, "T1", fault=LOST), opened(2, "T1")), "held"),
    ("not again", "desk.one_number", CHARGE, evidence(opened(1, "T1", fault=LOST)), "held"),
    ("another number", "desk.one_number", CHARGE, evidence(opened(1, "T1", fault=LOST), opened(2, "T2")), "broken"),
    (
        "asked first, nothing collected",
        "desk.one_number",
        CHARGE,
        evidence(opened(1, "T1", fault=LOST), asked(2, "T1", "open"), opened(3, "T2")),
        "held",
    ),
    (
        "asked first, collected, charged all the same",
        "desk.one_number",
        CHARGE,
        evidence(opened(1, "T1", fault=LOST), asked(2, "T1", "paid"), opened(3, "T2")),
        "broken",
    ),
    (
        "the question was lost too",
        "desk.one_number",
        CHARGE,
        evidence(opened(1, "T1", fault=LOST), asked(2, "T1", "open", fault=LOST), opened(3, "T2")),
        "broken",
    ),
    ("every answer came", "desk.one_number", CHARGE, evidence(opened(1, "T1"), opened(2, "T2")), "unseen"),
    ("same refund", "desk.one_number", BACK, evidence(returned(1, "R1", fault=LOST), returned(2, "R1")), "held"),
    ("another refund", "desk.one_number", BACK, evidence(returned(1, "R1", fault=LOST), returned(2, "R2")), "broken"),
    (
        "the other part",
        "desk.one_number",
        BACK,
        evidence(returned(1, "R1", fault=LOST), returned(2, "R2", "freight")),
        "held",
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
