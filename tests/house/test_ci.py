"""The last line of a CI run tells the truth about all of its test runs."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT


def closing_line(log: str) -> subprocess.CompletedProcess[str]:
    """The script as .ci/run calls it."""
    command = [sys.executable, str(ROOT / ".ci" / "closing_line")]
    return subprocess.run(command, input=log, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("log", "last"),
    [
        (
            "== 812 passed, 3 skipped in 210.11s (0:03:30) ==\n  unit: OK (211.00=setup[1.00] seconds)\n",
            "== 812 passed, 3 skipped in 210.11s (0:03:30) ==",
        ),
        ("\x1b[32m= \x1b[1m5 passed\x1b[0m in 1.20s =\x1b[0m\n", "= 5 passed in 1.20s ="),
        (
            "== 800 passed, 2 skipped, 30 deselected in 20.10s ==\n= 30 passed, 1 warning in 100.95s =\n",
            "== 830 passed, 0 failed, 2 skipped in 121.05s ==",
        ),
        (
            "== 2 failed, 8 passed, 1 error in 1.00s ==\n== 1 passed, 1 xfailed in 0.50s ==\n",
            "== 10 passed, 3 failed, 0 skipped in 1.50s ==",
        ),
    ],
)
def test_the_closing_line_is_kept_or_summed(log: str, last: str) -> None:
    """One run keeps its own words; several become one line."""
    assert closing_line(log).stdout.strip() == last


def test_a_log_without_a_closing_line_fails() -> None:
    """A run that never reached its tests is not a green one."""
    answer = closing_line("collecting ...\nINTERNALERROR\n")

    assert answer.returncode == 1
    assert "closing line" in answer.stderr
