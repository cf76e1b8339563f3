"""The answer in its outer frame: what was asked for, a refusal in the form of its surface, or our own fault."""

from collections.abc import Mapping
from typing import Literal, TypedDict

from schemas import jsontext
from simulator.domain.moment import stamp14
from simulator.domain.rules import Switches
from simulator.exchange import OUR_FAULT_ZH, Exchange
from simulator.refusal import wording
from simulator.stages import single, wrapped
from simulator.stages.registry import credentials
from simulator.stages.routing import INSTITUTION
from simulator.stages.striking import answers_in_clear, signs_too_late, signs_wrongly, told_ms
from simulator.store.unit import RoomUnit
from simulator.wire import gateway, institution
from simulator.wire.apart import Unsealed, sealed_now
from simulator.wire.errors import WireError

OK_ZH = "成功"
STREAM_TYPE = "application/octet-stream"
_OUR_FAULT = (-1, OUR_FAULT_ZH)


def seal(exchange: Exchange, unit: RoomUnit) -> bytes:
    """The body to answer with; sets the HTTP status where the surface has one of its own."""
    refused = exchange.refusal
    if exchange.surface != INSTITUTION and not exchange.wrapped:
        return _sealed(exchange, unit)
    if isinstance(refused, WireError) and refused.rule.startswith("gateway_"):
        exchange.status = gateway.REFUSED
        return gateway.refusal(refused)
    no = _no(exchange)
    if exchange.content is not None and no is None:
        exchange.answer_headers["content-type"] = STREAM_TYPE
        return exchange.content
    infcode_as: Literal["number", "string"] = "string" if unit.switches.infcode == "string" else "number"
    framed = institution.answer_frame(
        -1 if no else 0,
        inf_refmsgid=institution.refmsgid(unit.city.admdvs, unit.now_ms, unit.next_line()),
        received_ms=told_ms(exchange, unit.now_ms),
        responded_ms=told_ms(exchange, unit.now_ms),
        err_msg=no[1] if no else "",
        output=None if no else wrapped.output(exchange.output) if exchange.wrapped else exchange.output,
        infcode_as=infcode_as,
    )
    return wrapped.relayed(framed, unit.switches) if exchange.wrapped else framed


def _sealed(exchange: Exchange, unit: RoomUnit) -> bytes:
    no = _no(exchange)
    code, message = no or (0, exchange.message or OK_ZH)
    trans_type = _trans_type(exchange)
    if exchange.channel is None:
        return bare(code, message)
    data: Mapping[str, object] | None = None if no else exchange.output
    plain = not exchange.sealed or answers_in_clear(exchange)
    own = credentials(
        exchange.channel,
        unit.now_ms,
        plain=plain,
        foreign=signs_wrongly(exchange),
        retired=signs_too_late(exchange),
    )
    unsealed = Unsealed(
        own.app_id,
        own.app_secret,
        own.private.scalar,
        own.enc_type,
        data,
        timestamp=stamp14(told_ms(exchange, unit.now_ms)),
        trans_type=trans_type,
        code=code,
        message=message,
        success=no is None,
        **habits(unit.switches),
    )
    if exchange.apart and exchange.armed is None:
        exchange.unsealed = unsealed
        return b""
    return sealed_now(unsealed)


def _trans_type(exchange: Exchange) -> str | None:
    """The interface's own, or on the one address of V-C the operation that was asked for."""
    if exchange.path == single.PATH and exchange.call:
        asked = exchange.call.envelope.get("transType")
        return asked if isinstance(asked, str) and asked in (*single.OPERATIONS, *single.UNPUBLISHED) else None
    return (exchange.schema.trans_type or None) if exchange.schema else None


class Habits(TypedDict):
    """How the platform writes a sealed frame where live platforms differ (online-payment 2.5 D1, D5)."""

    signed_as: Literal["numbers", "strings"]
    hex_as: Literal["upper", "lower"]


def habits(switches: Switches) -> Habits:
    """The room's choice of them."""
    return Habits(
        signed_as="strings" if switches.signed_as == "strings" else "numbers",
        hex_as="lower" if switches.hex_case == "lower" else "upper",
    )


def bare(code: int, message: str) -> bytes:
    """A refusal nobody stands behind, for a sender whose keys are not known."""
    return jsontext.compact({"code": code, "message": message, "success": False})


def _no(exchange: Exchange) -> tuple[int, str] | None:
    """Code and text of a refusal or of our own fault; None when all went well."""
    if exchange.error:
        return _OUR_FAULT
    if exchange.refusal is None:
        return None
    words = wording(exchange.refusal)
    return words.code or -1, words.zh
