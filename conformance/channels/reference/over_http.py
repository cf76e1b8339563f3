"""The channel's transport over a real socket. The one door to httpx here.

What went wrong decides what may be concluded: before a connection stood nothing was delivered; after it, anything.
"""

import ssl
from functools import cache

import httpx

from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer, NotDelivered


@cache
def _trust() -> ssl.SSLContext:
    """Whom to trust, read once: reading it takes longer than many an exchange, and each new room is a new address."""
    return httpx.create_ssl_context(trust_env=False)


class HttpTransport:
    """Sends to one base address (scheme, host, port and the path of the room) and keeps its connections open."""

    def __init__(self, base_address: str) -> None:
        self._base = base_address.rstrip("/")
        self._client = httpx.Client(verify=_trust(), trust_env=False, follow_redirects=False)

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        """Send once. Raises ``NoAnswer`` or ``NotDelivered``."""
        try:
            reply = self._client.request(
                request.method, self._base + request.path, content=request.body, headers=dict(request.headers),
                timeout=timeout_ms / 1000,
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as fault:
            raise NotDelivered(f"{type(fault).__name__}: {fault}") from fault
        except httpx.HTTPError as fault:
            raise NoAnswer(f"{type(fault).__name__}: {fault}") from fault
        return HttpReply(reply.status_code, dict(reply.headers), reply.content)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
