"""Probes of whose money it is: chosen accounts, who 1101 said a person is, refusals that stand."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import BUYER, NUMBER, SECOND, Case, about, acted, evidence, fate, order_row, said
from tests.conformance.written import shop_order as bought

CHOICE, PURSES = "people.says_the_choice", "people.only_chosen_purses"
ANSWERED, PLACE = "people.said_as_answered", "people.frame_names_place"
ANEW, SUSPENDED, RESTS = "people.asked_for_each_order", "people.no_bill_without_insurance", "people.rests_after_refusal"
FIELDS = {"fields": ["psnNo=psn_no", "insutype=insutype"], "codes": ["6201"]}
PERSON = {"psn_no": BUYER, "insutype": "390", "insuplc_admdvs": "110100"}


def chose(flag: str, *lines: dict[str, Any], **more: Any) -> Evidence:
    return evidence(*lines, facts={"orders": {"A1": bought(acct_used_flag=flag)}}, **more)


def paid_by(*accounts: str) -> dict[str, Any]:
    postings = [{"account": account, "fen": -100} for account in accounts]
    due = {"account": "due:O1", "fen": 100 * len(accounts)}
    return {"transfer_id": "T1", "kind": "PAY", "ref": NUMBER, "at_ms": 0, "postings": [*postings, due]}


def uploaded(seq: int = 1, serial: str = "M1", **sent: Any) -> dict[str, Any]:
    return said(seq, "6201", sent={"psnNo": BUYER, "medOrgOrd": serial, **sent})


def identified(seq: int, **told: Any) -> dict[str, Any]:
    return said(seq, "1101", told={**PERSON, "psn_insu_stas": "1", **told})


def sold(seq: int, place: str) -> dict[str, Any]:
    return said(seq, "2102", sent={"psn_no": BUYER}, envelope={"insuplc_admdvs": place})


def confirmed(seq: int, stas: str) -> dict[str, Any]:
    act = acted(seq, "confirm", [])
    return act | {"request": {"pay_ord_id": NUMBER}, "keys": {"payOrdId": NUMBER}, "answer": {"ordStas": stas}}


def refused(*later: dict[str, Any], stas: str = "15") -> Evidence:
    return evidence(confirmed(1, stas), *later, rows={"orders": [order_row(stas=stas)]})


ROWS = {"orders": [order_row()]}
OWN, RELATIVE = f"own:{BUYER}", "own:P9"

TABLE: list[Case] = [
    ("the choice is said", CHOICE, {}, chose("2", uploaded(acctUsedFlag="2")), "held"),
    ("another choice is said", CHOICE, {}, chose("1", uploaded(acctUsedFlag="2")), "broken"),
    ("no choice is said", CHOICE, {}, chose("1", uploaded()), "broken"),
    ("6202 may leave it out", CHOICE, {}, chose("1", about(1, "6202"), rows=ROWS), "unseen"),
    ("6202 overrides it", CHOICE, {}, chose("1", about(1, "6202", sent={"acctUsedFlag": "2"}), rows=ROWS), "broken"),
    ("his own alone", PURSES, {}, chose("1", rows=ROWS | {"transfers": [paid_by(OWN)]}), "held"),
    ("a relative's unasked", PURSES, {}, chose("1", rows=ROWS | {"transfers": [paid_by(OWN, RELATIVE)]}), "broken"),
    ("a relative's as chosen", PURSES, {}, chose("2", rows=ROWS | {"transfers": [paid_by(OWN, RELATIVE)]}), "held"),
    ("an account he kept out", PURSES, {}, chose("0", rows=ROWS | {"transfers": [paid_by(OWN)]}), "broken"),
    ("money moved for another order", PURSES, {}, chose("0", rows={"transfers": [paid_by(OWN)]}), "unseen"),
    ("said as answered", ANSWERED, FIELDS, evidence(identified(1), uploaded(2, insutype="390")), "held"),
    ("another insurance", ANSWERED, FIELDS, evidence(identified(1), uploaded(2, insutype="310")), "broken"),
    ("nobody was asked about", ANSWERED, FIELDS, evidence(uploaded(2, insutype="310")), "unseen"),
    ("his place", PLACE, {}, evidence(identified(1), sold(2, "110100")), "held"),
    ("the shop's place", PLACE, {}, evidence(identified(1), sold(2, "110105")), "broken"),
    ("asked each time", ANEW, {}, evidence(identified(1), uploaded(2), identified(3), uploaded(4, "M2")), "held"),
    ("a repeat needs no new question", ANEW, {}, evidence(identified(1), uploaded(2), uploaded(3)), "held"),
    ("asked once", ANEW, {}, evidence(identified(1), uploaded(2), uploaded(3, "M2")), "broken"),
    ("not billed", SUSPENDED, {}, evidence(identified(1, psn_insu_stas="2")), "held"),
    ("billed all the same", SUSPENDED, {}, evidence(identified(1, psn_insu_stas="2"), uploaded(2)), "broken"),
    ("insured again", SUSPENDED, {}, evidence(identified(1, psn_insu_stas="2"), identified(2), uploaded(3)), "held"),
    ("in force", SUSPENDED, {}, evidence(identified(1), uploaded(2)), "unseen"),
    ("rests", RESTS, {}, refused(about(2, "6301")), "held"),
    ("placed again", RESTS, {}, refused(about(2, "6202")), "broken"),
    ("uploaded again", RESTS, {}, refused(uploaded(2, "M2")), "broken"),
    ("another order goes on", RESTS, {}, refused(about(2, "6202", SECOND)), "held"),
    ("nothing was refused", RESTS, {}, refused(stas="6"), "unseen"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
