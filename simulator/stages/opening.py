"""From bytes to an attributed, clear message: gateway signature or seal, and whose it is.

Whatever can be read is left in the exchange before anything is refused, so that badly signed traffic still tells the
journal who claimed to send it.
"""

from collections.abc import Callable, Mapping

from simulator.domain.records import Channel
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Exchange
from simulator.stages import single, wrapped
from simulator.stages.registry import credentials, earlier, registry
from simulator.stages.routing import INSTITUTION
from simulator.store.unit import RoomUnit
from simulator.wire import csb, form, institution, tif
from simulator.wire.apart import Keys
from simulator.wire.envelope import Opened, Peeked, peek
from simulator.wire.errors import WireError
from simulator.wire.institution import ParsedFrame
from simulator.wire.sealed import PLAIN, Leniency, open_sealed
from simulator.wire.timestamps import is_fresh

ORG_FIELDS = ("orgCodg", "orgId", "fixmedinsCode")
"""How sealed data names the institution: pay centre, e-voucher, prescription centre."""
EARLIER_KEY = "signed with the earlier key"
_SHOWN = 40
_OUTSIDE = ("appId", "timestamp", "version", "encType", "signType", "transType")


def open_request(exchange: Exchange, unit: RoomUnit) -> None:
    """Open the message in its surface's frame.

    Raises:
        WireError: form, signature, freshness.
        Refusal: ``foreign_institution`` for an unsigned institution frame nobody here may send.
    """
    if exchange.surface == INSTITUTION:
        _open_institution(exchange, unit)
    elif wrapped.comes_so(exchange.surface, exchange.path, single.PATH, unit.switches):
        _open_wrapped(exchange, unit)
    else:
        _open_sealed(exchange, unit)


def _open_sealed(exchange: Exchange, unit: RoomUnit) -> None:
    peeked = exchange.ahead.peeked if exchange.ahead else peek(exchange.raw)
    exchange.request = {name: peeked.envelope[name] for name in _OUTSIDE if name in peeked.envelope}
    exchange.sealed = peeked.enc_type != PLAIN
    channel = exchange.channel = registry(unit).by_app.get(peeked.app_id)
    if channel is None:
        raise WireError("unknown_app", field="appId")
    lenient = Leniency(plain=unit.switches.plain)
    opened = _verified(exchange, channel, peeked, lenient, unit.now_ms)
    exchange.notes.extend(opened.notes)
    exchange.call = _sealed_call(exchange, channel, peeked, opened)
    window_ms = unit.switches.seal_window_ms
    if opened.timestamp_ms is None or not is_fresh(opened.timestamp_ms, unit.now_ms, window_ms):
        raise WireError("stale_timestamp", field="timestamp", window_ms=window_ms)


def _verified(exchange: Exchange, channel: Channel, peeked: Peeked, lenient: Leniency, now_ms: int) -> Opened:
    """Opened by the channel's key, or by its earlier one while that is still good, which is noted."""
    keys = Keys(channel.app_id, channel.app_secret, channel.public_key, lenient.plain)
    if exchange.ahead:
        if exchange.ahead.keys == keys:
            return exchange.ahead.opened
        peeked = peek(exchange.raw)
    exchange.keys = keys if exchange.apart else None
    known = credentials(channel, now_ms, plain=not exchange.sealed)
    try:
        return open_sealed(peeked, known, lenient=lenient)
    except WireError as fault:
        before = earlier(channel, now_ms, known)
        if before is None or fault.rule != "bad_signature":
            raise
    opened = open_sealed(peeked, before, lenient=lenient)
    exchange.notes.append(EARLIER_KEY)
    return opened


