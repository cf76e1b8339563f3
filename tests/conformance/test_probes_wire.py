"""Probes of single messages, amounts, steps, consent, sign-in, patience and privacy, with evidence written by hand."""

from typing import Any

import pytest

from conformance.catalogue import every_probe, probe
from conformance.evidence import Evidence
from conformance.findings import Broken
from tests.conformance import test_probes_outcome, test_probes_undoing
from tests.conformance.written import (
    BUYER,
    DRUG,
    NUMBER,
    SECOND,
    about,
    asked,
    belief,
    evidence,
    moved,
    order_row,
    said,
    sale_row,
    shop_order,
)

BAD = {"rules": ["bad_signature"]}
SERIAL = {"codes": ["6202"], "field": "orgBizSer"}
STORM = {"most": 2, "window_ms": 1000}
GONE = "no_answer_before_commit"
HALF = {"medListCodg": DRUG, "cnt": "5", "pric": "0.1150", "detItemFeeSumamt": "0.58"}
LAPSED = {"lapsed_ms": 1000}
WAIT = {"facts": {"retry_after_ms": 1000}}
RX = "XJ01CAA040E001010199124"


def bill(seq: int, total: str, *rows: dict[str, str], number: str = "M1", buyer: str = BUYER) -> dict[str, Any]:
    return said(seq, "6201", sent={"psnNo": buyer, "medOrgOrd": number, "medfeeSumamt": total, "feedetailList": list(rows)})


def row(amount: str, cnt: str = "2", pric: str = "15.80") -> dict[str, str]:
    return {"medListCodg": DRUG, "cnt": cnt, "pric": pric, "detItemFeeSumamt": amount}


def priced(seq: int, cash: str) -> dict[str, Any]:
    return about(seq, "6202", told={"payOrdId": NUMBER, "ownPayAmt": cash, "feeSumamt": "31.60"})


def opened(seq: int, cash_fen: int, freight_fen: int) -> dict[str, Any]:
    return about(seq, "cash.open", sent={"cashFen": cash_fen, "freightFen": freight_fen})


def consented(seq: int, number: str, at_ms: int) -> dict[str, Any]:
    return said(seq, "house.auth.query", at_ms=at_ms, told={"payAuthNo": f"#{number}"})


def using(seq: int, number: str, at_ms: int, **more: Any) -> dict[str, Any]:
    return about(seq, "6202", sent={"payAuthNo": f"#{number}"}, at_ms=at_ms, **more)


def granted(seq: int, number: str, pay_ord_id: str) -> dict[str, Any]:
    return said(seq, "6201", sent={"medOrgOrd": number, "payAuthNo": "#a"}, told={"payOrdId": pay_ord_id})


def placing(code: str, *lines: dict[str, Any]) -> Evidence:
    body = {"task": "place_order", "order": "A1", "lines": [{"med_list_codg": code}]}
    return evidence(*lines, driver=[asked("perform", {"ok": {}}, **body)], facts={"barred": [RX]})


def delivered(*lines: dict[str, Any], freight_fen: int = 600) -> Evidence:
    facts = {"orders": {"A1": shop_order(delivery_fen=freight_fen)}}
    return evidence(*lines, rows={"orders": [order_row()]}, facts=facts)


