"""Probes of what a channel believes, held against the platform's books of the same moment."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    OTHER,
    Case,
    about,
    acted,
    asked,
    belief,
    books,
    desk_row,
    evidence,
    fate,
    moved,
    order_row,
    sale_row,
    shop_order,
)

LOST = "no_answer_after_commit"
PAID = {"orders": [order_row()], "transfers": [moved("PAY", 3160)]}
UNPAID = {"orders": [order_row(stas="12")]}
DOUBT = {"codes": ["6202"], "moment": "after_loss"}
TWINS = {"twins": ["A1", "A2"], "orders": {"A1": shop_order(), "A2": shop_order(OTHER)}}
OK, NO = {"ok": {}}, {"refused": {"reason_zh": "否", "reason_en": "no"}}


def shipping(answer: dict[str, Any], rows: dict[str, Any]) -> Evidence:
    return evidence(
        driver=[asked("perform", answer, after_seq=3, task="ship", order="A1")],
        moments={"ship 1": {**books(**rows), "ship_of": "A1", "after_seq": 3}},
    )


def held_as(state: str, rows: dict[str, Any], **more: Any) -> Evidence:
    return evidence(beliefs=[belief(state, **more)], rows=rows)


TABLE: list[Case] = [
    ("paid and paid", "beliefs.never_wrong", {}, held_as("paid", PAID), "held"),
    ("doubt is never wrong", "beliefs.never_wrong", {}, held_as("in_doubt", PAID), "held"),
    (
        "paid in cash alone",
        "beliefs.never_wrong",
        {},
        held_as("paid", {"orders": [order_row()], "cash": [desk_row(3160)]}),
        "held",
    ),
    ("not paid, but taken", "beliefs.never_wrong", {}, held_as("not_paid", PAID), "broken"),
    (
        "failed, but the desk holds the cash",
        "beliefs.never_wrong",
        {},
        held_as("failed", {"orders": [order_row(stas="16")], "cash": [desk_row(1160)]}),
        "broken",
    ),
    ("paid, but nothing was taken", "beliefs.never_wrong", {}, held_as("paid", UNPAID), "broken"),
    (
        "refunded, but half is missing",
        "beliefs.never_wrong",
        {},
        held_as(
            "refunded", {**PAID, "transfers": [*PAID["transfers"], moved("BACK", 3160)], "cash": [desk_row(0, 600)]}
        ),
        "broken",
    ),
    ("refunded, but never paid", "beliefs.never_wrong", {}, held_as("refunded", UNPAID), "broken"),
    ("partly refunded, but nothing went back", "beliefs.never_wrong", {}, held_as("partly_refunded", PAID), "broken"),
    (
        "the buyer confirmed a moment ago and nobody told",
        "beliefs.never_wrong",
        {},
        evidence(
            about(1, "6202"),
            acted(2, "confirm", [moved("PAY", 3160)]),
            beliefs=[belief("not_paid", moment="now")],
            rows=PAID,
        ),
        "unseen",
    ),
    (
        "the buyer confirmed and the channel asked since",
        "beliefs.never_wrong",
        {},
        evidence(
            acted(2, "confirm", [moved("PAY", 3160)]),
            about(3, "6301"),
            beliefs=[belief("not_paid", moment="now")],
            rows=PAID,
        ),
        "broken",
    ),
    (
        "its own call took the money",
        "beliefs.never_wrong",
        {},
        evidence(
            about(1, "6202", fault=LOST, effect=[moved("PAY", 3160)]),
            beliefs=[belief("not_paid", moment="now")],
            rows=PAID,
        ),
        "broken",
    ),
    ("found out in the end", "beliefs.never_undecided", {}, held_as("paid", PAID), "held"),
    ("in doubt for ever", "beliefs.never_undecided", {}, held_as("in_doubt", PAID), "broken"),
    ("refunding for ever", "beliefs.never_undecided", {}, held_as("refunding", PAID), "broken"),
    (
        "the platform is in doubt itself",
        "beliefs.never_undecided",
        {},
        held_as("in_doubt", {"orders": [order_row(stas="14")], "transfers": [moved("HOLD", 3160)]}),
        "held",
    ),
    ("to the fen", "beliefs.right_amounts", {}, held_as("paid", PAID, account_fen=3160), "held"),
    ("one fen off", "beliefs.right_amounts", {}, held_as("paid", PAID, account_fen=3161), "broken"),
    (
        "delivery counts as cash",
        "beliefs.right_amounts",
        {},
        held_as("paid", {**PAID, "cash": [desk_row(0, 600)]}, account_fen=3160, cash_fen=600),
        "held",
    ),
    ("counted twice", "beliefs.right_amounts", {}, held_as("paid", PAID, account_fen=6320), "broken"),
    ("no amounts are claimed in doubt", "beliefs.right_amounts", {}, held_as("in_doubt", PAID), "unseen"),
    (
        "cash at the till is the till's business",
        "beliefs.right_amounts",
        {},
        held_as(
            "paid",
            {"settlements": [sale_row()], "transfers": [moved("PAY", 2000, ref="S1")]},
            account_fen=2000,
            cash_fen=1160,
        ),
        "held",
    ),
    ("the sum of the lines", "beliefs.right_price", {}, held_as("paid", PAID), "held"),
    ("with delivery in it", "beliefs.right_price", {}, held_as("paid", PAID, total_fen=3760), "broken"),
    ("one of the two", "beliefs.is_one_of", {"states": ["paid", "in_doubt"]}, held_as("paid", PAID), "held"),
    ("neither", "beliefs.is_one_of", {"states": ["refunded"]}, held_as("paid", PAID), "broken"),
    (
        "nothing is known of that moment",
        "beliefs.is_one_of",
        {"states": ["paid"], "moment": "never"},
        held_as("paid", PAID),
        "unseen",
    ),
    (
        "says it does not know",
        "beliefs.in_doubt_until_heard",
        DOUBT,
        evidence(about(1, "6202", fault=LOST), beliefs=[belief("in_doubt", moment="after_loss")], rows=PAID),
        "held",
    ),
    (
        "claims it is unpaid",
        "beliefs.in_doubt_until_heard",
        DOUBT,
        evidence(about(1, "6202", fault=LOST), beliefs=[belief("not_paid", moment="after_loss")], rows=UNPAID),
        "broken",
    ),
    (
        "was told meanwhile",
        "beliefs.in_doubt_until_heard",
        DOUBT,
        evidence(
            about(1, "6202", fault=LOST),
            about(2, "6301"),
            beliefs=[belief("not_paid", moment="after_loss")],
            rows=UNPAID,
        ),
        "unseen",
    ),
    (
        "listed",
        "beliefs.listed_for_review",
        {},
        evidence(
            beliefs=[belief("manual_review")], rows=PAID, listing={"manual_review": [{"order": "A1", "why": "EXP"}]}
        ),
        "held",
    ),
    ("not listed", "beliefs.listed_for_review", {}, evidence(beliefs=[belief("manual_review")], rows=PAID), "broken"),
    ("no person is needed", "beliefs.listed_for_review", {}, held_as("paid", PAID), "unseen"),
    ("goods leave, paid", "beliefs.goods_leave_only_paid", {}, shipping(OK, PAID), "held"),
    ("goods stay, unpaid", "beliefs.goods_leave_only_paid", {}, shipping(NO, UNPAID), "held"),
    ("goods leave, unpaid", "beliefs.goods_leave_only_paid", {}, shipping(OK, UNPAID), "broken"),
    (
        "goods leave, refunded",
        "beliefs.goods_leave_only_paid",
        {},
        shipping(OK, {"orders": [order_row(stas="7")], "transfers": [moved("PAY", 3160), moved("BACK", 3160)]}),
        "broken",
    ),
    (
        "told apart",
        "beliefs.tells_twins_apart",
        {},
        evidence(beliefs=[belief("paid"), belief("cancelled", order="A2")], rows=PAID, facts=TWINS),
        "held",
    ),
    (
        "both said to be paid",
        "beliefs.tells_twins_apart",
        {},
        evidence(beliefs=[belief("paid"), belief("paid", order="A2")], rows=PAID, facts=TWINS),
        "broken",
    ),
    (
        "neither was paid",
        "beliefs.tells_twins_apart",
        {},
        evidence(beliefs=[belief("failed"), belief("failed", order="A2")], rows=UNPAID, facts=TWINS),
        "unseen",
    ),
    (
        "it has not come to that",
        "beliefs.is_one_of",
        {"states": ["refunded"], "when": "given_back"},
        held_as("paid", PAID),
        "unseen",
    ),
    (
        "it has come to that",
        "beliefs.is_one_of",
        {"states": ["refunded"], "when": "paid"},
        held_as("paid", PAID),
        "broken",
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
