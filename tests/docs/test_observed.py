"""The page about watching is true: its commands run as printed, and the ways out it names are those there are."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.serving import ROOT, SCRIPTS, simulator

PAGES = [ROOT / "docs" / language / "observed.md" for language in ("en", "zh")]
FENCE = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)
TOKEN, RICH = "TEST-ONLY", "EC990000000000000001"
MY_TESTS = f"""#!/bin/sh
set -e
"{SCRIPTS}/yibao-simulator" person consent ec_user_id={RICH} app_id="$YIBAO_APP_ID" org_codg=P11010590001 >&2
YIBAO_PSN_NO=99000000000000000001 "{sys.executable}" "{ROOT}/examples/sealed_order.py" place {RICH} ORDER-1 >&2
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with tests of one's own in it: one sealed order, placed without asking who the buyer is (1101)."""
    (tmp_path / "my-tests.sh").write_text(MY_TESTS, encoding="utf-8")
    (tmp_path / "my-tests.sh").chmod(0o755)
    return tmp_path


def typed(place: Path, words: list[str], **settings: str) -> subprocess.CompletedProcess[str]:
    program = str(SCRIPTS / words[0])
    return subprocess.run(
        [program, *words[1:]], cwd=place, capture_output=True, text=True, timeout=180, check=False,
        env={**os.environ, **settings},
    )  # fmt: skip


def commands(number: int) -> list[list[str]]:
    return [shlex.split(line) for line in FENCE.findall(PAGES[0].read_text(encoding="utf-8"))[number].splitlines()]


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = (FENCE.findall(page.read_text(encoding="utf-8")) for page in PAGES)
    assert english == chinese


def test_tests_of_ones_own_are_watched_and_judged(place: Path) -> None:
    watched, verified, again = (typed(place, words) for words in commands(0))
    assert watched.returncode == 1, watched.stdout + watched.stderr
    assert "failed  order/steps/identify-before-billing" in watched.stdout
    assert verified.returncode == 0
    assert "O类：旁观" in verified.stdout
    assert again.returncode == 0


def test_a_room_that_is_there_is_judged_where_it_stands_and_from_its_export(place: Path) -> None:
    with simulator(TOKEN) as address:
        env = {"YIBAO_URL": address, "YIBAO_CONTROL_TOKEN": TOKEN}
        told = typed(place, ["yibao-simulator", "room", "show", "main", "--format", "env"], **env).stdout
        env |= dict(word.split("=", 1) for word in told.splitlines())
        assert typed(place, ["yibao-certify", "observe", "--simulator", address, "--for", "0"], **env).returncode == 3
        subprocess.run(["./my-tests.sh"], cwd=place, env={**os.environ, **env}, check=True, capture_output=True)
        for words, code in zip(commands(1), (1, 0, 1), strict=True):
            here = [address if "127.0.0.1" in word else TOKEN if word == "TOKEN" else word for word in words]
            done = typed(place, here, **env)
            assert done.returncode == code, done.stdout + done.stderr
        assert stopped(place, address, env) == 1


def stopped(place: Path, address: str, env: dict[str, str]) -> int:
    """How a watching ends that somebody stops with Ctrl-C."""
    words = [str(SCRIPTS / "yibao-certify"), "observe", "--simulator", address]
    watching = subprocess.Popen(words, cwd=place, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})
    assert watching.stdout
    next(line for line in watching.stdout if "Ctrl-C" in line)
    watching.send_signal(signal.SIGINT)
    told, _ = watching.communicate(timeout=60)
    assert "watching was stopped" in told
    return watching.returncode


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--", "/no/such/tests"], "cannot be started"),
        (["--room", "other", "--for", "0"], "there are"),
        (["--edition", "1999.1"], "no edition"),
        (["--", "false"], "the channel sent nothing"),
    ],
)
def test_what_cannot_be_judged_ends_with_three_and_a_sentence(place: Path, words: list[str], said: str) -> None:
    done = typed(place, ["yibao-certify", "observe", *words])
    assert done.returncode == 3
    assert said in done.stdout + done.stderr
