"""The adapter as a program: one JSON object per line in, its answer out, logs on standard error; or at an address."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import IO, Final, NoReturn, cast

from conformance.channels.reference.adapter.clock import Clock
from conformance.channels.reference.adapter.listening import DriverServer, InboxServer
from conformance.channels.reference.adapter.verbs import Adapter, Surroundings, unable
from conformance.channels.reference.notebook import Notebook, open_notebook
from conformance.channels.reference.over_http import HttpTransport
from conformance.channels.reference.parts import Json, Parts
from conformance.channels.reference.settings import TIMEOUT_MS
from conformance.channels.reference.sound import SOUND
from schemas import jsontext

CRASH_EXIT: Final = 70
WRONG_COMMAND: Final = 3
PORT_FACT: Final = "inbox_port"
TOKEN: Final = "YIBAO_DRIVER_TOKEN"
"""Environment variable: what a question over HTTP has to bring as a bearer token."""
log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """``python -m conformance.channels.reference --driver [--listen PORT] [--notes FILE] [--timeout-ms N]``."""
    chosen = parser("conformance.channels.reference").parse_args(arguments)
    return serve(SOUND, product="reference", chosen=chosen)


class _Parser(argparse.ArgumentParser):
    """A wrong command line ends with 3, as everywhere in this project."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_COMMAND, f"{self.prog}: {message}\n")


def parser(module: str) -> argparse.ArgumentParser:
    """The options every command adapter of ours has."""
    made = _Parser(
        prog=f"python -m {module}",
        description="A channel for the certifying suite to drive: one JSON line in, one out.",
    )
    made.add_argument(
        "--driver", action="store_true", required=True, help="speak the driver contract on stdin and stdout"
    )
    made.add_argument(
        "--listen", type=_port, metavar="PORT",
        help="speak it at http://127.0.0.1:PORT/driver instead, 0 for any free port; the address is printed",
    )  # fmt: skip
    made.add_argument(
        "--notes", default=":memory:", help="file of the durable notes; without it a crash forgets everything"
    )
    made.add_argument(
        "--timeout-ms", type=_positive, default=TIMEOUT_MS, metavar="N",
        help=f"how long to wait for one answer of the platform (default {TIMEOUT_MS})",
    )  # fmt: skip
    return made


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 0 to 65535")
    return int(text)


def serve(parts: Parts, *, product: str, chosen: argparse.Namespace) -> int:
    """Answer lines until the input ends, as the options of ``parser`` chose."""
    notes: str = chosen.notes
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # one line per request would drown ours
    connection = open_notebook(notes)
    remembered = Notebook(connection)
    inbox = InboxServer(lambda raw: adapter.receive(raw), int(remembered.fact(PORT_FACT) or 0))
    remembered.keep_fact(PORT_FACT, str(inbox.port))
    adapter = Adapter(
        Surroundings(
            connection=connection, transports=lambda url, path: HttpTransport(url + path), callback_url=inbox.url,
            clock=Clock(lambda: time.time_ns() // 1_000_000), die=_die, parts=parts, product=product,
            timeout_ms=chosen.timeout_ms, durable=notes != ":memory:",
        )
    )  # fmt: skip
    inbox.start()
    log.info("the inbox listens at %s", inbox.url)
    try:
        if chosen.listen is None:
            converse(sys.stdin, sys.stdout, adapter.ask)
        else:
            listen(adapter.ask, chosen.listen, sys.stdout)
    finally:
        inbox.close()
    return 0


def listen(ask: Callable[[str, Json], Json], port: int, out: IO[str]) -> None:
    """Answer at an address, which is printed, until ``end`` is asked."""
    server = DriverServer(ask, port, token=os.environ.get(TOKEN, ""))
    server.start()
    out.write(f"{server.url}\n")
    out.flush()
    try:
        server.ended.wait()
    finally:
        server.close()


def converse(lines: Iterable[str], out: IO[str], ask: Callable[[str, Json], Json]) -> None:
    """One answer line per question line, until ``end`` or the end of the input."""
    for line in lines:
        if not line.strip():
            continue
        number, verb, body = _read(line)
        answer = (
            ask(verb, body)
            if verb
            else unable("一行一个 JSON 对象：id、verb、body", "one JSON object per line: id, verb, body")
        )
        out.write(jsontext.compact({"id": number, **answer}).decode() + "\n")
        out.flush()
        if verb == "end":
            return


def _read(line: str) -> tuple[int, str, Json]:
    """Number, verb and body of a question; no verb when the line is none."""
    try:
        asked = jsontext.parse(line)
    except jsontext.JsonError:
        return 0, "", {}
    if not isinstance(asked, dict):
        return 0, "", {}
    number, verb, body = asked.get("id"), asked.get("verb"), asked.get("body")
    if not isinstance(number, int) or not isinstance(verb, str) or not isinstance(body, dict):
        return number if isinstance(number, int) else 0, "", {}
    return number, verb, cast("Json", body)


def _die(point: str) -> None:
    """As a power cut would: no goodbye, nothing flushed, whatever is not in the notes is lost."""
    os._exit(CRASH_EXIT)
