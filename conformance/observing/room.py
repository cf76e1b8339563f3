"""A room of a running simulator, read as it stands: its journal, its books, and how many messages came so far."""

from collections.abc import Iterable
from typing import Any

from conformance.observing.record import Json, Seen
from conformance.suite.control import ControlClient, RoomControl


class NoRoom(ValueError):
    """There is no such room, or it serves several channels: the message says which there are."""


def attach(control: ControlClient, name: str) -> RoomControl:
    """The control side of a room.

    Raises:
        NoRoom: none of that name, or more than one channel lives in it.
    """
    rooms = {str(row["room"]): row for row in control.call("GET", "/rooms")["rooms"]}
    if name not in rooms:
        raise NoRoom(f"no room {name!r} 没有这个房间; there are 有: {', '.join(rooms) or '–'}")
    if len(rooms[name]["channels"]) != 1:
        raise NoRoom(f"room {name!r} serves several channels; watch one with a room of its own 请为单个渠道另建房间")
    return control.room(name)


def messages_of(room: RoomControl) -> int:
    """How many lines its journal has."""
    return int(room.call("GET", "")["lines"])


def read(room: RoomControl) -> Seen:
    """Everything a judge may know of it, of one moment."""
    shown, registered = room.call("GET", ""), room.call("GET", "/registration")
    books = room.call("GET", "/books")
    return Seen(
        journal=books["journal"], room=str(shown["room"]), city=str(shown["city"]), seed=int(shown["seed"]),
        transfers=books["ledger"]["transfers"], accounts=books["ledger"]["accounts"], orders=books["orders"],
        settlements=books["settlements"], cash=books["cash"], drugs=_drugs(room, books["journal"]),
        platform={name: registered[name] for name in ("switches", "in_force", "rules")},
    )  # fmt: skip


def _drugs(room: RoomControl, journal: Iterable[Json]) -> dict[str, Any]:
    """Catalogue rows of what was sold at the counter: the oracle works its shares out anew."""
    rows = [row for line in journal for row in (line.get("request") or {}).get("drugdetail") or ()]
    codes = sorted({str(row.get("med_list_codg", "")) for row in rows if isinstance(row, dict)} - {""})
    found = {code: room.call("GET", f"/drugs?query={code}&limit=1")["drugs"] for code in codes if code.isalnum()}
    return {code: drugs[0] for code, drugs in found.items() if drugs}
