"""Whether this message was here before: message ids of institution frames, signatures of sealed ones.

Institution frames: 9.1, by the room's switch. Sealed frames carry no message id, so the signature is the message
(9.20). A repeated query is carried out and noted: it changes nothing.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from schemas import jsontext
from simulator.domain import messages
from simulator.domain.refused import Refusal
from simulator.exchange import Exchange
from simulator.store.unit import RoomUnit
from simulator.wire.errors import WireError
from simulator.wire.institution import INSTITUTION_CHARS, MSGID_CHARS
from simulator.wire.timestamps import is_fresh, parse_timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedSignature:
    """A sealed request that was accepted; its exact repeat is not."""

    KEY: ClassVar[str] = "signature"
    INDEXES: ClassVar[tuple[str, ...]] = ("until_ms",)

    signature: str
    until_ms: int
    """After this its timestamp is stale, and the signature need not be known any more."""


_TIDY_EVERY = 1_024
_SEQUENCE_CHARS = 4


class Recalled(Exception):
    """The answer was given before and is given again, byte for byte."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("answered before")
        self.answer = answer


def recall(exchange: Exchange, unit: RoomUnit) -> None:
    """Refuse or replay what was here before.

    Raises:
        Refusal: ``msgid_used``, ``msgid_reversed``, ``seal_replayed``.
        Recalled: the switch says that an equal message gets the stored answer.
    """
    call, schema = exchange.call, exchange.schema
    assert call is not None and schema is not None
    if exchange.signature:
        _recall_signature(exchange, unit, refuse=schema.changes_state)
    if call.msgid:
        exchange.notes.extend(_oddities(exchange, unit))
    if call.msgid and schema.changes_state:
        exchange.remember = _digest(exchange)
        stored = messages.recall(unit, call.org_codg, call.msgid, exchange.remember)
        if stored:
            raise Recalled(stored.encode())


def remember(exchange: Exchange, unit: RoomUnit) -> None:
    """Consume the message id, also of a message the domain refused; not of one that failed through our fault."""
    call, schema = exchange.call, exchange.schema
    if not exchange.remember or exchange.error or call is None or schema is None:
        return
    answer = exchange.answer.decode() if unit.switches.msgid == "replay" else ""
    messages.remember(unit, call.org_codg, call.msgid, infno=schema.code, digest=exchange.remember, answer=answer)


def _recall_signature(exchange: Exchange, unit: RoomUnit, *, refuse: bool) -> None:
    until_ms = unit.now_ms + 2 * unit.switches.seal_window_ms
    number = unit.add(UsedSignature(signature=exchange.signature, until_ms=until_ms))
    if number:
        if number % _TIDY_EVERY == 0:
            unit.drop(UsedSignature, "until_ms", unit.now_ms - 1)
    elif refuse:
        raise Refusal("seal_replayed", "signData")
    else:
        exchange.notes.append("repeated_signature")


def _oddities(exchange: Exchange, unit: RoomUnit) -> list[str]:
    """What of a message id is accepted and noted (9.1): another's prefix, another time, a query's repeat."""
    call, schema = exchange.call, exchange.schema
    assert call is not None and schema is not None
    sent_ms = _time_of(call.msgid)
    found = {
        "msgid_prefix": not call.msgid.startswith(call.org_codg),
        "msgid_time": sent_ms is None or not is_fresh(sent_ms, unit.now_ms),
        "msgid_repeated": not schema.changes_state and messages.seen(unit, call.org_codg, call.msgid),
    }
    return [note for note, holds in found.items() if holds]


def _time_of(msgid: str) -> int | None:
    """The moment a message id of thirty characters names."""
    try:
        return parse_timestamp(msgid[INSTITUTION_CHARS:-_SEQUENCE_CHARS]) if len(msgid) == MSGID_CHARS else None
    except WireError:
        return None


def _digest(exchange: Exchange) -> str:
    return sha256(jsontext.canonical(exchange.request)).hexdigest()
