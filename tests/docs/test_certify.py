"""The page for vendors is true: its exchanges fit the contract, its verbs are all of them, its commands run."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.loader import document

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / language / "certify.md" for language in ("en", "zh")]
FENCE = re.compile(r"```(text|sh)\n(.*?)\n```", re.DOTALL)
CERTIFY = str(Path(sys.executable).with_name("yibao-certify"))
CONTRACT = json.loads((ROOT / "schemas" / "suite" / "driver.json").read_text(encoding="utf-8"))


def fences(page: Path) -> list[tuple[str, str]]:
    return FENCE.findall(page.read_text(encoding="utf-8"))


def lines(page: Path) -> list[dict[str, Any]]:
    (text,) = [text for kind, text in fences(page) if kind == "text"]
    return [json.loads(line[2:]) for line in text.splitlines()]


def test_both_languages_show_the_same() -> None:
    english, chinese = map(fences, PAGES)
    assert english == chinese


def test_the_exchanges_of_the_page_fit_the_contract() -> None:
    told = lines(PAGES[0])
    for asked, answer in zip(told[::2], told[1::2], strict=True):
        assert asked["id"] == answer.pop("id")
        exchange = {"verb": asked["verb"], "body": asked["body"], "answer": answer}
        assert document("suite/driver.json").check(exchange) == []


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_the_page_tells_every_verb_state_and_task_of_the_contract(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    verbs = {part["if"]["properties"]["verb"]["const"] for part in CONTRACT["allOf"]}
    states = {one["const"] for one in CONTRACT["$defs"]["state"]["oneOf"]}
    assert all(f"| `{verb}` |" in text for verb in verbs)
    assert all(state in text for state in states)


def test_what_the_page_installs_are_extras_of_this_project() -> None:
    install = next(text for kind, text in fences(PAGES[0]) if kind == "sh")
    (wanted,) = re.findall(r"^pip install '\.\[([a-z,]+)\]'$", install.strip())
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(wanted.split(",")) <= known.keys()
    assert any(one.startswith("pytest") for one in known["conformance"])


@pytest.mark.parametrize("number", [0, 1])
def test_the_commands_of_the_page_run_with_an_adapter(number: int, tmp_path: Path) -> None:
    adapter = tmp_path / "my-adapter"
    program = f'#!/bin/sh\nexec "{sys.executable}" -m conformance.channels.reference --driver --timeout-ms 500\n'
    adapter.write_text(program, encoding="utf-8")
    adapter.chmod(0o755)
    _, _, text = [text for kind, text in fences(PAGES[0]) if kind == "sh"]
    words = shlex.split(text.splitlines()[number])
    assert words[0] == "yibao-certify"
    done = subprocess.run([CERTIFY, *words[1:]], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == (0, 2)[number], done.stdout + done.stderr


def test_the_skeleton_of_the_page_is_written_checked_and_described(tmp_path: Path) -> None:
    _, begin, _ = [text for kind, text in fences(PAGES[0]) if kind == "sh"]
    told = []
    for line in begin.splitlines():
        words = shlex.split(line.replace("command:python ", f"command:{sys.executable} "))
        done = subprocess.run(
            [CERTIFY, *words[1:]], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        told.append((done.returncode, done.stdout))
    assert [code for code, _ in told] == [0, 3, 0]
    assert "the adapter is not connected to the channel yet" in told[1][1]
    assert json.loads((tmp_path / "driver.json").read_text(encoding="utf-8"))["openapi"] == "3.1.0"
