"""The path of a message: one function, read it first.

It runs in the room's transaction and never commits. Effects live in a savepoint and are lost when the message is
refused; the journal line, the count of an armed fault and the memory of the message id are written outside it, so a
refusal keeps its evidence.
"""

import logging
from collections.abc import Mapping

from simulator.domain.refused import Refusal
from simulator.exchange import Exchange, Handler, Json
from simulator.journal.line import effects, note_exchange
from simulator.stages import checking, handling, moving, opening, recalling, routing, sealing, striking, timing
from simulator.store.unit import RoomUnit
from simulator.wire.errors import WireError

log = logging.getLogger(__name__)


def run(exchange: Exchange, unit: RoomUnit, handlers: Mapping[str, Handler]) -> Json:
    """Take one message through all stages; leaves the answer in ``exchange`` and returns the journal line."""
    stopped = False
    try:
        exchange.enter("open")
        opening.open_request(exchange, unit)
        exchange.enter("route")
        routing.route(exchange, unit.switches)
        exchange.enter("check")
        checking.check_request(exchange, unit)
        stopped = striking.before(exchange, unit)
        if not stopped:
            exchange.enter("recall")
            recalling.recall(exchange, unit)
            timing.sweep(unit)
            exchange.enter("handle")
            with handling.effects(unit):
                handling.handle(exchange, unit, handlers)
                exchange.enter("reply")
                checking.check_reply(exchange)
        exchange.enter("")
    except recalling.Recalled as earlier:
        exchange.answer = earlier.answer
        exchange.notes.append("replayed")
        exchange.enter("")
    except (Refusal, WireError) as no:
        exchange.refusal = no
        exchange.checked(exchange.stage, ok=False, note=no.rule)
    except Exception as fault:
        log.exception("our own fault at stage %s of %s %s", exchange.stage, exchange.room, exchange.path)
        exchange.error = f"{type(fault).__name__}: {fault}"
        exchange.checked(exchange.stage, ok=False, note="suite fault")
    if not stopped:
        exchange.effect = effects(unit.posted)
        striking.bend(exchange)
        exchange.answer = exchange.answer or sealing.seal(exchange, unit)
        recalling.remember(exchange, unit)
        striking.after(exchange, unit)
    line = note_exchange(unit, exchange)
    moving.move(exchange, unit)
    return line
