"""Messages a fault holds up on their way: their sender hears nothing, and they arrive when he has given them up."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from simulator.domain.ports import Unit
from simulator.exchange import Exchange
from simulator.faults.armed import Armed

R = TypeVar("R")
NAME = "late_arrival"
OVERTAKES = "2601"
"""The message that names another (``omsgid``) and so may come before it (order-life 9.14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """One message that left its sender and has not arrived yet, as it was sent."""

    KEY: ClassVar[str] = "number"
    INDEXES: ClassVar[tuple[str, ...]] = ("waits",)
    WATCHED: ClassVar[bool] = True

    number: str
    surface: str
    path: str
    headers: dict[str, str]
    raw: str
    """Base64 of the body."""
    msgid: str
    due_ms: int
    """By then it arrives in any case."""
    waits: str = "1"


class Watching(Unit, Protocol):
    """A unit that may remember what it found."""

    def watched(self, kind: type[R], index: str, value: str) -> list[R]: ...

    def remove(self, kind: type[Any], key: str) -> None: ...


def delay(unit: Unit, exchange: Exchange, armed: Armed) -> None:
    """Keep a message back until one overtakes it, ``ms`` at most."""
    unit.put(
        Underway(
            number=f"U{unit.next_number('underway'):06d}", surface=exchange.surface, path=exchange.path,
            headers=dict(exchange.headers), raw=base64.b64encode(exchange.raw).decode(), msgid=exchange.msgid,
            due_ms=unit.now_ms + int(armed.params["ms"]),
        )
    )  # fmt: skip


def arrived(unit: Watching, overtaken: str = "") -> list[Underway]:
    """What arrives now, in the order it was sent: whose time is up, or whose message id a 2601 has named."""
    found = [
        one
        for one in unit.watched(Underway, "waits", "1")
        if one.due_ms <= unit.now_ms or (one.msgid and one.msgid == overtaken)
    ]
    for one in found:
        unit.remove(Underway, one.number)
    return found


def named_by(code: str, request: Mapping[str, Any]) -> str:
    """The message id that a 2601 wants undone; empty for every other message."""
    data = request.get("data")
    return str(data.get("omsgid", "")) if code == OVERTAKES and isinstance(data, Mapping) else ""
