"""The socket transport against a real server: one request, one attempt, and the right word for each failure."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from loadtests.sockets import SocketTransport
from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer, NotDelivered

REQUEST = HttpRequest("POST", "/pay?x=1", {"x-id": "7"}, b"question")
Act = Callable[[BaseHTTPRequestHandler, bytes], None]


def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    told = f"{handler.path} {handler.headers['x-id']} ".encode() + body
    handler.send_response(201)
    handler.send_header("Content-Length", str(len(told)))
    handler.end_headers()
    handler.wfile.write(told)


def hang_up(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.close_connection = True


def break_off(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"short")
    handler.close_connection = True


def no_http(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"hello\r\n\r\n")
    handler.close_connection = True


def no_length(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"how long?")
    handler.close_connection = True


def too_long(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc")
    handler.close_connection = True


class Log:
    """What the server saw."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.peers: set[object] = set()
        self.released = Event()


@contextmanager
def serving(act: Act) -> Iterator[tuple[str, Log]]:
    log = Log()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            log.bodies.append(body)
            log.peers.add(self.client_address)
            act(self, body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/r/room/", log
    finally:
        log.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_reply_comes_whole_and_the_connection_is_kept() -> None:
    with serving(answer) as (address, log), closing(SocketTransport(address)) as transport:
        reply = transport.send(REQUEST, timeout_ms=5_000)
        assert reply == HttpReply(201, reply.headers, b"/r/room/pay?x=1 7 question")
        transport.send(REQUEST, timeout_ms=5_000)
        assert len(log.peers) == 1


def test_an_answer_in_many_pieces_is_put_together() -> None:
    whole = b"x" * 300_000

    def in_pieces(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-")
        handler.wfile.write(b"Length: %d\r\nConnection: close\r\n\r\n" % len(whole))
        handler.wfile.write(whole)
        handler.close_connection = True

    with serving(in_pieces) as (address, log), closing(SocketTransport(address)) as transport:
        for _ in range(2):
            assert transport.send(REQUEST, timeout_ms=5_000).body == whole
        assert len(log.peers) == 2, "an answer that closes the connection is followed by a new one"


def test_a_connection_idle_for_too_long_is_replaced_before_use() -> None:
    now_ns = [0]
    with (
        serving(answer) as (address, log),
        closing(SocketTransport(address, clock_ns=lambda: now_ns[0], stale_ms=100)) as transport,
    ):
        transport.send(REQUEST, timeout_ms=5_000)
        now_ns[0] = 101 * 1_000_000
        transport.send(REQUEST, timeout_ms=5_000)
        assert len(log.peers) == 2


@pytest.mark.parametrize("act", [hang_up, break_off, no_http, no_length, too_long])
def test_a_broken_answer_is_no_answer_and_nothing_is_sent_twice(act: Act) -> None:
    with serving(act) as (address, log), closing(SocketTransport(address)) as transport:
        with pytest.raises(NoAnswer):
            transport.send(REQUEST, timeout_ms=5_000)
        assert log.bodies == [b"question"]


def test_a_kept_connection_that_the_server_closed_is_not_tried_again_behind_our_back() -> None:
    turns: list[Act] = [answer, hang_up, answer]
    with (
        serving(lambda handler, body: turns.pop(0)(handler, body)) as (address, log),
        closing(SocketTransport(address)) as transport,
    ):
        transport.send(REQUEST, timeout_ms=5_000)
        with pytest.raises(NoAnswer):
            transport.send(REQUEST, timeout_ms=5_000)
        assert len(log.bodies) == 2
        assert transport.send(REQUEST, timeout_ms=5_000).status == 201


def test_silence_is_no_answer_when_the_time_is_up() -> None:
    logs: list[Log] = []

    def stay_silent(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        logs[0].released.wait(10)
        handler.close_connection = True

    with serving(stay_silent) as (address, log), closing(SocketTransport(address)) as transport:
        logs.append(log)
        with pytest.raises(NoAnswer, match="imed out"):
            transport.send(REQUEST, timeout_ms=50)


def test_where_nobody_listens_nothing_was_delivered() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotDelivered):
        SocketTransport(f"http://127.0.0.1:{port}").send(REQUEST, timeout_ms=1_000)


@pytest.mark.parametrize("address", ["", "127.0.0.1:8470", "ftp://127.0.0.1", "https://127.0.0.1:1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="http://host:port"):
        SocketTransport(address)
