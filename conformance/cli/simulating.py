"""A simulator of one's own for the length of a command."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from conformance.cli.options import console, stop
from conformance.findings import Both
from conformance.suite import start
from conformance.suite.control import ControlFault

PROGRAM = (sys.executable, "-c", "from simulator.cli import main; main()")
START_LIMIT_MS = 30_000


@contextmanager
def simulator(*options: str) -> Iterator[tuple[str, str]]:
    """A simulator as a process of its own on a free port of this machine, in memory, with a token of its own."""
    token, port = secrets.token_hex(16), _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [*PROGRAM, "serve", "--memory", "--port", str(port), *options]
    environment = {**os.environ, "YIBAO_CONTROL_TOKEN": token}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    try:
        _wait_until_up(process, address, token)
        console.print(f"模拟器 / simulator: {address} (pid {process.pid})")
        yield address, token
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def settings_of(address: str, token: str, room: str) -> dict[str, str]:
    """Addresses and TEST keys of a room, by the names of its environment variables."""
    command = [*PROGRAM, "room", "show", room, "--format", "env", "--url", address, "--control-token", token]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False).stdout
    pairs = (line.partition("=") for line in told.splitlines())
    found = {name: value for name, equals, value in pairs if equals}
    return found | {"YIBAO_URL": address, "YIBAO_CONTROL_TOKEN": token, "YIBAO_ROOM": room}


def _wait_until_up(process: "subprocess.Popen[bytes]", address: str, token: str) -> None:
    reached = start.over_http(address, token)
    deadline_ns = time.monotonic_ns() + START_LIMIT_MS * 1_000_000
    while time.monotonic_ns() < deadline_ns and process.poll() is None:
        try:
            reached.control.call("GET", "/health")
            reached.close()
            return
        except ControlFault:
            time.sleep(1 / 20)
    stop(Both("模拟器没有启动成功，见上方输出", "the simulator did not come up; see its output above"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
