"""The CSB gateway signature: HMAC-SHA1 over the four other ``_api_`` headers in the order of their names.

The body is not covered. The window of thirty minutes is the gateway's published default.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulator.wire import gateway
from simulator.wire.errors import WireError

HEADERS: Final = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version", "_api_signature")
WINDOW_MS: Final = 1_800_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called which service: the interface number in some provinces, one constant name in others."""

    access_key: str
    api_name: str
    api_version: str


def headers(
    api_name: str, access_key: str, secret_key: str, *, now_ms: int, api_version: str = "1.0.0"
) -> dict[str, str]:
    """The five headers of one request."""
    signed = dict(zip(HEADERS, (access_key, api_name, str(now_ms), api_version), strict=False))
    return signed | {HEADERS[4]: _signature(signed, secret_key)}


def verify(sent: Mapping[str, str], *, now_ms: int, lookup: gateway.Lookup, window_ms: int = WINDOW_MS) -> Caller:
    """The caller of a request that passes; ``lookup`` gives an access key's secret. Raises ``WireError``."""
    values = gateway.require_headers(sent, HEADERS)
    access_key, api_name, timestamp, api_version, signature = values
    gateway.require_fresh(timestamp, field=HEADERS[2], digits=13, now_ms=now_ms, window_ms=window_ms)
    secret = gateway.secret_of(access_key, lookup, field=HEADERS[0])
    expected = _signature(dict(zip(HEADERS[:4], values, strict=False)), secret)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise WireError("gateway_signature", field=HEADERS[4])
    return Caller(access_key, api_name, api_version)


def _signature(signed: Mapping[str, str], secret_key: str) -> str:
    text = "&".join(f"{name}={signed[name]}" for name in sorted(signed))
    return base64.b64encode(hmac.digest(secret_key.encode(), text.encode(), hashlib.sha1)).decode()
