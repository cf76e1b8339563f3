"""The table of what can go wrong between suite and channel: each has its word, its exit code and a way out.

Rows are a way to be reached, what is wrong there, and when: at the first word (before any verdict, exit code 3) or in
the middle of a run (the scenario shows nothing, its rules are untested, exit code 2).
"""

import io
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main, running
from conformance.drivers import command, desk
from conformance.suite import session
from tests.conformance.bundle_lab import bundle

RULE = "counter/sale/sale-ends-paid"
"""A rule of three short scenarios."""
LIMIT_MS = 700
FINE: Mapping[str, Any] = {
    "hello": {"ok": {
        "contract": "1", "vendor": "V", "product": "P", "version": "1", "rails": ["counter"],
        "families": ["session", "person", "settlement"], "capabilities": ["clock", "jobs"],
        "retry": {"timeout_ms": 1, "query_waits_ms": [], "window_ms": 1},
    }},
    "configure": {"ok": {"callback_url": "http://127.0.0.1:9/n", "timeout_ms": 1}},
    "reset": {"ok": {}}, "recite_poetry": {"unsupported": True}, "clock": {"ok": {"now_ms": 1}},
    "jobs": {"ok": {"ran": 0, "next_due_ms": None}}, "list": {"ok": {"orders": [], "manual_review": []}},
    "believe": {"refused": {"reason_zh": "无", "reason_en": "none"}},
    "perform": {"unable": {"reason_zh": "未接通", "reason_en": "not connected"}},
}  # fmt: skip

ADAPTER = """
import json, sys, threading
FINE, VERB, MODE = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
for line in sys.stdin:
    asked = json.loads(line)
    told = {"id": asked["id"], **FINE.get(asked["verb"], {"unsupported": True})}
    text = json.dumps(told)
    if asked["verb"] == VERB:
        if MODE in ("hangs", "too slow"):
            threading.Event().wait(1.5 if MODE == "too slow" else 30)
        if MODE == "crashes":
            sys.exit(7)
        lie = json.dumps({"id": asked["id"], "ok": {"state": "bezahlt", "order": 1}})
        bent = {"garbage": "Hello!", "no object": "[]", "another id": '{"id": 0, "ok": {}}', "lies about its form": lie}
        text = bent.get(MODE, text)
    print(text, flush=True)
"""


@contextmanager
def over_command(folder: Path, verb: str, mode: str) -> Iterator[str]:
    (folder / "adapter.py").write_text(ADAPTER, encoding="utf-8")
    (folder / "run.sh").write_text(
        f"#!/bin/sh\nexec '{sys.executable}' '{folder}/adapter.py' '{json.dumps(FINE)}' '{verb}' '{mode}'\n"
    )
    (folder / "run.sh").chmod(0o755)
    yield f"command:{folder}/run.sh"


@contextmanager
def over_http(folder: Path, verb: str, mode: str) -> Iterator[str]:
    done = threading.Event()

    class Questions(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.path.rsplit("/", 1)[-1]
            self.rfile.read(int(self.headers["content-length"]))
            told = json.dumps(FINE.get(asked, {"unsupported": True}))
            if asked == verb and mode in ("hangs", "too slow"):
                done.wait(30)
            if asked == verb and mode == "crashes":
                self.connection.close()
                return
            bent = {"garbage": "Hello!", "no object": "[]", "lies about its form": '{"ok": {"state": "bezahlt"}}'}
            raw = (bent.get(mode, told) if asked == verb else told).encode()
            self.send_response(500 if asked == verb and mode == "an HTTP status" else 200)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *words: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Questions)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/driver"
    finally:
        done.set()
        server.shutdown()
        server.server_close()


@contextmanager
def by_hand(folder: Path, verb: str, mode: str) -> Iterator[str]:
    yield "by-hand:1"


WAYS = {"command": over_command, "http": over_http, "by-hand": by_hand}
TABLE = [
    ("command", "hangs", "did not answer {verb} within 700 ms and was ended"),
    ("command", "too slow", "did not answer {verb} within 700 ms and was ended"),
    ("command", "crashes", "ended before it answered {verb} (exit code 7)"),
    ("command", "garbage", "answer to {verb} is not the agreed JSON line"),
    ("command", "no object", "expected an object with id"),
    ("command", "another id", "expected an object with id"),
    ("command", "lies about its form", "answer to {verb} breaks the driver contract"),
    ("http", "hangs", "did not answer {verb} within 700 ms"),
    ("http", "too slow", "did not answer {verb} within 700 ms"),
    ("http", "crashes", "answered {verb}: RemoteProtocolError"),
    ("http", "garbage", "answer to {verb} is not the agreed JSON"),
    ("http", "no object", "answer to {verb} is not the agreed JSON (not an object)"),
    ("http", "an HTTP status", "answer to {verb} is not the agreed JSON (HTTP 500)"),
    ("http", "lies about its form", "answer to {verb} breaks the driver contract"),
    ("by-hand", "hangs", "nobody answered within 1 s"),
    ("by-hand", "crashes", "the input was closed and nobody answered"),
]