def _sealed_call(exchange: Exchange, channel: Channel, peeked: Peeked, opened: Opened) -> Call:
    data = opened.data or {}
    exchange.request = data
    exchange.signature = opened.signature
    named = next((data[name] for name in ORG_FIELDS if data.get(name)), "")
    return Call(
        code="",
        data=data,
        channel=channel,
        org_codg=named if isinstance(named, str) else "",
        envelope={
            name: value for name, value in peeked.envelope.items() if name not in ("data", "encData", "signData")
        },
    )


def _open_institution(exchange: Exchange, unit: RoomUnit) -> None:
    frame, broken = _frame(exchange)
    signed = _gateway(exchange, unit)
    if broken is not None:
        exchange.channel = signed
        raise broken
    assert frame is not None
    channel = exchange.channel = signed or registry(unit).acting_for(frame.fixmedins_code)
    if channel is None:
        raise Refusal("foreign_institution", "fixmedins_code", value=frame.fixmedins_code[:_SHOWN])
    exchange.notes.extend(frame.notes)
    exchange.call = Call(
        code=frame.infno,
        data=frame.input,
        channel=channel,
        org_codg=frame.fixmedins_code,
        msgid=frame.msgid,
        envelope={name: value for name, value in frame.envelope.items() if name != "input"},
    )


def _open_wrapped(exchange: Exchange, unit: RoomUnit) -> None:
    """V-B: the institution's frame on an address of the pay centre."""
    exchange.wrapped = True
    frame, org, data = wrapped.read(exchange.raw)
    exchange.request, exchange.msgid = frame.input, frame.msgid
    channel = exchange.channel = _gateway(exchange, unit) or registry(unit).acting_for(org)
    if channel is None or org not in channel.orgs:
        raise Refusal("foreign_institution", "medins_code", value=org[:_SHOWN])
    exchange.notes.extend(frame.notes)
    named = data.get("orgCodg")
    exchange.call = Call(
        code=frame.infno,
        data=data,
        channel=channel,
        org_codg=named if named and isinstance(named, str) else org,
        msgid=frame.msgid,
        envelope={name: value for name, value in frame.envelope.items() if name != "input"},
    )


def _frame(exchange: Exchange) -> tuple[ParsedFrame | None, WireError | None]:
    try:
        frame = _read_frame(exchange)
    except WireError as broken:
        return None, broken
    exchange.request, exchange.msgid = frame.input, frame.msgid
    return frame, None


def _read_frame(exchange: Exchange) -> ParsedFrame:
    """The envelope, from the body itself or from a form that carries a file beside it."""
    content_type = exchange.headers.get("content-type", "")
    if not form.is_form(content_type):
        return institution.parse_frame(exchange.raw)
    envelope, file = form.open_form(exchange.raw, content_type)
    frame = institution.parse_frame(envelope)
    node = frame.input.get(form.NODE)
    if isinstance(node, dict):
        node[form.FIELD] = file
    return frame


def _gateway(exchange: Exchange, unit: RoomUnit) -> Channel | None:
    """The channel that signed at the gateway; None for an unsigned message where those are accepted."""
    known, sent = registry(unit), exchange.headers
    window_ms = unit.switches.gateway_window_ms
    exchange.sealed = True
    if any(name.startswith("_api_") for name in sent):
        secret_of = _secrets(known.by_access_key, lambda channel: channel.secret_key)
        caller = csb.verify(sent, now_ms=unit.now_ms, lookup=secret_of, window_ms=window_ms)
        return known.by_access_key[caller.access_key]
    if not unit.switches.plain or any(name.startswith("x-tif-") for name in sent):
        secret_of = _secrets(known.by_paasid, lambda channel: channel.paas_secret)
        return known.by_paasid[tif.verify(sent, now_ms=unit.now_ms, lookup=secret_of, window_ms=window_ms)]
    exchange.sealed = False
    return None


def _secrets(channels: Mapping[str, Channel], secret: Callable[[Channel], str]) -> Callable[[str], str | None]:
    def lookup(name: str) -> str | None:
        channel = channels.get(name)
        return secret(channel) if channel else None

    return lookup
