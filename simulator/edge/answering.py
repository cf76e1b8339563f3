"""What comes to the edge and what leaves it, in words that the platform's process and its doors share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from schemas import jsontext
from simulator.exchange import OUR_FAULT_ZH
from simulator.wire.apart import Ahead, Keys, Unsealed
from simulator.wire.transport import HttpReply, HttpRequest

MAIN = "main"
"""The room meant by a path that names none."""
JSON_TYPE = {"content-type": "application/json;charset=utf-8"}
MAX_BODY_BYTES = 1024 * 1024
NOT_FOUND, WRONG_METHOD, TOO_LARGE, OUR_FAULT = 404, 405, 413, 500


@dataclass(frozen=True, slots=True)
class DoorRequest(HttpRequest):
    """A request that came through a door of its own process, which seals the answer; ``ahead`` if it could open it."""

    ahead: Ahead | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves: a reply, ``delay_ms`` later than it could; ``reply`` None is silence."""

    reply: HttpReply | None
    delay_ms: int = 0
    told_first: str = ""
    """The room whose notices leave before this reply does (switch ``notices`` = before)."""
    manner: str = ""
    """How a fault lets it leave; see ``simulator.edge.breaking``."""
    unsealed: Unsealed | None = None
    """What the door is to seal: the body of ``reply`` is then empty."""
    keys: Keys | None = None
    """By what the door may open the next request of this sender."""


class Answering(Protocol):
    """Whoever knows the answers: the platform in this process, or the line to the process that has it."""

    async def start(self) -> None:
        """Begin, in the running event loop."""
        ...

    async def stop(self) -> None:
        """Come to rest."""
        ...

    async def answer(self, request: HttpRequest) -> Answer:
        """The answer to a request, once everything it did is committed."""
        ...


def refused(status: int, zh: str) -> Answer:
    """An answer from before any frame: the address itself is wrong."""
    allowed = {"allow": "POST"} if status == WRONG_METHOD else {}
    return Answer(HttpReply(status, {**JSON_TYPE, **allowed}, jsontext.compact({"code": status, "message": zh})))


def our_fault() -> Answer:
    """The answer where we failed outside any frame."""
    return refused(OUR_FAULT, OUR_FAULT_ZH)


def too_large() -> Answer:
    """The answer to a body nobody reads."""
    return refused(TOO_LARGE, f"报文超过{MAX_BODY_BYTES}字节")


def room_of(path: str) -> tuple[str, str]:
    """``/r/{room}/…`` names a room; any other path means the main one. Returns the name and the rest of the path."""
    if path.startswith("/r/"):
        name, slash, rest = path[3:].partition("/")
        return name, slash + rest
    return MAIN, path


def lower(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Header names as HTTP compares them."""
    return {name.lower(): value for name, value in headers.items()}
