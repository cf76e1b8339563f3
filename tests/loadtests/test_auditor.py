"""The auditor against books made by hand: sound ones pass whole, each spoiled one breaks exactly its own rules."""

from typing import Any

import pytest

from loadtests import books as books_of
from loadtests.auditor import RULES, audit, unconfirmed
from loadtests.books import Books
from schemas import jsontext
from tests.loadtests.sound_books import NAMES, ORG, PRICE_FEN, books, changed, statement, without

SOUND = books()
PAY = SOUND.transfers[1]


def broken(kept: Books) -> dict[str, list[str]]:
    """Rule → what it complains about."""
    return {result.rule: [found.about for found in result.findings] for result in audit(kept) if result.findings}


def test_sound_books_break_no_rule_and_every_rule_has_seen_something() -> None:
    results = audit(SOUND)
    assert broken(SOUND) == {}
    assert [result.rule for result in results if not result.examined] == []
    assert unconfirmed(SOUND) == []


def moved(*postings: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"account": account, "fen": fen} for account, fen in postings]


SPOILED: list[tuple[str, dict[str, Any], dict[str, list[str]]]] = [
    (
        "a row at rest that only one side has",
        {"statements": [statement(differing=1, orders=["paid"])]},
        {"statements-agree": [ORG]},
    ),
    (
        "a day that could not be compared",
        {"statements": [statement(answered=False, why="HTTP 503")]},
        {"statements-agree": [ORG]},
    ),
    (
        "a counted success without a PAY",
        {
            "transfers": without(SOUND.transfers, 1),
            "accounts": {**SOUND.accounts, "own:1": 100_000 - 1_000, f"due:{ORG}": 1_000},
        },
        {"counted-once": ["paid"], "beliefs-equal-ledger": ["paid"]},
    ),
    (
        "one order paid twice",
        {
            "transfers": [*SOUND.transfers, {**PAY, "transfer_id": "T9"}],
            "accounts": {
                **SOUND.accounts,
                "own:1": SOUND.accounts["own:1"] - PRICE_FEN,
                f"due:{ORG}": SOUND.accounts[f"due:{ORG}"] + PRICE_FEN,
            },
        },
        {
            "counted-once": ["paid"],
            "paid-once": ["ORD-paid", "paid"],
            "priced-right": ["paid"],
            "beliefs-equal-ledger": ["paid"],
        },
    ),
    (
        "a PAY that no channel knows",
        {"beliefs": changed(SOUND.beliefs, 0, pay_ord_ids=[])},
        {"counted-once": ["paid"], "nothing-unasked": ["ORD-paid"], "beliefs-equal-ledger": ["paid"]},
    ),
    (
        "paid to another pharmacy",
        {
            "transfers": changed(SOUND.transfers, 1, postings=moved(("own:1", -PRICE_FEN), ("due:X", PRICE_FEN))),
            "accounts": {**SOUND.accounts, f"due:{ORG}": 1_000, "due:X": PRICE_FEN},
        },
        {"nothing-unasked": ["ORD-paid"]},
    ),
    (
        "a refund that goes to somebody else",
        {
            "transfers": changed(SOUND.transfers, 4, postings=moved(("own:2", PRICE_FEN), (f"due:{ORG}", -PRICE_FEN))),
            "accounts": {**SOUND.accounts, "own:1": SOUND.accounts["own:1"] - PRICE_FEN, "own:2": PRICE_FEN},
        },
        {"back-mirrors-pay": ["ORD-refunded"]},
    ),
    (
        "a refund twice",
        {
            "transfers": [*SOUND.transfers, {**SOUND.transfers[4], "transfer_id": "T9"}],
            "accounts": {
                **SOUND.accounts,
                "own:1": SOUND.accounts["own:1"] + PRICE_FEN,
                f"due:{ORG}": SOUND.accounts[f"due:{ORG}"] - PRICE_FEN,
            },
        },
        {"paid-once": ["ORD-refunded"], "beliefs-equal-ledger": ["refunded"]},
    ),
    (
        "a transfer that loses one fen",
        {
            "transfers": changed(
                SOUND.transfers, 1, postings=moved(("own:1", -PRICE_FEN), (f"due:{ORG}", PRICE_FEN - 1))
            ),
            "accounts": {**SOUND.accounts, f"due:{ORG}": PRICE_FEN + 999},
        },
        {"books-balance": ["T1", "ledger"]},
    ),
    (
        "a balance that is not its postings",
        {"accounts": {**SOUND.accounts, "own:1": SOUND.accounts["own:1"] + 1}},
        {"books-balance": ["own:1", "ledger"]},
    ),
    (
        "an overdrawn account",
        {
            "transfers": changed(SOUND.transfers, 0, postings=moved(("own:1", 1_000), ("opening", -1_000))),
            "accounts": {**SOUND.accounts, "own:1": -PRICE_FEN, "opening": -1_000},
        },
        {"no-overdraft": ["own:1"]},
    ),
    (
        "a split that is not the price of the basket",
        {"asked": changed(SOUND.asked, 0, lines=[{"cnt": "1", "pric": "19.80"}])},
        {"priced-right": ["paid"]},
    ),
    (
        "insurance took less than the split says",
        {
            "transfers": changed(SOUND.transfers, 2, postings=moved(("own:1", -999), (f"due:{ORG}", 999))),
            "accounts": {
                **SOUND.accounts,
                "own:1": SOUND.accounts["own:1"] + 1,
                f"due:{ORG}": SOUND.accounts[f"due:{ORG}"] - 1,
            },
        },
        {"priced-right": ["mixed"], "beliefs-equal-ledger": ["mixed"]},
    ),
    (
        "the cash desk collected without the freight",
        {"cash": changed(SOUND.cash, 0, freight_fen=0)},
        {"cash-collected": ["mixed"], "beliefs-equal-ledger": ["mixed"]},
    ),
    (
        "cash that was never collected",
        {"cash": changed(SOUND.cash, 1, state="open")},
        {"cash-collected": ["cash"], "beliefs-equal-ledger": ["cash"]},
    ),
    (
        "cash still held of an order that failed",
        {"cash": [*SOUND.cash, {**SOUND.cash[1], "pay_ord_id": "ORD-failed", "cash_fen": 100}]},
        {"cash-collected": ["failed"], "beliefs-equal-ledger": ["failed"]},
    ),
    (
        "a channel that believes paid what failed",
        {"beliefs": changed(SOUND.beliefs, 4, state="paid")},
        {"beliefs-equal-ledger": ["failed"]},
    ),
    (
        "a channel that believes refunded what stands",
        {"beliefs": changed(SOUND.beliefs, 0, state="refunded", account_fen=0)},
        {"beliefs-equal-ledger": ["paid"]},
    ),
    (
        "a channel that is one fen off",
        {"beliefs": changed(SOUND.beliefs, 1, account_fen=1_001)},
        {"beliefs-equal-ledger": ["mixed"]},
    ),
    (
        "a success the plan does not know",
        {"counted": SOUND.counted | {"stray"}},
        {"counted-once": ["stray"]},
    ),
]


