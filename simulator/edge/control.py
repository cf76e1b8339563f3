"""The control API: JSON over the same function in process and over HTTP, behind one bearer token.

Rooms, clocks, faults, the person, the world, the courier and the books. This module matches addresses, keeps each call
all-or-nothing and words what went wrong; the verbs stand in the ``control_*`` modules.
"""

import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from schemas import jsontext
from simulator.assembly import Platform
from simulator.domain.refused import Refusal
from simulator.edge import control_acts, control_books, control_rooms, courier, memory, trimming
from simulator.edge.asking import MISSING, Ask, Raw, Verb
from simulator.exchange import Json
from simulator.misuse import Misuse
from simulator.refusal import wording
from simulator.wire.transport import HttpReply, HttpRequest

JSON_TYPE = {"content-type": "application/json;charset=utf-8"}
OK, CREATED, UNAUTHORISED = 200, 201, 401
ROUTES = (*control_rooms.ROUTES, *control_acts.ROUTES, *control_books.ROUTES, *memory.ROUTES, *trimming.ROUTES)


def answer(platform: Platform, request: HttpRequest) -> HttpReply:
    """Answer one control call; a call that fails changes nothing."""
    path, _, query = request.path.partition("?")
    if not authorised(platform, request):
        return _unauthorised()
    platform.store.savepoint()
    try:
        verb, args = _find(request.method, path)
        told = verb(Ask(platform=platform, args=args, query=dict(parse_qsl(query)), body=body_of(request)))
    except Misuse as wrong:
        platform.store.undo()
        return reply(wrong.status, wrong.body())
    except Refusal as no:
        platform.store.undo()
        words = wording(no)
        status = words.code if 400 <= words.code < 500 else 422
        return reply(status, {"error": {"field": no.field, "rule": no.rule, "zh": words.zh, "en": words.en}})
    except BaseException:
        platform.store.undo()
        raise
    platform.store.keep()
    return reply(CREATED if request.method == "POST" and path.count("/") == 2 else OK, told)


RUN_COURIER = re.compile(r"/control/rooms/(?P<room>[^/]+)/courier/run\Z")


def runs_courier(request: HttpRequest) -> bool:
    """Whether this call sends notices. It commits by itself and must be answered without holding the lock."""
    return request.method == "POST" and RUN_COURIER.match(request.path.partition("?")[0]) is not None


def run_courier(platform: Platform, request: HttpRequest) -> HttpReply:
    """Deliver due notices: ``until_idle`` false takes only those due at the start."""
    if not authorised(platform, request):
        return _unauthorised()
    found = RUN_COURIER.match(request.path.partition("?")[0])
    assert found is not None
    name = unquote(found["room"])
    try:
        body = body_of(request)
        with platform.lock:
            if platform.store.room(name) is None:
                raise Misuse("room", f"没有房间{name[:40]}", f"there is no room {name[:40]}", MISSING)
    except Misuse as wrong:
        return reply(wrong.status, wrong.body())
    return reply(OK, {"delivered": courier.run(platform, name, until_idle=body.get("until_idle") is not False)})


def reply(status: int, told: object) -> HttpReply:
    """A control answer."""
    return HttpReply(status, dict(JSON_TYPE), told.body if isinstance(told, Raw) else jsontext.compact(told))


def _find(method: str, path: str) -> tuple[Verb, Mapping[str, str]]:
    allowed = set()
    for route in ROUTES:
        if found := route.path.match(path):
            if route.method == method:
                return route.verb, {name: unquote(value) for name, value in found.groupdict().items()}
            allowed.add(route.method)
    if allowed:
        listed = ", ".join(sorted(allowed))
        raise Misuse("method", f"该地址只接受{listed}", f"this address takes {listed}", 405)
    raise Misuse("path", f"没有该控制地址：{path[:100]}", f"no such control address: {path[:100]}", MISSING)


def _unauthorised() -> HttpReply:
    wrong = Misuse("Authorization", "缺少或错误的控制令牌", "missing or wrong control token", UNAUTHORISED)
    return reply(wrong.status, wrong.body())


def authorised(platform: Platform, request: HttpRequest) -> bool:
    """Whether the call carries the control token, compared in constant time."""
    if platform.control_token is None:
        return True
    sent = next((value for name, value in request.headers.items() if name.lower() == "authorization"), "")
    return hmac.compare_digest(sent.encode(), f"Bearer {platform.control_token}".encode())


def body_of(request: HttpRequest) -> Json:
    """The JSON object of a request; empty when it has no body.

    Raises:
        Misuse: it is something else.
    """
    if not request.body:
        return {}
    try:
        document = jsontext.parse(request.body)
    except jsontext.JsonError as fault:
        raise Misuse("body", f"请求体不是合法JSON：{fault}", f"the body is not JSON: {fault}") from None
    if not isinstance(document, dict):
        raise Misuse("body", "请求体应为JSON对象", "the body must be a JSON object")
    return document
