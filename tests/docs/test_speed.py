"""The page about speed: both languages show the same commands and figures, and each command is typed."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from schemas import jsontext
from tests.docs.serving import ROOT, SCRIPTS

PAGES = [ROOT / "docs" / language / "speed.md" for language in ("en", "zh")]
FENCE = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)
COMMANDS = FENCE.findall(PAGES[0].read_text(encoding="utf-8"))[0].splitlines()
ROWS = re.compile(r"^\|.*\d.*\|$", re.MULTILINE)


def typed(line: str, *more: str, folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """A command of the page, with the scripts of this environment."""
    words = shlex.split(line)
    return subprocess.run(
        [str(SCRIPTS / words[0]), *words[1:], *more],
        capture_output=True, text=True, timeout=300, check=False, cwd=folder,
    )  # fmt: skip


def test_both_languages_show_the_same_commands_and_the_same_figures() -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in PAGES)
    assert FENCE.findall(english) == FENCE.findall(chinese)
    figures = [
        [re.findall(r"\d[\d,.]*", row.replace(",", "")) for row in ROWS.findall(text)] for text in (english, chinese)
    ]
    assert figures[0] == figures[1] and len(figures[0]) > 8


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line: str) -> None:
    done = typed(line, "--help")
    assert done.returncode == 0 and "--growth" in done.stdout, done.stderr


@pytest.mark.slow
def test_the_short_look_is_a_look(tmp_path: Path) -> None:
    done = typed(COMMANDS[-1], folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "密码之外 everything but crypto" in done.stdout
    told = jsontext.parse((tmp_path / "report" / "bench" / "bench.json").read_bytes())
    assert isinstance(told, dict) and set(told["exchanges"]) == {"2102", "6202"}
