"""Sending one message and judging what comes back. Nothing here repeats anything: that is decided by who asked.

Three surfaces: the sealed one (pay centre, e-voucher), the institution frame behind its gateway, and the cash desk.
"""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, cast

from conformance.channels.reference import composing, sealing
from conformance.channels.reference.orders import Order
from conformance.channels.reference.outcomes import Answered, Outcome, Refused, Silent, Undelivered
from conformance.channels.reference.parts import Context, Json
from schemas import jsontext
from schemas.loader import InterfaceSchema, interface
from simulator.wire import institution
from simulator.wire.errors import WireError
from simulator.wire.institution import Frame, ParsedAnswer
from simulator.wire.timestamps import digits14
from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer, NotDelivered

JSON = {"content-type": "application/json;charset=utf-8"}
MOBILE_TERMINAL = "3"
NO_SUCH_PAYMENT = 404
DESK_REFUSALS = (400, 401, 403, 404, 409, 422)
"""HTTP statuses by which the cash desk says no; any other but 200 says nothing."""


def call(ctx: Context, code: str, order: Order, *, msgid: str = "") -> Outcome:
    """Send the message ``code`` about an order, on whichever surface it lives.

    ``msgid`` names an institution message that was noted before; without it a fresh one is used.
    """
    told = interface(code)
    if told.surface != "institution":
        return sealed(ctx, told, ctx.compose(code, order))
    insured_at = order.payer.insuplc_admdvs if order.payer else ""

    def send(sign_no: str) -> Outcome:
        return framed(
            ctx, told, order.org, ctx.compose(code, order), msgid=msgid or fresh_msgid(ctx, order.org), sign_no=sign_no,
            insuplc_admdvs=insured_at,
        )  # fmt: skip

    return _signed_in_and_sent(ctx, order.org, send, once=bool(msgid))


def sealed(ctx: Context, told: InterfaceSchema, data: Json) -> Outcome:
    """One sealed exchange."""
    usable = ctx.parts.keys(ctx.settings, ctx.now_ms())
    raw = ctx.parts.seal(usable[0], told, data, ctx.now_ms())
    reply = _send(ctx, HttpRequest("POST", ctx.parts.address(told, data), JSON, raw))
    if not isinstance(reply, HttpReply):
        return reply
    try:
        opened = sealing.by_any(ctx.parts.open_answer, usable, reply.body)
    except WireError as fault:
        return Silent(str(fault))
    if opened.refused:
        return Refused(opened.message or f"code {opened.code}", signed=opened.signed or not ctx.settings.sealed)
    return _checked(ctx, told, data, opened.data or {})


def framed(
    ctx: Context, told: InterfaceSchema, org: str, content: Json, *, msgid: str, sign_no: str = "",
    insuplc_admdvs: str = "",
) -> Outcome:  # fmt: skip
    """One exchange in the institution frame. Its answers carry no signature: the gateway's line is trusted."""
    reply = _posted(ctx, told, org, content, msgid=msgid, sign_no=sign_no, insuplc_admdvs=insuplc_admdvs)
    return _read(ctx, told, content, reply, msgid) if isinstance(reply, HttpReply) else reply


def for_shop(ctx: Context, code: str, org: str, content: Json) -> Outcome:
    """A message of the shop's own, about no order: statements and files. Signs in if need be."""

    def send(sign_no: str) -> Outcome:
        return framed(ctx, interface(code), org, content, msgid=fresh_msgid(ctx, org), sign_no=sign_no)

    return _signed_in_and_sent(ctx, org, send)


def _signed_in_and_sent(ctx: Context, org: str, send: Callable[[str], Outcome], *, once: bool = False) -> Outcome:
    """Send under today's sign-in. Where the centre has ended it meanwhile, nothing was done: sign in and say it again.

    ``once``: the message id is noted already and was used by this try, so that the repeat is the caller's.
    """
    for _ in range(2):
        sign_no = ctx.parts.signed_in(ctx, org)
        if not isinstance(sign_no, str):
            return sign_no
        outcome = send(sign_no)
        if not (isinstance(outcome, Refused) and ctx.parts.signed_out(outcome.why)):
            return outcome
        ctx.notebook.keep_sign_no(org, "", "")
        if once:
            return Undelivered(outcome.why)
    return outcome


def signed_out(why: str) -> bool:
    """Whether a refusal says that the sign-in is over (9.10). No text names a code for it, so its words decide."""
    return "签到" in why


def fetched(ctx: Context, org: str, content: Json) -> bytes | Outcome:
    """9102: the bytes of a file; only a refusal comes in the institution frame (institution-interfaces 1.5)."""
    sign_no = ctx.parts.signed_in(ctx, org)
    return fetch(ctx, org, content, sign_no=sign_no) if isinstance(sign_no, str) else sign_no


def fetch(ctx: Context, org: str, content: Json, *, sign_no: str) -> bytes | Outcome:
    """``fetched`` for an operator who has signed in."""
    told, msgid = interface("9102"), fresh_msgid(ctx, org)
    reply = _posted(ctx, told, org, content, msgid=msgid, sign_no=sign_no)
    if not isinstance(reply, HttpReply):
        return reply
    kind = next((value for name, value in reply.headers.items() if name.lower() == "content-type"), "")
    return reply.body if kind.startswith("application/octet-stream") else _read(ctx, told, content, reply, msgid)


