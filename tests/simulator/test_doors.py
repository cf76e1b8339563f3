"""A server with doors is the same server: the same journal, keys that change at once, and nothing lost with a door."""

import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.assembly import Platform
from simulator.edge import doors, serve
from simulator.edge.answering import Answer, DoorRequest, room_of
from simulator.edge.core import Core
from simulator.edge.listening import bind
from simulator.edge.local import LocalTransport
from simulator.wire import apart, sealed
from simulator.wire.apart import Keys
from simulator.wire.sm2 import PrivateKey, PublicKey
from simulator.wire.transport import HttpReply, HttpRequest, Transport
from tests.simulator.shop import PATHS, Shop, a_platform
from tests.simulator.test_courier import wait


class ThroughADoor(LocalTransport):
    """What a door and its line do to a message, in this process: opened ahead, pickled, answered, pickled, sealed."""

    def __init__(self, platform: Platform, base_path: str) -> None:
        super().__init__(platform, base_path)
        self._own, self._path = platform, base_path
        self.known: dict[tuple[str, str], Keys] = {}
        self.ahead = self.deferred = 0

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        request = replace(request, path=self._path + request.path)
        name, peeked = room_of(request.path)[0], apart.peek_at(request.body)
        keys = self.known.get((name, peeked.app_id)) if peeked else None
        ahead = apart.open_ahead(peeked, keys) if peeked and keys else None
        asked = DoorRequest(request.method, request.path, request.headers, request.body, ahead)
        (answer,) = serve.answer_together(self._own, [pickle.loads(pickle.dumps(asked))])
        told: Answer = pickle.loads(pickle.dumps(answer))
        self.ahead += ahead is not None
        if told.keys:
            self.known[name, told.keys.app_id] = told.keys
        assert told.reply
        if told.unsealed is None:
            return told.reply
        self.deferred += 1
        return replace(told.reply, body=apart.sealed_now(told.unsealed))


def doored(shop: Shop) -> ThroughADoor:
    """The shop's messages go through a door from now on."""
    shop.transport = door = ThroughADoor(shop.platform, f"/r/{shop.room}")
    return door


def lines(shop: Shop) -> list[bytes]:
    room = shop.platform.store.room(shop.room)
    assert room
    return list(shop.platform.store.lines(room))


def told(shop: Shop, order: Any) -> sealed.Opened:
    reply = shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order)))
    return sealed.open_answer(reply.body, shop.credentials)


class Recorded:
    """Notes what passes, in the order it does, with the answer."""

    def __init__(self, inner: Transport, said: list[tuple[str, HttpRequest]], kind: str) -> None:
        self._inner, self._said, self._kind = inner, said, kind

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        self._said.append((self._kind, request))
        return self._inner.send(request, timeout_ms=timeout_ms)


def story(shop: Shop) -> None:
    """An order paid, a message twice, one badly signed, one by a stranger, broken ones, one in clear, a sign-in."""
    order = shop.paid()
    assert shop.state(order)
    body = shop.frame("6202", shop.placing(order))
    for raw in (body, body, body[:-4] + b'A"}', body.replace(shop.told["appId"].encode(), b"somebody"), b"{", b""):
        shop.post(PATHS["6202"], raw)
    shop.to(PATHS["6203"], {"payOrdId": "nobody's"})
    shop.sealed("6301", shop.asking(order), plain=True)
    shop.sign_in()


def test_the_journal_is_the_same_to_the_byte_with_a_door_and_without() -> None:
    alone, beside = (Shop(a_platform(), switches={"plain": True}) for _ in range(2))
    said: list[tuple[str, HttpRequest]] = []
    alone.transport = Recorded(alone.transport, said, "channel")  # type: ignore[assignment]  # a transport is one
    alone.control.transport = Recorded(alone.control.transport, said, "control")  # type: ignore[assignment]  # so is this
    story(alone)
    door, control = doored(beside), LocalTransport(beside.platform)
    for kind, request in said:
        (door if kind == "channel" else control).send(request, timeout_ms=1_000)
    assert lines(alone) == lines(beside) and len(lines(alone)) > 12
    assert door.ahead > 5 and door.deferred > 6


def test_a_door_learns_keys_from_an_answer_and_a_changed_key_holds_at_once() -> None:
    shop = Shop(a_platform())
    order = shop.placed()
    door = doored(shop)
    for _ in range(2):
        assert not told(shop, order).refused
    assert door.ahead == 1
    old = shop.credentials
    new = PrivateKey.from_base64(shop.act("/keys", {"party": "channel", "grace_ms": 0})["channelPrivateKey"])
    wait(shop, 1)
    before = door.ahead
    reply = shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order)))
    assert door.ahead == before + 1, "the door opened it by the key it knew, and was not believed"
    assert sealed.open_answer(reply.body, old).refused
    shop.credentials = replace(old, private=new)
    assert not told(shop, order).refused
    assert not told(shop, order).refused and shop.journal()[-1]["notes"] == []
    assert door.ahead == before + 3


def test_an_answer_that_a_fault_strikes_is_sealed_by_the_platform() -> None:
    shop = Shop(a_platform())
    order = shop.placed()
    door = doored(shop)
    told(shop, order)
    shop.act("/faults", {"name": "garbled_body", "match": {"code": "6301"}})
    reply = shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order)))
    assert door.deferred == 1 and not reply.body.endswith(b"}")


