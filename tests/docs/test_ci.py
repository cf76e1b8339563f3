"""The page for pipelines is true: its commands run as printed with a real adapter, its table is the suite's own."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.known import read
from conformance.report import words

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / language / "ci.md" for language in ("en", "zh")]
TEMPLATES = sorted((ROOT / "examples" / "ci").glob("*.yml"))
FENCE = re.compile(r"```(toml|sh)\n(.*?)\n```", re.DOTALL)
CERTIFY = str(Path(sys.executable).with_name("yibao-certify"))
ADAPTER = f'#!/bin/sh\nexec "{sys.executable}" -m conformance.channels.reference --driver --timeout-ms 500\n'


def fences(page: Path, kind: str) -> list[str]:
    return [text for found, text in FENCE.findall(page.read_text(encoding="utf-8")) if found == kind]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A vendor's folder: an adapter, and the page's list without entries (this adapter fails nothing)."""
    adapter = tmp_path / "my-adapter"
    adapter.write_text(ADAPTER, encoding="utf-8")
    adapter.chmod(0o755)
    (tmp_path / "known.toml").write_text("known = []\n", encoding="utf-8")
    return tmp_path


def test_both_languages_show_the_same() -> None:
    english, chinese = ([fences(page, kind) for kind in ("toml", "sh")] for page in PAGES)
    assert english == chinese


def test_the_command_of_the_page_certifies_an_adapter_and_leaves_the_report(project: Path) -> None:
    first, narrowed = [shlex.split(text) for text in fences(PAGES[0], "sh")]
    assert first[0] == narrowed[0] == "yibao-certify" and "--only" in narrowed
    short = [*first[1:], "--only", "wire/sealing/frames-are-sealed"]
    done = subprocess.run([CERTIFY, *short], cwd=project, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert {"junit.xml", "results.json", "report.html"} <= {path.name for path in (project / "report").iterdir()}


def test_the_list_of_the_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(fences(PAGES[0], "toml")[0], encoding="utf-8")
    assert [entry.id for entry in read(path)] == ["retry/patience/no-storm"]


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_every_exit_code_is_explained(page: Path) -> None:
    shown = set(map(int, re.findall(r"^\| (\d) \|", page.read_text(encoding="utf-8"), re.MULTILINE)))
    assert shown == set(words.EXIT)


@pytest.mark.parametrize("template", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_each_template_runs_the_command_of_the_page(template: Path) -> None:
    assert fences(PAGES[0], "sh")[0] in template.read_text(encoding="utf-8")
