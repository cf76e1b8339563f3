"""Many requests over a few connections, as fast as the server answers: a closed loop in one thread.

Requests are finished bytes and answers are read no further than to their end, so that the generator costs little
beside the server it measures.
"""

import selectors
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.wire.transport import HttpRequest

CONNECTIONS = 16
LIMIT_S = 60
_CHUNK_BYTES = 64 * 1024


class Broken(Exception):
    """The server closed, fell silent, or answered what has no end that we know."""


@dataclass(slots=True)
class _Line:
    """One connection and what came of the answer it waits for."""

    socket: socket.socket
    came: bytes = b""


def printed(request: HttpRequest, host: str, path: str) -> bytes:
    """A request as bytes, for a kept-open connection."""
    headers = {"Host": host, **request.headers, "Content-Length": str(len(request.body))}
    lines = [f"{request.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body


def pour(port: int, requests: Sequence[bytes], connections: int = CONNECTIONS) -> list[bytes]:
    """Send all, each connection its next request as soon as it has its answer; the answers, heads included.

    Raises:
        Broken: an answer did not come whole.
    """
    answers: list[bytes] = []
    waiting = iter(requests)
    with selectors.DefaultSelector() as selector:
        for request in (request for _, request in zip(range(connections), waiting, strict=False)):
            line = _Line(socket.create_connection(("127.0.0.1", port), LIMIT_S))
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.socket.sendall(request)
        try:
            while len(answers) < len(requests):
                _turn(selector, answers, waiting)
        finally:
            for key in list(selector.get_map().values()):
                key.data.socket.close()
    return answers


def _turn(selector: selectors.BaseSelector, answers: list[bytes], waiting: Iterator[bytes]) -> None:
    ready = selector.select(LIMIT_S)
    if not ready:
        raise Broken(f"no answer for {LIMIT_S} seconds")
    for key, _ in ready:
        line: _Line = key.data
        piece = line.socket.recv(_CHUNK_BYTES)
        if not piece:
            raise Broken(f"the server closed after {line.came[:80]!r}")
        line.came += piece
        if whole(line.came):
            answers.append(line.came)
            line.came = b""
            following = next(waiting, None)
            if following is not None:
                line.socket.sendall(following)


def whole(came: bytes) -> bool:
    """Whether an answer is there to its end: by its length, or by the last of its chunks."""
    head, found, body = came.partition(b"\r\n\r\n")
    if not found:
        return False
    for field in head.lower().split(b"\r\n")[1:]:
        name, _, value = field.partition(b":")
        if name == b"content-length":
            return len(body) >= int(value)
        if name == b"transfer-encoding" and b"chunked" in value:
            return body.endswith(b"0\r\n\r\n")
    raise Broken(f"an answer without an end: {head[:80]!r}")
