"""Probes of single messages: form, freshness, patience, sign-in, privacy."""

import pytest

from tests.conformance.written import (
    Case,
    about,
    belief,
    evidence,
    fate,
    said,
)

BAD = {"rules": ["bad_signature"]}
SERIAL = {"codes": ["6202"], "field": "orgBizSer"}
STORM = {"most": 2, "window_ms": 1000}
GONE = "no_answer_before_commit"
WAIT = {"facts": {"retry_after_ms": 1000}}


SIGNED = {"rules": ["not_signed_in"], "codes": ["1101"]}
FITS = {"rules": ["schema_miss"]}
HOSPITAL = said(1, "6201", rule="schema_miss")
PRINTED = {"in_force": {"otc_fields": "as_printed"}}
SIGN_IN = said(1, "9001", sent={"opter_no": "1"})
YESTERDAY = {**SIGN_IN, "at": "2026-03-01 23:59:00.000"}
ENDED = said(2, "1101", rule="not_signed_in")
AGAIN = said(3, "9001", sent={"opter_no": "1"})

TABLE: list[Case] = [
    ("sealed", "traffic.sealed", {}, evidence(about(1, "6202")), "held"),
    ("signed at the gateway", "traffic.signed_at_gateway", {}, evidence(said(1, "2102")), "held"),
    ("unsigned", "traffic.signed_at_gateway", {}, evidence({**said(1, "2102"), "sealed": False}), "broken"),
    ("another surface", "traffic.signed_at_gateway", {}, evidence({**about(1, "6202"), "sealed": False}), "unseen"),
    ("in clear", "traffic.sealed", {}, evidence({**about(1, "6202"), "sealed": False}), "broken"),
    (
        "an institution frame need not be",
        "traffic.sealed",
        {},
        evidence({**said(1, "1101"), "sealed": False}),
        "unseen",
    ),
    ("verified", "traffic.never_refused", BAD, evidence(about(1, "6202")), "held"),
    ("refused for something else", "traffic.never_refused", BAD, evidence(about(1, "6202", rule="order_paid")), "held"),
    ("did not verify", "traffic.never_refused", BAD, evidence(about(1, "6202", rule="bad_signature")), "broken"),
    ("signed in, and over all the same", "traffic.never_refused", SIGNED, evidence(SIGN_IN, ENDED), "unseen"),
    ("a column is missing", "traffic.never_refused", FITS, evidence(HOSPITAL), "broken"),
    ("a hospital's is", "traffic.never_refused", FITS, evidence(HOSPITAL, platform=PRINTED), "unseen"),
    ("never signed in", "traffic.never_refused", SIGNED, evidence(ENDED), "broken"),
    ("signed in the day before", "traffic.never_refused", SIGNED, evidence(YESTERDAY, ENDED), "broken"),
    ("signed in anew when it was over", "sessions.once_a_day", {}, evidence(SIGN_IN, ENDED, AGAIN), "held"),
    ("of other interfaces", "traffic.never_refused", {**BAD, "codes": ["6203"]}, evidence(about(1, "6202")), "unseen"),
    (
        "two serials",
        "traffic.distinct",
        SERIAL,
        evidence(about(1, "6202", sent={"orgBizSer": "1"}), about(2, "6202", sent={"orgBizSer": "2"})),
        "held",
    ),
    (
        "one serial twice",
        "traffic.distinct",
        SERIAL,
        evidence(about(1, "6202", sent={"orgBizSer": "1"}), about(2, "6202", sent={"orgBizSer": "1"})),
        "broken",
    ),
    (
        "one msgid twice",
        "traffic.distinct",
        {"codes": ["2102"], "field": "msgid"},
        evidence(said(1, "2102", msgid="X"), said(2, "2102", msgid="X")),
        "broken",
    ),
    (
        "fourteen digits",
        "traffic.tells_one_time",
        {"codes": ["6203"], "field": "appRefdTime"},
        evidence(about(1, "6203", sent={"appRefdTime": "20260302093000"})),
        "held",
    ),
    (
        "a time of another form",
        "traffic.tells_one_time",
        {"codes": ["6203"], "field": "appRefdTime"},
        evidence(about(1, "6203", sent={"appRefdTime": "2026-03-02 09:30:00"})),
        "broken",
    ),
    (
        "waited",
        "retries.waits_as_told",
        {},
        evidence(about(1, "6301", fault="http_status"), about(2, "6301", at_ms=1000), **WAIT),
        "held",
    ),
    (
        "did not wait",
        "retries.waits_as_told",
        {},
        evidence(about(1, "6301", fault="http_status"), about(2, "6301", at_ms=999), **WAIT),
        "broken",
    ),
    ("never came back", "retries.waits_as_told", {}, evidence(about(1, "6301", fault="http_status"), **WAIT), "unseen"),
    (
        "patient",
        "retries.never_storms",
        STORM,
        evidence(*(about(n, "6301", fault=GONE, at_ms=n * 600) for n in range(1, 5))),
        "held",
    ),
    (
        "a storm",
        "retries.never_storms",
        STORM,
        evidence(*(about(n, "6301", fault=GONE, at_ms=n * 300) for n in range(1, 5))),
        "broken",
    ),
    (
        "all were answered",
        "retries.never_storms",
        STORM,
        evidence(*(about(n, "6301", at_ms=n) for n in range(1, 5))),
        "unseen",
    ),
    ("once a day", "sessions.once_a_day", {}, evidence(said(1, "9001", sent={"opter_no": "1"})), "held"),
    (
        "two operators",
        "sessions.once_a_day",
        {},
        evidence(said(1, "9001", sent={"opter_no": "1"}), said(2, "9001", sent={"opter_no": "2"})),
        "held",
    ),
    (
        "before every call",
        "sessions.once_a_day",
        {},
        evidence(said(1, "9001", sent={"opter_no": "1"}), said(2, "9001", sent={"opter_no": "1"})),
        "broken",
    ),
    ("a plain address", "privacy.addresses_say_nothing", {}, evidence(about(1, "6202")), "held"),
    (
        "an identity number in the path",
        "privacy.addresses_say_nothing",
        {},
        evidence(about(1, "6202", path="/p/990000198503120035")),
        "broken",
    ),
    (
        "an identity number in the query",
        "privacy.addresses_say_nothing",
        {},
        evidence({**about(1, "6202"), "notes": ["query in the address: idNo"]}),
        "broken",
    ),
    (
        "a query that says nothing",
        "privacy.addresses_say_nothing",
        {},
        evidence({**about(1, "6202"), "notes": ["query in the address: v"]}),
        "held",
    ),
    ("a plain text", "privacy.shows_no_secrets", {}, evidence(beliefs=[belief("paid")]), "held"),
    (
        "an identity number shown",
        "privacy.shows_no_secrets",
        {},
        evidence(beliefs=[belief("paid", shown_zh="990000198503120035已支付")]),
        "broken",
    ),
    (
        "a token in the list",
        "privacy.shows_no_secrets",
        {},
        evidence(listing={"manual_review": [{"order": "A1", "why": "TKN0123456789ABCDEF0123"}]}),
        "broken",
    ),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
