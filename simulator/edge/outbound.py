"""How notices leave the process: the simulator's one door to httpx."""

from collections.abc import Mapping
from functools import lru_cache

import httpx

from simulator.wire.transport import HttpReply, NoAnswer, NotDelivered

_HEADERS = {"content-type": "application/json;charset=utf-8"}
_MAX_REPLY_BYTES = 1024 * 1024
_UNDELIVERED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)


def ask(url: str, method: str, path: str, headers: Mapping[str, str], body: bytes, *, timeout_ms: int) -> HttpReply:
    """Send a control call to a running simulator and read its whole answer, however long.

    Raises:
        NotDelivered: nobody listens there.
        NoAnswer: no complete answer in time.
    """
    try:
        secure = url.startswith("https:")
        with httpx.Client(base_url=url, timeout=timeout_ms / 1000, trust_env=False, verify=secure) as client:
            reply = client.request(method, path, content=body, headers={**_HEADERS, **headers})
            return HttpReply(reply.status_code, dict(reply.headers), reply.content)
    except _UNDELIVERED as fault:
        raise NotDelivered(str(fault)) from fault
    except httpx.HTTPError as fault:
        raise NoAnswer(str(fault)) from fault


@lru_cache(2)
def _client(secure: bool) -> httpx.Client:
    """One for all notices, since making one costs more than a notice; a connection serves a single notice, so that none
    is ever lost on one that the other side had given up."""
    return httpx.Client(trust_env=False, verify=secure, limits=httpx.Limits(max_keepalive_connections=0))


def post(url: str, body: bytes, *, timeout_ms: int) -> HttpReply:
    """Post once, follow nothing, read no more than 1 MiB.

    Raises:
        NotDelivered: nobody listens there.
        NoAnswer: no complete answer in time.
    """
    seconds = httpx.Timeout(timeout_ms / 1000)
    try:
        with _client(url.startswith("https:")).stream(
            "POST", url, content=body, headers=_HEADERS, timeout=seconds
        ) as reply:
            read = b""
            for chunk in reply.iter_bytes():
                read += chunk
                if len(read) > _MAX_REPLY_BYTES:
                    raise NoAnswer("the answer is longer than 1 MiB")
            return HttpReply(reply.status_code, dict(reply.headers), read)
    except _UNDELIVERED as fault:
        raise NotDelivered(str(fault)) from fault
    except httpx.HTTPError as fault:
        raise NoAnswer(str(fault)) from fault
