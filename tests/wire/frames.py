"""Frames of the channel, sound and bent, and the platform that opens them."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from schemas import jsontext
from simulator.wire import canonical, sm4
from simulator.wire.envelope import Opened
from simulator.wire.errors import WireError
from simulator.wire.sealed import Leniency, open_sealed, seal
from tests.wire.golden import APP_ID, APP_SECRET, CHANNEL, CHANNEL_KEY, PLATFORM, TIMESTAMP

SM4_KEY = sm4.derive_key(APP_ID, APP_SECRET)
DATA = {"payOrdId": "ORD440100202601011159300000001", "userName": "测试", "rows": [{"cnt": jsontext.parse("2.00")}]}
PLAIN = replace(CHANNEL, enc_type="plain")


def frame(**changes: Any) -> dict[str, Any]:
    """A sound request of the channel, with fields changed or (None) taken away afterwards."""
    fields: Any = jsontext.parse(seal(CHANNEL, DATA, timestamp=TIMESTAMP))
    return {name: value for name, value in (fields | changes).items() if value is not None}


def signed_frame(data_text: str | bytes, sign_text: bytes | None = None, **envelope: Any) -> bytes:
    """A frame of a client that seals exactly this clear text, and signs as the specification or as told."""
    outer = {"appId": APP_ID, "timestamp": TIMESTAMP, "version": "2.0.1", "encType": "SM4", "signType": "SM2"}
    outer |= envelope
    clear = data_text.encode() if isinstance(data_text, str) else data_text
    if sign_text is None:
        sign_text = canonical.sign_text(outer, jsontext.parse(clear), APP_SECRET)
    outer["encData"] = sm4.encrypt(SM4_KEY, clear)
    outer["signData"] = base64.b64encode(CHANNEL_KEY.sign(sign_text)).decode()
    return jsontext.compact(outer)


def opened(raw: Any, **leniency: Any) -> Opened:
    source = raw if isinstance(raw, bytes) else jsontext.compact(raw)
    return open_sealed(source, PLATFORM, lenient=Leniency(**leniency))


def refusal(raw: Any, *, how: Callable[..., Opened] = open_sealed, **leniency: Any) -> WireError:
    source = raw if isinstance(raw, bytes) else jsontext.compact(raw)
    with pytest.raises(WireError) as fault:
        how(source, PLATFORM, lenient=Leniency(**leniency))
    return fault.value
