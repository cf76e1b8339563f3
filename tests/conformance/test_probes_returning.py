"""Probes of giving back when somebody else has a say, of buttons pressed twice, and of orders paid by half."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    NUMBER,
    Case,
    about,
    asked,
    belief,
    books,
    desk_row,
    evidence,
    fate,
    moved,
    order_row,
    said,
    shop_order,
)

ASKS, WAY = "returning.asks_before_refunding_again", "returning.same_way_back"
HALF, SERIAL = "returning.half_paid_goods_stay", "returning.one_serial"
REFUNDS = {"code": "6203", "field": "appRefdSn", "alike": ["payOrdId", "refdType"]}
ROWS = {"orders": [order_row()]}


def consented(*lines: dict[str, Any]) -> Evidence:
    wanted = about(1, "6203", sent={"appRefdSn": "R1"}, rule="refund_consent_old")
    facts = {"orders": {"A1": shop_order(ec_user_id="U1")}}
    return evidence(wanted, *lines, rows=ROWS, facts=facts)


def refunded(*lines: dict[str, Any], back: bool, state: str = "refunded", cash: bool = False) -> Evidence:
    moves = [moved("PAY", 3160)] + ([moved("BACK", 3160, transfer_id="T2")] if back else [])
    desk = [desk_row(600) | {"out_trade_no": "T9"}] if cash else []
    rows = {"orders": [order_row(stas="7" if back else "6")], "transfers": moves, "cash": desk}
    return evidence(*lines, rows=rows, beliefs=[belief(state)], driver=[asked("perform", {"ok": {}}, task="refund")])


def shipped(answer: dict[str, Any], *, taken_fen: int, stas: str = "4") -> Evidence:
    row = order_row(stas=stas) | {"split": {"cash_fen": 1160}, "cash_taken_fen": taken_fen}
    moment = books(orders=[row]) | {"ship_of": "A1", "after_seq": 5}
    return evidence(
        driver=[asked("perform", answer, after_seq=5, task="ship", order="A1")], moments={"ship 1": moment}
    )  # fmt: skip


def greedy(rule: str) -> dict[str, Any]:
    return said(3, "cash.refund", sent={"outTradeNo": "T9"}, rule=rule)


def refund(seq: int, serial: str, number: str = NUMBER, *, rule: str = "", kind: str = "ALL") -> dict[str, Any]:
    return about(seq, "6203", number, sent={"appRefdSn": serial, "refdType": kind}, rule=rule)


AGREED = said(2, "house.auth.query", sent={"userId": "U1"})
OK, NO = {"ok": {}}, {"refused": {"reason_zh": "不", "reason_en": "no"}}

TABLE: list[Case] = [
    ("asks, and refunds again", ASKS, {}, consented(AGREED, about(3, "6203", sent={"appRefdSn": "R1"})), "held"),
    ("asks nobody", ASKS, {}, consented(), "broken"),
    ("asks somebody else", ASKS, {}, consented(said(2, "house.auth.query", sent={"userId": "U2"})), "broken"),
    ("nothing was wanted", ASKS, {}, evidence(about(1, "6203"), rows=ROWS), "unseen"),
    ("back where it came from", WAY, {}, refunded(back=True), "held"),
    ("told as refunded and kept", WAY, {}, refunded(back=False), "broken"),
    ("a person decides", WAY, {}, refunded(back=False, state="manual_review"), "held"),
    ("it stays sold", WAY, {}, refunded(back=False, state="paid"), "unseen"),
    ("the desk is asked for more", WAY, {}, refunded(greedy("cash_too_much"), back=True, cash=True), "broken"),
    ("the desk was down", WAY, {}, refunded(greedy("cash_desk_down"), back=True, cash=True), "held"),
    ("kept while half is paid", HALF, {}, shipped(NO, taken_fen=0), "held"),
    ("let go while half is paid", HALF, {}, shipped(OK, taken_fen=0), "broken"),
    ("let go when all is paid", HALF, {}, shipped(OK, taken_fen=1160), "unseen"),
    ("let go before insurance paid", HALF, {}, shipped(OK, taken_fen=0, stas="1"), "unseen"),
    ("one refund, sent twice", SERIAL, REFUNDS, evidence(refund(1, "R1"), refund(2, "R1")), "held"),
    ("two refunds", SERIAL, REFUNDS, evidence(refund(1, "R1"), refund(2, "R2")), "broken"),
    ("two orders, one refund each", SERIAL, REFUNDS, evidence(refund(1, "R1"), refund(2, "R2", "ORD2")), "held"),
    ("two kinds of it", SERIAL, REFUNDS, evidence(refund(1, "R1", kind="HI"), refund(2, "R2", kind="CASH")), "held"),
    ("refused and sent anew", SERIAL, REFUNDS, evidence(refund(1, "R1", rule="x"), refund(2, "R2")), "held"),
    ("sent anew after success", SERIAL, REFUNDS, evidence(refund(1, "R1"), refund(2, "R2", rule="x")), "broken"),
    ("no refund", SERIAL, REFUNDS, evidence(about(1, "6301")), "unseen"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
