"""The whole thing as a user starts it: processes of their own, a real server, a real Locust, the auditor's word."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from loadtests import writing
from schemas import jsontext
from tests.house.sources import ROOT
from tests.loadtests.sound_books import books, changed

pytestmark = pytest.mark.slow
MODULES = sorted(path.stem for path in (ROOT / "loadtests").glob("*.py") if path.stem not in ("__init__", "locustfile"))


def load(*arguments: str, limit_s: int = 120) -> "subprocess.CompletedProcess[str]":
    """``yibao-load`` with these arguments, from this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "loadtests.cli", *arguments],
        capture_output=True, text=True, timeout=limit_s, env=environment, check=False,
    )  # fmt: skip


def test_a_small_run_ends_well_and_leaves_its_report_and_nothing_else_behind(tmp_path: Path) -> None:
    report = tmp_path / "report"
    done = load("smoke", "--orders", "30", "--users", "4", "--report", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "30 单零违规" in done.stdout and "zero violations in 30 orders" in done.stdout
    assert {path.name for path in report.iterdir()} == {
        writing.RESULTS, writing.JUNIT, writing.BOOKS, writing.SUMMARY, writing.PAGE, "locust.log", "series.csv",
        "series.parquet", "codes.csv", "codes.parquet",
    }  # fmt: skip
    told = jsontext.parse((report / writing.RESULTS).read_bytes())
    assert isinstance(told, dict)
    assert told["orders"]["begun"] == 30 and told["orders"]["counted"] > 20
    assert told["traffic"]["calls"] > 120 and told["health"]["failed"] == 0
    assert ElementTree.parse(report / writing.JUNIT).getroot().get("failures") == "0"
    again = load("audit", "--books", str(report / writing.BOOKS))
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_run_that_is_cut_short_is_void(tmp_path: Path) -> None:
    done = load("smoke", "--orders", "900", "--users", "2", "--limit-s", "2", "--report", str(tmp_path / "report"))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "stopped before it" in done.stdout + done.stderr


def test_no_module_but_the_users_brings_locust_into_the_process() -> None:
    code = f"import sys\nfor name in {MODULES}: __import__('loadtests.' + name)\n"
    code += "print(sorted({'locust', 'gevent'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_of_ours_imports_the_locust_file() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "loadtests").glob("*.py")]
    assert not [text for text in sources if "import locustfile" in text or "loadtests.locustfile" in text]


WRONG = [
    ("no such command", ("fly",)),
    ("no such option", ("smoke", "--wings", "2")),
    ("no such profile", ("smoke", "--profile", "shanghai")),
    ("no such mode", ("run", "--simulator", "http://127.0.0.1:1", "--mode", "warp")),
    ("no simulator there", ("run", "--simulator", "http://127.0.0.1:1", "--control-token", "x")),
    ("no address", ("run", "--simulator", "127.0.0.1", "--control-token", "x")),
    ("no books", ("audit", "--books", "nowhere.json")),
    ("no books named", ("audit",)),
]


@pytest.mark.parametrize(("what", "arguments"), WRONG, ids=[row[0] for row in WRONG])
def test_asking_wrongly_ends_with_3_and_words(what: str, arguments: tuple[str, ...]) -> None:
    done = load(*arguments)
    assert done.returncode == 3, done.stdout + done.stderr
    assert done.stderr.strip() and "Traceback" not in done.stderr


def test_books_are_audited_offline_and_the_worst_decides(tmp_path: Path) -> None:
    sound, bad = books(), books(beliefs=changed(books().beliefs, 4, state="paid"))
    writing.write(sound, tmp_path / "sound")
    writing.write(bad, tmp_path / "bad")
    good_file, bad_file = str(tmp_path / "sound" / writing.BOOKS), str(tmp_path / "bad" / writing.BOOKS)
    assert load("audit", "--books", good_file).returncode == 0
    both = load("audit", "--books", good_file, "--books", bad_file, "--report", str(tmp_path / "again"))
    assert both.returncode == 1 and "failed 渠道认为paid" in both.stdout
    assert (tmp_path / "again" / "1" / writing.JUNIT).is_file()


def test_profiles_are_listed() -> None:
    done = load("profiles")
    assert done.returncode == 0 and "beijing-launch-day" in done.stdout
