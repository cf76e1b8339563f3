"""The examination: the same program, on a day nobody could know, with nothing left out."""

import re
from pathlib import Path

import pytest

from conformance.bundle.issuer import make
from conformance.bundle.verifying import verify
from conformance.cli import main
from conformance.suite import run
from tests.conformance.bundle_lab import certificate


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["yibao-certify", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.mark.parametrize("refused", [["--only", "unknown/"], ["--known", "known.toml"], ["--seed", "1"]])
def test_an_exam_takes_no_choice_no_list_and_no_seed(
    refused: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "exam", "--report", str(tmp_path / "exam"), *refused) == 3
    assert refused[0] in capsys.readouterr().err


def test_an_exam_needs_a_place_for_its_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "exam") == 3


@pytest.mark.slow
def test_the_sound_channel_earns_a_certificate_on_a_secret_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    public = make(tmp_path / "key")
    code = call(monkeypatch, "exam", "--report", str(tmp_path / "exam"), "--issuer-key", str(tmp_path / "key"))
    said, told = capsys.readouterr().out, certificate(tmp_path / "exam")
    assert code == 0 and told["certifies"] and told["mode"] == "exam"
    assert str(told["seeds"][0]) not in said
    assert "REHEARSAL" not in said
    found = verify(tmp_path / "exam", at_ms=2**42, published=public.to_base64())
    assert found.origin and {fault.what.en[:7] for fault in found.faults} == {"expired"}


def test_the_channel_is_never_told_the_seed_itself() -> None:
    told = {run.told_seed(seed) for seed in range(100)}
    assert len(told) == 100 and not told & set(range(100))
    assert all(re.fullmatch(r"\d{10,15}", str(one)) for one in told)
