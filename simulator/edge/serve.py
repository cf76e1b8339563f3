"""A request in, an answer out, without sockets: the one function behind the local transport and the HTTP server.

It works in the store's open transaction and does not commit; whoever calls it commits before the answer leaves.
"""

import logging
from urllib.parse import parse_qsl

from simulator import pipeline
from simulator.assembly import Platform
from simulator.domain.rules import Switches
from simulator.edge import belated, cash_desk, control, openapi
from simulator.edge.answering import (
    JSON_TYPE,
    MAIN,
    MAX_BODY_BYTES,
    NOT_FOUND,
    WRONG_METHOD,
    Answer,
    DoorRequest,
    lower,
    our_fault,
    refused,
    room_of,
    too_large,
)
from simulator.exchange import Exchange
from simulator.stages.routing import INSTITUTION_PATH, surface_of
from simulator.store.store import Room
from simulator.wire.transport import HttpReply, HttpRequest

QUERY_NOTE = "query in the address: "
"""How the journal tells that an address carried more than a path: names only, a value might be a person's."""
log = logging.getLogger(__name__)


def answer(platform: Platform, request: HttpRequest) -> Answer:
    """Answer any request to any address of the platform."""
    path, _, query = request.path.partition("?")
    if len(request.body) > MAX_BODY_BYTES:
        return too_large()
    if control.runs_courier(request):
        return Answer(control.run_courier(platform, request))
    if path == "/control" or path.startswith("/control/"):
        return Answer(control.answer(platform, request))
    name, rest = room_of(path)
    room = platform.store.room(name)
    if rest == openapi.PATH and (room is not None or name == MAIN):
        return Answer(openapi.answer(path.removesuffix(rest), request))
    if room is None or name.startswith("catalogue/"):
        return refused(NOT_FOUND, f"没有房间{name[:40]}，请先通过控制接口创建")
    if rest.startswith("/house/cash/"):
        return Answer(cash_desk.answer(platform.unit(room), rest.removeprefix("/house/cash/"), request))
    surface = surface_of(rest)
    if not surface:
        return refused(NOT_FOUND, f"没有该地址：{rest[:200]}；机构接口地址为{INSTITUTION_PATH}")
    if request.method != "POST":
        return refused(WRONG_METHOD, "只接受POST")
    return _exchange(platform, room, surface, rest, request, query)


def works_alone(request: HttpRequest) -> bool:
    """Whether the request must be answered without the lock, because it commits and waits by itself."""
    return control.runs_courier(request)


def answer_together(platform: Platform, requests: list[HttpRequest]) -> list[Answer]:
    """Answer requests in one transaction and write it; the caller waits for ``store.log.sync`` before it tells anybody.

    Where one fails through our fault nothing of the batch has happened, and each is answered again by itself.
    """
    with platform.lock:
        try:
            answers = [answer(platform, request) for request in requests]
            platform.store.write()
        except Exception:
            platform.store.rollback()
            if len(requests) > 1:
                return [answered for request in requests for answered in answer_together(platform, [request])]
            log.exception("our own fault at %s %s", requests[0].method, requests[0].path[:200])
            return [our_fault()]
    return answers


def _exchange(platform: Platform, room: Room, surface: str, path: str, request: HttpRequest, query: str) -> Answer:
    unit = platform.unit(room)
    exchange = Exchange(
        room=room.name,
        at_ms=unit.now_ms,
        surface=surface,
        path=path,
        raw=request.body,
        headers=lower(request.headers),
        method=request.method,
        apart=isinstance(request, DoorRequest),
        ahead=request.ahead if isinstance(request, DoorRequest) else None,
    )
    if query:
        names = ",".join(sorted(name for name, _ in parse_qsl(query, keep_blank_values=True)))
        exchange.notes.append(f"{QUERY_NOTE}{names}"[:200])
    pipeline.run(exchange, unit, platform.handlers)
    belated.arrive(platform, room, unit, exchange)
    told_first = room.name if _settles_and_tells_first(exchange, unit.switches) else ""
    if exchange.silent:
        return Answer(None, told_first=told_first, keys=exchange.keys)
    reply = HttpReply(exchange.status, {**JSON_TYPE, **exchange.answer_headers}, exchange.answer)
    return Answer(reply, exchange.delay_ms, told_first, exchange.manner, exchange.unsealed, exchange.keys)


def _settles_and_tells_first(exchange: Exchange, switches: Switches) -> bool:
    """Whether this 6202 settled by itself and its 6302 is to come before its answer (order-life 9.5)."""
    settles = switches.settle_at == "order" and exchange.schema is not None and exchange.schema.code == "6202"
    first = switches.notices == "before" or (exchange.fault or {}).get("name") == "early_notice"
    return settles and first and exchange.refusal is None and not exchange.error
