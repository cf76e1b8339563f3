"""The HTTP driver: adapters that answer, are slow, gone or talk rubbish, and a whole channel behind an address."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from conformance.cli import main
from conformance.drivers.driver import DriverFault
from conformance.drivers.over_http import OverHttp

Reply = Callable[[str, dict[str, Any]], tuple[int, bytes]]


@contextmanager
def served(reply: Reply, seen: list[Mapping[str, str]] | None = None) -> Iterator[str]:
    """An adapter at an address, answering as ``reply`` says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if seen is not None:
                seen.append(dict(self.headers))
            status, raw = reply(self.path.rpartition("/")[2], body)
            self.send_response(status)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/driver"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def echo(verb: str, body: dict[str, Any]) -> tuple[int, bytes]:
    return 200, json.dumps({"ok": {"verb": verb, **body}}).encode()


def test_each_verb_is_one_post(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_DRIVER_TOKEN", "TEST-ONLY")
    seen: list[Mapping[str, str]] = []
    with served(echo, seen) as address:
        driver = OverHttp(address)
        assert driver.ask("sing", {"中文": "好"}) == {"ok": {"verb": "sing", "中文": "好"}}
        driver.close()
        driver.close()
    assert {name.lower(): value for name, value in seen[0].items()}["authorization"] == "Bearer TEST-ONLY"


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (lambda verb, body: (500, b"oops"), "HTTP 500"),
        (lambda verb, body: (200, b"hello"), "not the agreed JSON"),
        (lambda verb, body: (200, b"[]"), "not an object"),
        (lambda verb, body: (204, b""), "HTTP 204"),
    ],
    ids=["error", "rubbish", "list", "empty"],
)
def test_what_is_no_answer_is_a_fault_of_the_adapter_with_a_remedy(reply: Reply, told: str) -> None:
    with served(reply) as address:
        driver = OverHttp(address)
        with pytest.raises(DriverFault, match=told) as fault:
            driver.ask("hello", {})
        driver.close()
    assert fault.value.zh and fault.value.remedy_zh and fault.value.remedy_en


def test_an_adapter_that_takes_too_long_is_told_so() -> None:
    late = threading.Event()

    def hang(verb: str, body: dict[str, Any]) -> tuple[int, bytes]:
        late.wait(5)
        return echo(verb, body)

    with served(hang) as address:
        driver = OverHttp(address, limits_ms={"hello": 100})
        with pytest.raises(DriverFault, match="within 100 ms"):
            driver.ask("hello", {})
        late.set()
        driver.close()


def test_nobody_at_the_address_is_told_so() -> None:
    with served(echo) as address:
        pass
    driver = OverHttp(address)
    with pytest.raises(DriverFault, match="start the adapter first"):
        driver.ask("hello", {})
    driver.close()


@pytest.mark.parametrize("address", ["https://127.0.0.1:1", "http://10.0.0.1:1", "http://127.0.0.1", "http://[x", "x"])
def test_an_address_of_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(DriverFault, match="this machine"):
        OverHttp(address)


@contextmanager
def listening(*options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The reference channel as a program at an address of its own."""
    words = [sys.executable, "-m", "conformance.channels.reference", "--driver", "--listen", "0", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield program.stdout.readline().strip(), program
        finally:
            program.terminate()


def test_a_channel_behind_an_address_is_certified_like_any_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening("--timeout-ms", "500") as (address, _):
        monkeypatch.setattr(sys, "argv", [
            "yibao-certify", "run", "--channel", address, "--only", "order/steps/identify-before-billing",
        ])  # fmt: skip
        with pytest.raises(SystemExit) as end:
            main()
    shown = capsys.readouterr().out
    assert (end.value.code, "passed 1" in shown) == (2, True), shown


def test_the_reference_at_an_address_refuses_what_is_no_question_and_ends_when_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YIBAO_DRIVER_TOKEN", "TEST-ONLY")
    with listening() as (address, program):
        mine = {"authorization": "Bearer TEST-ONLY"}

        def status(path: str, body: bytes, headers: Mapping[str, str] = mine) -> int:
            return httpx.post(f"{address}{path}", content=body, headers=headers, trust_env=False).status_code

        assert status("/hello", b"{}", {}) == 401
        assert status("/hello", b"{}", {"authorization": "Bearer other"}) == 401
        assert status("/hello", b"[") == 400
        assert status("/hello", b"[]") == 400
        assert status("/elsewhere/hello", b"{}") == 404
        assert status("/hello", b"{}") == 200
        assert status("/end", b"{}") == 200
        assert program.wait(10) == 0
