"""A door: a process that stands at the platform's socket, speaks HTTP, and opens and seals, but stores nothing.

Started as ``python -m simulator.edge.door LISTENING LINE HOLD_MS``: two inherited sockets and how long silence holds.
It ends when it is told to, and at once when the platform's process is gone.
"""

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

from simulator.edge.answering import Answer, DoorRequest, our_fault, room_of
from simulator.edge.asgi import Application
from simulator.edge.line import Line
from simulator.edge.listening import server
from simulator.wire.apart import Keys, open_ahead, peek_at, sealed_now
from simulator.wire.transport import HttpRequest

_KNOWN = 10_000
"""Keys remembered at most; a message of a sender that was forgotten is opened by the platform."""
_SEALED = "SM4"


class Apart:
    """Answers by asking the platform's process over a line; see ``Answering``."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._line = Line(self._heard)
        self._numbers: Iterator[int] = count(1)
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._known: dict[tuple[str, str], Keys] = {}
        self._ending: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up the line and say so."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self._line, sock=self._connection)
        self._ending = asyncio.create_task(self._end_with_platform())
        self._line.say(None)

    async def stop(self) -> None:
        """Leave the line."""
        if self._ending:
            self._ending.cancel()
        self._line.close()

    async def answer(self, request: HttpRequest) -> Answer:
        """See ``Answering``."""
        name = room_of(request.path)[0]
        number, answered = next(self._numbers), asyncio.get_running_loop().create_future()
        self._asked[number] = answered
        try:
            self._line.say((number, self._opened(name, request)))
            answer: Answer = await answered
        finally:
            del self._asked[number]
        if answer.keys:
            self._learn(name, answer.keys)
        return _sealed(answer)

    def _opened(self, name: str, request: HttpRequest) -> DoorRequest:
        peeked = peek_at(request.body) if request.method == "POST" and request.body[:1] == b"{" else None
        keys = self._known.get((name, peeked.app_id)) if peeked and peeked.enc_type == _SEALED else None
        ahead = open_ahead(peeked, keys) if peeked and keys else None
        return DoorRequest(request.method, request.path, request.headers, request.body, ahead)

    def _learn(self, name: str, keys: Keys) -> None:
        if len(self._known) >= _KNOWN:
            self._known.clear()
        self._known[name, keys.app_id] = keys

    def _heard(self, batch: list[Any]) -> None:
        for number, answer in batch:
            answered = self._asked.get(number)
            if answered and not answered.done():
                answered.set_result(answer)

    async def _end_with_platform(self) -> None:
        """Without the platform nobody may be answered, not even with a refusal: what was asked may have happened."""
        await self._line.lost.wait()
        os._exit(1)


def _sealed(answer: Answer) -> Answer:
    if answer.unsealed is None or answer.reply is None:
        return answer
    try:
        body = sealed_now(answer.unsealed)
    except ValueError:
        return our_fault()
    return replace(answer, reply=replace(answer.reply, body=body))


def main(arguments: list[str]) -> None:
    """Stand at the socket until told to leave."""
    listening, line, hold_ms = (int(argument) for argument in arguments)
    with socket.socket(fileno=listening) as face, suppress(KeyboardInterrupt):
        knows = Apart(socket.socket(fileno=line))
        server(Application(knows, hold_ms=hold_ms)).run(sockets=[face])


if __name__ == "__main__":
    main(sys.argv[1:])
