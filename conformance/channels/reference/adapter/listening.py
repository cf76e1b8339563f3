"""Little servers in front of a channel: its inbox, which notices reach, and its driver where that is an address."""

import hmac
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from conformance.channels.reference.parts import Json
from schemas import jsontext

PATH: Final = "/pmc/api/hos/seltSucCallback"
DRIVER_PATH: Final = "/driver"
MAX_BODY_BYTES: Final = 1024 * 1024
Answering = Callable[[str, str, bytes], tuple[int, bytes]]
"""(path, authorization header, body) → status and body."""


class Listener:
    """Listens on this machine only. ``port`` 0 takes any free one."""

    def __init__(self, answering: Answering, path: str, port: int = 0) -> None:
        self._server = _bound(_handler(answering), port)
        self._path = path
        self._thread = threading.Thread(target=self._server.serve_forever, name=path, daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}{self._path}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and give the port back."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class InboxServer(Listener):
    """What a channel puts on the network so that notices reach it."""

    def __init__(self, receive: Callable[[bytes], bytes], port: int = 0) -> None:
        def answer(path: str, authorization: str, body: bytes) -> tuple[int, bytes]:
            if path != PATH:
                return 404, b'{"success":false,"message":"no such path"}'
            try:
                return 200, receive(body)
            except ConnectionError:
                return 503, b'{"success":false,"message":"not ready"}'

        super().__init__(answer, PATH, port)


class DriverServer(Listener):
    """The driver contract at an address: ``POST /driver/VERB``. With a ``token`` it answers nobody who lacks it."""

    def __init__(self, ask: Callable[[str, Json], Json], port: int = 0, *, token: str = "") -> None:
        self.ended = threading.Event()
        """Set once ``end`` was asked."""

        def answer(path: str, authorization: str, body: bytes) -> tuple[int, bytes]:
            parent, _, verb = path.rpartition("/")
            if token and not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
                return 401, b'{"message":"YIBAO_DRIVER_TOKEN is another one here"}'
            if parent != DRIVER_PATH:
                return 404, f'{{"message":"ask POST {DRIVER_PATH}/VERB"}}'.encode()
            asked = _object(body)
            if asked is None:
                return 400, b'{"message":"the body is no JSON object"}'
            told = jsontext.compact(ask(verb, asked))
            if verb == "end":
                self.ended.set()
            return 200, told

        super().__init__(answer, DRIVER_PATH, port)


def _object(body: bytes) -> Json | None:
    try:
        asked = jsontext.parse(body)
    except jsontext.JsonError:
        return None
    return asked if isinstance(asked, dict) else None


def _bound(handler: type[BaseHTTPRequestHandler], port: int) -> ThreadingHTTPServer:
    """The wanted port, as after a restart, or any other when somebody else has it meanwhile."""
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)


def _handler(answering: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One question, one answer."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Hand the body over."""
            size = self.headers.get("content-length", "")
            if not size.isdigit() or int(size) > MAX_BODY_BYTES:
                self.close_connection = True
                return self._answer(413, b'{"success":false,"message":"too large"}')
            body = self.rfile.read(int(size))
            return self._answer(*answering(self.path, self.headers.get("authorization", ""), body))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
            """Standard output belongs to the driver contract: nothing is printed."""

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json;charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
