"""Probes of changing keys."""

from typing import Any

import pytest

from tests.conformance.written import Case, about, evidence, fate, noticed

FROM_MS, UNTIL_MS = 1_000, 5_000
ROTATED = {"rotation": {"party": "platform", "from_ms": FROM_MS, "old_until_ms": UNTIL_MS}}


def notice(at_ms: int, outcome: str = "ok", fault: str = "retired_key") -> dict[str, Any]:
    return noticed(1, outcome=outcome, fault=fault) | {"at_ms": at_ms}


def sealed(at_ms: int, *notes: str, rule: str = "") -> dict[str, Any]:
    return about(1, "6301", at_ms=at_ms, rule=rule, notes=list(notes))


OLD = "signed with the earlier key"
TABLE: list[Case] = [
    ("taken in its grace", "keys.old_key_in_grace", {}, evidence(notice(UNTIL_MS), facts=ROTATED), "held"),
    (
        "refused in its grace",
        "keys.old_key_in_grace",
        {},
        evidence(notice(UNTIL_MS, "refused"), facts=ROTATED),
        "broken",
    ),
    ("it came too late", "keys.old_key_in_grace", {}, evidence(notice(UNTIL_MS + 1), facts=ROTATED), "unseen"),
    ("the new key signed", "keys.old_key_in_grace", {}, evidence(notice(FROM_MS, fault=""), facts=ROTATED), "unseen"),
    (
        "refused after its grace",
        "keys.old_key_after_grace",
        {},
        evidence(notice(UNTIL_MS + 1, "refused"), facts=ROTATED),
        "held",
    ),
    ("taken after its grace", "keys.old_key_after_grace", {}, evidence(notice(UNTIL_MS + 1), facts=ROTATED), "broken"),
    ("it came in time", "keys.old_key_after_grace", {}, evidence(notice(UNTIL_MS), facts=ROTATED), "unseen"),
    ("signed anew", "keys.own_key_changed", {}, evidence(sealed(FROM_MS), facts=ROTATED), "held"),
    ("signed as before", "keys.own_key_changed", {}, evidence(sealed(FROM_MS, OLD), facts=ROTATED), "broken"),
    (
        "signed as before, refused",
        "keys.own_key_changed",
        {},
        evidence(sealed(UNTIL_MS + 1, rule="bad_signature"), facts=ROTATED),
        "broken",
    ),
    ("before the moment", "keys.own_key_changed", {}, evidence(sealed(FROM_MS - 1, OLD), facts=ROTATED), "unseen"),
    ("no key changed", "keys.own_key_changed", {}, evidence(sealed(FROM_MS)), "unseen"),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_probe_finds_what_the_evidence_shows(case: Case) -> None:
    assert fate(case) == case[4]