def test_what_does_not_open_ahead_is_left_to_the_platform() -> None:
    shop = Shop(a_platform())
    keys = Keys(shop.told["appId"], shop.told["appSecret"], shop.told["channelPublicKey"], plain=False)
    whole = shop.frame("6301", {"payOrdId": "1"})
    peeked = apart.peek_at(whole)
    assert peeked and apart.open_ahead(peeked, keys)
    for wrong in (keys._replace(app_secret="another"), keys._replace(public_key="no key"), keys._replace(app_id="x")):
        assert apart.open_ahead(peeked, wrong) is None
    assert apart.peek_at(b"[]") is None


@dataclass(frozen=True)
class Served:
    """A server with two doors in processes of their own."""

    process: "subprocess.Popen[str]"
    url: str

    def doors(self) -> list[int]:
        """Process ids of its children."""
        return sorted(
            int(word) for word in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        )

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"authorization": "Bearer doors"}
        reply = httpx.request(method, self.url + path, json=body, headers=headers, trust_env=False, timeout=30)
        assert reply.status_code < 300, reply.text
        return reply.json()


@contextmanager
def served(store: Path, workers: int = 2) -> Iterator[Served]:
    words = ["serve", "--store", str(store), "--port", "0", "--control-token", "doors", "--workers", str(workers)]
    command = [sys.executable, "-c", "from simulator.cli import main; main()", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        url = next(found[0] for line in process.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        yield Served(process, url)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def waited(what: Any, limit_s: int = 30) -> Any:
    """What a condition gives once it holds."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if found := what():
            return found
        threading.Event().wait(1 / 50)
    raise AssertionError("it never came about")


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] == "Z"


def credentials(server: Served) -> tuple[sealed.Credentials, str]:
    channel = server.call("GET", "/control/rooms/main/registration")["channels"][0]
    own, peer = channel["channelPrivateKey"], channel["platformPublicKey"]
    keys = PrivateKey.from_base64(own), PublicKey.from_base64(peer)
    return sealed.Credentials(channel["appId"], channel["appSecret"], *keys), channel["orgCodgs"][0]


def asked(server: Served, known: tuple[sealed.Credentials, str], number: int, timeout: float = 30) -> sealed.Opened:
    """A question about an order nobody has, sealed both ways."""
    keys, org = known
    now = server.call("GET", "/control/rooms/main/clock")["now"]
    stamp = re.sub(r"\D", "", now)
    person = {"idNo": "110101199001010015", "idType": "01", "userName": "无此人"}
    question = {"payOrdId": f"NO{number}", "payToken": "none", "orgCodg": org, **person}
    body = sealed.seal(keys, question, timestamp=stamp)
    reply = httpx.post(f"{server.url}/r/main{PATHS['6301']}", content=body, trust_env=False, timeout=timeout)
    return sealed.open_answer(reply.content, keys)


linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")


@pytest.mark.slow
@linux
def test_doors_answer_a_door_that_dies_is_replaced_and_sigterm_ends_them_all(tmp_path: Path) -> None:
    with served(tmp_path / "doors.sqlite") as server:
        known = credentials(server)
        assert asked(server, known, 1).signed and asked(server, known, 2).signed
        first = waited(lambda: len(server.doors()) == 2 and server.doors())
        os.kill(first[0], signal.SIGKILL)
        waited(lambda: len(server.doors()) == 2 and first[0] not in server.doors())
        for number in range(3, 9):
            assert asked(server, known, number).signed
        lines = server.call("GET", "/control/rooms/main/journal?limit=100")["lines"]
        assert len([line for line in lines if line["code"] == "6301"]) == 8
        last = server.doors()
        server.process.terminate()
        assert server.process.wait(30) == 0
        assert all(waited(lambda pid=pid: gone(pid)) for pid in last)


@pytest.mark.slow
@linux
def test_doors_end_with_the_platform_that_is_killed_and_what_it_acknowledged_is_kept(tmp_path: Path) -> None:
    with served(tmp_path / "killed.sqlite") as server:
        known = credentials(server)
        assert asked(server, known, 1).signed
        doors = server.doors()
        server.process.kill()
        assert all(waited(lambda pid=pid: gone(pid)) for pid in doors)
    with served(tmp_path / "killed.sqlite", workers=0) as again:
        assert again.doors() == []
        found = again.call("GET", "/control/rooms/main/journal?limit=100")["lines"]
        assert [line["code"] for line in found if line["direction"] == "in"] == ["6301"]


@pytest.mark.slow
@linux
def test_faults_break_connections_at_a_door_as_they_do_without(tmp_path: Path) -> None:
    with served(tmp_path / "faults.sqlite") as server:
        known = credentials(server)
        for name, raised in {
            "connection_reset": httpx.ReadError,
            "truncated_body": httpx.RemoteProtocolError,
            "no_answer_after_commit": httpx.ReadTimeout,
        }.items():
            server.call("POST", "/control/rooms/main/faults", {"name": name, "match": {"code": "6301"}})
            with pytest.raises(raised):
                asked(server, known, 1, timeout=1)
        assert asked(server, known, 1).signed


def test_a_door_that_never_opens_ends_the_server_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    platform = a_platform()
    with bind("127.0.0.1", 0) as listening, pytest.raises(doors.DoorFault, match="before it opened"):
        doors.serve(Core(platform), listening, 2)