TABLE: list[tuple[str, str, dict[str, Any], Evidence, str]] = [
    ("sealed", "traffic.sealed", {}, evidence(about(1, "6202")), "held"),
    ("in clear", "traffic.sealed", {}, evidence({**about(1, "6202"), "sealed": False}), "broken"),
    ("an institution frame need not be", "traffic.sealed", {}, evidence({**said(1, "1101"), "sealed": False}), "unseen"),
    ("verified", "traffic.never_refused", BAD, evidence(about(1, "6202")), "held"),
    ("refused for something else", "traffic.never_refused", BAD, evidence(about(1, "6202", rule="order_paid")), "held"),
    ("did not verify", "traffic.never_refused", BAD, evidence(about(1, "6202", rule="bad_signature")), "broken"),
    ("of other interfaces", "traffic.never_refused", {**BAD, "codes": ["6203"]}, evidence(about(1, "6202")), "unseen"),
    ("two serials", "traffic.distinct", SERIAL, evidence(about(1, "6202", sent={"orgBizSer": "1"}), about(2, "6202", sent={"orgBizSer": "2"})), "held"),
    ("one serial twice", "traffic.distinct", SERIAL, evidence(about(1, "6202", sent={"orgBizSer": "1"}), about(2, "6202", sent={"orgBizSer": "1"})), "broken"),
    ("one msgid twice", "traffic.distinct", {"codes": ["2102"], "field": "msgid"}, evidence(said(1, "2102", msgid="X"), said(2, "2102", msgid="X")), "broken"),
    ("fourteen digits", "traffic.tells_one_time", {"codes": ["6203"], "field": "appRefdTime"},
     evidence(about(1, "6203", sent={"appRefdTime": "20260302093000"})), "held"),
    ("a time of another form", "traffic.tells_one_time", {"codes": ["6203"], "field": "appRefdTime"},
     evidence(about(1, "6203", sent={"appRefdTime": "2026-03-02 09:30:00"})), "broken"),
    ("half a fen goes up", "amounts.lines_rounded", {}, evidence(bill(1, "0.58", HALF)), "held"),
    ("half a fen goes down", "amounts.lines_rounded", {}, evidence(bill(1, "0.57", {**HALF, "detItemFeeSumamt": "0.57"})), "broken"),
    ("three decimals are no amount", "amounts.lines_rounded", {}, evidence(bill(1, "0.575", {**HALF, "detItemFeeSumamt": "0.575"})), "broken"),
    ("the counter's lines too", "amounts.lines_rounded", {},
     evidence(said(1, "2102", sent={"drugdetail": [{"cnt": "2", "pric": "15.80", "det_item_fee_sumamt": "31.61"}]})), "broken"),
    ("adds up", "amounts.header_is_sum", {}, evidence(bill(1, "63.20", row("31.60"), row("31.60"))), "held"),
    ("does not add up", "amounts.header_is_sum", {}, evidence(bill(1, "37.60", row("31.60"))), "broken"),
    ("medicines alone", "amounts.bill_is_medicines", {}, evidence(bill(1, "31.60", row("31.60"))), "held"),
    ("delivery as a line of its own", "amounts.bill_is_medicines", {}, evidence(bill(1, "37.60", row("31.60"), row("6.00", "1", "6.00"))), "broken"),
    ("somebody else's bill", "amounts.bill_is_medicines", {}, evidence(bill(1, "99.00", buyer="P9")), "unseen"),
    ("cash share and freight apart", "amounts.desk_collects_cash_share", {}, delivered(priced(1, "11.60"), opened(2, 1160, 600)), "held"),
    ("the whole price", "amounts.desk_collects_cash_share", {}, delivered(priced(1, "11.60"), opened(2, 3160, 600)), "broken"),
    ("delivery in the cash share", "amounts.desk_collects_cash_share", {}, delivered(priced(1, "11.60"), opened(2, 1760, 0)), "broken"),
    ("nothing to collect", "amounts.desk_collects_cash_share", {}, delivered(priced(1, "0.00"), freight_fen=0), "unseen"),
    ("identified first", "steps.identified_first", {}, evidence(said(1, "1101", told={"baseinfo": {"psn_no": BUYER}}), bill(2, "31.60")), "held"),
    ("never identified", "steps.identified_first", {}, evidence(bill(1, "31.60")), "broken"),
    ("the answer never came", "steps.identified_first", {},
     evidence(said(1, "1101", told={"baseinfo": {"psn_no": BUYER}}, fault="no_answer_after_commit"), bill(2, "31.60")), "broken"),
    ("stopped in the shop", "steps.keeps_barred_goods_out", {}, placing(RX), "held"),
    ("uploaded all the same", "steps.keeps_barred_goods_out", {}, placing(RX, bill(1, "12.80", {**row("12.80"), "medListCodg": RX})), "broken"),
    ("nothing barred was ordered", "steps.keeps_barred_goods_out", {}, placing(DRUG, bill(1, "31.60", row("31.60"))), "unseen"),
    ("paid once", "steps.paid_at_most_once", {}, evidence(rows={"orders": [order_row()], "transfers": [moved("PAY", 3160)]}), "held"),
    ("paid, refunded, paid again", "steps.paid_at_most_once", {},
     evidence(rows={"orders": [order_row(), order_row(SECOND)],
                    "transfers": [moved("PAY", 3160), moved("BACK", 3160), moved("PAY", 3160, ref=SECOND)]}), "held"),
    ("paid twice", "steps.paid_at_most_once", {},
     evidence(rows={"orders": [order_row(), order_row(SECOND)], "transfers": [moved("PAY", 3160), moved("PAY", 3160, ref=SECOND)]}), "broken"),
    ("sold twice at the counter", "steps.paid_at_most_once", {},
     evidence(rows={"settlements": [sale_row(), sale_row("S2")], "transfers": [moved("PAY", 3160, ref="S1"), moved("PAY", 3160, ref="S2")]}), "broken"),
    ("never paid", "steps.paid_at_most_once", {}, evidence(rows={"orders": [order_row(stas="12")]}), "unseen"),
    ("a new order after a dead one", "steps.one_live_order", {},
     evidence(bill(1, "1"), bill(2, "1", number="M2"), rows={"orders": [order_row(stas="12"), order_row(SECOND, med_org_ord="M2")]}), "held"),
    ("two alive", "steps.one_live_order", {},
     evidence(bill(1, "1"), bill(2, "1", number="M2"), rows={"orders": [order_row(stas="0"), order_row(SECOND, med_org_ord="M2")]}), "broken"),
    ("one number, opened twice by the platform", "steps.one_live_order", {},
     evidence(bill(1, "1"), bill(2, "1"), rows={"orders": [order_row(stas="0"), order_row(SECOND)]}), "held"),
    ("one order", "consent.serves_one_order", {}, evidence(granted(1, "M1", NUMBER), using(2, "a", 0), using(3, "a", 1)), "held"),
    ("another number before anything was paid", "consent.serves_one_order", {},
     evidence(granted(1, "M1", NUMBER), granted(2, "M2", SECOND)), "held"),
    ("two orders", "consent.serves_one_order", {},
     evidence(granted(1, "M1", NUMBER), using(2, "a", 0), granted(3, "M2", SECOND)), "broken"),
    ("renewed", "consent.renewed_when_lapsed", {}, evidence(consented(1, "a", 0), consented(2, "b", 1500), using(3, "b", 1600), facts=LAPSED), "held"),
    ("tried once, then renewed", "consent.renewed_when_lapsed", {},
     evidence(consented(1, "a", 0), using(2, "a", 1500), consented(3, "b", 1600), using(4, "b", 1700), facts=LAPSED), "held"),
    ("tried again and again", "consent.renewed_when_lapsed", {},
     evidence(consented(1, "a", 0), using(2, "a", 1500), using(3, "a", 1600), facts=LAPSED), "broken"),
    ("nothing was sent since", "consent.renewed_when_lapsed", {}, evidence(consented(1, "a", 0), using(2, "a", 500), facts=LAPSED), "unseen"),
    ("once a day", "sessions.once_a_day", {}, evidence(said(1, "9001", sent={"opter_no": "1"})), "held"),
    ("two operators", "sessions.once_a_day", {}, evidence(said(1, "9001", sent={"opter_no": "1"}), said(2, "9001", sent={"opter_no": "2"})), "held"),
    ("before every call", "sessions.once_a_day", {}, evidence(said(1, "9001", sent={"opter_no": "1"}), said(2, "9001", sent={"opter_no": "1"})), "broken"),
    ("waited", "retries.waits_as_told", {}, evidence(about(1, "6301", fault="http_status"), about(2, "6301", at_ms=1000), **WAIT), "held"),
    ("did not wait", "retries.waits_as_told", {}, evidence(about(1, "6301", fault="http_status"), about(2, "6301", at_ms=999), **WAIT), "broken"),
    ("never came back", "retries.waits_as_told", {}, evidence(about(1, "6301", fault="http_status"), **WAIT), "unseen"),
    ("patient", "retries.never_storms", STORM, evidence(*(about(n, "6301", fault=GONE, at_ms=n * 600) for n in range(1, 5))), "held"),
    ("a storm", "retries.never_storms", STORM, evidence(*(about(n, "6301", fault=GONE, at_ms=n * 300) for n in range(1, 5))), "broken"),
    ("all were answered", "retries.never_storms", STORM, evidence(*(about(n, "6301", at_ms=n) for n in range(1, 5))), "unseen"),
    ("a plain address", "privacy.addresses_say_nothing", {}, evidence(about(1, "6202")), "held"),
    ("an identity number in the path", "privacy.addresses_say_nothing", {}, evidence(about(1, "6202", path="/p/990000198503120035")), "broken"),
    ("an identity number in the query", "privacy.addresses_say_nothing", {},
     evidence({**about(1, "6202"), "notes": ["query in the address: idNo"]}), "broken"),
    ("a query that says nothing", "privacy.addresses_say_nothing", {}, evidence({**about(1, "6202"), "notes": ["query in the address: v"]}), "held"),
    ("a plain text", "privacy.shows_no_secrets", {}, evidence(beliefs=[belief("paid")]), "held"),
    ("an identity number shown", "privacy.shows_no_secrets", {}, evidence(beliefs=[belief("paid", shown_zh="990000198503120035已支付")]), "broken"),
    ("a token in the list", "privacy.shows_no_secrets", {},
     evidence(listing={"manual_review": [{"order": "A1", "why": "TKN0123456789ABCDEF0123"}]}), "broken"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "params", "record", "expected"), [row[1:] for row in TABLE], ids=[f"{row[1]}: {row[0]}" for row in TABLE])
def test_a_probe_finds_what_the_evidence_shows(name: str, params: dict[str, Any], record: Evidence, expected: str) -> None:
    findings = list(probe(name)(record, params))
    broken = [finding for finding in findings if isinstance(finding, Broken)]
    assert ("broken" if broken else "held" if findings else "unseen") == expected
    assert all(finding.expected.zh and finding.expected.en and finding.actual.zh and finding.actual.en for finding in broken)


def test_every_probe_is_seen_to_hold_and_to_break() -> None:
    """A probe that was never seen to break proves nothing, one never seen to hold accuses everybody."""
    tables = [*TABLE, *test_probes_outcome.TABLE, *test_probes_undoing.TABLE]
    shown = {(row[1], row[4]) for row in tables}
    wanted = {(name, fate) for name, _ in every_probe() for fate in ("held", "broken")}
    assert wanted - shown == set()
