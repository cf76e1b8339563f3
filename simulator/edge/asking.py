"""What a verb of the control API sees of a call."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.assembly import Platform
from simulator.exchange import Json
from simulator.misuse import Misuse
from simulator.store.store import Room
from simulator.store.unit import CATALOGUE, RoomUnit

MISSING = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One control call, as a verb sees it."""

    platform: Platform
    args: Mapping[str, str]
    """Named parts of the path."""
    query: Mapping[str, str]
    body: Json

    @property
    def room(self) -> Room:
        """The room the path names.

        Raises:
            Misuse: there is none (404).
        """
        name = self.args["room"]
        room = self.platform.store.room(name)
        if room is None or name.startswith(CATALOGUE):
            raise Misuse("room", f"没有房间{name[:40]}", f"there is no room {name[:40]}", MISSING)
        return room

    def unit(self) -> RoomUnit:
        """A unit of work on that room."""
        return self.platform.unit(self.room)

    def number(self, name: str, default: int, limit: int) -> int:
        """A whole number of the query, at most ``limit``."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit()) or len(text) > 18:
            raise Misuse(name, f"{name}应为不小于0的整数", f"{name} is a whole number, zero or more")
        return min(int(text), limit)


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that is JSON already, for long books."""

    body: bytes


Verb = Callable[[Ask], object]
"""What it returns becomes the JSON answer; it may raise ``Misuse`` or ``Refusal``."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address and the verb behind it."""

    method: str
    path: re.Pattern[str]
    verb: Verb


def route(method: str, path: str, verb: Verb) -> Route:
    """``/control/rooms/{room}`` becomes an expression; a part never spans a slash."""
    return Route(method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + r"\Z"), verb)
