"""Probes of refunds and of the counter rail: evidence that holds, that breaks, and that says nothing."""

from typing import Any

import pytest

from conformance.catalogue import probe
from conformance.evidence import Evidence
from conformance.findings import Broken
from tests.conformance.written import (
    BUYER,
    NUMBER,
    about,
    asked,
    desk_row,
    evidence,
    moved,
    order_row,
    said,
    sale_row,
)

LOST = "no_answer_after_commit"
PAID = {"orders": [order_row()], "transfers": [moved("PAY", 2000)], "cash": [desk_row(1160, 600)]}
BACK = {"orders": [order_row(stas="7")], "transfers": [moved("PAY", 2000), moved("BACK", 2000)]}
ALL_BACK = desk_row(1160, 600, back=(("cash", 1160), ("freight", 600)))
SPLIT = {"psnAcctPay": "20.00", "fundPay": "0.00", "ownPayAmt": "11.60", "feeSumamt": "31.60"}
PARTS = {"psnAcctRefdAmt": "20.00", "fundRefdAmt": "0.00", "cashRefdAmt": "11.60", "totlRefdAmt": "31.60"}


def refund(seq: int, status: str = "SUCC", *, kind: str = "ALL", **more: Any) -> dict[str, Any]:
    sent = {"refdType": kind, **more.pop("sent", {})}
    return about(seq, "6203", sent=sent, told={"refStatus": status} if status else {}, **more)


def sale(seq: int, msgid: str, **more: Any) -> dict[str, Any]:
    return said(seq, "2102", sent={"psn_no": BUYER}, told={"setlinfo": {"setl_id": "S1"}}, msgid=msgid, **more)


def reversal(seq: int, omsgid: str, **more: Any) -> dict[str, Any]:
    return said(seq, "2601", sent={"omsgid": omsgid, "psn_no": BUYER}, msgid=f"R{seq}", **more)


def cancelled(*lines: dict[str, Any]) -> Evidence:
    return evidence(*lines, rows={"settlements": [sale_row()]}, driver=[asked("perform", {"ok": {}}, task="counter_cancel", order="A1")])


def delivery(fen: int, back: tuple[tuple[str, int], ...], *lines: dict[str, Any]) -> Evidence:
    driver = [asked("perform", {"ok": {}}, task="refund_delivery", order="A1", fen=fen)]
    return evidence(*lines, driver=driver, rows={"orders": [order_row()], "cash": [desk_row(0, 600, back=back)]})


