"""The servers that are measured on a socket: the simulator, and the stateless mock servers one might take instead.

The mock servers get the easiest task there is: a document with this one operation, and one answer to give. Prism and
one way of WireMock also hold each request to the schema of 2102; none verifies a signature, keeps or books anything.
They are measured where their command is on the path, else left out with a sentence that says so.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from loadtests.processes import stop
from schemas import jsontext
from schemas.loader import document, interface

START_LIMIT_S = 90
PATH = "/fsi/api/rsfComIfsService/callService/2102"
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
Json = dict[str, Any]


class NotUp(Exception):
    """A server that does not answer; its last words are the message."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A server to measure: what to run on a port, in a folder, once ``prepare`` put its files there."""

    name: str
    command: Callable[[int], list[str]]
    prepare: Callable[[Path, bytes], None]
    install: str = ""
    """How to get it; empty for our own."""
    validates: bool = True
    one_core: bool = True
    """Servers that are compared with each other get the same single core, so that several threads gain nothing."""

    @property
    def installed(self) -> bool:
        """Whether its command can be run here."""
        return shutil.which(self.command(0)[0]) is not None


_SERVE = (sys.executable, "-c", "from simulator.cli import main; main()", "serve", "--store", "bench.sqlite", "--port")
SIMULATOR = Candidate("simulator", lambda port: [*_SERVE, str(port)], lambda folder, answer: None)


def simulator(workers: int) -> Candidate:
    """The simulator on all cores, with as many doors."""
    return replace(SIMULATOR, command=lambda port: [*_SERVE, str(port), "--workers", str(workers)], one_core=False)


def _prism(port: int) -> list[str]:
    return ["prism", "mock", "openapi.json", "--port", str(port), "--host", "127.0.0.1", "--verboseLevel", "silent"]


def _mockoon(port: int) -> list[str]:
    return ["mockoon-cli", "start", "--data", "openapi.json", "--port", str(port), "--disable-log-to-file"]


def _wiremock(port: int) -> list[str]:
    quiet = ["--disable-banner", "--no-request-journal", "--async-response-enabled", "true"]
    return ["wiremock", "--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", ".", *quiet]


def _openapi(folder: Path, answer: bytes) -> None:
    (folder / "openapi.json").write_bytes(jsontext.compact(_described(answer)))


def _stub(folder: Path, answer: bytes, matched: Json) -> None:
    (folder / "mappings").mkdir()
    told = {"status": 200, "headers": {"content-type": "application/json"}, "body": answer.decode()}
    stub = {"request": {"method": "POST", "urlPath": PATH, **matched}, "response": told}
    (folder / "mappings" / "2102.json").write_bytes(jsontext.compact(stub))


def _validating_stub(folder: Path, answer: bytes) -> None:
    schema = jsontext.compact(_request()).decode()
    _stub(folder, answer, {"bodyPatterns": [{"matchesJsonSchema": schema, "schemaVersion": "V202012"}]})


MOCKS = (
    Candidate("Prism", _prism, _openapi, "npm install @stoplight/prism-cli"),
    Candidate("Mockoon", _mockoon, _openapi, "npm install @mockoon/cli", validates=False),
    Candidate(
        "WireMock", _wiremock, lambda folder, answer: _stub(folder, answer, {}), "npm install wiremock", validates=False
    ),
    Candidate("WireMock with a schema", _wiremock, _validating_stub, "npm install wiremock"),
)


def _request() -> Json:
    frame = {key: value for key, value in _frame("institution_request").items() if key != "additionalProperties"}
    own = {"infno": {"const": "2102"}, "input": interface("2102").input.schema}
    return {**frame, "properties": {**frame["properties"], **own}}


def _frame(name: str) -> Json:
    schema = document(f"envelopes/{name}.json").schema
    return {key: value for key, value in schema.items() if not key.startswith("$")}


def _described(answer: bytes) -> Json:
    told = {"schema": {"type": "object"}, "example": jsontext.parse(answer)}
    operation = {
        "operationId": "call_2102",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _request()}}},
        "responses": {"200": {"description": "answer", "content": {"application/json": told}}},
    }
    info = {"title": "2102", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": "/"}], "paths": {PATH: {"post": operation}}}


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers on a port."""

    port: int
    pid: int

    def cpu_ns(self) -> int:
        """Processor time of the server with all its processes, as the kernel counts it; 0 where it does not tell."""
        return sum(_ticks(pid) for pid in _family(self.pid)) * 1_000_000_000 // TICKS

    def own_cpu_ns(self) -> int:
        """Processor time of the server's first process alone."""
        return _ticks(self.pid) * 1_000_000_000 // TICKS


@contextmanager
def running(candidate: Candidate, folder: Path, answer: bytes, environment: Mapping[str, str]) -> Iterator[Running]:
    """The server on a free port of this machine, and its end.

    Raises:
        NotUp: it does not come up.
    """
    folder.mkdir()
    candidate.prepare(folder, answer)
    port, log = _free_port(), folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            candidate.command(port), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, **environment}, preexec_fn=_on_one_core if candidate.one_core else None,
        )  # fmt: skip
        family = [process.pid]
        try:
            _wait(process, port, log)
            family = _family(process.pid)
            yield Running(port, process.pid)
        finally:
            stop(process)
            _end(family[1:])


def _on_one_core() -> None:
    """The same single core for every server."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline_ns = time.monotonic_ns() + START_LIMIT_S * 1_000_000_000
    while time.monotonic_ns() < deadline_ns and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(1 / 10)
    raise NotUp(log.read_text(encoding="utf-8", errors="replace").strip()[-400:])


def _end(pids: list[int]) -> None:
    """What a server started and left behind."""
    for pid in pids:
        try:
            os.kill(pid, 15)
        except ProcessLookupError:
            continue


def _family(pid: int) -> list[int]:
    """A process and everything it started, oldest first."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = _stat(path)
        if fields:
            parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def _ticks(pid: int) -> int:
    fields = _stat(Path(f"/proc/{pid}/stat"))
    return int(fields[11]) + int(fields[12]) if fields else 0


def _stat(path: Path) -> list[str]:
    """The fields after the name, which may hold spaces; none when the process is gone."""
    try:
        return re.sub(r"^.*\) ", "", path.read_text(encoding="utf-8", errors="replace"), flags=re.DOTALL).split()
    except OSError:
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
