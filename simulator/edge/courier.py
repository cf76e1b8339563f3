"""The courier: carries due notices to the channels' inboxes, one at a time per order, and books what came back.

Each delivery is three steps: take (on the disk before it goes on), send (no lock, no open transaction: the inbox may
call the platform back), settle (written; after a power cut before the next sync that notice is sent once more).
Nothing is in flight twice for one order (9.5).
"""

import logging
from dataclasses import replace

from schemas.loader import interface
from simulator.assembly import Platform
from simulator.domain import notices
from simulator.domain.notice_record import Notice
from simulator.domain.order_record import Order
from simulator.edge import outbound
from simulator.edge.callbacks import LOCAL
from simulator.edge.parcel import (
    DUPLICATE,
    FORGED,
    STRANGE,
    TRUE,
    Parcel,
    Reaction,
    forgery,
    read_reaction,
    stranger,
    wrap,
)
from simulator.exchange import Json
from simulator.faults.armed import Armed, pick
from simulator.faults.holding import WAITS_FOR, hold, release
from simulator.journal.line import effects, hidden, key_ids, write
from simulator.stages import timing
from simulator.stages.registry import registry
from simulator.store.store import Room
from simulator.store.unit import RoomUnit
from simulator.wire.transport import HttpReply, NoAnswer, NotDelivered

TIMEOUT_MS = 5_000
"""How long each try waits for the whole answer (9.5)."""
_PLACE = "notice"
log = logging.getLogger(__name__)


def run(platform: Platform, name: str, *, until_idle: bool = True) -> list[Json]:
    """Deliver what is due in a room now; with ``until_idle`` also what falls due meanwhile."""
    delivered: list[Json] = []
    while parcels := take(platform, name):
        delivered.extend(deliver_all(platform, parcels))
        if not until_idle:
            break
    platform.store.log.sync()
    return delivered


def deliver_all(platform: Platform, parcels: list[Parcel]) -> list[Json]:
    """Deliver one after another what ``take`` made ready; their orders are free again afterwards, come what may."""
    try:
        return [deliver(platform, parcel) for parcel in parcels]
    finally:
        with platform.lock:
            platform.in_flight.difference_update((parcel.room, parcel.notice.pay_ord_id) for parcel in parcels)


def by_order(parcels: list[Parcel]) -> list[list[Parcel]]:
    """Parcels grouped by order: between orders there is no order."""
    groups: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        groups.setdefault(parcel.notice.pay_ord_id, []).append(parcel)
    return list(groups.values())


def take(platform: Platform, name: str) -> list[Parcel]:
    """Make ready what is due and not in flight, and commit."""
    with platform.lock:
        room = platform.store.room(name)
        if room is None:
            return []
        try:
            unit = platform.unit(room)
            timing.sweep(unit)
            release(unit)
            parcels = [*_forgeries(unit), *_due(platform, unit)]
            platform.in_flight.update((name, parcel.notice.pay_ord_id) for parcel in parcels)
            platform.store.write()
        except BaseException:
            platform.store.rollback()
            raise
    if parcels:
        platform.store.log.sync()
    return parcels


def deliver(platform: Platform, parcel: Parcel) -> Json:
    """Send one parcel and its repeats, book the outcome; returns a short account of it."""
    reaction = _send(platform, parcel)
    told = settle(platform, parcel, reaction)
    if parcel.between and reaction.success:
        settle(platform, parcel.between, _send(platform, parcel.between))
    for _ in range(parcel.repeats if reaction.success else 0):
        again = replace(parcel, kind=DUPLICATE)
        settle(platform, again, _send(platform, again))
    return told


def settle(platform: Platform, parcel: Parcel, reaction: Reaction) -> Json:
    """Book a try and its journal line, and commit."""
    notice = parcel.notice
    with platform.lock:
        room = platform.store.room(parcel.room)
        if room is not None:
            unit = platform.unit(room)
            try:
                if parcel.kind == TRUE:
                    notice = notices.delivered(unit, notice, reaction.success)
                    if reaction.success:
                        release(unit, notice)
                _note(unit, parcel, reaction, notice.tries)
                platform.store.write()
            except BaseException:
                platform.store.rollback()
                raise
    return {
        "notice_id": notice.notice_id,
        "pay_ord_id": notice.pay_ord_id,
        "code": notice.code,
        "kind": parcel.kind,
        "success": reaction.success,
        "status": reaction.status,
        "note": reaction.note,
        "tries": notice.tries,
        "state": notice.state,
    }


def _due(platform: Platform, unit: RoomUnit) -> list[Parcel]:
    found: list[Parcel] = []
    busy = {pay_ord_id for room, pay_ord_id in platform.in_flight if room == unit.room}
    for notice in notices.due(unit):
        if notice.pay_ord_id not in busy:
            made = _parcels(unit, notice)
            found.extend(made)
            if made:
                busy.add(notice.pay_ord_id)
    return found


