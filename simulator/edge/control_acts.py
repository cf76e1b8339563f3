"""Verbs of the control API for what happens in a room: the clock, faults, the person, the world."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simulator.domain import moment, person_acts, world_changes
from simulator.domain.ports import Unit
from simulator.edge import belated
from simulator.edge.asking import Ask, Verb, route
from simulator.exchange import Json
from simulator.faults import cards
from simulator.faults.armed import Armed
from simulator.faults.kinds import arm
from simulator.journal.line import note_act
from simulator.misuse import Misuse
from simulator.stages import timing
from simulator.store.unit import RoomUnit

MAX_ADVANCE_MS = 3_700 * moment.DAY_MS
Act = Callable[[Unit, Mapping[str, Any]], dict[str, Any]]


def clock(ask: Ask) -> Json:
    """The room's time."""
    return _time(ask.unit())


def move_clock(ask: Ask) -> Json:
    """Move the clock on by ``advance_ms`` or to ``to``, then do what time alone does. It never goes back."""
    room, unit = ask.room, ask.unit()
    step_ms = _step(ask.body, unit.now_ms)
    moved = ask.platform.store.put_room(replace(room, offset_ms=room.offset_ms + step_ms))
    later = ask.platform.unit(moved)
    note_act(later, "clock", "move", {"advance_ms": step_ms}, None)
    timing.sweep(later)
    belated.arrive(ask.platform, moved, later)
    return _time(later)


def _step(body: Json, now_ms: int) -> int:
    if ("advance_ms" in body) == ("to" in body):
        raise Misuse("advance_ms", "请给出advance_ms或to之一", "give either advance_ms or to")
    if "to" in body:
        try:
            step: object = moment.read(str(body["to"])) - now_ms
        except ValueError:
            raise Misuse("to", "to应为yyyy-MM-dd HH:mm:ss", "to reads yyyy-MM-dd HH:mm:ss, Beijing time") from None
    else:
        step = body["advance_ms"]
    field = "to" if "to" in body else "advance_ms"
    if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= MAX_ADVANCE_MS:
        raise Misuse(field, "时钟只能前进，且不超过十年", "the clock only moves on, by ten years at most")
    return step


def _time(unit: RoomUnit) -> Json:
    return {"now": moment.datetime19(unit.now_ms), "now_ms": unit.now_ms}


def arm_fault(ask: Ask) -> Json:
    """Arm a fault: ``name`` and optionally ``place, match, count, after, seed, params``."""
    unit = ask.unit()
    armed = arm(unit, ask.body)
    note_act(unit, "fault", "arm", _shown(armed), None)
    return {"fault_id": armed.fault_id}


def deal_cards(ask: Ask) -> Json:
    """Deal fault cards: those named in ``cards`` (all when it is left out) of the shipped deck or of ``deck``."""
    unit, names = ask.unit(), ask.body.get("cards", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Misuse("cards", "cards应为名称数组", "cards is a list of names")
    deck = cards.checked(ask.body["deck"]) if "deck" in ask.body else cards.shipped()
    armed = cards.deal(unit, deck, names)
    note_act(unit, "fault", "deal", {"cards": names or list(deck)}, None)
    return {"dealt": names or list(deck), "fault_ids": [one.fault_id for one in armed]}


def faults(ask: Ask) -> Json:
    """Every fault armed since the last clearing, used up or not."""
    return {"faults": [_shown(armed) for armed in ask.unit().every(Armed)]}


def clear_faults(ask: Ask) -> Json:
    """Disarm all."""
    unit = ask.unit()
    gone = [armed.fault_id for armed in unit.every(Armed)]
    for fault_id in gone:
        unit.remove(Armed, fault_id)
    return {"cleared": gone}


def clear_fault(ask: Ask) -> Json:
    """Disarm one."""
    unit, fault_id = ask.unit(), ask.args["fault"]
    if unit.get(Armed, fault_id) is None:
        raise Misuse("fault_id", "没有该故障", "no such fault", 404)
    unit.remove(Armed, fault_id)
    return {"cleared": [fault_id]}


def _shown(armed: Armed) -> Json:
    return {
        "fault_id": armed.fault_id,
        "name": armed.name,
        "place": armed.place,
        "match": armed.match,
        "count": armed.count,
        "after": armed.after,
        "seed": armed.seed,
        "params": armed.params,
        "each_order": armed.each_order,
        "struck": armed.struck,
        "waiting": bool(armed.waits_at),
    }


def _acting(surface: str, acts: Mapping[str, Act], needs: Mapping[str, tuple[str, ...]] | None = None) -> Verb:
    """One address for a table of acts: what is due by time happens first, and the act gets a journal line."""

    def verb(ask: Ask) -> Json:
        body = dict(ask.body)
        name = ask.args.get("act") or str(body.pop("change", ""))
        act = acts.get(name)
        if act is None:
            listed = ", ".join(acts)
            raise Misuse("act", f"没有该操作，可用：{listed}", f"no such act; known: {listed}", 404)
        _given(body, (needs or {}).get(name, ()))
        unit = ask.unit()
        timing.sweep(unit)
        told = act(unit, body)
        note_act(unit, surface, name, body, told)
        return told

    return verb


def _given(body: Json, needed: tuple[str, ...]) -> None:
    for one in needed:
        if not any(body.get(name) for name in one.split("|")):
            listed = ", ".join(needed).replace("|", " / ")
            raise Misuse(one.partition("|")[0], f"缺少参数，需要：{listed}", f"missing; this act needs {listed}", 422)


ROUTES = (
    route("GET", "/control/rooms/{room}/clock", clock),
    route("POST", "/control/rooms/{room}/clock", move_clock),
    route("POST", "/control/rooms/{room}/faults", arm_fault),
    route("GET", "/control/rooms/{room}/faults", faults),
    route("POST", "/control/rooms/{room}/cards", deal_cards),
    route("DELETE", "/control/rooms/{room}/faults", clear_faults),
    route("DELETE", "/control/rooms/{room}/faults/{fault}", clear_fault),
    route("POST", "/control/rooms/{room}/person/{act}", _acting("person", person_acts.ACTS, person_acts.NEEDS)),
    route("POST", "/control/rooms/{room}/world", _acting("world", world_changes.CHANGES)),
    route("POST", "/control/rooms/{room}/world/{act}", _acting("world", world_changes.CHANGES)),
)
