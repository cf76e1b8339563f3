"""What a fault moves in the world right after a message took effect: goods, balances, a shop's standing, the day.

The order is the one the message speaks of. A message that was refused moves nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from simulator.domain.downloads import revise
from simulator.domain.moment import DAY_MS, SECOND_MS
from simulator.domain.order_record import Order
from simulator.domain.records import Drug, Institution
from simulator.domain.world_changes import set_balance
from simulator.exchange import Exchange, Json
from simulator.faults.armed import Armed
from simulator.journal.line import note_act
from simulator.store.unit import RoomUnit

BEIJING_MS = 8 * 3_600 * SECOND_MS


def move(exchange: Exchange, unit: RoomUnit) -> None:
    """Carry out what the armed fault moves, with a journal line of its own."""
    armed = exchange.armed
    if not isinstance(armed, Armed) or armed.name not in MOVES or exchange.refusal or exchange.error:
        return
    before = len(unit.posted)
    moved = MOVES[armed.name](exchange, unit, armed)
    if moved:
        del unit.posted[:before]
        note_act(unit, "world", armed.name, moved, None)


def _order(exchange: Exchange, unit: RoomUnit) -> Order | None:
    told = {**(exchange.output or {}), **(exchange.call.data if exchange.call else {})}
    return unit.get(Order, str(told.get("payOrdId", "")))


def _drug(exchange: Exchange, unit: RoomUnit, armed: Armed) -> Drug | None:
    """The drug a fault names, or the first of the order."""
    order = _order(exchange, unit)
    first = order.bill.lines[0].med_list_codg if order else ""
    return unit.get(Drug, str(armed.params["med_list_codg"]) or first)


def _withdraw(exchange: Exchange, unit: RoomUnit, armed: Armed) -> Json:
    return _revised(unit, _drug(exchange, unit, armed), vali_flag="0")


def _cut_limit(exchange: Exchange, unit: RoomUnit, armed: Armed) -> Json:
    return _revised(unit, _drug(exchange, unit, armed), pric_uplmt=str(armed.params["pric_uplmt"]))


def _revised(unit: RoomUnit, drug: Drug | None, **change: str) -> Json:
    if drug is None:
        return {}
    unit.put(replace(drug, **change))  # type: ignore[arg-type]  # both fields are texts
    revise(unit, drug.med_list_codg)
    return {"med_list_codg": drug.med_list_codg, **change}


def _spend(exchange: Exchange, unit: RoomUnit, armed: Armed) -> Json:
    order = _order(exchange, unit)
    if order is None:
        return {}
    fen = int(armed.params["left_fen"])
    set_balance(unit, order.psn_no, fen)
    return {"psn_no": order.psn_no, "fen": fen}


def _suspend(exchange: Exchange, unit: RoomUnit, armed: Armed) -> Json:
    shop = unit.get(Institution, exchange.call.org_codg) if exchange.call else None
    if shop is None:
        return {}
    unit.put(replace(shop, suspended=True))
    return {"fixmedins_code": shop.fixmedins_code}


def _cut_day(exchange: Exchange, unit: RoomUnit, armed: Armed) -> Json:
    """The room's clock stands at the first second of the next day."""
    step_ms = DAY_MS - (unit.now_ms + BEIJING_MS) % DAY_MS + SECOND_MS
    unit.store.put_room(replace(unit.settings, offset_ms=unit.settings.offset_ms + step_ms))
    return {"advance_ms": step_ms}


MOVES: Mapping[str, Callable[[Exchange, RoomUnit, Armed], Json]] = {
    "drug_withdrawn": _withdraw, "price_limit_cut": _cut_limit, "balance_spent": _spend,
    "pharmacy_suspended": _suspend, "day_cut": _cut_day,
}  # fmt: skip
"""Name of a fault → what it moves; an empty answer means that there was nothing to move."""
