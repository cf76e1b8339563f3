"""The coverage table has no hole, whichever way it is read."""

import sys
from pathlib import Path

import pytest

from conformance import catalogue, coverage
from conformance.channels.mutants.registry import mutants
from conformance.cli import main
from conformance.scenarios.listing import scenarios

MUST_BREAK = {name: mutant.must_break for name, mutant in mutants().items()}


def loose(**more: frozenset[str]) -> list[str]:
    return coverage.problems(catalogue.LATEST, scenarios(), MUST_BREAK | more)


def test_every_rule_has_an_area_a_scenario_a_probe_and_a_broken_channel_and_back() -> None:
    assert loose() == []


def test_each_rule_is_counted_in_one_area() -> None:
    rows = coverage.coverage(catalogue.LATEST, MUST_BREAK)
    counted = sorted(rule.id for row in rows for rule in row.requirements)
    assert counted == sorted(catalogue.edition(catalogue.LATEST).requirements)


def test_a_file_of_a_folder_may_belong_elsewhere() -> None:
    known = coverage.areas()
    goods, steps = (coverage.area_of(id_, known) for id_ in ("order/goods/x", "order/steps/x"))
    assert goods is not None and steps is not None
    assert (goods.name, steps.name) == ("drug-coding", "steps")
    assert coverage.area_of("nonsense/at/all", known) is None


def test_a_broken_channel_that_names_no_rule_is_told() -> None:
    assert "broken channel 'lost': there is no rule no/such/rule" in loose(lost=frozenset({"no/such/rule"}))


def test_a_rule_that_nothing_proves_is_told() -> None:
    rule = "unknown/order/no-blind-undo"
    without = {name: ids - {rule} for name, ids in MUST_BREAK.items()}
    told = coverage.problems(catalogue.LATEST, scenarios(), without)
    assert f"{rule}: no broken channel must fall by it" in told


def test_the_table_is_printed_and_its_details_are_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    details = tmp_path / "coverage.md"
    monkeypatch.setattr(sys, "argv", ["yibao-certify", "coverage", "--markdown", str(details)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (0, 2)
    assert "结果未知 / Unknown outcome" in capsys.readouterr().out
    written = details.read_text(encoding="utf-8")
    assert "**unknown/order/no-blind-undo**" in written and "never-asks" in written
