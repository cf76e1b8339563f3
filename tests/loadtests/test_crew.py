"""Several workers: the day is divided without losing an order, and the worst of them decides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests import processes
from loadtests.crew import Crew, share, told
from loadtests.judgement import OK, OWN_ERROR, VIOLATIONS, VOID
from schemas import jsontext
from tests.house.sources import ROOT


def said(code: int, counted: int = 10, violations: int = 0) -> dict[str, object]:
    return told(code, {"asked": 10, "begun": 10, "counted": counted}, violations, f"said {code}")


@pytest.mark.parametrize(("orders", "count"), [(15_000, 2), (10, 3), (2, 4), (0, 2)])
def test_shares_add_up(orders: int, count: int) -> None:
    shares = [share(orders, index, count) for index in range(count)]
    assert sum(shares) == orders and max(shares) - min(shares) <= 1


OUTCOMES = [
    ("all good", [OK, OK], OK),
    ("one broke a rule", [OK, VIOLATIONS], VIOLATIONS),
    ("one proves nothing", [VOID, OK], VOID),
    ("a violation counts more than a void run", [VOID, VIOLATIONS], VIOLATIONS),
    ("an error of our own counts most", [OWN_ERROR, VIOLATIONS], OWN_ERROR),
    ("one never reported", [OK], VOID),
]


@pytest.mark.parametrize(("what", "codes", "whole"), OUTCOMES, ids=[row[0] for row in OUTCOMES])
def test_the_worst_decides(what: str, codes: list[int], whole: int) -> None:
    crew = Crew(2)
    last = [crew.hear(f"worker-{number}", said(code)) for number, code in enumerate(codes)]
    assert crew.exit_code == whole
    assert last[-1] == (len(codes) == 2)


def test_the_results_add_up_in_the_form_of_a_single_run() -> None:
    crew = Crew(2)
    crew.hear("worker-a", said(OK))
    crew.hear("worker-b", said(VIOLATIONS, counted=7, violations=3))
    whole = crew.results()
    assert whole["orders"] == {"asked": 20, "begun": 20, "counted": 17}
    assert (whole["violations"], whole["exit_code"], whole["bound_95"]) == (3, VIOLATIONS, "")
    assert "违规 violations 3" in crew.text() and "said 1" in crew.text()


@pytest.mark.slow
def test_plain_locust_plays_a_profile_with_a_master_and_two_workers(tmp_path: Path) -> None:
    report = tmp_path / "report"
    with processes.simulator(tmp_path) as address:
        words = [
            sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", "--headless", "--processes", "2",
            "-u", "4", "-r", "4", "-t", "120s", "--host", address.url, "--control-token", address.token,
            "--scale", "0.01", "--orders", "60", "--report", str(report), "--only-summary",
        ]  # fmt: skip
        done = subprocess.run(
            words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=180,
            check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    whole = jsontext.parse((report / "results.json").read_bytes())
    assert isinstance(whole, dict)
    assert whole["orders"]["begun"] == 60 and whole["workers"] == {"awaited": 2, "reported": 2}
    assert {path.name for path in report.iterdir() if path.is_dir()} == {"worker-0", "worker-1"}
