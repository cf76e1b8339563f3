"""The matrix cut into processes and to chosen rules: the same rows in the same order, whoever worked on them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.suite.matrix import Trying, chosen, matrix

NOTICES = Trying(rules=("notice/inbox/duplicate-counts",))
NAMES = ("counts-copies", "turns-copies-away", "storms")


def test_two_processes_find_what_one_finds_in_the_same_order() -> None:
    names = chosen(NAMES)
    alone = list(matrix(names, NOTICES, jobs=1))
    together = list(matrix(names, NOTICES, jobs=2))
    assert [row.mutant.name for row in together] == names
    assert [(row.broken, row.asked) for row in together] == [(row.broken, row.asked) for row in alone]


def test_chosen_rules_are_judged_and_no_others() -> None:
    (caught,) = matrix(["counts-copies"], NOTICES)
    assert caught.asked and all(id_.startswith(NOTICES.rules) for id_ in caught.asked)
    assert caught.good
    assert caught.aimed_at
    assert caught.broken <= caught.asked


def test_a_mutant_that_breaks_none_of_them_stands() -> None:
    (stands,) = matrix(["storms"], NOTICES)
    assert stands.good
    assert not stands.aimed_at
    assert stands.broken == frozenset()


def children(pid: int) -> list[int]:
    """What a process started and that still runs."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except FileNotFoundError:
        return []


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def comes_true(what: Callable[[], bool], tries: int = 3_000) -> bool:
    """Whether a condition holds within half a minute."""
    tick = threading.Event()
    return any(what() or tick.wait(1 / 100) for _ in range(tries)) or what()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_one_that_is_ended(number: signal.Signals) -> None:
    """Two work, and one tracks what spawned processes share."""
    busy = "import time; from conformance.suite.spreading import spread; list(spread(time.sleep, [600] * 4, jobs=2))"
    with subprocess.Popen([sys.executable, "-c", busy]) as ended:
        try:
            assert comes_true(lambda: len(children(ended.pid)) == 3)
            started = children(ended.pid)
            os.kill(ended.pid, number)
            ended.wait(30)
            assert comes_true(lambda: not any(map(runs, started))), started
        finally:
            ended.kill()
