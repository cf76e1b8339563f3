"""Probes of the inbox: what a notice is answered, and what the channel does then."""

import pytest

from tests.conformance.written import (
    Case,
    about,
    evidence,
    fate,
    noticed,
)

SEALED = {"sealed": True, "answer_sealed": True}

TABLE: list[Case] = [
    ("acknowledged", "notices.acknowledged", {}, evidence(noticed(1)), "held"),
    (
        "acknowledged at the second try, one allowed",
        "notices.acknowledged",
        {"tries": 1},
        evidence(noticed(1, outcome="silent"), noticed(2)),
        "broken",
    ),
    (
        "acknowledged at the second try, two allowed",
        "notices.acknowledged",
        {"tries": 2},
        evidence(noticed(1, outcome="silent"), noticed(2)),
        "held",
    ),
    ("answered false", "notices.acknowledged", {}, evidence(noticed(1, outcome="refused")), "broken"),
    (
        "a forgery need not be",
        "notices.acknowledged",
        {},
        evidence(noticed(1, outcome="refused", fault="forged_notice")),
        "unseen",
    ),
    (
        "one under a retired key need not be",
        "notices.acknowledged",
        {},
        evidence(noticed(1, outcome="refused", fault="retired_key"), noticed(2)),
        "held",
    ),
    (
        "again under a retired key",
        "notices.duplicate_acknowledged",
        {},
        evidence(noticed(1), noticed(2, outcome="refused", fault="retired_key")),
        "unseen",
    ),
    ("both acknowledged", "notices.duplicate_acknowledged", {}, evidence(noticed(1), noticed(2)), "held"),
    (
        "the second refused",
        "notices.duplicate_acknowledged",
        {},
        evidence(noticed(1), noticed(2, outcome="refused")),
        "broken",
    ),
    ("came once", "notices.duplicate_acknowledged", {}, evidence(noticed(1)), "unseen"),
    (
        "turned away",
        "notices.forged_turned_away",
        {},
        evidence(noticed(1, outcome="refused", fault="forged_notice")),
        "held",
    ),
    (
        "met with silence",
        "notices.forged_turned_away",
        {},
        evidence(noticed(1, outcome="silent", fault="forged_notice")),
        "held",
    ),
    ("let in", "notices.forged_turned_away", {}, evidence(noticed(1, fault="forged_notice")), "broken"),
    (
        "a stranger turned away",
        "notices.strangers_turned_away",
        {},
        evidence(noticed(1, "ORD9", outcome="refused", fault="unknown_order_notice")),
        "held",
    ),
    (
        "a stranger let in",
        "notices.strangers_turned_away",
        {},
        evidence(noticed(1, "ORD9", fault="unknown_order_notice")),
        "broken",
    ),
    ("only one's own came", "notices.strangers_turned_away", {}, evidence(noticed(1)), "unseen"),
    (
        "a stranger need not be acknowledged",
        "notices.acknowledged",
        {},
        evidence(noticed(1, "ORD9", outcome="refused", fault="unknown_order_notice")),
        "unseen",
    ),
    ("sealed as it came", "notices.answer_sealed", {}, evidence({**noticed(1), **SEALED}), "held"),
    ("bare", "notices.answer_sealed", {}, evidence({**noticed(1), **SEALED, "answer_sealed": False}), "broken"),
    ("came in clear itself", "notices.answer_sealed", {}, evidence({**noticed(1), "sealed": False}), "unseen"),
    ("made sure", "notices.asked_after", {}, evidence(noticed(1), about(2, "6301")), "held"),
    ("believed it", "notices.asked_after", {}, evidence(about(1, "6301"), noticed(2)), "broken"),
    (
        "knew it before",
        "notices.asked_after",
        {},
        evidence(about(1, "6301", told={"ordStas": "4"}), noticed(2)),
        "held",
    ),
    (
        "had asked before it was paid",
        "notices.asked_after",
        {},
        evidence(about(1, "6301", told={"ordStas": "1"}), noticed(2)),
        "broken",
    ),
    ("was not told", "notices.asked_after", {}, evidence(noticed(1, outcome="silent")), "unseen"),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
