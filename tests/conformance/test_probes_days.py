"""Probes of what others did at the same pharmacy on the same day."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import Case, asked, evidence, fate, said, sale_row

ALONE = "days.leaves_others_alone"
THEIRS = {"data": {"omsgid": "MSG9"}}
COMPARED = asked("perform", {"ok": {}}, task="reconcile")


def beside(*lines: dict[str, Any], app_id: str = "", compared: bool = True) -> Evidence:
    row = sale_row("S9") | {"medins_setl_id": "MSG9", "app_id": app_id}
    return evidence(*lines, rows={"settlements": [row]}, driver=[COMPARED] if compared else [])


TABLE: list[Case] = [
    ("left alone", ALONE, {}, beside(), "held"),
    ("reversed", ALONE, {}, beside(said(1, "2601", sent={"data": {"omsgid": "MSG9"}})), "broken"),
    ("cancelled", ALONE, {}, beside(said(1, "2103", sent={"data": {"setl_id": "S9"}})), "broken"),
    ("its own is reversed", ALONE, {}, beside(said(1, "2601", sent={"data": {"omsgid": "MSG1"}})), "held"),
    ("its own record", ALONE, {}, beside(said(1, "2102", appId="APP"), app_id="APP"), "unseen"),
    ("another channel's left alone", ALONE, {}, beside(said(1, "2102", appId="APP"), app_id="OTHER"), "held"),
    (
        "another channel's reversed",
        ALONE,
        {},
        beside(said(1, "2601", sent=THEIRS, appId="APP"), app_id="OTHER"),
        "broken",
    ),
    ("no day was compared", ALONE, {}, beside(compared=False), "unseen"),
]


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
