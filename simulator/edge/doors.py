"""The doors from the platform's side: started, listened to, opened anew when one breaks, and closed at the end.

The platform's process stays the store's only writer and answers all doors in one transaction at a time, as it does
without them. A door that dies takes its connections with it and nothing else: what it was answered is committed.
"""

import asyncio
import logging
import signal
import socket
import subprocess
import sys
from typing import Any

from simulator.edge.asgi import HOLD_MS
from simulator.edge.core import Core, Tell
from simulator.edge.line import Line
from simulator.edge.listening import GRACE_SECONDS, loop_factory

_CLOSING_SECONDS = GRACE_SECONDS + 3
_ANEW_SECONDS = 0.5
log = logging.getLogger(__name__)


class DoorFault(Exception):
    """A door did not open at all."""


class Door:
    """One door's process and the line to it."""

    def __init__(self, core: Core, listening: socket.socket, hold_ms: int) -> None:
        self._core = core
        self.line = Line(self._heard)
        self.opened = False
        self._own, theirs = socket.socketpair()
        words = [
            sys.executable,
            "-m",
            "simulator.edge.door",
            str(listening.fileno()),
            str(theirs.fileno()),
            str(hold_ms),
        ]
        with theirs:
            self.process = subprocess.Popen(words, pass_fds=(listening.fileno(), theirs.fileno()))

    async def take_up(self) -> None:
        """Listen to it from now on."""
        await asyncio.get_running_loop().create_unix_connection(lambda: self.line, sock=self._own)

    async def close(self) -> None:
        """Let it finish what it was asked, and wait for its end."""
        self.process.terminate()
        try:
            await asyncio.to_thread(self.process.wait, _CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            await asyncio.to_thread(self.process.wait)
        self.line.close()

    def _heard(self, batch: list[Any]) -> None:
        for message in batch:
            if message is None:
                self.opened = True
            else:
                self._core.take(message[1], self._tell(message[0]))

    def _tell(self, number: int) -> Tell:
        return lambda answer: self.line.say((number, answer))


def serve(core: Core, listening: socket.socket, count: int, *, hold_ms: int = HOLD_MS) -> None:
    """Serve through ``count`` doors until SIGTERM or Ctrl-C.

    Raises:
        DoorFault: a door ended before it ever opened.
    """
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(core, listening, count, hold_ms))


async def _serve(core: Core, listening: socket.socket, count: int, hold_ms: int) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await core.start()
    ends = await asyncio.gather(*(_keep(core, listening, hold_ms, told) for _ in range(count)), return_exceptions=True)
    await core.stop()
    for fault in ends:
        if fault is not None:
            raise fault


async def _keep(core: Core, listening: socket.socket, hold_ms: int, told: asyncio.Event) -> None:
    """A door, and another in its place when it breaks, until told to close."""
    ending = asyncio.create_task(told.wait())
    while not told.is_set():
        door = Door(core, listening, hold_ms)
        try:
            await door.take_up()
            breaking = asyncio.create_task(door.line.lost.wait())
            await asyncio.wait({ending, breaking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await door.close()
        if not told.is_set():
            if not door.opened:
                told.set()
                raise DoorFault(f"a door ended with {door.process.returncode} before it opened")
            log.warning("a door ended with %s; another is opened", door.process.returncode)
            await asyncio.wait({ending}, timeout=_ANEW_SECONDS)
