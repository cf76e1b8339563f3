"""The HTTP server's side: gathers ready requests, answers them in one transaction, waits for the disk, then replies.

Everything that touches the store runs in the event loop under the platform's lock, one batch at a time; only waiting
happens elsewhere: for the disk, while the next batch is worked on, and for the courier's sending. A fault's silence
holds the connection open and then closes it without a byte.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from simulator.assembly import Platform
from simulator.edge import breaking, courier, serve
from simulator.edge.parcel import Parcel
from simulator.edge.serve import Answer
from simulator.stages.sealing import OUR_FAULT_ZH
from simulator.wire.transport import HttpReply, HttpRequest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BATCH = 32
"""At most so many requests share a commit."""
HOLD_MS = 120_000
"""How long a silent connection stays open; longer than the time-outs clients use."""
COURIER_REST_MS = 50
COURIER_IDLE_MS = 1_000
COURIERS = 8
log = logging.getLogger(__name__)


class Application:
    """The platform as an ASGI application. One per process: it is the store's only writer."""

    def __init__(self, platform: Platform, *, hold_ms: int = HOLD_MS) -> None:
        self._platform = platform
        self._hold_ms = hold_ms
        self._waiting: list[tuple[HttpRequest, asyncio.Future[Answer]]] = []
        self._written: list[tuple[asyncio.Future[Answer], Answer]] = []
        self._at_the_disk: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._rounds: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one HTTP request, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._exchange(scope, receive, send)

    async def _exchange(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        if body is None:
            answer = serve.refused(serve.TOO_LARGE, f"报文超过{serve.MAX_BODY_BYTES}字节")
        else:
            answer = await self._answer(_request(scope, body))
        if answer.told_first:
            await asyncio.to_thread(courier.run, self._platform, answer.told_first)
        if answer.manner and answer.reply:
            await breaking.leave(send, answer.reply, answer.manner, answer.delay_ms)
            return
        if answer.delay_ms:
            await asyncio.sleep(answer.delay_ms / 1_000)
        if answer.reply is None:
            await self._say_nothing(receive, send)
        else:
            await _reply(send, answer.reply, close=body is None)

    async def _answer(self, request: HttpRequest) -> Answer:
        if serve.works_alone(request):
            return await asyncio.to_thread(serve.answer, self._platform, request)
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answer] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._work)
        self._waiting.append((request, answered))
        return await answered

    def _work(self) -> None:
        """Answer what has gathered in one commit; the replies go when that is on the disk."""
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._work)
        answers = serve.answer_together(self._platform, [request for request, _ in batch])
        self._written.extend((answered, answer) for (_, answered), answer in zip(batch, answers, strict=True))
        if not self._platform.store.log.on_disk:
            self._tell(self._taken())
        elif self._at_the_disk is None:
            self._at_the_disk = asyncio.create_task(self._sync())

    async def _sync(self) -> None:
        """Make durable what was written, tell it, and again while more was written meanwhile."""
        while told := self._taken():
            try:
                await asyncio.to_thread(self._platform.store.log.sync)
            except OSError:
                log.exception("the disk refused to keep what was written; nobody is told of it")
                told = [(answered, serve.refused(serve.OUR_FAULT, OUR_FAULT_ZH)) for answered, _ in told]
            self._tell(told)
        self._at_the_disk = None

    def _taken(self) -> list[tuple[asyncio.Future[Answer], Answer]]:
        taken, self._written = self._written, []
        return taken

    def _tell(self, told: list[tuple[asyncio.Future[Answer], Answer]]) -> None:
        for answered, answer in told:
            if not answered.done():
                answered.set_result(answer)
        self._changed.set()

    async def _say_nothing(self, receive: Receive, send: Send) -> None:
        """Hold the connection, then drop it without an answer."""
        try:
            await asyncio.wait_for(_gone(receive), self._hold_ms / 1_000)
        except TimeoutError:
            transport = breaking.connection(send)
            if transport is not None:
                transport.close()
                await _gone(receive)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._rounds = asyncio.create_task(self._courier())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._rounds:
                    self._rounds.cancel()
                    await asyncio.gather(self._rounds, return_exceptions=True)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _courier(self) -> None:
        """Deliver by itself in rooms that ordered it, soon after each commit and at least once a second."""
        free = asyncio.Semaphore(COURIERS)
        rounds: set[asyncio.Task[None]] = set()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), COURIER_IDLE_MS / 1_000)
            self._changed.clear()
            for room in courier.rooms_with_courier(self._platform):
                for parcels in courier.by_order(courier.take(self._platform, room.name)):
                    rounds.add(task := asyncio.create_task(self._deliver(free, parcels)))
                    task.add_done_callback(rounds.discard)
            await asyncio.sleep(COURIER_REST_MS / 1_000)

    async def _deliver(self, free: asyncio.Semaphore, parcels: list[Parcel]) -> None:
        async with free:
            try:
                await asyncio.to_thread(courier.deliver_all, self._platform, parcels)
            except Exception:
                log.exception("a delivery failed through our own fault")
            self._changed.set()


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None when it is longer than allowed."""
    read = bytearray()
    while True:
        message = await receive()
        read += message.get("body", b"")
        if len(read) > serve.MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(read)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _request(scope: Message, body: bytes) -> HttpRequest:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    full = path + b"?" + query if query else path
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return HttpRequest(scope["method"], full.decode("latin-1"), headers, body)


async def _reply(send: Send, reply: HttpReply, *, close: bool) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
