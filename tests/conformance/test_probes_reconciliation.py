"""Probes of statements: whose records they list, and of which day."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import Case, evidence, fate, said

PROBE = "reconciliation.own_records_of_the_day"


def record(day: str, sign: int = 1, app_id: str = "APP", stas: str = "live") -> dict[str, Any]:
    return {
        "org_day": f"O1/{day}", "sign": sign, "app_id": app_id, "stas": stas, "split": {"medfee_fen": 3160},
        "setl_id": "S1", "psn_no": "P1", "refers_to": "",
    }  # fmt: skip


def stated(count: str, medfee: str, *rows: dict[str, Any]) -> Evidence:
    data = {"stmt_begndate": "2026-03-31", "fixmedins_setl_cnt": count, "medfee_sumamt": medfee}
    return evidence(said(1, "3202", sent={"data": data}, appId="APP"), rows={"settlements": list(rows)})


TWO_DAYS = stated("0", "0.00", record("2026-03-31"), record("2026-04-01", -1))

TABLE: list[Case] = [
    ("its own of that day", PROBE, {}, stated("1", "31.60", record("2026-03-31")), "held"),
    ("another channel's is not its own", PROBE, {}, stated("0", "0.00", record("2026-03-31", app_id="X")), "held"),
    ("reversed is not there", PROBE, {}, stated("0", "0.00", record("2026-03-31", stas="reversed")), "held"),
    ("next day's refund booked today", PROBE, {}, TWO_DAYS, "broken"),
    ("one too many", PROBE, {}, stated("1", "31.60"), "broken"),
]


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
