"""The door of the cash desk a channel uses (house): JSON in fen, a bearer token per channel."""

import hmac

from schemas import jsontext
from simulator.domain import cash
from simulator.domain.records import Channel
from simulator.domain.refused import Refusal
from simulator.exchange import Json
from simulator.faults.armed import Armed, pick
from simulator.journal.line import effects, hidden, key_ids, write
from simulator.refusal import wording
from simulator.stages.handling import effects as undoable
from simulator.stages.registry import registry
from simulator.store.unit import RoomUnit
from simulator.wire.transport import HttpReply, HttpRequest

_JSON_TYPE = {"content-type": "application/json;charset=utf-8"}
_BAD_TOKEN = "收银台令牌无效，请使用登记信息中的cashDesk.token"
OK, UNAUTHORISED, UNPROCESSABLE = 200, 401, 422


_PLACE = "cash_answer"


def answer(unit: RoomUnit, act: str, request: HttpRequest) -> HttpReply | None:
    """Open, query or refund; refusals answer ``{code, message, rule}`` with an HTTP status of their kind.

    None: it is done, and a fault swallowed the answer.
    """
    channel = _bearer(unit, request)
    body = _body(request)
    refusal: Json | None = None
    if channel is None:
        status, told = UNAUTHORISED, {"code": UNAUTHORISED, "message": _BAD_TOKEN, "rule": "cash_token"}
    elif act not in cash.DESK or request.method != "POST":
        status, told = 404, {"code": 404, "message": "收银台只有open、query、refund", "rule": "unknown_interface"}
    else:
        try:
            with undoable(unit):
                status, told = OK, cash.DESK[act](unit, channel, body)
        except Refusal as no:
            words = wording(no)
            status = words.code
            told = {"code": words.code, "message": words.zh, "rule": no.rule, "field": no.field}
            refusal = {"rule": no.rule, "stage": "handle", "field": no.field, **words.journalled()}
    lost = pick(unit, place=_PLACE, code=f"cash.{act}", keys=body) if status == OK else None
    _note(unit, act, channel, body, told, status, refusal, lost)
    if lost:
        return None
    return HttpReply(status, dict(_JSON_TYPE), jsontext.compact(told))


def _bearer(unit: RoomUnit, request: HttpRequest) -> Channel | None:
    sent = next((value for name, value in request.headers.items() if name.lower() == "authorization"), "")
    found = None
    for channel in registry(unit).by_app.values():
        if hmac.compare_digest(f"Bearer {channel.cash_token}".encode(), sent.encode()):
            found = channel
    return found


def _body(request: HttpRequest) -> Json:
    try:
        document = jsontext.parse(request.body)
    except jsontext.JsonError:
        return {}
    return document if isinstance(document, dict) else {}


def _note(
    unit: RoomUnit, act: str, channel: Channel | None, body: Json, told: Json, status: int, refusal: Json | None,
    lost: Armed | None,
) -> None:  # fmt: skip
    write(
        unit,
        {
            "direction": "in",
            "surface": "cash",
            "code": f"cash.{act}"[:40],
            "appId": channel.app_id if channel else "",
            "channel": channel.name if channel else "",
            "keys": key_ids(body),
            "request": hidden(unit, body),
            "answer": hidden(unit, told),
            "status": status,
            "outcome": "silent" if lost else "ok" if status == OK else "refused",
            "kept": status == OK,
            "refusal": refusal,
            "fault": lost.mark() if lost else None,
            "effect": effects(unit.posted),
        },
    )
