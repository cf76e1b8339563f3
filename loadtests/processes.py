"""A simulator and a Locust as processes of their own: started, waited for, and stopped by exactly who started them."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import IO

from loadtests.campaign import Progress
from loadtests.control import Control, ControlError
from loadtests.load_profile import ProfileError
from loadtests.sockets import SocketTransport
from loadtests.staging import Options
from loadtests.writing import read_progress

LOCUSTFILE = Path(__file__).resolve().parent / "locustfile.py"
START_LIMIT_MS = 30_000
GRACE_S = 180
"""How much longer than its run time a Locust may take to come to rest and to audit."""
STOP_S = 20


@dataclass(frozen=True, slots=True)
class Address:
    """Where a simulator is, and its control token."""

    url: str
    token: str


@contextmanager
def simulator(folder: Path) -> Iterator[Address]:
    """A simulator on a free port of this machine, its store and its log in ``folder``.

    Raises:
        ProfileError: it does not come up; its last words are in the message.
    """
    address = Address(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16))
    port = address.url.rpartition(":")[2]
    command = [sys.executable, "-c", "from simulator.cli import main; main()", "serve", "--port", port]
    log = folder / "simulator.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--store", str(folder / "load.sqlite")],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "YIBAO_CONTROL_TOKEN": address.token},
        )
        try:
            _wait_until_up(process, address, log)
            yield address
        finally:
            stop(process)


def locust(options: Options, *, users: int, limit_s: int, report: Path, show: Callable[[Progress], None]) -> int:
    """Run Locust on our file to its end, telling ``show`` how far it is; its exit code.

    Raises:
        ProfileError: Locust is not installed.
    """
    if find_spec("locust") is None:
        raise ProfileError(
            "没有安装 Locust，请执行 pip install 'yibao-channel-lab[load]'",
            "Locust is not installed: pip install 'yibao-channel-lab[load]'",
        )
    report.mkdir(parents=True, exist_ok=True)
    count = str(users)
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary"]
    command += ["-u", count, "-r", count, "-t", f"{limit_s}s", "--host", options.simulator]
    with (report / "locust.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, env=_environment(options, report), text=True
        )
        try:
            return _followed(process, log, show, limit_s + GRACE_S)
        finally:
            stop(process)


def stop(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """End a process that we started, kindly first."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(options: Options, report: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "YIBAO_CONTROL_TOKEN": options.token,
        "YIBAO_LOAD_PROFILE": options.profile.source,
        "YIBAO_LOAD_CHANNEL": options.channel,
        "YIBAO_LOAD_SCALE": options.profile.scale,
        "YIBAO_LOAD_ORDERS": str(options.orders),
        "YIBAO_LOAD_SEED": str(options.seed),
        "YIBAO_LOAD_MODE": options.mode,
        "YIBAO_LOAD_FROM": str(options.from_minute),
        "YIBAO_LOAD_MINUTES": str(options.minutes),
        "YIBAO_LOAD_REPORT": str(report),
        "YIBAO_LOAD_PROGRESS": "1",
    }


def _followed(process: "subprocess.Popen[str]", log: IO[str], show: Callable[[Progress], None], limit_s: int) -> int:
    assert process.stdout is not None
    bound = Timer(limit_s, process.kill)
    bound.start()
    try:
        for line in process.stdout:
            progress = read_progress(line)
            if progress:
                show(progress)
            else:
                log.write(line)
                log.flush()
        return process.wait()
    finally:
        bound.cancel()


def _wait_until_up(process: "subprocess.Popen[bytes]", address: Address, log: Path) -> None:
    deadline_ns = time.monotonic_ns() + START_LIMIT_MS * 1_000_000
    with closing(SocketTransport(address.url)) as transport:
        control = Control(transport, address.token)
        while time.monotonic_ns() < deadline_ns and process.poll() is None:
            try:
                control.health()
                return
            except ControlError:
                time.sleep(1 / 20)
    words = log.read_text(encoding="utf-8", errors="replace").strip()[-500:]
    raise ProfileError(f"模拟器没有启动成功：{words}", f"the simulator did not come up: {words}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
