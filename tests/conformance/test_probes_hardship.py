"""Probes of hard and stormy days."""

from typing import Any

import pytest

from tests.conformance.written import (
    BUYER,
    Case,
    about,
    belief,
    evidence,
    fate,
    moved,
    noticed,
    order_row,
    said,
)

LOST = "no_answer_after_commit"
EXPIRED = {"rules": ["consent_expired"]}
PAID = {"states": ["paid"]}
OVER = {"states": ["cancelled", "failed"]}
TWICE = {"most": 2}
ONCE_PAID = {"orders": [order_row()], "transfers": [moved("PAY", 3160)]}
TWICE_PAID = {"orders": [order_row()], "transfers": [moved("PAY", 3160), moved("PAY", 3160, transfer_id="T2")]}
LAPSED = {"orders": [order_row(stas="12")]}


def upload(seq: int, number: str = "M1", **more: Any) -> dict[str, Any]:
    return said(seq, "6201", sent={"medOrgOrd": number, "psnNo": BUYER}, **more)


def refund(seq: int, serial: str, part: str = "ALL", **more: Any) -> dict[str, Any]:
    return about(seq, "6203", sent={"appRefdSn": serial, "refdType": part}, **more)


def consented(seq: int, number: str, **more: Any) -> dict[str, Any]:
    return about(seq, "6202", sent={"payAuthNo": number}, **more)


def shop(seq: int, code: str, **more: Any) -> dict[str, Any]:
    return said(seq, code, **more) | {"surface": "institution"}


