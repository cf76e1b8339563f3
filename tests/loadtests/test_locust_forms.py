"""Plain Locust in the forms its users know: the web page driven over its HTTP calls, and master and workers by hand."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from loadtests import processes, writing
from schemas import jsontext
from tests.house.sources import ROOT

pytestmark = pytest.mark.slow
FEW = ("--scale", "0.01", "--orders", "24")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[processes.Address]:
    with processes.simulator(tmp_path_factory.mktemp("simulator")) as found:
        yield found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def locust(log: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A Locust on our file, ended with the test."""
    words = [sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            processes.stop(process)


def comes(what: Callable[[], Any], log: Path, tries: int = 1_200) -> Any:
    """What it gives once it gives something, within two minutes."""
    tick = threading.Event()
    for _ in range(tries):
        if found := what():
            return found
        tick.wait(1 / 10)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-3_000:])


def got(page: httpx.Client, path: str) -> httpx.Response | None:
    try:
        return page.get(path)
    except httpx.TransportError:
        return None


def state(page: httpx.Client) -> str:
    return str(page.get("/stats/requests").json()["state"])


def results(folder: Path) -> dict[str, Any]:
    told = jsontext.parse((folder / writing.RESULTS).read_bytes())
    assert isinstance(told, dict)
    return told


def test_the_web_page_starts_a_run_shows_its_figures_and_waits_for_the_next(
    address: processes.Address, tmp_path: Path
) -> None:
    port, log, report = str(free_port()), tmp_path / "log", tmp_path / "report"
    options = ["--web-host", "127.0.0.1", "--web-port", port, "--host", address.url, "--report", str(report)]
    with (
        locust(log, *options, "--control-token", address.token, *FEW) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as page,
    ):
        shown = comes(lambda: got(page, "/"), log)
        assert shown.status_code == 200 and "<title>Locust" in shown.text
        assert address.token not in shown.text
        assert state(page) == "ready"
        for orders in (24, 6):
            began = page.post("/swarm", data={"user_count": 4, "spawn_rate": 4, "host": address.url, "orders": orders})
            assert began.json()["success"], began.text
            comes(lambda: state(page) == "stopped", log)
            comes(lambda wanted=orders: results(report)["orders"]["begun"] == wanted, log)
            assert results(report)["violations"] == 0
        named = {(row["method"], row["name"]) for row in page.get("/stats/requests").json()["stats"]}
        assert any("6202" in name for _, name in named)
        assert page.post("/stop").json()["success"]
        process.terminate()
        assert process.wait(60) == results(report)["exit_code"]


def test_a_swarm_that_is_stopped_half_way_is_audited_as_it_is(address: processes.Address, tmp_path: Path) -> None:
    port, log, report = str(free_port()), tmp_path / "log", tmp_path / "report"
    options = ["--web-host", "127.0.0.1", "--web-port", port, "--host", address.url, "--report", str(report)]
    with (
        locust(log, *options, "--control-token", address.token, "--scale", "0.05") as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as page,
    ):
        comes(lambda: got(page, "/"), log)
        page.post("/swarm", data={"user_count": 2, "spawn_rate": 2, "host": address.url})
        comes(lambda: page.get("/stats/requests").json()["stats"][-1]["num_requests"] > 20, log)
        assert page.post("/stop").json()["success"]
        comes(lambda: (report / writing.RESULTS).is_file(), log)
        told = results(report)
        assert told["violations"] == 0 and 0 < told["orders"]["begun"] < told["orders"]["asked"]
        assert any("stopped before its end" in reason["en"] for reason in told["void"])
        process.terminate()
        assert process.wait(60) == told["exit_code"] == 2


def test_a_master_and_two_workers_started_by_hand_share_a_day(address: processes.Address, tmp_path: Path) -> None:
    port, report = str(free_port()), tmp_path / "report"
    bound = ["--master-bind-host", "127.0.0.1", "--master-bind-port", port]
    options = ["--headless", "--expect-workers", "2", "-u", "4", "-r", "4", "-t", "120s", "--only-summary", *bound]
    asked = ["--host", address.url, "--control-token", address.token, *FEW, "--report", str(report)]
    to_master = ["--worker", "--master-host", "127.0.0.1", "--master-port", port]
    with (
        locust(tmp_path / "master", "--master", *options, *asked) as master,
        locust(tmp_path / "one", *to_master) as one,
        locust(tmp_path / "two", *to_master) as two,
    ):
        assert master.wait(180) == 0, (tmp_path / "master").read_text(encoding="utf-8")
        assert [worker.wait(60) for worker in (one, two)] == [0, 0]
    whole = results(report)
    assert whole["orders"]["begun"] == 24 and whole["workers"] == {"awaited": 2, "reported": 2}
    assert {path.name for path in report.iterdir() if path.is_dir()} == {"worker-0", "worker-1"}
