"""A transport over one kept-open connection: a request in one piece, one attempt, an answer or the reason for none.

A pooled client that repeats a request on a connection it found closed would turn one 6202 into two, and the general
parser of the standard library costs a fifth of a load user's time: answers of the simulator always tell their length.
Under Locust the sockets are cooperative.
"""

import socket
import time
from collections.abc import Callable
from threading import Lock
from urllib.parse import urlsplit

from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer, NotDelivered

STALE_MS = 10_000
"""A connection idle for longer is replaced before use: the server may be about to close it."""
MAX_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024


class Unreadable(Exception):
    """What came back is no complete HTTP answer with a length."""


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
            reply = _read(connection)
        except (OSError, Unreadable) as fault:
            self.close()
            raise NoAnswer(f"{type(fault).__name__}: {fault}") from fault
        except BaseException:
            self.close()
            raise
        self._used_ns = self._clock_ns()
        if reply.headers.get("connection", "").lower() == "close":
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


def _read(connection: socket.socket) -> HttpReply:
    """One answer; header names in lower case.

    Raises:
        Unreadable: the connection ended early, or what came is not what ``Content-Length`` promises.
    """
    head, begun = _head(connection)
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status, length = rest[:3], headers.get("content-length", "")
    if not version.startswith("HTTP/1.") or not status.isdigit() or not length.isdigit():
        raise Unreadable(f"the answer begins {first[:60]!r} and promises {length or 'no'} bytes")
    return HttpReply(int(status), headers, _body(connection, begun, int(length)))


def _head(connection: socket.socket) -> tuple[bytes, bytes]:
    """Everything before the empty line, and what came of the body along with it."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = connection.recv(_CHUNK_BYTES)
        if not piece or len(read) > MAX_HEAD_BYTES:
            raise Unreadable(f"the connection ended after {len(read)} bytes of an answer")
        read += piece
    head, _, begun = read.partition(b"\r\n\r\n")
    return head, begun


def _body(connection: socket.socket, begun: bytes, length: int) -> bytes:
    pieces, missing = [begun], length - len(begun)
    while missing > 0:
        piece = connection.recv(min(missing, 16 * _CHUNK_BYTES))
        if not piece:
            raise Unreadable(f"the answer ended {missing} bytes early")
        pieces.append(piece)
        missing -= len(piece)
    if missing < 0:
        raise Unreadable(f"the answer is {-missing} bytes longer than it says")
    return b"".join(pieces)
