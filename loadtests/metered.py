"""A transport that reports each call to a meter and otherwise is not there.

The meter cannot raise, and on the way out of a kill (anything that is no ``Exception``) the very same object goes
through untouched: nothing is metered, nothing is read. A meter that read the response there once kept killed users
alive beyond the end of their run.
"""

import re
import time
from collections.abc import Callable
from typing import Protocol

from schemas.loader import interfaces
from simulator.wire.transport import HttpReply, HttpRequest, Transport

_INFNO = re.compile(rb'"infno"\s*:\s*"(\w{1,10})"')
_HEAD_BYTES = 200
_CASH = "/house/cash/"


class Fire(Protocol):
    """The meter: told of each call. Locust's ``events.request.fire`` is one; times are whole milliseconds."""

    def __call__(
        self, *, request_type: str, name: str, response_time: int, response_length: int, exception: Exception | None
    ) -> None: ...


def both(first: Fire, second: Fire) -> Fire:
    """A meter that tells two others."""

    def told(
        *, request_type: str, name: str, response_time: int, response_length: int, exception: Exception | None
    ) -> None:
        for fire in (first, second):
            fire(
                request_type=request_type, name=name, response_time=response_time, response_length=response_length,
                exception=exception,
            )  # fmt: skip

    return told


class MeteredTransport:
    """Sends through ``inner`` and tells ``fire`` how it went."""

    def __init__(self, inner: Transport, fire: Fire, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self._inner = inner
        self._fire = fire
        self._clock_ns = clock_ns

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        """See ``Transport``."""
        begun_ns = self._clock_ns()
        try:
            reply = self._inner.send(request, timeout_ms=timeout_ms)
        except Exception as fault:
            self._tell(request, begun_ns, 0, fault)
            raise
        self._tell(request, begun_ns, len(reply.body), None if reply.status < 500 else Failed(reply.status))
        return reply

    def _tell(self, request: HttpRequest, begun_ns: int, size: int, fault: Exception | None) -> None:
        try:
            surface, name = label(request)
            spent_ms = (self._clock_ns() - begun_ns) // 1_000_000
            self._fire(request_type=surface, name=name, response_time=spent_ms, response_length=size, exception=fault)
        except Exception:  # noqa: BLE001  # a broken meter must not break what it measures
            return


class Failed(Exception):
    """The platform answered with a status that says it could not."""


def label(request: HttpRequest) -> tuple[str, str]:
    """Surface and interface of a request, for the meter: ``("pay_centre", "6202")``."""
    path = request.path.partition("?")[0]
    if _CASH in path:
        return "cash", path.rpartition("/")[2]
    known = _BY_PATH.get(path)
    if known:
        return known
    found = _INFNO.search(request.body[:_HEAD_BYTES])
    return ("institution", found[1].decode()) if found else ("other", path)


_BY_PATH = {one.path: (one.surface, one.code) for one in interfaces().values() if one.surface != "institution"}
