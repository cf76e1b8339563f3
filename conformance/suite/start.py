"""Reaching a platform: one of our own in this process, or a simulator that runs already.

The suite's only door to ``simulator``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from conformance.channels.reference.over_http import HttpTransport
from conformance.suite.control import ControlClient
from simulator import assembly
from simulator.edge.local import LocalTransport
from simulator.wire.transport import Transport

REAL_MS = 1_772_409_600_000
"""What an in-process platform takes for real time: 2026-03-02 08:00:00 Beijing. Same seed, same bytes."""
Inbox = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A platform and how a channel gets to it."""

    control: ControlClient
    base_url: str
    local: Callable[[str], Transport] | None = None
    """For a channel in this process: the transport to a room's base path."""
    listen: Callable[[str, Inbox], None] | None = None
    """Registers an inbox in this process as ``local:NAME``."""
    close: Callable[[], None] = lambda: None
    """Lets the connections to it go."""


def in_process() -> Reached:
    """A platform of our own, in memory, with a clock that only the suite moves."""
    platform = assembly.build(real_ms=lambda: REAL_MS)
    return Reached(
        control=ControlClient(LocalTransport(platform)),
        base_url="local:",
        local=lambda base_path: LocalTransport(platform, base_path),
        listen=platform.inboxes.__setitem__,
    )


def over_http(address: str, token: str) -> Reached:
    """A simulator that is running at ``http://127.0.0.1:PORT``."""
    transport = HttpTransport(address)
    return Reached(control=ControlClient(transport, token), base_url=address, close=transport.close)
