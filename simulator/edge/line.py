"""The line between the platform's process and a door: batches of messages over a pair of sockets, both ends ours.

A batch is one frame: its length in four bytes, then the pickled list. Nobody else can reach either end.
"""

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

_HEAD = 4
_AS = pickle.HIGHEST_PROTOCOL


class Line(asyncio.Protocol):
    """One end. ``say`` gathers what is said in one turn of the event loop and sends it as one batch."""

    def __init__(self, heard: Callable[[list[Any]], None]) -> None:
        self._heard = heard
        self._read = bytearray()
        self._to_say: list[Any] = []
        self._transport: asyncio.Transport | None = None
        self.lost = asyncio.Event()
        """Set when the other end is gone."""

    def say(self, message: object) -> None:
        """Send a message, with those that come before this turn of the event loop ends; none to a lost line."""
        if not self._to_say:
            asyncio.get_running_loop().call_soon(self._send)
        self._to_say.append(message)

    def connection_made(self, transport: Any) -> None:
        """See ``asyncio.Protocol``."""
        self._transport = transport

    def connection_lost(self, why: Exception | None) -> None:
        """See ``asyncio.Protocol``."""
        self._transport = None
        self.lost.set()

    def data_received(self, data: bytes) -> None:
        """See ``asyncio.Protocol``."""
        self._read += data
        while len(self._read) >= _HEAD:
            end = _HEAD + int.from_bytes(self._read[:_HEAD])
            if len(self._read) < end:
                return
            batch = pickle.loads(memoryview(self._read)[_HEAD:end].tobytes())
            del self._read[:end]
            self._heard(batch)

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    def _send(self) -> None:
        said, self._to_say = self._to_say, []
        if self._transport:
            batch = pickle.dumps(said, _AS)
            self._transport.write(len(batch).to_bytes(_HEAD) + batch)