def _parcels(unit: RoomUnit, notice: Notice) -> list[Parcel]:
    channel = registry(unit).by_app.get(notice.app_id)
    if channel is None:
        return []
    armed = pick(unit, place=_PLACE, code=notice.code, keys=_keys(notice))
    fault = armed.mark() if armed else None
    if armed and armed.name == "late_notice":
        unit.put(replace(notice, due_ms=unit.now_ms + int(armed.params["ms"])))
    elif armed and armed.name in WAITS_FOR:
        hold(unit, notice, armed)
    if armed and armed.name in ("late_notice", *WAITS_FOR):
        _note_late(unit, notice, armed)
        return []
    true = Parcel(
        room=unit.room,
        notice=notice,
        channel=channel,
        kind=TRUE,
        body=wrap(unit, channel, notice, retired=bool(armed and armed.name == "retired_key")),
        fault=fault,
        withheld=bool(armed and armed.name == "no_notice"),
        repeats=_repeats(unit, armed),
        empty_ack=unit.switches.empty_ack,
        at_ms=unit.now_ms,
    )
    by_switch = armed is None and unit.switches.notices == "forged" and not notice.tries
    if by_switch or (armed and armed.name == "forged_notice"):
        forged = replace(true, kind=FORGED, body=wrap(unit, channel, notice, foreign=True), repeats=0)
        if armed and armed.params["when"] == "between":
            return [replace(true, fault=None, between=forged)]
        return [forged, replace(true, fault=None)]
    if armed and armed.name == "unknown_order_notice":
        other = stranger(notice)
        return [replace(true, notice=other, kind=STRANGE, body=wrap(unit, channel, other)), replace(true, fault=None)]
    return [true]


def _repeats(unit: RoomUnit, armed: Armed | None) -> int:
    """How often a notice comes again after success."""
    if armed and armed.name in ("duplicate_notice", "forged_notice"):
        return int(armed.params["times"])
    return 1 if unit.switches.notices == "duplicate" else 0


def _forgeries(unit: RoomUnit) -> list[Parcel]:
    """Forged notices armed for a certain order: sent whether it is paid or not."""
    found = []
    for armed in unit.find(Armed, "waits_at", _PLACE):
        order = unit.get(Order, str(armed.params.get("pay_ord_id") or "")) if armed.name == "forged_notice" else None
        notice = forgery(unit, order) if order else None
        channel = registry(unit).by_app.get(notice.app_id) if notice else None
        if notice and channel:
            unit.put(armed.counted())
            body = wrap(unit, channel, notice, foreign=True)
            found.append(
                Parcel(room=unit.room, notice=notice, channel=channel, kind=FORGED, body=body, fault=armed.mark())
            )
    return found


def _send(platform: Platform, parcel: Parcel) -> Reaction:
    url = parcel.channel.callback_url
    if parcel.withheld:
        return Reaction(success=None, note="withheld by a fault")
    if not url:
        return Reaction(success=None, note="the channel registered no callback address")
    try:
        reply = _post(platform, url, parcel.body)
        return read_reaction(parcel.channel, reply, parcel.at_ms, empty_ack=parcel.empty_ack)
    except (NoAnswer, NotDelivered) as fault:
        return Reaction(success=None, note=f"{type(fault).__name__}: {fault}"[:300])


def _post(platform: Platform, url: str, body: bytes) -> HttpReply:
    if not url.startswith(LOCAL):
        return outbound.post(url, body, timeout_ms=TIMEOUT_MS)
    inbox = platform.inboxes.get(url.removeprefix(LOCAL))
    if inbox is None:
        raise NotDelivered(f"nobody listens at {url}")
    try:
        return HttpReply(200, {}, inbox(body))
    except Exception as fault:
        log.warning("the inbox at %s failed: %s", url, fault)
        raise NoAnswer(f"the inbox failed: {type(fault).__name__}") from fault


def _keys(notice: Notice) -> Json:
    return {"payOrdId": notice.pay_ord_id, "appId": notice.app_id, "medOrgOrd": notice.data.get("medOrgOrd", "")}


def _note(unit: RoomUnit, parcel: Parcel, reaction: Reaction, tries: int) -> None:
    notice, channel = parcel.notice, parcel.channel
    sent = reaction.answer is not None or reaction.status > 0
    misses = interface(notice.code).check_output(reaction.answer) if reaction.answer is not None else []
    write(
        unit,
        {
            "direction": "out",
            "surface": "notice",
            "code": notice.code,
            "method": "POST",
            "path": channel.callback_url,
            "appId": channel.app_id,
            "channel": channel.name,
            "org": notice.data.get("orgCode", ""),
            "msgid": "",
            "notice_id": notice.notice_id,
            "kind": parcel.kind,
            "tries": tries,
            "keys": key_ids(notice.data),
            "request": hidden(unit, notice.data),
            "answer": hidden(unit, reaction.answer),
            "status": reaction.status,
            "outcome": {True: "ok", False: "refused", None: "silent"}[reaction.success],
            "refusal": None,
            "error": "",
            "checks": [{"stage": "answer", "ok": not misses, "note": miss.zh} for miss in misses[:5]]
            or [{"stage": "answer", "ok": sent, "note": reaction.note}],
            "fault": parcel.fault,
            "effect": effects(unit.posted),
            "sealed": not channel.plain,
            "answer_sealed": reaction.sealed,
            "notes": [reaction.note] if reaction.note else [],
            "size": len(parcel.body),
        },
    )


def _note_late(unit: RoomUnit, notice: Notice, armed: Armed) -> None:
    write(
        unit,
        {
            "direction": "act",
            "surface": "notice",
            "code": "late",
            "keys": key_ids(notice.data),
            "request": {"notice_id": notice.notice_id, "ms": armed.params["ms"]},
            "answer": None,
            "outcome": "ok",
            "refusal": None,
            "fault": armed.mark(),
            "effect": [],
        },
    )


def rooms_with_courier(platform: Platform) -> list[Room]:
    """Rooms whose notices leave by themselves."""
    with platform.lock:
        known = [platform.store.room(name) for name in platform.store.room_names()]
    return [room for room in known if room is not None and room.courier == "auto"]
