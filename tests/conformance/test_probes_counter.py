"""Probes of the counter rail: which undo fits which sale."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    BUYER,
    Case,
    about,
    asked,
    desk_row,
    evidence,
    fate,
    moved,
    order_row,
    said,
    sale_row,
)

LOST = "no_answer_after_commit"
PAID = {"orders": [order_row()], "transfers": [moved("PAY", 2000)], "cash": [desk_row(1160, 600)]}
BACK = {"orders": [order_row(stas="7")], "transfers": [moved("PAY", 2000), moved("BACK", 2000)]}


def refund(seq: int, status: str = "SUCC", *, kind: str = "ALL", **more: Any) -> dict[str, Any]:
    sent = {"refdType": kind, **more.pop("sent", {})}
    return about(seq, "6203", sent=sent, told={"refStatus": status} if status else {}, **more)


def sale(seq: int, msgid: str, **more: Any) -> dict[str, Any]:
    return said(seq, "2102", sent={"psn_no": BUYER}, told={"setlinfo": {"setl_id": "S1"}}, msgid=msgid, **more)


def reversal(seq: int, omsgid: str, **more: Any) -> dict[str, Any]:
    return said(seq, "2601", sent={"omsgid": omsgid, "psn_no": BUYER}, msgid=f"R{seq}", **more)


def cancelled(*lines: dict[str, Any]) -> Evidence:
    return evidence(
        *lines,
        rows={"settlements": [sale_row()]},
        driver=[asked("perform", {"ok": {}}, task="counter_cancel", order="A1")],
    )


TABLE: list[Case] = [
    ("reversed once", "counter.reverses_once", {}, evidence(sale(1, "X", fault=LOST), reversal(2, "X")), "held"),
    ("reversed twice", "counter.reverses_once", {}, evidence(reversal(2, "X", fault=LOST), reversal(3, "X")), "broken"),
    (
        "again, after the statement showed that it stands",
        "counter.reverses_once",
        {},
        evidence(reversal(2, "X", fault=LOST), said(3, "3202", told={"fileinfo": {}}), reversal(4, "X")),
        "held",
    ),
    (
        "again, after a statement nobody read",
        "counter.reverses_once",
        {},
        evidence(reversal(2, "X", fault=LOST), said(3, "3202", fault=LOST), reversal(4, "X")),
        "broken",
    ),
    ("two originals", "counter.reverses_once", {}, evidence(reversal(2, "X"), reversal(3, "Y")), "held"),
    (
        "its own lost message",
        "counter.reverses_what_it_sent",
        {},
        evidence(sale(1, "X", fault=LOST), reversal(2, "X")),
        "held",
    ),
    (
        "a message that was answered",
        "counter.reverses_what_it_sent",
        {},
        evidence(sale(1, "X"), reversal(2, "X")),
        "broken",
    ),
    (
        "somebody else's message",
        "counter.reverses_what_it_sent",
        {},
        evidence(sale(1, "X", fault=LOST), reversal(2, "Y")),
        "broken",
    ),
    ("a centre order, refunded", "counter.never_for_centre_orders", {}, evidence(refund(1), rows=BACK), "held"),
    (
        "a centre order, reversed",
        "counter.never_for_centre_orders",
        {},
        evidence(reversal(1, "X"), rows=PAID),
        "broken",
    ),
    (
        "a counter sale, reversed",
        "counter.never_for_centre_orders",
        {},
        evidence(reversal(1, "X"), rows={"settlements": [sale_row()]}),
        "unseen",
    ),
    (
        "cancelled by its id",
        "counter.known_is_cancelled",
        {},
        cancelled(sale(1, "X"), said(2, "2103", sent={"psn_no": BUYER, "setl_id": "S1"})),
        "held",
    ),
    ("known, and reversed", "counter.known_is_cancelled", {}, cancelled(sale(1, "X"), reversal(2, "X")), "broken"),
    ("known, and left", "counter.known_is_cancelled", {}, cancelled(sale(1, "X")), "broken"),
    ("not known", "counter.known_is_cancelled", {}, cancelled(sale(1, "X", fault=LOST), reversal(2, "X")), "unseen"),
    ("not sold again", "counter.sells_once", {}, evidence(sale(1, "X", fault=LOST), reversal(2, "X")), "held"),
    (
        "undone, then sold again",
        "counter.sells_once",
        {},
        evidence(sale(1, "X", fault=LOST), reversal(2, "X"), sale(3, "Y")),
        "held",
    ),
    ("sold again at once", "counter.sells_once", {}, evidence(sale(1, "X", fault=LOST), sale(2, "Y")), "broken"),
    (
        "sold again after a reversal that got no answer",
        "counter.sells_once",
        {},
        evidence(sale(1, "X", fault=LOST), reversal(2, "X", fault=LOST), sale(3, "Y")),
        "broken",
    ),
    ("nothing was lost", "counter.sells_once", {}, evidence(sale(1, "X"), sale(2, "Y")), "unseen"),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