@pytest.mark.parametrize(("what", "spoiled", "expected"), SPOILED, ids=[row[0] for row in SPOILED])
def test_spoiled_books_break_their_own_rules_and_no_other(
    what: str, spoiled: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    assert broken(books(**spoiled)) == expected


def test_every_rule_has_books_that_break_it() -> None:
    assert {rule.name for rule in RULES} == {name for _, _, expected in SPOILED for name in expected}


def test_freight_alone_may_go_back_when_the_plan_wants_it() -> None:
    refund = {"refund_no": "D1", "part": "freight", "fen": 500, "at_ms": 1}
    returned = books(
        asked=changed(SOUND.asked, 1, undo="refund_delivery"),
        cash=changed(SOUND.cash, 0, refunds=[refund]),
        beliefs=changed(SOUND.beliefs, 1, cash_fen=PRICE_FEN - 1_000 + 100),
    )
    assert broken(returned) == {}
    assert broken(books(cash=returned.cash, beliefs=returned.beliefs)) == {"cash-collected": ["mixed"]}


@pytest.mark.parametrize("state", ["in_doubt", "refunding", "manual_review"])
def test_doubt_is_never_a_wrong_belief(state: str) -> None:
    assert broken(books(beliefs=changed(SOUND.beliefs, 0, state=state, account_fen=0))) == {}


def test_money_in_suspense_is_held_and_claims_nothing() -> None:
    held = [{"account": "own:1", "fen": -PRICE_FEN}, {"account": "suspense", "fen": PRICE_FEN}]
    kept = books(
        transfers=changed(SOUND.transfers, 1, kind="HOLD", postings=held),
        accounts={**SOUND.accounts, f"due:{ORG}": 1_000, "suspense": PRICE_FEN},
        orders=changed(SOUND.orders, 0, ord_stas="14"),
        beliefs=changed(SOUND.beliefs, 0, state="in_doubt", account_fen=0),
        counted=SOUND.counted - {"paid"},
    )
    assert broken(kept) == {}


def test_an_order_the_generator_never_began_is_nobodys_business_here() -> None:
    unbegun = books(
        asked=[*SOUND.asked, {**SOUND.asked[0], "number": "later"}], beliefs=SOUND.beliefs, begun=frozenset(NAMES)
    )
    assert broken(unbegun) == {}


def test_a_paid_notice_nobody_confirmed_is_seen() -> None:
    assert unconfirmed(books(orders=changed(SOUND.orders, 0, ord_stas="4"))) == ["paid"]


def test_books_survive_their_file() -> None:
    again = books_of.read(jsontext.parse(jsontext.compact(books_of.to_document(SOUND))))
    assert books_of.to_document(again) == books_of.to_document(SOUND)
    assert broken(again) == {}
