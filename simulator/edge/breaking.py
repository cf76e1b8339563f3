"""Answers that leave broken over a real socket: reset, cut in half, or dripping."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from simulator.exchange import RESET, TRICKLE
from simulator.wire.transport import HttpReply

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

DRIPS = 20
"""Into so many parts a dripping answer falls."""
_LINGER_NONE = struct.pack("ii", 1, 0)
"""Closing throws away what waits and sends RST instead of FIN."""


def connection(send: Send) -> Any:
    """The server's socket transport behind an ASGI ``send``; None where there is none."""
    return getattr(getattr(send, "__self__", None), "transport", None)


async def gone(receive: Receive) -> None:
    """Until the connection is closed on either side. Whoever returns earlier without an answer is blamed for it."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def leave(receive: Receive, send: Send, reply: HttpReply, manner: str, over_ms: int) -> None:
    """Let a reply leave in the manner a fault ordered; a drip takes ``over_ms`` in all."""
    transport = connection(send)
    if manner == RESET:
        if transport is not None:
            _reset(transport)
            await gone(receive)
        return
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if manner == TRICKLE:
        await _drip(send, reply.body, over_ms)
        return
    await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})
    if transport is not None:
        transport.close()
        await gone(receive)


def _reset(transport: Any) -> None:
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
    transport.abort()


async def _drip(send: Send, body: bytes, over_ms: int) -> None:
    step = max(1, -(-len(body) // DRIPS))
    for start in range(0, len(body), step):
        await asyncio.sleep(over_ms / 1_000 / DRIPS)
        await send({"type": "http.response.body", "body": body[start : start + step], "more_body": True})
    await send({"type": "http.response.body", "body": b""})
