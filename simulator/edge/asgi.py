"""The HTTP face: reads a request, asks for its answer, and lets that leave in the manner a fault ordered.

Whoever answers commits before it does. A fault's silence holds the connection open and then closes it without a byte.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from simulator.edge import answering, breaking
from simulator.edge.answering import Answering
from simulator.wire.transport import HttpReply, HttpRequest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HOLD_MS = 120_000
"""How long a silent connection stays open; longer than the time-outs clients use."""


class Application:
    """Whoever answers, as an ASGI application."""

    def __init__(self, knows: Answering, *, hold_ms: int = HOLD_MS) -> None:
        self._answering = knows
        self._hold_ms = hold_ms

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one HTTP request, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._exchange(scope, receive, send)

    async def _exchange(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        answer = answering.too_large() if body is None else await self._answering.answer(_request(scope, body))
        if answer.manner and answer.reply:
            await breaking.leave(receive, send, answer.reply, answer.manner, answer.delay_ms)
            return
        if answer.delay_ms:
            await asyncio.sleep(answer.delay_ms / 1_000)
        if answer.reply is None:
            await self._say_nothing(receive, send)
        else:
            await _reply(send, answer.reply, close=body is None)

    async def _say_nothing(self, receive: Receive, send: Send) -> None:
        """Hold the connection, then drop it without an answer."""
        try:
            await asyncio.wait_for(breaking.gone(receive), self._hold_ms / 1_000)
        except TimeoutError:
            transport = breaking.connection(send)
            if transport is not None:
                transport.close()
                await breaking.gone(receive)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._answering.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._answering.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None when it is longer than allowed."""
    read = bytearray()
    while True:
        message = await receive()
        read += message.get("body", b"")
        if len(read) > answering.MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(read)


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
