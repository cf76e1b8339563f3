"""Over HTTP nothing is acknowledged before it is committed, silence is silence, and one bad request harms no other."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from schemas import jsontext
from simulator.edge import serve
from simulator.edge.answering import MAX_BODY_BYTES, Answer
from simulator.edge.asgi import Application
from simulator.edge.core import BATCH, Core
from simulator.edge.listening import bind, server
from simulator.stages.sealing import OUR_FAULT_ZH
from simulator.wire import sealed
from simulator.wire.transport import HttpRequest
from tests.simulator.shop import PATHS, Shop, a_platform

QUERY = f"/r/main{PATHS['6301']}"


@contextmanager
def served(shop: Shop, **settings: Any) -> Iterator[httpx.Client]:
    """A real server on a free port of this machine, stopped and joined at the end."""
    socket = bind("127.0.0.1", 0)
    made = server(Application(Core(shop.platform), **settings))
    thread = threading.Thread(target=made.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        address = f"http://127.0.0.1:{socket.getsockname()[1]}"
        with httpx.Client(base_url=address, trust_env=False, timeout=10) as client:
            client.get("/control/health")
            yield client
    finally:
        made.should_exit = True
        thread.join()


def posted_together(shop: Shop, bodies: list[bytes]) -> list[httpx.Response]:
    """All requests at once, in one event loop, without sockets."""

    async def post() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Application(Core(shop.platform)))  # type: ignore[arg-type]  # a looser message type
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
            return list(await asyncio.gather(*(client.post(QUERY, content=body) for body in bodies)))

    return asyncio.run(post())


def frames(shop: Shop, count: int) -> list[bytes]:
    order = shop.placed()
    return [shop.frame("6301", shop.asking(order), extra=str(number)) for number in range(count)]


class Disk:
    """A log that lets go only when it is told to, or refuses."""

    on_disk = True

    def __init__(self, *, refuses: bool = False) -> None:
        self.asked, self.free, self.refuses = threading.Event(), threading.Event(), refuses

    def sync(self) -> None:
        self.asked.set()
        self.free.wait(10)
        if self.refuses:
            raise OSError("no room left")


def test_nobody_is_told_before_the_disk_has_it_and_the_next_batch_is_worked_on_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop(a_platform())
    first, second = frames(shop, 2)
    honest, writes, both = shop.platform.store.write, [], threading.Event()

    def write() -> None:
        honest()
        writes.append(1)
        if len(writes) == 2:
            both.set()

    monkeypatch.setattr(shop.platform.store, "write", write)
    disk = shop.platform.store.log = Disk()  # type: ignore[assignment]  # stands in for a slow disk

    async def post() -> None:
        transport = httpx.ASGITransport(Application(Core(shop.platform)))  # type: ignore[arg-type]  # a looser message type
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
            told = asyncio.create_task(client.post(QUERY, content=first))
            await asyncio.to_thread(disk.asked.wait, 10)
            also = asyncio.create_task(client.post(QUERY, content=second))
            await asyncio.to_thread(both.wait, 10)
            assert both.is_set()
            assert not told.done() and not also.done()
            disk.free.set()
            assert [(await one).status_code for one in (told, also)] == [200, 200]

    asyncio.run(post())


def test_inboxes_that_keep_every_thread_waiting_do_not_keep_the_disk_waiting() -> None:
    shop = Shop(a_platform())
    (body,) = frames(shop, 1)
    disk = shop.platform.store.log = Disk()  # type: ignore[assignment]  # stands in for the disk
    disk.free.set()
    answered = threading.Event()

    async def post() -> int:
        loop = asyncio.get_running_loop()
        waiting = [loop.run_in_executor(None, answered.wait, 20) for _ in range(64)]
        transport = httpx.ASGITransport(Application(Core(shop.platform)))  # type: ignore[arg-type]  # a looser message type
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
                return (await asyncio.wait_for(client.post(QUERY, content=body), 10)).status_code
        finally:
            answered.set()
            await asyncio.gather(*waiting)

    assert asyncio.run(post()) == 200


def test_what_the_disk_refused_is_not_acknowledged() -> None:
    shop = Shop(a_platform())
    bodies = frames(shop, 1)
    disk = shop.platform.store.log = Disk(refuses=True)  # type: ignore[assignment]  # stands in for a full disk
    disk.free.set()
    (reply,) = posted_together(shop, bodies)
    assert (reply.status_code, reply.json()["message"]) == (500, OUR_FAULT_ZH)


def test_requests_that_are_ready_together_share_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(a_platform())
    bodies, commits = frames(shop, BATCH + 8), []
    honest = shop.platform.store.write
    monkeypatch.setattr(shop.platform.store, "write", lambda: commits.append(1) or honest())
    replies = posted_together(shop, bodies)
    assert [reply.status_code for reply in replies] == [200] * len(bodies)
    assert len(commits) < len(bodies) / 4
    assert len([line for line in shop.journal() if line["code"] == "6301"]) == len(bodies)


def test_nothing_is_acknowledged_when_the_commit_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(a_platform())
    order = shop.uploaded()
    lines = len(shop.journal())
    frame = shop.frame("6202", shop.placing(order))

    def full() -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(shop.platform.store, "write", full)
        (answer,) = serve.answer_together(shop.platform, [HttpRequest("POST", f"/r/main{PATHS['6202']}", {}, frame)])
    assert answer.reply is not None and answer.reply.status == 500
    assert shop.state(order) == "0"
    assert len(shop.journal()) == lines + 1


def test_a_request_that_breaks_takes_only_itself_back(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(a_platform())
    bodies = frames(shop, 3)
    honest = serve.answer

    def breaks_on_the_second(platform: Any, request: HttpRequest) -> Answer:
        answered = honest(platform, request)
        if request.body == bodies[1]:
            raise MemoryError("after it wrote its line")
        return answered

    monkeypatch.setattr(serve, "answer", breaks_on_the_second)
    replies = posted_together(shop, bodies)
    monkeypatch.undo()
    assert [reply.status_code for reply in replies] == [200, 500, 200]
    assert "MemoryError" not in replies[1].text
    assert len([line for line in shop.journal() if line["code"] == "6301"]) == 2


def test_a_body_over_the_limit_is_not_read_to_its_end() -> None:
    shop = Shop(a_platform())
    (reply,) = posted_together(shop, [b"x" * (MAX_BODY_BYTES + 1)])
    assert (reply.status_code, reply.headers["connection"]) == (413, "close")
    assert shop.journal() == []


def test_the_same_answer_comes_over_http_as_in_process() -> None:
    shop = Shop(a_platform())
    (body,) = frames(shop, 1)
    (reply,) = posted_together(shop, [body])
    over_http = sealed.open_answer(reply.content, shop.credentials)
    in_process = sealed.open_answer(shop.post(PATHS["6301"], body).body, shop.credentials)
    assert over_http.data == in_process.data
    assert reply.headers["content-type"] == "application/json;charset=utf-8"


def test_silence_ends_with_a_closed_connection_and_no_byte() -> None:
    shop = Shop(a_platform())
    (body,) = frames(shop, 1)
    shop.act("/faults", {"name": "no_answer_after_commit", "match": {"code": "6301"}})
    with served(shop, hold_ms=30) as client:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            client.post(QUERY, content=body)
        assert client.post(QUERY, content=body).status_code == 200


def test_a_client_that_gives_up_on_silence_does_not_disturb_the_server() -> None:
    shop = Shop(a_platform())
    (body,) = frames(shop, 1)
    shop.act("/faults", {"name": "no_answer_before_commit", "match": {"code": "6301"}})
    with served(shop, hold_ms=60_000) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(QUERY, content=body, timeout=0.05)
        assert client.post(QUERY, content=body).status_code == 200


def test_a_slow_answer_really_takes_its_time() -> None:
    shop = Shop(a_platform())
    (body,) = frames(shop, 1)
    shop.act("/faults", {"name": "slow", "match": {"code": "6301"}, "params": {"ms": 200}})
    with served(shop) as client, pytest.raises(httpx.ReadTimeout):
        client.post(QUERY, content=body, timeout=0.05)


def test_notices_leave_by_themselves_where_the_room_ordered_it() -> None:
    arrived = threading.Event()
    platform = a_platform()
    platform.inboxes["inbox"] = lambda raw: arrived.set() or b'{"success":true,"message":"ok"}'
    shop = Shop(platform, channels=[{"name": "channel", "callback_url": "local:inbox"}], courier="auto")
    with served(shop) as client:
        order = shop.placed()
        told = client.post("/control/rooms/main/person/confirm", json={"pay_ord_id": order["payOrdId"]})
        assert told.json()["ordStas"] == "4"
        assert arrived.wait(5)
    assert shop.state(order) == "6"


def test_the_courier_may_be_run_over_http_while_the_inbox_calls_back() -> None:
    platform = a_platform()
    shop = Shop(platform, channels=[{"name": "channel", "callback_url": "local:inbox"}], courier="manual")
    order = shop.paid()
    query = shop.frame("6301", shop.asking(order))
    seen: list[int] = []
    with served(shop) as client:

        def inbox(raw: bytes) -> bytes:
            seen.append(client.post(QUERY, content=query).status_code)
            return b'{"success":true,"message":"ok"}'

        platform.inboxes["inbox"] = inbox
        with httpx.Client(base_url=client.base_url, trust_env=False) as other:
            told = other.post("/control/rooms/main/courier/run", json={}).json()
    assert seen == [200]
    assert [one["success"] for one in told["delivered"]] == [True]


def test_a_path_without_a_room_means_the_main_one() -> None:
    shop = Shop(a_platform())
    shop.transport._base_path = ""
    assert shop.state(shop.placed()) == "1"


def test_only_posts_are_exchanges() -> None:
    shop = Shop(a_platform())
    reply = shop.transport.send(HttpRequest("GET", PATHS["6301"], {}, b""), timeout_ms=1)
    assert (reply.status, jsontext.parse(reply.body)["code"]) == (405, 405)