TABLE: list[Case] = [
    (
        "9001 follows",
        "hardship.renewed_when_over",
        {},
        evidence(shop(1, "2102", rule="sign_no_invalid"), shop(2, "9001"), shop(3, "2102")),
        "held",
    ),
    (
        "the same message follows",
        "hardship.renewed_when_over",
        {},
        evidence(shop(1, "1101", rule="not_signed_in"), shop(2, "1101", rule="not_signed_in")),
        "broken",
    ),
    ("nothing follows", "hardship.renewed_when_over", {}, evidence(shop(1, "1101", rule="not_signed_in")), "broken"),
    ("never refused", "hardship.renewed_when_over", {}, evidence(shop(1, "1101")), "unseen"),
    ("all paid", "hardship.all_are", PAID, evidence(beliefs=[belief("paid")]), "held"),
    (
        "one of two failed",
        "hardship.all_are",
        PAID,
        evidence(
            beliefs=[belief("paid"), belief("failed", order="A2")],
        ),
        "broken",
    ),
    (
        "left alone once it lapsed",
        "hardship.dead_stays_dead",
        {},
        evidence(about(1, "6202"), about(2, "6301", told={"ordStas": "12"}), about(3, "6301")),
        "held",
    ),
    (
        "placed again once it lapsed",
        "hardship.dead_stays_dead",
        {},
        evidence(about(1, "6202"), about(2, "6301", told={"ordStas": "12"}), about(3, "6202", rule="order_closed")),
        "broken",
    ),
    (
        "placed again, not having heard of it",
        "hardship.dead_stays_dead",
        {},
        evidence(about(1, "6301", told={"ordStas": "12"}, fault="wrong_signature"), about(2, "6202")),
        "unseen",
    ),
    (
        "withdrawn, then placed",
        "hardship.dead_stays_dead",
        {},
        evidence(about(1, "6401"), about(2, "6202", rule="order_closed")),
        "broken",
    ),
    (
        "another consent follows",
        "hardship.refused_consent_left",
        EXPIRED,
        evidence(consented(1, "N1", rule="consent_expired"), consented(2, "N2")),
        "held",
    ),
    (
        "the same consent follows",
        "hardship.refused_consent_left",
        EXPIRED,
        evidence(consented(1, "N1", rule="consent_expired"), consented(2, "N1")),
        "broken",
    ),
    ("never refused", "hardship.refused_consent_left", EXPIRED, evidence(consented(1, "N1")), "unseen"),
    (
        "goes on under a new consent",
        "hardship.placed_after_refusal",
        EXPIRED,
        evidence(about(1, "6202", rule="consent_expired"), about(2, "6202")),
        "held",
    ),
    (
        "gives up",
        "hardship.placed_after_refusal",
        EXPIRED,
        evidence(about(1, "6202", rule="consent_expired"), about(2, "6401")),
        "broken",
    ),
    ("never refused", "hardship.placed_after_refusal", EXPIRED, evidence(about(1, "6202")), "unseen"),
    (
        "refused twice, then left",
        "hardship.heeds_refusals",
        TWICE,
        evidence(upload(1, rule="institution_suspended"), upload(2, rule="institution_suspended")),
        "held",
    ),
    (
        "refused thrice",
        "hardship.heeds_refusals",
        TWICE,
        evidence(*(upload(seq, rule="institution_suspended") for seq in (1, 2, 3))),
        "broken",
    ),
    (
        "three different messages",
        "hardship.heeds_refusals",
        TWICE,
        evidence(*(upload(seq, f"M{seq}", rule="institution_suspended") for seq in (1, 2, 3))),
        "held",
    ),
    ("nothing refused", "hardship.heeds_refusals", TWICE, evidence(upload(1)), "unseen"),
    ("paid and told", "hardship.paid_once_and_told", {}, evidence(beliefs=[belief("paid")], rows=ONCE_PAID), "held"),
    (
        "paid and with a person",
        "hardship.paid_once_and_told",
        {},
        evidence(beliefs=[belief("manual_review")], rows=ONCE_PAID),
        "broken",
    ),
    ("paid twice", "hardship.paid_once_and_told", {}, evidence(beliefs=[belief("paid")], rows=TWICE_PAID), "broken"),
    ("never paid", "hardship.paid_once_and_told", {}, evidence(beliefs=[belief("paid")]), "unseen"),
    ("asked, not sent again", "hardship.one_serial", {}, evidence(refund(1, "R1", fault=LOST)), "held"),
    (
        "sent again as it was",
        "hardship.one_serial",
        {},
        evidence(refund(1, "R1", fault=LOST), refund(2, "R1")),
        "held",
    ),
    (
        "sent again as another",
        "hardship.one_serial",
        {},
        evidence(refund(1, "R1", fault=LOST), refund(2, "R2")),
        "broken",
    ),
    (
        "the cash leg after the lost one of insurance",
        "hardship.one_serial",
        {},
        evidence(refund(1, "R1", "HI", fault=LOST), refund(2, "R2", "CASH")),
        "held",
    ),
    ("nothing was lost", "hardship.one_serial", {}, evidence(refund(1, "R1"), refund(2, "R2")), "unseen"),
    ("told cancelled", "hardship.lapsed", OVER, evidence(beliefs=[belief("cancelled")], rows=LAPSED), "held"),
    ("told to be open", "hardship.lapsed", OVER, evidence(beliefs=[belief("not_paid")], rows=LAPSED), "broken"),
    ("it was paid", "hardship.lapsed", OVER, evidence(beliefs=[belief("not_paid")], rows=ONCE_PAID), "unseen"),
    (
        "the notice came first and it stands",
        "hardship.kept_though_early",
        {},
        evidence(about(1, "6202"), noticed(2), beliefs=[belief("paid")], rows=ONCE_PAID),
        "held",
    ),
    (
        "the notice came first, on a clock that runs on",
        "hardship.kept_though_early",
        {},
        evidence(about(1, "6202"), {**noticed(2), "at_ms": 40}, beliefs=[belief("paid")], rows=ONCE_PAID),
        "held",
    ),
    (
        "the notice came first and it is in doubt",
        "hardship.kept_though_early",
        {},
        evidence(about(1, "6202"), noticed(2), beliefs=[belief("in_doubt")], rows=ONCE_PAID),
        "broken",
    ),
    (
        "the notice came later",
        "hardship.kept_though_early",
        {},
        evidence(about(1, "6202"), about(2, "6301"), noticed(3), beliefs=[belief("in_doubt")], rows=ONCE_PAID),
        "unseen",
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
