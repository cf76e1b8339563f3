"""``verify``: one byte anywhere is found and named, and nothing needs a network."""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.bundle import issuer
from conformance.bundle.certificate import signed
from conformance.bundle.parts import sha256
from conformance.bundle.verifying import Verified, verify
from conformance.cli.app import app
from schemas.tomlfile import FileFault
from tests.conformance.bundle_lab import DAY_MS, ISSUED_MS, ISSUER, bundle, certificate

PARTS = (
    "certificate.json", "results.json", "junit.xml", "report.html", "trace.jsonl", "ledger.jsonl", "beliefs.jsonl",
    "evidence.jsonl",
)  # fmt: skip
PUBLISHED = ISSUER.public.to_base64()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("made"), "mutant:silence-is-success", key=ISSUER, exam=True)


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copied"))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)


def found(directory: Path, *, at_ms: int = ISSUED_MS, published: str = "") -> Verified:
    return verify(directory, at_ms=at_ms, published=published)


def faulted(verified: Verified) -> set[str]:
    return {fault.part for fault in verified.faults}


@pytest.mark.usefixtures("offline")
def test_a_copied_bundle_is_whole_without_a_network(copied: Path) -> None:
    verified = found(copied, published=PUBLISHED)
    assert verified.whole and verified.origin and not verified.rehearsal


@pytest.mark.parametrize("where", ["first", "middle", "last"])
@pytest.mark.parametrize("part", PARTS)
def test_one_changed_byte_is_found_and_its_part_is_named(copied: Path, part: str, where: str) -> None:
    raw = bytearray((copied / part).read_bytes())
    index = {"first": 0, "middle": len(raw) // 2, "last": len(raw) - 1}[where]
    raw[index] ^= 1
    (copied / part).write_bytes(raw)
    assert part in faulted(found(copied))


def test_each_byte_of_the_certificate_matters(copied: Path) -> None:
    whole = (copied / "certificate.json").read_bytes()
    for index in (*range(0, len(whole), 401), *range(len(whole) - 6, len(whole))):
        raw = bytearray(whole)
        raw[index] ^= 4
        (copied / "certificate.json").write_bytes(raw)
        assert "certificate.json" in faulted(found(copied)), index


@pytest.mark.parametrize("part", PARTS[1:])
def test_a_part_cut_off_or_missing_is_named(copied: Path, part: str) -> None:
    raw = (copied / part).read_bytes()
    (copied / part).write_bytes(raw[:-7])
    assert any(fault.part == part and "cut off: 7 bytes" in fault.what.en for fault in found(copied).faults)
    (copied / part).unlink()
    assert any(fault.part == part and "missing" in fault.what.en for fault in found(copied).faults)


def test_a_line_taken_from_the_trace_is_found_where_it_was(copied: Path) -> None:
    lines = (copied / "trace.jsonl").read_bytes().splitlines(keepends=True)
    (copied / "trace.jsonl").write_bytes(b"".join(lines[:4] + lines[5:]))
    assert any("line 5" in fault.what.en for fault in found(copied).faults)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("beliefs.jsonl", lambda raw: raw.replace(b'"state":"paid"', b'"state":"failed"')),
        ("ledger.jsonl", lambda raw: raw.splitlines(keepends=True)[0]),
        ("results.json", lambda raw: raw.replace(b'"not_conformant"', b'"conformant"')),
    ],
    ids=["beliefs", "ledger", "results"],
)
def test_books_signed_anew_must_still_tell_what_the_evidence_tells(
    copied: Path, part: str, change: Callable[[bytes], bytes]
) -> None:
    (copied / part).write_bytes(change((copied / part).read_bytes()))
    told = certificate(copied)
    for row in told["parts"]:
        raw = (copied / row["name"]).read_bytes()
        row |= {"size": len(raw), "sha256": sha256(raw)}
    (copied / "certificate.json").write_bytes(signed(told, ISSUER))
    assert faulted(found(copied)) == {part}


def test_a_certificate_lasts_180_days(copied: Path) -> None:
    assert found(copied, at_ms=ISSUED_MS + 180 * DAY_MS - 1).whole
    assert "expired" in found(copied, at_ms=ISSUED_MS + 180 * DAY_MS).faults[0].what.en
    assert "future" in found(copied, at_ms=ISSUED_MS - 1000).faults[0].what.en


def test_somebody_elses_key_is_not_the_issuers(copied: Path) -> None:
    other = issuer.TEST_KEY.public.to_base64()
    verified = found(copied, published=other)
    assert not verified.origin and "whose key you gave" in verified.faults[0].what.en


def test_without_the_issuers_key_the_origin_stays_open(copied: Path) -> None:
    verified = found(copied)
    assert verified.whole and not verified.origin


def test_the_test_key_never_makes_anything_but_a_rehearsal(copied: Path) -> None:
    told = certificate(copied)
    told["issuer"]["public_key"] = issuer.TEST_KEY.public.to_base64()
    (copied / "certificate.json").write_bytes(signed(told, issuer.TEST_KEY))
    assert "no rehearsal" in found(copied).faults[0].what.en


def test_a_day_that_does_not_exist_is_worded(copied: Path) -> None:
    told = certificate(copied) | {"expires": "2026-02-31T08:00:00+08:00"}
    (copied / "certificate.json").write_bytes(signed(told, ISSUER))
    assert "does not exist" in found(copied).faults[0].what.en


def test_what_the_certificate_does_not_cover_is_named(copied: Path) -> None:
    (copied / "added.txt").write_text("more", encoding="utf-8")
    assert found(copied).uncovered == ("added.txt",)


def test_a_directory_without_a_certificate_is_a_matter_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="--report"):
        found(tmp_path)


class TestCommand:
    """What a person sees and a script gets."""

    def call(self, *arguments: str) -> int:
        return app(args=list(arguments), standalone_mode=False)

    def test_a_rehearsal_opens_with_that_word(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        bundle(tmp_path)
        self.call("verify", str(tmp_path))
        assert "REHEARSAL" in capsys.readouterr().out.splitlines()[0]

    def test_the_mutation_score_is_told_and_whether_it_is_of_these_requirements(
        self, copied: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        told = certificate(copied)
        score = {"edition": "2026.0", "judge": "1", "driving": "in_process", "seed": 1, "areas": {}}
        command = {"judge": "1", "seed": 1, "mutants": 4, "caught": 4, "areas": {}, "current": True}
        told["mutation"] = {**score, "mutants": 9, "caught": 8, "current": False, "modes": {"command": command}}
        (copied / "certificate.json").write_bytes(signed(told, ISSUER))
        self.call("verify", str(copied))
        out = capsys.readouterr().out
        assert "mutation score in_process 8/9 (the requirements have changed since) · command 4/4" in out

    def test_a_damaged_bundle_ends_with_1_and_a_way_out(self, copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (copied / "junit.xml").write_bytes(b"")
        assert self.call("verify", str(copied)) == 1
        assert "ask its maker" in capsys.readouterr().out
