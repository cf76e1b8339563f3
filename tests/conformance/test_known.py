"""The list of known failures: it excuses until its day, and never grows stale."""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conformance import catalogue
from conformance.known import Known, read, weigh
from conformance.suite.session import Order, prepare
from schemas import loader
from schemas.tomlfile import FileFault
from tests.conformance.bundle_lab import RULES, certified

TODAY = date(2026, 3, 2)
BROKEN = "silence-is-success"
FELL = "belief/ledger/never-wrong"
LISTED = catalogue.edition().requirements


def fallen() -> list[str]:
    verdict, _ = certified(f"mutant:{BROKEN}")
    return [row.requirement.id for row in verdict.judged if row.outcome == "failed"]


def weighed(*entries: Known, channel: str = f"mutant:{BROKEN}"):
    return weigh(certified(channel)[0], entries, listed=LISTED, today=TODAY)


def entry(id_: str, expires: date = TODAY) -> Known:
    return Known(id_, "waits for release 2.1", expires)


def test_without_a_list_a_failure_fails_the_run() -> None:
    assert FELL in fallen()
    assert weighed().exit_code == 1


def test_a_listed_failure_does_not_fail_the_run_up_to_its_last_day() -> None:
    found = weighed(*map(entry, fallen()))
    assert found.exit_code == 0 and set(found.excused) == set(fallen()) and not found.faults


def test_another_failure_still_fails_the_run() -> None:
    assert len(fallen()) > 1
    assert weighed(*map(entry, fallen()[1:])).exit_code == 1


def test_an_expired_entry_fails_the_run_and_says_so() -> None:
    found = weighed(*(entry(id_, date(2026, 3, 1)) for id_ in fallen()))
    assert found.exit_code == 1 and not found.excused
    assert "expired" in found.faults[0].en


def test_an_entry_for_what_passes_fails_the_run() -> None:
    found = weighed(entry(FELL), channel="reference")
    assert found.exit_code == 1 and "take it off the list" in found.faults[0].en


def test_an_entry_of_no_requirement_of_the_edition_fails_the_run() -> None:
    found = weighed(entry("belief/ledger/never-was"), channel="reference")
    assert found.exit_code == 1 and "not of this edition" in found.faults[0].en


def test_an_entry_for_what_this_run_leaves_out_is_let_be() -> None:
    assert weighed(entry("refund/refund/everything-comes-back"), channel="reference").exit_code == 0


GOOD = """
[[known]]
id = "belief/ledger/never-wrong"
reason = "waits for release 2.1"
expires = "2026-12-31"
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("12-31", "02-31"), "expires"),
        (GOOD.replace("reason", "because"), "known"),
        (re.sub('reason = ".*"', 'reason = "x"', GOOD), "reason must have at least 4 characters"),
        (GOOD + GOOD, "twice"),
        ("known = 1", "known"),
        ("[[known", "known.toml"),
    ],
    ids=["no such day", "no reason", "hardly a reason", "twice", "no list", "no TOML"],
)
def test_a_wrong_list_is_a_matter_of_configuration(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "known.toml").write_text(text, encoding="utf-8")
    with pytest.raises(FileFault, match=told):
        read(tmp_path / "known.toml")


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="no such file"):
        read(tmp_path / "known.toml")


def test_a_run_heeds_the_list_and_its_report_names_what_was_excused(tmp_path: Path) -> None:
    rows = "".join(GOOD.replace(FELL, id_) for id_ in fallen())
    (tmp_path / "known.toml").write_text(rows, encoding="utf-8")
    order = Order(
        channel=f"mutant:{BROKEN}", only=RULES, known=tmp_path / "known.toml", report=tmp_path / "report"
    )  # fmt: skip
    prepared = prepare(order)
    assert prepared.finish().overall == "not_conformant"
    assert prepared.weighed().exit_code == 0
    prepared.certification.close()
    suite = ElementTree.parse(tmp_path / "report" / "junit.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("skipped")) == ("0", str(len(fallen())))
    assert loader.document("suite/results.json") is not None
