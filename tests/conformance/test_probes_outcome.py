"""Probes of the unknown outcome, of notices and of beliefs: evidence that holds, that breaks, and that says nothing."""

from typing import Any

import pytest

from conformance.catalogue import probe
from conformance.evidence import Evidence
from conformance.findings import Broken
from tests.conformance.written import (
    BUYER,
    NUMBER,
    OTHER,
    SECOND,
    about,
    acted,
    asked,
    belief,
    books,
    desk_row,
    evidence,
    moved,
    noticed,
    order_row,
    said,
    sale_row,
    shop_order,
)

LOST = "no_answer_after_commit"
GONE = "no_answer_before_commit"
FIRST = {"codes": ["6202"]}
SAME = {"code": "6201", "field": "medOrgOrd", "owner": "psnNo"}
PAID = {"orders": [order_row()], "transfers": [moved("PAY", 3160)]}
UNPAID = {"orders": [order_row(stas="12")]}
DOUBT = {"codes": ["6202"], "moment": "after_loss"}
TWINS = {"twins": ["A1", "A2"], "orders": {"A1": shop_order(), "A2": shop_order(OTHER)}}
OK, NO = {"ok": {}}, {"refused": {"reason_zh": "否", "reason_en": "no"}}


def upload(seq: int, number: str, **more: Any) -> dict[str, Any]:
    return said(seq, "6201", sent={"medOrgOrd": number, "psnNo": BUYER}, **more)


def shipping(answer: dict[str, Any], rows: dict[str, Any]) -> Evidence:
    return evidence(
        driver=[asked("perform", answer, after_seq=3, task="ship", order="A1")],
        moments={"ship 1": {**books(**rows), "ship_of": "A1", "after_seq": 3}},
    )


def held_as(state: str, rows: dict[str, Any], **more: Any) -> Evidence:
    return evidence(beliefs=[belief(state, **more)], rows=rows)


