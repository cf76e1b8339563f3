"""A transport over a kept-open connection of the standard library.

Chosen because it does what the seam promises and no more: one request, one attempt. A pooled client that repeats a
request on a connection it found closed would turn one 6202 into two. Under Locust the sockets are cooperative.
"""

import http.client
import time
from collections.abc import Callable
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
        self._connection: http.client.HTTPConnection | None = None
        self._used_ns = 0
        self._one_at_a_time = Lock()

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        """See ``Transport``."""
        with self._one_at_a_time:
            return self._send(request, timeout_ms)

    def _send(self, request: HttpRequest, timeout_ms: int) -> HttpReply:
        connection = self._connected(timeout_ms)
        try:
            connection.request(request.method, self._base_path + request.path, request.body, dict(request.headers))
            answer = connection.getresponse()
            reply = HttpReply(answer.status, dict(answer.headers.items()), answer.read())
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise NoAnswer(f"{type(fault).__name__}: {fault}") from fault
        except BaseException:
            self.close()
            raise
        self._used_ns = self._clock_ns()
        if answer.will_close:
            self.close()
        return reply

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self, timeout_ms: int) -> http.client.HTTPConnection:
        wait = timeout_ms / 1000
        if self._connection is not None and self._clock_ns() - self._used_ns > self._stale_ns:
            self.close()
        if self._connection is None:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=wait)
            try:
                connection.connect()
            except OSError as fault:
                connection.close()
                raise NotDelivered(f"{type(fault).__name__}: {fault}") from fault
            self._connection = connection
        if self._connection.sock is not None:
            self._connection.sock.settimeout(wait)
        return self._connection