def _posted(
    ctx: Context, told: InterfaceSchema, org: str, content: Json, *, msgid: str, sign_no: str, insuplc_admdvs: str = ""
) -> HttpReply | Silent | Undelivered:
    shop, now_ms = ctx.settings.shops[org], ctx.now_ms()
    frame = Frame(
        infno=told.code, msgid=msgid, mdtrtarea_admvs=shop.admdvs, insuplc_admdvs=insuplc_admdvs,
        opter_type=MOBILE_TERMINAL, opter=ctx.settings.opter, opter_name=ctx.settings.opter_name,
        inf_time=composing.datetime19(now_ms), fixmedins_code=org, fixmedins_name=shop.fixmedins_name, sign_no=sign_no,
        input=content,
    )  # fmt: skip
    nonce = f"{ctx.settings.serial_prefix}{ctx.notebook.next_number('nonce'):016d}"
    headers = {**JSON, **ctx.parts.sign_at_gateway(ctx.settings, told.code, nonce, now_ms)}
    address = ctx.parts.address(told, content)
    return _send(ctx, HttpRequest("POST", address, headers, institution.request_frame(frame)))


def _read(ctx: Context, told: InterfaceSchema, content: Json, reply: HttpReply, msgid: str) -> Outcome:
    try:
        answer = institution.parse_answer(reply.body)
    except WireError as fault:
        return Silent(str(fault))
    return _judged(ctx, told, content, answer, msgid)


def _judged(ctx: Context, told: InterfaceSchema, content: Json, answer: ParsedAnswer, msgid: str) -> Outcome:
    if answer.infcode is None:
        return Undelivered(answer.err_msg or "refused by the gateway")
    if not answer.succeeded:
        return Refused(answer.err_msg or f"infcode {answer.infcode}")
    outcome = _checked(ctx, told, content, answer.output)
    if told.code == "2102" and isinstance(outcome, Answered):
        settled = outcome.data["setlinfo"]["medins_setl_id"]
        return outcome if settled == msgid else Silent(f"the answer settles {settled!r}, we sent {msgid!r}")
    return outcome


def _checked(ctx: Context, told: InterfaceSchema, asked: Json, data: Json) -> Outcome:
    misses = told.check_output(data)
    if misses:
        return Silent(misses[0].en)
    why = ctx.parts.misfit(told.code, asked, data)
    return Silent(why) if why else Answered(data)


def signed_in(ctx: Context, org: str) -> str | Outcome:
    """Today's sign-in number of our operator at a pharmacy; signs in when there is none yet."""
    day = digits14(ctx.now_ms())[:8]
    sign_no = ctx.notebook.sign_no(org, day)
    if sign_no:
        return sign_no
    outcome = framed(
        ctx, interface("9001"), org, composing.sign_in(ctx.settings), msgid=fresh_msgid(ctx, org)
    )  # fmt: skip
    if not isinstance(outcome, Answered):
        return outcome
    sign_no = str(outcome.data["signinoutb"]["sign_no"])
    ctx.notebook.keep_sign_no(org, day, sign_no)
    return sign_no


def fresh_msgid(ctx: Context, org: str) -> str:
    """A message id nobody of us used before."""
    return ctx.parts.msgid(org, institution.msgid(org, ctx.now_ms(), ctx.notebook.next_number("msgid")))


def cash_desk(ctx: Context, action: str, body: Mapping[str, object]) -> Outcome:
    """Ask the cash desk: ``open``, ``query`` or ``refund``. A refusal is the desk's own word, not a proof."""
    headers = JSON | {"authorization": f"Bearer {ctx.settings.cash_token}"}
    request = HttpRequest("POST", f"{ctx.settings.cash_path}/{action}", headers, jsontext.compact(body))
    reply = _send(ctx, request, refusals=DESK_REFUSALS)
    if not isinstance(reply, HttpReply):
        return reply
    try:
        answer = cast("dict[str, Any]", jsontext.parse(reply.body))
    except jsontext.JsonError as fault:
        return Silent(str(fault))
    if reply.status != 200:
        return Refused(str(answer.get("message", reply.status)), unknown=reply.status == NO_SUCH_PAYMENT)
    if body.get("outTradeNo") != answer.get("outTradeNo"):
        return Silent("the cash desk speaks of another payment")
    return Answered(answer)


def _send(ctx: Context, request: HttpRequest, refusals: tuple[int, ...] = ()) -> HttpReply | Silent | Undelivered:
    """Send once. Any status but 200 is a failed transport; what the body then says proves nothing."""
    try:
        reply = ctx.transport.send(request, timeout_ms=ctx.settings.timeout_ms)
    except NoAnswer as fault:
        return Silent(str(fault) or "no answer")
    except NotDelivered as fault:
        return Undelivered(str(fault) or "not delivered")
    if reply.status == 200 or reply.status in refusals:
        return reply
    wait_ms = _retry_after_ms(ctx, reply.headers)
    if reply.status == 401:
        return Undelivered("HTTP 401 from the gateway", wait_ms)
    return Silent(f"HTTP {reply.status}", wait_ms)


def _retry_after_ms(ctx: Context, headers: Mapping[str, str]) -> int:
    """How long the platform asks us to stay away; seconds or a date, zero when it says nothing."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if text.isdigit():
        return int(text) * 1000
    try:
        until = parsedate_to_datetime(text) if text else None
    except ValueError:
        return 0
    return max(0, int(until.timestamp()) * 1000 - ctx.now_ms()) if until else 0
