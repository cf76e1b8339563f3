"""The TIF gateway signature: SHA-256 over timestamp, secret, nonce and timestamp, in four ``x-tif-`` headers.

The body is not covered. Hex is sent in lower case as the medical clients do and read in either. No text names
the time window; five minutes are ``house``.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from simulator.wire import gateway
from simulator.wire.errors import WireError

HEADERS: Final = ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature")
WINDOW_MS: Final = 300_000


def headers(paasid: str, secret: str, *, now_ms: int, nonce: str) -> dict[str, str]:
    """The four headers of one request; ``nonce`` must be new each time."""
    timestamp = str(now_ms // 1000)
    values = (paasid, timestamp, nonce, _signature(timestamp, secret, nonce))
    return dict(zip(HEADERS, values, strict=True))


def verify(sent: Mapping[str, str], *, now_ms: int, lookup: gateway.Lookup, window_ms: int = WINDOW_MS) -> str:
    """The application code of a request that passes; ``lookup`` gives its secret. Raises ``WireError``."""
    paasid, timestamp, nonce, signature = gateway.require_headers(sent, HEADERS)
    gateway.require_fresh(timestamp, field=HEADERS[1], digits=10, now_ms=now_ms, window_ms=window_ms)
    secret = gateway.secret_of(paasid, lookup, field=HEADERS[0])
    expected = _signature(timestamp, secret, nonce)
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        raise WireError("gateway_signature", field=HEADERS[3])
    return paasid


def _signature(timestamp: str, secret: str, nonce: str) -> str:
    return hashlib.sha256(f"{timestamp}{secret}{nonce}{timestamp}".encode()).hexdigest()
