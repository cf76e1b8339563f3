"""Where armed faults strike an exchange: before anything is kept, or on the answer after everything is."""

from collections.abc import Mapping
from dataclasses import replace

from simulator.domain import sign_in
from simulator.domain.refused import Refusal
from simulator.exchange import Exchange
from simulator.faults import leaving, underway
from simulator.faults.armed import Armed, pick
from simulator.faults.kinds import KINDS
from simulator.store.unit import RoomUnit

SIGNED_OUT = "sign_in_expired"
_BILLS = ("feedetailList", "drugdetail")


def before(exchange: Exchange, unit: RoomUnit) -> bool:
    """Pick what strikes this message; true when it ends here, unhandled and unremembered.

    Raises:
        Refusal: ``sign_no_invalid``, where the fault ends the sender's sign-ins.
    """
    if exchange.belated:
        return False
    code, keys = exchange.schema.code if exchange.schema else "", _keys(exchange)
    armed = pick(unit, place="request", code=code, keys=keys)
    stops = armed is not None
    armed = armed or pick(unit, place="answer", code=code, keys=keys)
    if armed:
        exchange.armed = armed
        exchange.fault = None if _keeps(armed) else armed.mark()
        if armed.name == SIGNED_OUT:
            _sign_out(exchange, unit)
        if armed.name == underway.NAME:
            underway.delay(unit, exchange, armed)
        if stops and (strike := KINDS[armed.name].strike):
            strike(exchange, armed)
    return stops


def bend(exchange: Exchange) -> None:
    """Change the clear answer, if such a fault strikes and there is one."""
    armed = _armed(exchange)
    if armed and exchange.refusal is None and (effect := KINDS[armed.name].bend):
        effect(exchange, armed)


def after(exchange: Exchange, unit: RoomUnit) -> None:
    """Change, delay or swallow the sealed answer, or keep it for a later message."""
    armed = _armed(exchange)
    if armed and _keeps(armed):
        kept = leaving.keeping(exchange.answer)
        unit.put(replace(armed, kept=kept, struck=armed.struck - 1, waits_at=armed.place))
    elif armed and (strike := KINDS[armed.name].strike):
        strike(exchange, armed)


def signs_wrongly(exchange: Exchange) -> bool:
    """Whether the answer is to be signed with a foreign key."""
    armed = _armed(exchange)
    return armed is not None and armed.name == "wrong_signature"


def signs_too_late(exchange: Exchange) -> bool:
    """Whether the answer is to be signed with the key before the last rotation."""
    armed = _armed(exchange)
    return armed is not None and armed.name == "retired_key"


def answers_in_clear(exchange: Exchange) -> bool:
    """Whether the answer is to leave neither sealed nor signed."""
    armed = _armed(exchange)
    return armed is not None and armed.name == "unsealed_answer"


def told_ms(exchange: Exchange, now_ms: int) -> int:
    """The moment the answer claims to leave at."""
    armed = _armed(exchange)
    return now_ms + int(armed.params["ms"]) if armed and armed.name == "clock_skew" else now_ms


def _keeps(armed: Armed) -> bool:
    """Whether this match only lends its answer to the next."""
    return armed.name == "replayed_answer" and not armed.kept


def _sign_out(exchange: Exchange, unit: RoomUnit) -> None:
    call = exchange.call
    assert call is not None
    sign_in.expire(unit, call.org_codg, str(call.envelope.get("opter") or ""))
    raise Refusal("sign_no_invalid", "sign_no", value=str(call.envelope.get("sign_no") or ""))


def _armed(exchange: Exchange) -> Armed | None:
    return exchange.armed if isinstance(exchange.armed, Armed) else None


def _goods(data: Mapping[str, object]) -> dict[str, object]:
    """The drugs and the total of a message that carries a bill of its own: 6201, 2101, 2102."""
    rows = [row for node in _BILLS for row in _rows(data.get(node))]
    drugs = tuple(str(row.get("medListCodg") or row.get("med_list_codg") or "") for row in rows)
    node = data.get("druginfo")
    total = data.get("medfeeSumamt") or (node.get("medfee_sumamt") if isinstance(node, Mapping) else None)
    return {**({"drugs": drugs} if drugs else {}), **({"total": str(total)} if total else {})}


def _rows(node: object) -> list[Mapping[str, object]]:
    return [row for row in node if isinstance(row, Mapping)] if isinstance(node, list) else []


def _keys(exchange: Exchange) -> Mapping[str, object]:
    """Fields a fault may be matched on: the sender's, and the scalars of the data and its nodes."""
    found: dict[str, object] = {}
    call = exchange.call
    if call is None:
        return found
    for node in (call.data, *(child for child in call.data.values() if isinstance(child, Mapping))):
        for name, value in node.items():
            if isinstance(value, str | int):
                found.setdefault(name, value)
    found |= _goods(call.data)
    sender = {"org": call.org_codg, "appId": call.channel.app_id, "channel": call.channel.name, "msgid": call.msgid}
    return found | sender
