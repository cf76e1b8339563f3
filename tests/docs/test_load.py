"""The page for load testers is true: every command runs as printed, its tables are the tool's own."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests import load_profile, writing
from loadtests.judgement import CONFIGURATION, OK, OWN_ERROR, VIOLATIONS, VOID
from tests.docs.serving import ROOT, SCRIPTS, simulator

PAGES = [ROOT / "docs" / language / "load.md" for language in ("en", "zh")]
FENCE = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)
COMMANDS = FENCE.findall(PAGES[0].read_text(encoding="utf-8"))
ADAPTER = f'#!/bin/sh\nexec "{sys.executable}" -m conformance.channels.reference --driver --timeout-ms 500\n'
TOKEN = "TEST-ONLY-load"
FEW = ["--orders", "12"]
"""Appended to a command of the page, so that the test stays short; the paced one is cut to its first minute."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a vendor's adapter, and the project's Locust file where the page names it."""
    adapter = tmp_path / "my-adapter"
    adapter.write_text(ADAPTER, encoding="utf-8")
    adapter.chmod(0o755)
    (tmp_path / "loadtests").symlink_to(ROOT / "loadtests")
    return tmp_path


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with simulator(TOKEN) as url:
        yield url


def ran(words: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(
        [str(SCRIPTS / words[0]), *words[1:]], cwd=folder, env=environment, capture_output=True, text=True, timeout=280,
        check=False,
    )  # fmt: skip


def command(beginning: str, number: int = 0) -> list[str]:
    """The words of a command of the page."""
    return shlex.split([text for text in COMMANDS if text.startswith(beginning)][number])


def test_both_languages_show_the_same_commands() -> None:
    assert FENCE.findall(PAGES[1].read_text(encoding="utf-8")) == COMMANDS and len(COMMANDS) == 8


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_every_profile_exit_code_and_file_is_explained(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert set(load_profile.names()) <= set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE))
    codes = {OK, VIOLATIONS, VOID, CONFIGURATION, OWN_ERROR}
    assert set(map(int, re.findall(r"^\| (\d) \|", text, re.MULTILINE))) == codes
    for name in (writing.PAGE, writing.SUMMARY, writing.JUNIT, writing.RESULTS, writing.BOOKS, "series.csv"):
        assert f"`{name}`" in text


@pytest.mark.slow
def test_smoke_then_audit_as_printed(project: Path) -> None:
    done = ran([*command("yibao-load smoke"), *FEW], project)
    assert done.returncode == OK, done.stdout + done.stderr
    assert "<svg" in (project / "report" / "load" / writing.PAGE).read_text(encoding="utf-8")
    again = ran(command("yibao-load audit"), project)
    assert again.returncode == OK and "12 单零违规" in again.stdout, again.stdout + again.stderr


@pytest.mark.slow
def test_a_vendors_adapter_is_put_under_load_as_printed(project: Path) -> None:
    done = ran([*command("yibao-load channel"), *FEW], project)
    assert done.returncode == OK, done.stdout + done.stderr


@pytest.mark.slow
def test_a_part_of_the_day_is_paced_as_printed(project: Path) -> None:
    words = [*command("yibao-load run"), "--orders", "4", "--scale", "0.01", "--minutes", "1"]
    done = ran(words, project)
    assert "迟到 late: " in done.stdout and " 4 orders" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_a_channel_with_a_mistake_is_noticed_as_printed(project: Path) -> None:
    done = ran([*command("yibao-load smoke", 1), *FEW], project)
    assert done.returncode == VIOLATIONS and "!! 收银台" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1], ids=["alone", "with workers"])
def test_locust_runs_as_printed(number: int, project: Path, address: str) -> None:
    words = [one.replace("http://127.0.0.1:8470", address).replace("TOKEN", TOKEN) for one in command("locust", number)]
    orders = "12" if number == 0 else "60"
    done = ran([*words, "--seed", str(number + 1), "--orders", orders], project)
    assert done.returncode == OK, done.stdout + done.stderr
    assert (project / "report" / "load" / writing.RESULTS).is_file()


def test_the_profiles_are_listed_as_printed(project: Path) -> None:
    done = ran(command("yibao-load profiles"), project)
    assert done.returncode == OK and all(name in done.stdout for name in load_profile.names())
