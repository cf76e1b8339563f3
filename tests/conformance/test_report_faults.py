"""The faults of a run: armed, played, and where one waited in vain."""

from typing import Any

from conformance.evidence import Evidence
from conformance.report.faults import faults
from conformance.report.page import page
from schemas import loader
from tests.conformance.bundle_lab import certified
from tests.conformance.written import evidence


def record(*struck: tuple[str, int]) -> Evidence:
    armed: list[dict[str, Any]] = [{"name": name, "place": "answer", "struck": times} for name, times in struck]
    return Evidence({**evidence().record, "faults": armed})


def test_idle_kinds_come_first_and_name_their_scenarios() -> None:
    told = faults({
        "a": record(("slow", 2), ("trickle", 1), ("trickle", 0)),
        "b": record(("slow", 1), ("core_silent", 0)),
        "old": evidence(),
    })  # fmt: skip
    assert [(one.name, one.armed, one.played, one.idle) for one in told] == [
        ("core_silent", 1, 0, ["b"]),
        ("trickle", 2, 1, ["a"]),
        ("slow", 2, 3, []),
    ]


def test_a_run_keeps_them_and_the_page_shows_them() -> None:
    verdict, run = certified()
    kept = [row for one in run.evidence.values() for row in one.record["faults"]]
    assert any(row["struck"] for row in kept)
    assert all(loader.document("suite/evidence.json").check(dict(one.record)) == [] for one in run.evidence.values())
    assert "Faults that were armed" in page(verdict, run)
