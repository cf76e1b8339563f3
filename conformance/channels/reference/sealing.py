"""How frames are protected, sealed or signed at the gateway, how they are read, and which answers fit the question."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.channels.reference.settings import Settings
from schemas.loader import InterfaceSchema
from simulator.wire import csb, sealed, tif
from simulator.wire.envelope import Opened
from simulator.wire.errors import WireError
from simulator.wire.sealed import Leniency
from simulator.wire.timestamps import digits14

Json = dict[str, Any]


def address(interface: InterfaceSchema, data: Json) -> str:
    """Where a message is posted: the path of its interface, and nothing of its content."""
    return interface.path


def seal(settings: Settings, interface: InterfaceSchema, data: Json, now_ms: int) -> bytes:
    """A request in the sealed frame, or clear when the settings say so."""
    credentials = settings.credentials if settings.sealed else replace(settings.credentials, enc_type=sealed.PLAIN)
    return sealed.seal(credentials, data, timestamp=digits14(now_ms), trans_type=interface.trans_type)


def sign_at_gateway(settings: Settings, infno: str, nonce: str, now_ms: int) -> dict[str, str]:
    """The headers by which the gateway in front of the institution interfaces knows us."""
    gateway = settings.gateway
    if gateway.kind == "tif":
        return tif.headers(gateway.key, gateway.secret, now_ms=now_ms, nonce=nonce)
    if gateway.kind == "csb":
        return csb.headers(infno, gateway.key, gateway.secret, now_ms=now_ms)
    return {}


def open_answer(settings: Settings, raw: bytes) -> Opened:
    """An answer whose signature holds. Raises ``WireError``; a bare error comes back unsigned."""
    return sealed.open_answer(raw, settings.credentials, lenient=Leniency(plain=not settings.sealed))


def open_notice(settings: Settings, raw: bytes) -> Opened:
    """A notice whose signature holds. Raises ``WireError``."""
    return sealed.open_sealed(raw, settings.credentials, lenient=Leniency(plain=not settings.sealed))


def by_any(read: Callable[[Settings, bytes], Opened], usable: tuple[Settings, ...], raw: bytes) -> Opened:
    """What was sent to us, by the first of our keys that opens it. Raises the first key's ``WireError``."""
    for settings in usable:
        with contextlib.suppress(WireError):
            return read(settings, raw)
    return read(usable[0], raw)


def misfit(code: str, asked: Json, answer: Json) -> str:
    """Why an answer cannot belong to our question: another order's, another message's, another person's."""
    for ours, theirs in _echoes(code, asked, answer):
        if ours != theirs:
            return f"the answer speaks of {theirs!r}, we asked about {ours!r}"
    return ""


def _echoes(code: str, asked: Json, answer: Json) -> list[tuple[object, object]]:
    if code in ("6202", "6301"):
        return [(asked["payOrdId"], answer.get("payOrdId"))]
    if code == "house.auth.query":
        return [(asked["reqBizNo"], answer.get("reqBizNo"))]
    if code in ("2101", "2102"):
        return [(asked["druginfo"]["psn_no"], answer["setlinfo"]["psn_no"])]
    return []
