"""Old journal lines go, so that a store that serves for months does not grow for ever. No book is ever trimmed.

What goes is what is older than so many days of the room's own clock, from the first line on; orders, settlements,
ledger, cash and notices stay. A line of its own tells what went and with which the journal begins now, so that nobody
takes what is left for the whole.
"""

from simulator.assembly import Platform
from simulator.domain.moment import DAY_MS
from simulator.edge.asking import Ask, route
from simulator.exchange import Json
from simulator.journal.line import note_act
from simulator.misuse import Misuse
from simulator.store.store import Room

PIECE = 10_000
"""So many lines go at once: other requests wait no longer than that takes."""
MOST_DAYS = 36_500
SURFACE, ACT = "journal", "trim"


def trim(platform: Platform, room: Room, keep_days: int, piece: int = PIECE) -> Json:
    """Remove the oldest lines beyond ``keep_days``: how many, with which it begins now, and whether there are more."""
    unit = platform.unit(room)
    removed = platform.store.trim_lines(room, unit.now_ms - keep_days * DAY_MS, piece)
    told = {"removed": removed, "first": platform.store.first_seq(room), "more": removed == piece}
    if removed:
        note_act(unit, SURFACE, ACT, {"keep_days": keep_days}, told)
    return told


def trim_all(platform: Platform, keep_days: int) -> bool:
    """A piece of every room's journal, each by itself on the disk; whether there is more to remove."""
    more = False
    for name in platform.store.room_names():
        with platform.lock:
            room = platform.store.room(name)
            try:
                more |= bool(room and trim(platform, room, keep_days)["more"])
                platform.store.write()
            except BaseException:
                platform.store.rollback()
                raise
    return more


def ordered(ask: Ask) -> Json:
    """``keep_days``: a piece of the journal's oldest lines goes."""
    days = ask.body.get("keep_days")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        raise Misuse(
            "keep_days", f"keep_days应为1至{MOST_DAYS}的整数", f"keep_days is a whole number from 1 to {MOST_DAYS}"
        )
    return trim(ask.platform, ask.room, days)


ROUTES = (route("POST", "/control/rooms/{room}/journal/trim", ordered),)
