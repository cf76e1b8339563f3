"""Probes of statements: whose records they list, and of which day."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import Case, evidence, fate, said

PROBE = "reconciliation.own_records_of_the_day"


def record(
    day: str, sign: int = 1, app_id: str = "APP", stas: str = "live", office: str = "110105", at_ms: int = 0
) -> dict[str, Any]:
    return {
        "org_day": f"O1/{day}", "sign": sign, "app_id": app_id, "stas": stas, "split": {"medfee_fen": 3160},
        "setl_id": "S1", "psn_no": "P1", "refers_to": "", "clr_optins": office, "at_ms": at_ms,
        "bill": {"insutype": "310"},
    }  # fmt: skip


def stated(count: str, medfee: str, *rows: dict[str, Any], office: str = "110100") -> Evidence:
    return evidence(statement(1, office, count, medfee), rows={"settlements": list(rows)})


def statement(seq: int, office: str, count: str, medfee: str, last: str = "2026-03-31") -> dict[str, Any]:
    data = {
        "setl_optins": office, "stmt_begndate": "2026-03-31", "stmt_enddate": last, "fixmedins_setl_cnt": count,
        "medfee_sumamt": medfee,
    }  # fmt: skip
    return said(seq, "3202", sent={"data": data}, appId="APP")


def lost(count: str, medfee: str) -> Evidence:
    refund = said(1, "6203", fault="no_answer_after_commit", told={"hiFefdSn": "S1"})
    rows = {"settlements": [record("2026-03-31")]}
    return evidence(refund, statement(2, "110100", count, medfee), rows=rows)


def totals(insutype: str, count: str, medfee: str) -> Evidence:
    line = statement(1, "110100", count, medfee) | {"code": "3201"}
    line["request"]["data"]["insutype"] = insutype
    return evidence(line, rows={"settlements": [record("2026-03-31")]})


LATER = record("2026-03-31", at_ms=10**15)
BOTH_DAYS = {"settlements": [record("2026-03-31"), record("2026-04-01")]}
TWO_DAYS = stated("0", "0.00", record("2026-03-31"), record("2026-04-01", -1))

SOLD_AND_BACK = (record("2026-03-31"), record("2026-03-31", -1))
HERE_AND_THERE = {"settlements": [record("2026-03-31"), record("2026-03-31", office="420102")]}
BY_OFFICE = evidence(statement(1, "110105", "1", "31.60"), statement(2, "420102", "1", "31.60"), rows=HERE_AND_THERE)
ONE_OFFICE = evidence(statement(1, "110105", "1", "31.60"), rows=HERE_AND_THERE)
BOTH_AT_ONE = evidence(statement(1, "110105", "2", "63.20"), statement(2, "420102", "0", "0.00"), rows=HERE_AND_THERE)

TABLE: list[Case] = [
    ("its own of that day", PROBE, {}, stated("1", "31.60", record("2026-03-31")), "held"),
    ("another channel's is not its own", PROBE, {}, stated("0", "0.00", record("2026-03-31", app_id="X")), "held"),
    ("reversed is not there", PROBE, {}, stated("0", "0.00", record("2026-03-31", stas="reversed")), "held"),
    ("next day's refund booked today", PROBE, {}, TWO_DAYS, "broken"),
    ("a refund of the day counted as less", PROBE, {}, stated("0", "0.00", *SOLD_AND_BACK), "held"),
    ("a refund of the day counted as a row", PROBE, {}, stated("2", "0.00", *SOLD_AND_BACK), "held"),
    ("a refund of the day counted as a sale of its own", PROBE, {}, stated("2", "31.60", *SOLD_AND_BACK), "broken"),
    ("a statement an office", PROBE, {}, BY_OFFICE, "held"),
    ("an office left out", PROBE, {}, ONE_OFFICE, "broken"),
    ("one office's records stated to another", PROBE, {}, BOTH_AT_ONE, "broken"),
    ("its answer was lost, and it is left out", PROBE, {}, lost("0", "0.00"), "held"),
    ("its answer was lost, and it is in", PROBE, {}, lost("1", "31.60"), "held"),
    ("its answer was lost, and half of it is in", PROBE, {}, lost("1", "15.80"), "broken"),
    ("totals of its scheme", PROBE, {}, totals("310", "1", "31.60"), "held"),
    ("totals of another scheme", PROBE, {}, totals("390", "0", "0.00"), "held"),
    ("totals that are not its own", PROBE, {}, totals("310", "0", "0.00"), "broken"),
    ("sold after the statement", PROBE, {}, stated("1", "31.60", record("2026-03-31"), LATER), "held"),
    (
        "two days at once",
        PROBE,
        {},
        evidence(statement(1, "110100", "2", "63.20", "2026-04-01"), rows=BOTH_DAYS),
        "held",
    ),
    (
        "one of two days",
        PROBE,
        {},
        evidence(statement(1, "110100", "1", "31.60", "2026-04-01"), rows=BOTH_DAYS),
        "broken",
    ),
    ("one too many", PROBE, {}, stated("1", "31.60"), "broken"),
]


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
