"""A channel behind an address: each question of the contract is ``POST ADDRESS/VERB``, its body and answer plain JSON.

Whoever runs the channel starts it and ends it; after a crash it was told to have, it is waited for until it is back.
"""

import os
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from conformance.drivers.command import IN_THE_INBOX, LIMITS_MS, OTHER_LIMIT_MS
from conformance.drivers.driver import Answer, DriverFault, crashed
from schemas import jsontext

TOKEN: Final = "YIBAO_DRIVER_TOKEN"
"""Environment variable; when set, its value goes with each question as a bearer token."""
BACK_LIMIT_MS: Final = 20_000
LOOK_AGAIN_MS: Final = 100
SHOWN_CHARS: Final = 120
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class OverHttp:
    """Drives the channel behind ``http://127.0.0.1:PORT/PATH``."""

    def __init__(
        self, address: str, *, limits_ms: Mapping[str, int] | None = None, back_limit_ms: int = BACK_LIMIT_MS
    ) -> None:
        """Raises ``DriverFault`` for an address that is none, or not of this machine."""
        self._address = _checked(address)
        self._limits_ms = {**LIMITS_MS, **(limits_ms or {})}
        self._back_limit_ms = back_limit_ms
        token = os.environ.get(TOKEN, "")
        self._client = httpx.Client(headers={"authorization": f"Bearer {token}"} if token else {}, trust_env=False)
        self._armed = ""
        self._configured: Mapping[str, Any] | None = None

    def ask(self, verb: str, body: Mapping[str, Any]) -> Answer:
        """One exchange. Raises ``DriverFault`` when nobody listens, it takes too long or is no contract's answer."""
        if verb == "configure":
            self._configured = dict(body)
        if verb == "clock" and self._configured is not None:
            self._configured = {**self._configured, **body}
        if verb == "restart":
            self._armed = str(body.get("point", ""))
        try:
            return self._exchange(verb, body)
        except httpx.TransportError as fault:
            point, self._armed = self._armed, ""
            if not point:
                raise _unreachable(self._address, verb, fault) from fault
        self._wait_until_back(verb)
        return self._exchange(verb, body) if point == IN_THE_INBOX else crashed(point)

    def close(self) -> None:
        """Let the connection go; the channel itself is not ours to end."""
        self._client.close()

    def _exchange(self, verb: str, body: Mapping[str, Any]) -> Answer:
        limit_ms = self._limits_ms.get(verb, OTHER_LIMIT_MS)
        try:
            reply = self._client.post(
                f"{self._address}/{verb}",
                content=jsontext.compact(body),
                headers={"content-type": "application/json"},
                timeout=limit_ms / 1000,
            )
        except httpx.ReadTimeout:
            raise _too_slow(verb, limit_ms) from None
        if reply.status_code != 200:
            raise _not_agreed(verb, f"HTTP {reply.status_code}", reply.text)
        try:
            answer = jsontext.parse(reply.content)
        except jsontext.JsonError as fault:
            raise _not_agreed(verb, str(fault), reply.text) from fault
        if not isinstance(answer, dict):
            raise _not_agreed(verb, "not an object", reply.text)
        return answer

    def _wait_until_back(self, verb: str) -> None:
        """Until the crashed channel listens again and has its settings back."""
        deadline_ms = time.monotonic_ns() // 1_000_000 + self._back_limit_ms
        while True:
            try:
                self._exchange("hello", {})
                break
            except httpx.TransportError as fault:
                if time.monotonic_ns() // 1_000_000 > deadline_ms:
                    raise _unreachable(self._address, verb, fault) from fault
                time.sleep(LOOK_AGAIN_MS / 1000)
        if self._configured is not None:
            self._exchange("configure", self._configured)


def _checked(address: str) -> str:
    try:
        parts = urlsplit(address)
        sound = parts.scheme == "http" and parts.hostname in LOOPBACK and bool(parts.port)
    except ValueError:
        sound = False
    if not sound:
        raise DriverFault(
            zh=f"适配器地址无效：{address}",
            en=f"no address of an adapter: {address}",
            remedy_zh="写成 http://127.0.0.1:端口，可带路径；适配器须在本机",
            remedy_en="give http://127.0.0.1:PORT, with a path if need be; the adapter runs on this machine",
        )
    return address.rstrip("/")


def _unreachable(address: str, verb: str, fault: Exception) -> DriverFault:
    return DriverFault(
        zh=f"{address} 无人应答 {verb}：{type(fault).__name__} {fault}",
        en=f"nobody at {address} answered {verb}: {type(fault).__name__} {fault}",
        remedy_zh="先启动适配器；restart 之后应自行重新启动并监听同一地址",
        remedy_en="start the adapter first; after a restart it has to come up again by itself at the same address",
    )


def _too_slow(verb: str, limit_ms: int) -> DriverFault:
    return DriverFault(
        zh=f"适配器在 {limit_ms} 毫秒内没有应答 {verb}",
        en=f"the adapter did not answer {verb} within {limit_ms} ms",
        remedy_zh="耗时业务请缩短渠道自身的超时，先应答再继续",
        remedy_en="shorten the channel's own time-outs; answer first and go on afterwards",
    )


def _not_agreed(verb: str, why: str, text: str) -> DriverFault:
    shown = text.strip()[:SHOWN_CHARS]
    return DriverFault(
        zh=f"适配器对 {verb} 的应答不是约定的 JSON（{why}）：{shown}",
        en=f"the adapter's answer to {verb} is not the agreed JSON ({why}): {shown}",
        remedy_zh="总以 HTTP 200 应答一个 JSON 对象：ok、refused、unable 或 unsupported 恰有其一",
        remedy_en="always answer HTTP 200 with one JSON object: exactly one of ok, refused, unable, unsupported",
    )