TABLE: list[tuple[str, str, dict[str, Any], Evidence, str]] = [
    ("a question comes next", "unknown.asks_first", FIRST, evidence(about(1, "6202", fault=LOST), about(2, "6301")), "held"),
    ("6202 comes next", "unknown.asks_first", FIRST, evidence(about(1, "6202", fault=LOST), about(2, "6202")), "broken"),
    ("the desk is opened next", "unknown.asks_first", FIRST, evidence(about(1, "6202", fault="wrong_signature"), about(2, "cash.open")), "broken"),
    ("another order's business does not count", "unknown.asks_first", FIRST,
     evidence(about(1, "6202", fault=LOST), about(2, "6202", SECOND), about(3, "6301")), "held"),
    ("nothing was lost", "unknown.asks_first", FIRST, evidence(about(1, "6202"), about(2, "cash.open")), "unseen"),
    ("only the named faults count", "unknown.asks_first", {**FIRST, "faults": ["garbled_body"]},
     evidence(about(1, "6202", fault=LOST), about(2, "6202")), "unseen"),
    ("repeated under the same number", "unknown.same_serial", SAME, evidence(upload(1, "M1", fault=LOST), upload(2, "M1")), "held"),
    ("repeated under another", "unknown.same_serial", SAME, evidence(upload(1, "M1", fault=GONE), upload(2, "M2")), "broken"),
    ("answered, then a new order", "unknown.same_serial", SAME, evidence(upload(1, "M1"), upload(2, "M2")), "unseen"),
    ("asks, then withdraws", "unknown.undoes_only_what_it_knows", FIRST,
     evidence(about(1, "6202", fault=LOST), about(2, "6301"), about(3, "6401")), "held"),
    ("withdraws at once", "unknown.undoes_only_what_it_knows", FIRST, evidence(about(1, "6202", fault=LOST), about(2, "6401")), "broken"),
    ("refunds after an unanswered question", "unknown.undoes_only_what_it_knows", FIRST,
     evidence(about(1, "6202", fault=LOST), about(2, "6301", fault=GONE), about(3, "6203")), "broken"),
    ("nothing was lost, and it is refunded", "unknown.undoes_only_what_it_knows", FIRST, evidence(about(1, "6202"), about(2, "6203")), "unseen"),
    ("asked again until answered", "unknown.keeps_asking", {}, evidence(about(1, "6301", fault=GONE), about(2, "6301")), "held"),
    ("put before a person", "unknown.keeps_asking", {},
     evidence(about(1, "6301", fault=GONE), beliefs=[belief("manual_review")], rows=PAID), "held"),
    ("given up", "unknown.keeps_asking", {}, evidence(about(1, "6301", fault=GONE), beliefs=[belief("in_doubt")], rows=PAID), "broken"),
    ("answered at once", "unknown.keeps_asking", {}, evidence(about(1, "6301")), "unseen"),
    ("asks after the crash", "unknown.asks_after_crash", {},
     evidence(about(1, "6202"), about(2, "6301"), rows=PAID, facts={"crash": {"order": "A1", "seq": 1}}), "held"),
    ("sends again after the crash", "unknown.asks_after_crash", {},
     evidence(about(1, "6202"), about(2, "6202"), rows=PAID, facts={"crash": {"order": "A1", "seq": 1}}), "broken"),
    ("is silent after the crash", "unknown.asks_after_crash", {},
     evidence(about(1, "6202"), rows=PAID, facts={"crash": {"order": "A1", "seq": 1}}), "broken"),
    ("never crashed", "unknown.asks_after_crash", {}, evidence(about(1, "6202"), rows=PAID), "unseen"),
    ("paid and paid", "beliefs.never_wrong", {}, held_as("paid", PAID), "held"),
    ("doubt is never wrong", "beliefs.never_wrong", {}, held_as("in_doubt", PAID), "held"),
    ("paid in cash alone", "beliefs.never_wrong", {}, held_as("paid", {"orders": [order_row()], "cash": [desk_row(3160)]}), "held"),
    ("not paid, but taken", "beliefs.never_wrong", {}, held_as("not_paid", PAID), "broken"),
    ("failed, but the desk holds the cash", "beliefs.never_wrong", {},
     held_as("failed", {"orders": [order_row(stas="16")], "cash": [desk_row(1160)]}), "broken"),
    ("paid, but nothing was taken", "beliefs.never_wrong", {}, held_as("paid", UNPAID), "broken"),
    ("refunded, but half is missing", "beliefs.never_wrong", {},
     held_as("refunded", {**PAID, "transfers": [*PAID["transfers"], moved("BACK", 3160)], "cash": [desk_row(0, 600)]}), "broken"),
    ("refunded, but never paid", "beliefs.never_wrong", {}, held_as("refunded", UNPAID), "broken"),
    ("partly refunded, but nothing went back", "beliefs.never_wrong", {}, held_as("partly_refunded", PAID), "broken"),
    ("the buyer confirmed a moment ago and nobody told", "beliefs.never_wrong", {},
     evidence(about(1, "6202"), acted(2, "confirm", [moved("PAY", 3160)]), beliefs=[belief("not_paid", moment="now")], rows=PAID), "unseen"),
    ("the buyer confirmed and the channel asked since", "beliefs.never_wrong", {},
     evidence(acted(2, "confirm", [moved("PAY", 3160)]), about(3, "6301"), beliefs=[belief("not_paid", moment="now")], rows=PAID), "broken"),
    ("its own call took the money", "beliefs.never_wrong", {},
     evidence(about(1, "6202", fault=LOST, effect=[moved("PAY", 3160)]), beliefs=[belief("not_paid", moment="now")], rows=PAID), "broken"),
    ("found out in the end", "beliefs.never_undecided", {}, held_as("paid", PAID), "held"),
    ("in doubt for ever", "beliefs.never_undecided", {}, held_as("in_doubt", PAID), "broken"),
    ("refunding for ever", "beliefs.never_undecided", {}, held_as("refunding", PAID), "broken"),
    ("the platform is in doubt itself", "beliefs.never_undecided", {},
     held_as("in_doubt", {"orders": [order_row(stas="14")], "transfers": [moved("HOLD", 3160)]}), "held"),
    ("to the fen", "beliefs.right_amounts", {}, held_as("paid", PAID, account_fen=3160), "held"),
    ("one fen off", "beliefs.right_amounts", {}, held_as("paid", PAID, account_fen=3161), "broken"),
    ("delivery counts as cash", "beliefs.right_amounts", {},
     held_as("paid", {**PAID, "cash": [desk_row(0, 600)]}, account_fen=3160, cash_fen=600), "held"),
    ("counted twice", "beliefs.right_amounts", {}, held_as("paid", PAID, account_fen=6320), "broken"),
    ("no amounts are claimed in doubt", "beliefs.right_amounts", {}, held_as("in_doubt", PAID), "unseen"),
    ("cash at the till is the till's business", "beliefs.right_amounts", {},
     held_as("paid", {"settlements": [sale_row()], "transfers": [moved("PAY", 2000, ref="S1")]}, account_fen=2000, cash_fen=1160), "held"),
    ("the sum of the lines", "beliefs.right_price", {}, held_as("paid", PAID), "held"),
    ("with delivery in it", "beliefs.right_price", {}, held_as("paid", PAID, total_fen=3760), "broken"),
    ("one of the two", "beliefs.is_one_of", {"states": ["paid", "in_doubt"]}, held_as("paid", PAID), "held"),
    ("neither", "beliefs.is_one_of", {"states": ["refunded"]}, held_as("paid", PAID), "broken"),
    ("nothing is known of that moment", "beliefs.is_one_of", {"states": ["paid"], "moment": "never"}, held_as("paid", PAID), "unseen"),
    ("says it does not know", "beliefs.in_doubt_until_heard", DOUBT,
     evidence(about(1, "6202", fault=LOST), beliefs=[belief("in_doubt", moment="after_loss")], rows=PAID), "held"),
    ("claims it is unpaid", "beliefs.in_doubt_until_heard", DOUBT,
     evidence(about(1, "6202", fault=LOST), beliefs=[belief("not_paid", moment="after_loss")], rows=UNPAID), "broken"),
    ("was told meanwhile", "beliefs.in_doubt_until_heard", DOUBT,
     evidence(about(1, "6202", fault=LOST), about(2, "6301"), beliefs=[belief("not_paid", moment="after_loss")], rows=UNPAID), "unseen"),
    ("listed", "beliefs.listed_for_review", {},
     evidence(beliefs=[belief("manual_review")], rows=PAID, listing={"manual_review": [{"order": "A1", "why": "EXP"}]}), "held"),
    ("not listed", "beliefs.listed_for_review", {}, evidence(beliefs=[belief("manual_review")], rows=PAID), "broken"),
    ("no person is needed", "beliefs.listed_for_review", {}, held_as("paid", PAID), "unseen"),
    ("goods leave, paid", "beliefs.goods_leave_only_paid", {}, shipping(OK, PAID), "held"),
    ("goods stay, unpaid", "beliefs.goods_leave_only_paid", {}, shipping(NO, UNPAID), "held"),
    ("goods leave, unpaid", "beliefs.goods_leave_only_paid", {}, shipping(OK, UNPAID), "broken"),
    ("goods leave, refunded", "beliefs.goods_leave_only_paid", {},
     shipping(OK, {"orders": [order_row(stas="7")], "transfers": [moved("PAY", 3160), moved("BACK", 3160)]}), "broken"),
    ("told apart", "beliefs.tells_twins_apart", {},
     evidence(beliefs=[belief("paid"), belief("cancelled", order="A2")], rows=PAID, facts=TWINS), "held"),
    ("both said to be paid", "beliefs.tells_twins_apart", {},
     evidence(beliefs=[belief("paid"), belief("paid", order="A2")], rows=PAID, facts=TWINS), "broken"),
    ("neither was paid", "beliefs.tells_twins_apart", {},
     evidence(beliefs=[belief("failed"), belief("failed", order="A2")], rows=UNPAID, facts=TWINS), "unseen"),
    ("it has not come to that", "beliefs.is_one_of", {"states": ["refunded"], "when": "given_back"}, held_as("paid", PAID), "unseen"),
    ("it has come to that", "beliefs.is_one_of", {"states": ["refunded"], "when": "paid"}, held_as("paid", PAID), "broken"),
    ("acknowledged", "notices.acknowledged", {}, evidence(noticed(1)), "held"),
    ("acknowledged at the second try, one allowed", "notices.acknowledged", {"tries": 1}, evidence(noticed(1, outcome="silent"), noticed(2)), "broken"),
    ("acknowledged at the second try, two allowed", "notices.acknowledged", {"tries": 2}, evidence(noticed(1, outcome="silent"), noticed(2)), "held"),
    ("answered false", "notices.acknowledged", {}, evidence(noticed(1, outcome="refused")), "broken"),
    ("a forgery need not be", "notices.acknowledged", {}, evidence(noticed(1, outcome="refused", fault="forged_notice")), "unseen"),
    ("both acknowledged", "notices.duplicate_acknowledged", {}, evidence(noticed(1), noticed(2)), "held"),
    ("the second refused", "notices.duplicate_acknowledged", {}, evidence(noticed(1), noticed(2, outcome="refused")), "broken"),
    ("came once", "notices.duplicate_acknowledged", {}, evidence(noticed(1)), "unseen"),
    ("turned away", "notices.forged_turned_away", {}, evidence(noticed(1, outcome="refused", fault="forged_notice")), "held"),
    ("met with silence", "notices.forged_turned_away", {}, evidence(noticed(1, outcome="silent", fault="forged_notice")), "held"),
    ("let in", "notices.forged_turned_away", {}, evidence(noticed(1, fault="forged_notice")), "broken"),
    ("made sure", "notices.asked_after", {}, evidence(noticed(1), about(2, "6301")), "held"),
    ("believed it", "notices.asked_after", {}, evidence(about(1, "6301"), noticed(2)), "broken"),
    ("was not told", "notices.asked_after", {}, evidence(noticed(1, outcome="silent")), "unseen"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "params", "record", "expected"), [row[1:] for row in TABLE], ids=[f"{row[1]}: {row[0]}" for row in TABLE])
def test_a_probe_finds_what_the_evidence_shows(name: str, params: dict[str, Any], record: Evidence, expected: str) -> None:
    findings = list(probe(name)(record, params))
    broken = [finding for finding in findings if isinstance(finding, Broken)]
    assert ("broken" if broken else "held" if findings else "unseen") == expected
    assert all(finding.expected.zh and finding.expected.en and finding.actual.zh and finding.actual.en for finding in broken)


def test_the_number_of_a_pay_order_is_the_key() -> None:
    assert next(evidence(about(1, "6301")).lines()).key("payOrdId") == NUMBER