@contextmanager
def reached(way: str, folder: Path, verb: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The channel as one would type it, with time limits that a test can wait for."""
    for name in ("hello", "perform"):
        monkeypatch.setitem(command.LIMITS_MS, name, LIMIT_MS)  # type: ignore[arg-type]  # a dict, if a final one

    @contextmanager
    def in_process(*options: str) -> Iterator[tuple[str, str]]:
        yield "", ""

    monkeypatch.setattr(running, "own_simulator", in_process)
    typed = "".join(f"{line}\n" for line in ANSWERS[verb]) if way == "by-hand" else ""
    monkeypatch.setattr(desk.sys, "stdin", Unanswered(typed) if mode == "hangs" else io.StringIO(typed))
    with WAYS[way](folder, verb, mode) as channel:
        yield channel


ANSWERS = {"hello": [], "perform": ["V", "P", "1", "counter", *["http://127.0.0.1:9/n", ""] * 1]}


class Unanswered(io.StringIO):
    """What was typed, and then nothing more, for as long as anybody waits."""

    def __next__(self) -> str:
        try:
            return super().__next__()
        except StopIteration:
            threading.Event().wait(5)
            raise


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["yibao-certify", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.parametrize(("way", "mode", "said"), TABLE, ids=lambda one: str(one)[:24])
def test_at_the_first_word_it_is_a_matter_of_configuration(
    way: str, mode: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with reached(way, tmp_path, "hello", mode, monkeypatch) as channel:
        assert ended(monkeypatch, "run", "--channel", channel, "--only", RULE) == 3
    told = capsys.readouterr()
    assert said.format(verb="hello") in told.out + told.err
    assert "处理 / what to do" in told.out


@pytest.mark.parametrize(("way", "mode", "said"), TABLE, ids=lambda one: str(one)[:24])
def test_in_the_middle_of_a_run_its_rules_are_untested_and_nobody_is_accused(
    way: str, mode: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session, "preflight", lambda bench, driver: iter(()))
    with reached(way, tmp_path, "perform", mode, monkeypatch) as channel:
        code = ended(monkeypatch, "run", "--channel", channel, "--only", RULE, "--report", str(tmp_path / "report"))
    told = capsys.readouterr().out
    assert code == 2, told
    assert said.format(verb="perform") in told
    assert f"untested  {RULE}" in told
    results = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    assert results["counts"]["failed"] == 0
    assert ended(monkeypatch, "verify", str(tmp_path / "report")) == 0
    assert ended(monkeypatch, "rejudge", str(tmp_path / "report")) == 0


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("http://127.0.0.1:1/driver", "nobody at http://127.0.0.1:1/driver answered hello"),
        ("http://example.com/driver", "no address of an adapter"),
        ("command:/no/such/adapter", "cannot be started"),
        ("by-hand:soon", "whole seconds"),
        ("mutant:idle", "no message at all"),
        ("mutant:always-paid", "both are held to be paid"),
    ],
)
def test_a_channel_that_is_not_there_never_calls_or_lies_ends_with_three(
    channel: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with reached("by-hand", tmp_path, "hello", "crashes", monkeypatch):
        assert ended(monkeypatch, "run", "--channel", channel, "--only", RULE) == 3
    told = capsys.readouterr()
    assert said in told.out + told.err


@pytest.mark.parametrize("part", ["certificate.json", "results.json", "evidence.jsonl", "trace.jsonl", "report.html"])
def test_one_byte_of_a_bundle_ends_with_one_and_names_the_part(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bundle(tmp_path) / part
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    assert ended(monkeypatch, "verify", str(tmp_path)) == 1
    assert f"✗ {part}" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_for_vendors_has_the_words_of_the_table(language: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / language / "certify.md").read_text(encoding="utf-8")
    for words in (
        "did not answer VERB",
        "ended before it answered VERB",
        "is not the agreed JSON",
        "no message at all",
    ):
        assert f"`{words}" in page
    assert "breaks the driver contract" in page
