"""A small server in front of the inbox: what a channel puts on the network so that notices reach it."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

PATH: Final = "/pmc/api/hos/seltSucCallback"
MAX_BODY_BYTES: Final = 1024 * 1024


class InboxServer:
    """Listens on this machine only. ``port`` 0 takes any free one."""

    def __init__(self, receive: Callable[[bytes], bytes], port: int = 0) -> None:
        self._server = _bound(_handler(receive), port)
        self._thread = threading.Thread(target=self._server.serve_forever, name="inbox", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where notices go."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and give the port back."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


def _bound(handler: type[BaseHTTPRequestHandler], port: int) -> ThreadingHTTPServer:
    """The wanted port, as after a restart, or any other when somebody else has it meanwhile."""
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)


def _handler(receive: Callable[[bytes], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One notice, one answer."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Hand the body to the inbox."""
            size = self.headers.get("content-length", "")
            if not size.isdigit() or int(size) > MAX_BODY_BYTES:
                self.close_connection = True
                return self._answer(413, b'{"success":false,"message":"too large"}')
            body = self.rfile.read(int(size))
            if self.path != PATH:
                return self._answer(404, b'{"success":false,"message":"no such path"}')
            try:
                answer = receive(body)
            except ConnectionError:
                return self._answer(503, b'{"success":false,"message":"not ready"}')
            return self._answer(200, answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
            """Standard output belongs to the driver contract: nothing is printed."""

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json;charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
