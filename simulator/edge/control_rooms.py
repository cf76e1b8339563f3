"""Verbs of the control API for rooms: make, show, reset, delete, register a callback, turn switches."""

from dataclasses import replace

from simulator import rooms, switchboard
from simulator.domain.moment import datetime19
from simulator.edge import control_keys
from simulator.edge.asking import Ask, route
from simulator.edge.callbacks import check_url
from simulator.edge.control_keys import one_channel
from simulator.exchange import Json
from simulator.journal.line import note_act
from simulator.misuse import Misuse
from simulator.store.store import Room


def create(ask: Ask) -> Json:
    """Make a room; answers its registration."""
    told = rooms.registration(ask.platform.unit(rooms.found(ask.platform, ask.body)))
    for channel in ask.body.get("channels") or []:
        if channel.get("callback_url"):
            check_url(ask.platform, str(channel["callback_url"]))
    return told


def listing(ask: Ask) -> Json:
    """All rooms with their clocks."""
    store = ask.platform.store
    known = [room for name in store.room_names() if (room := store.room(name))]
    return {"rooms": [_shown(ask, room) for room in known]}


def show(ask: Ask) -> Json:
    """One room."""
    return _shown(ask, ask.room)


def registration(ask: Ask) -> Json:
    """What the room's channels hold."""
    return rooms.registration(ask.unit())


def reset(ask: Ask) -> Json:
    """Empty and fill again; answers the registration, which is the same."""
    return rooms.registration(ask.platform.unit(rooms.reset(ask.platform, ask.room)))


def delete(ask: Ask) -> Json:
    """Remove a room with its books."""
    room = ask.room
    ask.platform.store.delete_room(room)
    return {"deleted": room.name}


def callback(ask: Ask) -> Json:
    """Where a channel wants its notices: ``channel`` (its name; may be left out when there is one), ``url``, and
    ``plain`` true for notices in clear."""
    unit, url = ask.unit(), ask.body.get("url")
    channel = one_channel(unit, ask.body)
    if not isinstance(url, str):
        raise Misuse("url", "url应为文本", "url is a text")
    plain = ask.body.get("plain", channel.plain)
    if not isinstance(plain, bool):
        raise Misuse("plain", "plain应为true或false", "plain is true or false")
    check_url(ask.platform, url)
    unit.put(replace(channel, callback_url=url, plain=plain))
    return {"channel": channel.name, "callback_url": url, "plain": plain}


def switches(ask: Ask) -> Json:
    """Turn switches; the others stay."""
    room, chosen = ask.room, switchboard.check(ask.body)
    turned = ask.platform.store.put_room(replace(room, switches={**room.switches, **chosen}))
    note_act(ask.platform.unit(turned), "room", "switches", dict(chosen), None)
    return {"switches": turned.switches}


def _shown(ask: Ask, room: Room) -> Json:
    now_ms = ask.platform.now_ms(room)
    return {
        "room": room.name,
        "base_path": f"/r/{room.name}",
        "now": datetime19(now_ms),
        "now_ms": now_ms,
        "world": room.world,
        "city": room.city,
        "seed": room.seed,
        "courier": room.courier,
        "switches": room.switches,
        "catalogue": room.catalogue.partition("/")[2],
        "channels": [channel["name"] for channel in room.channels],
        "lines": ask.platform.store.next_seq(room) - 1,
    }


ROUTES = (
    route("POST", "/control/rooms", create),
    route("GET", "/control/rooms", listing),
    route("GET", "/control/rooms/{room}", show),
    route("DELETE", "/control/rooms/{room}", delete),
    route("POST", "/control/rooms/{room}/reset", reset),
    route("GET", "/control/rooms/{room}/registration", registration),
    route("POST", "/control/rooms/{room}/callback", callback),
    route("POST", "/control/rooms/{room}/keys", control_keys.change),
    route("PATCH", "/control/rooms/{room}/switches", switches),
)