TABLE: list[tuple[str, str, dict[str, Any], Evidence, str]] = [
    ("withdrawn", "refunds.unpaid_is_withdrawn", {}, evidence(about(1, "6401"), rows={"orders": [order_row(stas="12")]}), "held"),
    ("left to lapse", "refunds.unpaid_is_withdrawn", {}, evidence(about(1, "6202"), rows={"orders": [order_row(stas="12")]}), "broken"),
    ("6401 was refused", "refunds.unpaid_is_withdrawn", {}, evidence(about(1, "6401", rule="order_busy"), rows={"orders": [order_row()]}), "broken"),
    ("paid, then refunded", "refunds.only_what_is_paid", {}, evidence(refund(1)), "held"),
    ("refunded before it was paid", "refunds.only_what_is_paid", {}, evidence(refund(1, "", rule="order_unpaid")), "broken"),
    ("everything is back", "refunds.comes_back_whole", {}, evidence(refund(1), rows={**BACK, "cash": [ALL_BACK]}), "held"),
    ("the freight is missing", "refunds.comes_back_whole", {},
     evidence(refund(1), rows={**BACK, "cash": [desk_row(1160, 600, back=(("cash", 1160),))]}), "broken"),
    ("the account is missing", "refunds.comes_back_whole", {}, evidence(rows={**PAID, "cash": [ALL_BACK]}), "broken"),
    ("never paid at all", "refunds.comes_back_whole", {}, evidence(rows={"orders": [order_row(stas="12")]}), "unseen"),
    ("declared and moved", "refunds.declared_cash_moved", {}, evidence(refund(1), rows={**BACK, "cash": [ALL_BACK]}), "held"),
    ("declared and kept", "refunds.declared_cash_moved", {}, evidence(refund(1), rows={**BACK, "cash": [desk_row(1160)]}), "broken"),
    ("insurance alone declares nothing", "refunds.declared_cash_moved", {}, evidence(refund(1, kind="HI"), rows=PAID), "unseen"),
    ("there was no cash", "refunds.declared_cash_moved", {}, evidence(refund(1), rows=BACK), "unseen"),
    ("stopped at EXP", "refunds.stops_at_abnormal_end", {}, evidence(refund(1, "EXP"), about(2, "6301")), "held"),
    ("sent again after EXP", "refunds.stops_at_abnormal_end", {}, evidence(refund(1, "EXP"), refund(2)), "broken"),
    ("no abnormal end", "refunds.stops_at_abnormal_end", {}, evidence(refund(1), refund(2)), "unseen"),
    ("at the desk", "refunds.delivery_only_at_desk", {}, delivery(600, (("freight", 600),)), "held"),
    ("with 6203 as well", "refunds.delivery_only_at_desk", {}, delivery(600, (("freight", 600),), refund(1, kind="CASH")), "broken"),
    ("promised and kept", "refunds.delivery_only_at_desk", {}, delivery(600, ()), "broken"),
    ("no delivery was refunded", "refunds.delivery_only_at_desk", {}, evidence(refund(1)), "unseen"),
    ("as settled", "amounts.refund_is_original", {}, evidence(about(1, "6202", told=SPLIT), refund(2, sent=PARTS)), "held"),
    ("left to the platform", "amounts.refund_is_original", {}, evidence(about(1, "6202", told=SPLIT), refund(2, sent={"totlRefdAmt": "31.60"})), "held"),
    ("another account share", "amounts.refund_is_original", {},
     evidence(about(1, "6202", told=SPLIT), refund(2, sent={**PARTS, "psnAcctRefdAmt": "31.60"})), "broken"),
    ("delivery in the total", "amounts.refund_is_original", {},
     evidence(about(1, "6202", told=SPLIT), refund(2, sent={**PARTS, "totlRefdAmt": "37.60"})), "broken"),
    ("a part only", "amounts.refund_is_original", {}, evidence(about(1, "6202", told=SPLIT), refund(2, kind="HI")), "unseen"),
    ("reversed once", "counter.reverses_once", {}, evidence(sale(1, "X", fault=LOST), reversal(2, "X")), "held"),
    ("reversed twice", "counter.reverses_once", {}, evidence(reversal(2, "X", fault=LOST), reversal(3, "X")), "broken"),
    ("two originals", "counter.reverses_once", {}, evidence(reversal(2, "X"), reversal(3, "Y")), "held"),
    ("its own lost message", "counter.reverses_what_it_sent", {}, evidence(sale(1, "X", fault=LOST), reversal(2, "X")), "held"),
    ("a message that was answered", "counter.reverses_what_it_sent", {}, evidence(sale(1, "X"), reversal(2, "X")), "broken"),
    ("somebody else's message", "counter.reverses_what_it_sent", {}, evidence(sale(1, "X", fault=LOST), reversal(2, "Y")), "broken"),
    ("a centre order, refunded", "counter.never_for_centre_orders", {}, evidence(refund(1), rows=BACK), "held"),
    ("a centre order, reversed", "counter.never_for_centre_orders", {}, evidence(reversal(1, "X"), rows=PAID), "broken"),
    ("a counter sale, reversed", "counter.never_for_centre_orders", {}, evidence(reversal(1, "X"), rows={"settlements": [sale_row()]}), "unseen"),
    ("cancelled by its id", "counter.known_is_cancelled", {},
     cancelled(sale(1, "X"), said(2, "2103", sent={"psn_no": BUYER, "setl_id": "S1"})), "held"),
    ("known, and reversed", "counter.known_is_cancelled", {}, cancelled(sale(1, "X"), reversal(2, "X")), "broken"),
    ("known, and left", "counter.known_is_cancelled", {}, cancelled(sale(1, "X")), "broken"),
    ("not known", "counter.known_is_cancelled", {}, cancelled(sale(1, "X", fault=LOST), reversal(2, "X")), "unseen"),
    ("not sold again", "counter.sells_once", {}, evidence(sale(1, "X", fault=LOST), reversal(2, "X")), "held"),
    ("undone, then sold again", "counter.sells_once", {}, evidence(sale(1, "X", fault=LOST), reversal(2, "X"), sale(3, "Y")), "held"),
    ("sold again at once", "counter.sells_once", {}, evidence(sale(1, "X", fault=LOST), sale(2, "Y")), "broken"),
    ("sold again after a reversal that got no answer", "counter.sells_once", {},
     evidence(sale(1, "X", fault=LOST), reversal(2, "X", fault=LOST), sale(3, "Y")), "broken"),
    ("nothing was lost", "counter.sells_once", {}, evidence(sale(1, "X"), sale(2, "Y")), "unseen"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "params", "record", "expected"), [row[1:] for row in TABLE], ids=[f"{row[1]}: {row[0]}" for row in TABLE])
def test_a_probe_finds_what_the_evidence_shows(name: str, params: dict[str, Any], record: Evidence, expected: str) -> None:
    findings = list(probe(name)(record, params))
    broken = [finding for finding in findings if isinstance(finding, Broken)]
    assert ("broken" if broken else "held" if findings else "unseen") == expected
    assert all(finding.expected.zh and finding.expected.en and finding.actual.zh and finding.actual.en for finding in broken)


def test_a_finding_points_to_the_journal() -> None:
    found = list(probe("counter.reverses_once")(evidence(reversal(2, "X"), reversal(3, "X")), {}))
    assert [finding.lines for finding in found] == [(2, 3)]
    assert NUMBER not in str(found)
