"""The one seam between a channel and a platform: send a request, get a reply, or learn how it failed.

Sockets, in-process calls, recorded traffic and load meters are all transports.
The two failures differ in what may be concluded, and that difference decides what a payer is told:
after ``NotDelivered`` nothing happened, after ``NoAnswer`` anything may have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. ``path`` is relative to the transport's base address and begins with ``/``."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One complete reply, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(Exception):
    """The request was sent and its outcome is unknown: time-out, connection reset, truncated reply."""


class NotDelivered(Exception):
    """The request never reached the other side: connection refused, name not resolved."""


class Transport(Protocol):
    """Whatever carries a request to the other side and brings its reply back."""

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        """Send once, never retry.

        Raises ``NoAnswer`` when the outcome is unknown and ``NotDelivered`` when nothing was delivered.
        """
        ...
