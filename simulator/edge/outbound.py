"""How notices leave the process: the simulator's one door to httpx."""

from collections.abc import Mapping

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
        with httpx.Client(base_url=url, timeout=timeout_ms / 1000, trust_env=False) as client:
            reply = client.request(method, path, content=body, headers={**_HEADERS, **headers})
            return HttpReply(reply.status_code, dict(reply.headers), reply.content)
    except _UNDELIVERED as fault:
        raise NotDelivered(str(fault)) from fault
    except httpx.HTTPError as fault:
        raise NoAnswer(str(fault)) from fault


def post(url: str, body: bytes, *, timeout_ms: int) -> HttpReply:
    """Post once, follow nothing, read no more than 1 MiB.

    Raises:
        NotDelivered: nobody listens there.
        NoAnswer: no complete answer in time.
    """
    seconds = httpx.Timeout(timeout_ms / 1000)
    try:
        with (
            httpx.Client(timeout=seconds, trust_env=False, verify=url.startswith("https:")) as client,
            client.stream("POST", url, content=body, headers=_HEADERS) as reply,
        ):
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
