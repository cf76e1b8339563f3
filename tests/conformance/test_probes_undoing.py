"""Probes of refunds: the right instrument, the same serial, everything back."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    Case,
    about,
    asked,
    desk_row,
    evidence,
    fate,
    moved,
    order_row,
)

PAID = {"orders": [order_row()], "transfers": [moved("PAY", 2000)], "cash": [desk_row(1160, 600)]}
BACK = {"orders": [order_row(stas="7")], "transfers": [moved("PAY", 2000), moved("BACK", 2000)]}
ALL_BACK = desk_row(1160, 600, back=(("cash", 1160), ("freight", 600)))
SPLIT = {"psnAcctPay": "20.00", "fundPay": "0.00", "ownPayAmt": "11.60", "feeSumamt": "31.60"}
PARTS = {"psnAcctRefdAmt": "20.00", "fundRefdAmt": "0.00", "cashRefdAmt": "11.60", "totlRefdAmt": "31.60"}

INSURED = {"psnAcctRefdAmt": "20.00", "fundRefdAmt": "0.00", "cashRefdAmt": "0.00", "totlRefdAmt": "20.00"}


def refund(seq: int, status: str = "SUCC", *, kind: str = "ALL", **more: Any) -> dict[str, Any]:
    sent = {"refdType": kind, **more.pop("sent", {})}
    return about(seq, "6203", sent=sent, told={"refStatus": status} if status else {}, **more)


def delivery(fen: int, back: tuple[tuple[str, int], ...], *lines: dict[str, Any]) -> Evidence:
    driver = [asked("perform", {"ok": {}}, task="refund_delivery", order="A1", fen=fen)]
    return evidence(*lines, driver=driver, rows={"orders": [order_row()], "cash": [desk_row(0, 600, back=back)]})


TABLE: list[Case] = [
    (
        "withdrawn",
        "refunds.unpaid_is_withdrawn",
        {},
        evidence(about(1, "6401"), rows={"orders": [order_row(stas="12")]}),
        "held",
    ),
    (
        "left to lapse",
        "refunds.unpaid_is_withdrawn",
        {},
        evidence(about(1, "6202"), rows={"orders": [order_row(stas="12")]}),
        "broken",
    ),
    (
        "6401 was refused",
        "refunds.unpaid_is_withdrawn",
        {},
        evidence(about(1, "6401", rule="order_busy"), rows={"orders": [order_row()]}),
        "broken",
    ),
    ("paid, then refunded", "refunds.only_what_is_paid", {}, evidence(refund(1)), "held"),
    (
        "refunded before it was paid",
        "refunds.only_what_is_paid",
        {},
        evidence(refund(1, "", rule="order_unpaid")),
        "broken",
    ),
    (
        "everything is back",
        "refunds.comes_back_whole",
        {},
        evidence(refund(1), rows={**BACK, "cash": [ALL_BACK]}),
        "held",
    ),
    (
        "the freight is missing",
        "refunds.comes_back_whole",
        {},
        evidence(refund(1), rows={**BACK, "cash": [desk_row(1160, 600, back=(("cash", 1160),))]}),
        "broken",
    ),
    ("the account is missing", "refunds.comes_back_whole", {}, evidence(rows={**PAID, "cash": [ALL_BACK]}), "broken"),
    ("never paid at all", "refunds.comes_back_whole", {}, evidence(rows={"orders": [order_row(stas="12")]}), "unseen"),
    (
        "declared and moved",
        "refunds.declared_cash_moved",
        {},
        evidence(refund(1), rows={**BACK, "cash": [ALL_BACK]}),
        "held",
    ),
    (
        "declared and kept",
        "refunds.declared_cash_moved",
        {},
        evidence(refund(1), rows={**BACK, "cash": [desk_row(1160)]}),
        "broken",
    ),
    (
        "insurance alone declares nothing",
        "refunds.declared_cash_moved",
        {},
        evidence(refund(1, kind="HI"), rows=PAID),
        "unseen",
    ),
    ("there was no cash", "refunds.declared_cash_moved", {}, evidence(refund(1), rows=BACK), "unseen"),
    ("stopped at EXP", "refunds.stops_at_abnormal_end", {}, evidence(refund(1, "EXP"), about(2, "6301")), "held"),
    ("sent again after EXP", "refunds.stops_at_abnormal_end", {}, evidence(refund(1, "EXP"), refund(2)), "broken"),
    ("a part failed", "refunds.stops_at_abnormal_end", {}, evidence(refund(1, "FAIL", kind="HI")), "held"),
    ("the whole failed", "refunds.stops_at_abnormal_end", {}, evidence(refund(1, "FAIL")), "unseen"),
    ("no abnormal end", "refunds.stops_at_abnormal_end", {}, evidence(refund(1), refund(2)), "unseen"),
    ("at the desk", "refunds.delivery_only_at_desk", {}, delivery(600, (("freight", 600),)), "held"),
    (
        "with 6203 as well",
        "refunds.delivery_only_at_desk",
        {},
        delivery(600, (("freight", 600),), refund(1, kind="CASH")),
        "broken",
    ),
    ("promised and kept", "refunds.delivery_only_at_desk", {}, delivery(600, ()), "broken"),
    ("no delivery was refunded", "refunds.delivery_only_at_desk", {}, evidence(refund(1)), "unseen"),
    (
        "as settled",
        "amounts.refund_is_original",
        {},
        evidence(about(1, "6202", told=SPLIT), refund(2, sent=PARTS)),
        "held",
    ),
    (
        "insurance first",
        "amounts.refund_is_original",
        {},
        evidence(about(1, "6202", told=SPLIT), refund(2, kind="HI", sent=INSURED)),
        "held",
    ),
    (
        "insurance first, less of it",
        "amounts.refund_is_original",
        {},
        evidence(about(1, "6202", told=SPLIT), refund(2, kind="HI", sent={**INSURED, "psnAcctRefdAmt": "1.00"})),
        "broken",
    ),
    (
        "left to the platform",
        "amounts.refund_is_original",
        {},
        evidence(about(1, "6202", told=SPLIT), refund(2, sent={"totlRefdAmt": "31.60"})),
        "held",
    ),
    (
        "another account share",
        "amounts.refund_is_original",
        {},
        evidence(about(1, "6202", told=SPLIT), refund(2, sent={**PARTS, "psnAcctRefdAmt": "31.60"})),
        "broken",
    ),
    (
        "delivery in the total",
        "amounts.refund_is_original",
        {},
        evidence(about(1, "6202", told=SPLIT), refund(2, sent={**PARTS, "totlRefdAmt": "37.60"})),
        "broken",
    ),
    (
        "a part only",
        "amounts.refund_is_original",
        {},
        evidence(about(1, "6202", told=SPLIT), refund(2, kind="CASH")),
        "unseen",
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
