"""A transport over one kept-open connection: a request in one piece, one attempt, an answer or the reason for none.

Of the standard library's HTTP it takes only the reading of answers. A pooled client that repeats a request on a
connection it found closed would turn one 6202 into two. Under Locust the sockets are cooperative.
"""

import socket
import time
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from threading import Lock
from urllib.parse import urlsplit

from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer, NotDelivered

STALE_MS = 10_000
"""A connection idle for longer is replaced before use: the server may be about to close it."""


class SocketTransport:
    """Sends to ``base_address`` (``http://host:port`` and an optional path); one request at a time, whoever asks."""

    def __init__(
        self, base_address: str, *, clock_ns: Callable[[], int] = time.monotonic_ns, stale_ms: int = STALE_MS
    ) -> None:
        parts = urlsplit(base_address)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{base_address!r} should read http://host:port")
        self._host, self._port = parts.hostname, parts.port or 80
        self._base_path = parts.path.rstrip("/")
        self._clock_ns = clock_ns
        self._stale_ns = stale_ms * 1_000_000
        self._socket: socket.socket | None = None
        self._used_ns = 0
        self._one_at_a_time = Lock()

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        """See ``Transport``."""
        with self._one_at_a_time:
            return self._send(request, timeout_ms)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()

    def _send(self, request: HttpRequest, timeout_ms: int) -> HttpReply:
        connection = self._connected(timeout_ms)
        try:
            connection.sendall(self._printed(request))
            with HTTPResponse(connection, method=request.method) as answer:
                answer.begin()
                reply = HttpReply(answer.status, dict(answer.headers.items()), answer.read())
        except (OSError, HTTPException) as fault:
            self.close()
            raise NoAnswer(f"{type(fault).__name__}: {fault}") from fault
        except BaseException:
            self.close()
            raise
        self._used_ns = self._clock_ns()
        if answer.will_close:
            self.close()
        return reply

    def _printed(self, request: HttpRequest) -> bytes:
        """The request as it goes out, in one piece: two would wake the server twice."""
        headers = {"Host": f"{self._host}:{self._port}", **request.headers, "Content-Length": str(len(request.body))}
        lines = [f"{request.method} {self._base_path}{request.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body

    def _connected(self, timeout_ms: int) -> socket.socket:
        if self._socket is not None and self._clock_ns() - self._used_ns > self._stale_ns:
            self.close()
        if self._socket is None:
            try:
                made = socket.create_connection((self._host, self._port), timeout=timeout_ms / 1000)
            except OSError as fault:
                raise NotDelivered(f"{type(fault).__name__}: {fault}") from fault
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = made
        self._socket.settimeout(timeout_ms / 1000)
        return self._socket
