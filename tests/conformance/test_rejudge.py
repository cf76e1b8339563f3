"""``rejudge``: the verdict again from the saved evidence alone."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import catalogue
from conformance.bundle.reading import saved
from conformance.bundle.rejudging import differences, rejudge
from conformance.cli.app import app
from schemas import jsontext
from schemas.tomlfile import FileFault
from tests.conformance.bundle_lab import bundle


@pytest.fixture(scope="module", params=["reference", "mutant:silence-is-success"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("made"), request.param)


@pytest.fixture
def copied(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    return Path(shutil.copytree(made, tmp_path / "copied"))


def test_a_copied_bundle_gives_the_printed_verdict_without_a_network(copied: Path) -> None:
    evidence = saved(copied)
    verdict = rejudge(evidence)
    assert differences(evidence, verdict) == []
    assert verdict.overall == evidence.results["overall"]
    assert len(verdict.judged) == len(evidence.results["requirements"])


def test_a_printed_verdict_that_the_evidence_does_not_bear_out_is_found(copied: Path) -> None:
    text = (copied / "results.json").read_text(encoding="utf-8")
    document = jsontext.parse(text)
    assert isinstance(document, dict)
    row = document["requirements"][0]
    row["outcome"], row["held"] = "untested", 0
    (copied / "results.json").write_text(jsontext.pretty(document), encoding="utf-8")
    evidence = saved(copied)
    assert [one.what for one in differences(evidence, rejudge(evidence))] == [row["id"]]


def test_another_wording_of_a_finding_is_no_difference(copied: Path) -> None:
    path = copied / "results.json"
    document = jsontext.parse(path.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    for row in document["requirements"]:
        for one in row["findings"]:
            one["actual"]["en"] = "put otherwise"
    path.write_text(jsontext.pretty(document), encoding="utf-8")
    evidence = saved(copied)
    assert differences(evidence, rejudge(evidence)) == []


def test_another_edition_is_judged_whole(copied: Path) -> None:
    evidence = saved(copied)
    name = catalogue.names_of_editions()[0]
    assert len(rejudge(evidence, name).judged) == len(catalogue.edition(name).requirements)


def test_an_unknown_edition_names_those_there_are(copied: Path) -> None:
    with pytest.raises(FileFault, match=r"2026\.0"):
        rejudge(saved(copied), "1999.1")


@pytest.mark.parametrize("part", ["results.json", "evidence.jsonl"])
def test_a_damaged_part_is_named_and_sends_to_verify(copied: Path, part: str) -> None:
    (copied / part).write_text("{", encoding="utf-8")
    with pytest.raises(FileFault, match=f"{part}.*verify"):
        saved(copied)


def test_the_command_ends_with_0_when_nothing_differs(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(args=["rejudge", str(copied)], standalone_mode=False) == 0
    assert "the same verdict as printed" in capsys.readouterr().out


def test_evidence_that_was_altered_after_it_was_signed_ends_with_1_and_says_so(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = copied / "trace.jsonl"
    trace.write_bytes(trace.read_bytes().replace(b"6202", b"6203", 1))
    assert app(args=["rejudge", str(copied)], standalone_mode=False) == 1
    told = capsys.readouterr().out
    assert "trace.jsonl" in told
    assert "drawn from altered evidence" in told
    assert "the same verdict as printed" in told


def test_evidence_without_a_certificate_is_judged_with_a_warning(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied / "certificate.json").unlink()
    assert app(args=["rejudge", str(copied)], standalone_mode=False) == 0
    assert "nothing says whether this was altered" in capsys.readouterr().out
