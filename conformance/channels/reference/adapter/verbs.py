"""The driver contract (``schemas/suite/driver.json``), verb by verb, spoken by the reference channel."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from conformance.channels.reference.adapter.clock import Clock
from conformance.channels.reference.adapter.configuring import rotation_from, settings_from
from conformance.channels.reference.adapter.goods_tasks import GOODS_TASKS
from conformance.channels.reference.adapter.tasks import TASKS, Unable
from conformance.channels.reference.channel import Channel, Declined, UnknownOrder
from conformance.channels.reference.notebook import Notebook
from conformance.channels.reference.parts import Json, Parts
from conformance.channels.reference.settings import QUERY_WAITS_MS, TIMEOUT_MS, WINDOW_MS
from conformance.channels.reference.sound import SOUND
from schemas.loader import document
from simulator.wire.transport import Transport

VERSION: Final = "0.1.0"
DRIVER: Final = "suite/driver.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the adapter is given by who runs it.

    ``transports`` makes a transport from (base_url, base_path); ``callback_url`` names the inbox the platform reaches;
    ``die`` ends the channel at a crash point and does not return; ``durable`` says whether notes outlive that.
    """

    connection: sqlite3.Connection
    transports: Callable[[str, str], Transport]
    callback_url: str
    clock: Clock
    die: Callable[[str], None]
    parts: Parts = SOUND
    timeout_ms: int = TIMEOUT_MS
    product: str = "reference"
    durable: bool = True


class Adapter:
    """Answers the suite. One question at a time; the inbox may be used beside it from another thread."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._channel: Channel | None = None
        self._armed = ""

    def ask(self, verb: str, body: Mapping[str, Any]) -> Json:
        """One verb in, one answer out: ``ok``, ``refused``, ``unable`` or ``unsupported``."""
        speak = VERBS.get(verb)
        if speak is None:
            return {"unsupported": True}
        try:
            return speak(self, body)
        except Declined as no:
            return {"refused": {"reason_zh": no.zh, "reason_en": no.en}}
        except UnknownOrder as missing:
            return unable(f"没有订单 {missing}", f"there is no order {missing}")
        except Unable as why:
            return unable(why.zh, why.en)

    def receive(self, raw: bytes) -> bytes:
        """The inbox. Before ``configure`` nothing can be taken."""
        if self._channel is None:
            raise ConnectionError("the channel is not configured yet")
        return self._channel.receive(raw)

    def hello(self, body: Mapping[str, Any]) -> Json:
        """Who we are and what we can do."""
        return {"ok": {
            "contract": "1", "vendor": "yibao-channel-lab", "product": self._around.product, "version": VERSION,
            "rails": ["online", "counter"],
            "families": [
                "session", "person", "evoucher", "payment", "settlement", "reconciliation", "prescription", "stock",
                "drugcoding", "cashier", "coupon", "scan",
            ],
            "capabilities": ["clock", "jobs", "keys", *(["restart"] if self._around.durable else [])],
            "retry": {
                "timeout_ms": self._around.timeout_ms, "query_waits_ms": list(QUERY_WAITS_MS), "window_ms": WINDOW_MS,
            },
        }}  # fmt: skip

    def configure(self, body: Mapping[str, Any]) -> Json:
        """Take the settings; answer those in force."""
        misses = document(f"{DRIVER}#/$defs/configure_body").check(dict(body))
        if misses:
            return unable(f"configure 有误：{misses[0].zh}", f"configure: {misses[0].en}")
        try:
            settings = replace(settings_from(body), timeout_ms=self._around.timeout_ms)
        except (ValueError, KeyError) as fault:
            return unable(f"configure 的密钥或网关参数有误：{fault}", f"configure: a key or the gateway: {fault}")
        if "now_ms" in body:
            self._around.clock.set(body["now_ms"])
        self._channel = Channel(
            settings,
            self._around.transports(body["base_url"], body["base_path"]),
            Notebook(self._around.connection),
            self._around.clock,
            replace(self._around.parts, crash=self._crash),
        )
        return {"ok": {
            "callback_url": self._around.callback_url, "timeout_ms": settings.timeout_ms, "sealed": settings.sealed,
            "gateway": settings.gateway.kind, "institutions": sorted(settings.shops), "cash_path": settings.cash_path,
            "now_ms": self._around.clock(),
        }}  # fmt: skip

    def reset(self, body: Mapping[str, Any]) -> Json:
        """Forget the orders."""
        self._armed = ""
        self._ready().context.notebook.clear()
        return {"ok": {}}

    def perform(self, body: Mapping[str, Any]) -> Json:
        """A business task."""
        name = str(body.get("task", ""))
        task = TASKS.get(name) or GOODS_TASKS.get(name)
        if task is None:
            return {"unsupported": True}
        misses = document(f"{DRIVER}#/$defs/perform_body").check(dict(body))
        if misses:
            return unable(f"perform 有误：{misses[0].zh}", f"perform: {misses[0].en}")
        return task(self._ready(), body)

    def believe(self, body: Mapping[str, Any]) -> Json:
        """What we believe about an order."""
        return {"ok": self._ready().believe(str(body.get("order", "")))}

    def listing(self, body: Mapping[str, Any]) -> Json:
        """All orders and the manual queue."""
        return {"ok": self._ready().listing()}

    def jobs(self, body: Mapping[str, Any]) -> Json:
        """Run what is due now. The nightly comparison is ordered by name: it takes yesterday, pharmacy by pharmacy."""
        channel = self._ready()
        ran = channel.reconcile_yesterday() if body.get("job") == "reconcile" else channel.run_jobs()
        return {"ok": {"ran": ran, "next_due_ms": channel.next_due_ms()}}

    def set_clock(self, body: Mapping[str, Any]) -> Json:
        """Move our clock."""
        if not isinstance(body.get("now_ms"), int):
            return unable("clock 需要整数 now_ms", "clock needs now_ms, a whole number")
        self._around.clock.set(body["now_ms"])
        return {"ok": {"now_ms": self._around.clock()}}

    def keys(self, body: Mapping[str, Any]) -> Json:
        """Take a new key of ours or of the platform, from a moment on."""
        misses = document(f"{DRIVER}#/$defs/keys_body").check(dict(body))
        if misses:
            return unable(f"keys 有误：{misses[0].zh}", f"keys: {misses[0].en}")
        try:
            self._ready().take_keys(rotation_from(body))
        except ValueError as fault:
            return unable(f"keys 的密钥有误：{fault}", f"keys: a key: {fault}")
        return {"ok": {"from_ms": body["from_ms"]}}

    def restart(self, body: Mapping[str, Any]) -> Json:
        """Die at a named point, or now."""
        if not self._around.durable:
            return {"unsupported": True}
        if body.get("point") == "now":
            self._around.die("now")
        self._armed = str(body.get("point", ""))
        return {"ok": {"armed": self._armed}}

    def end(self, body: Mapping[str, Any]) -> Json:
        """Goodbye."""
        return {"ok": {}}

    def _crash(self, point: str) -> None:
        if point == self._armed:
            self._armed = ""
            self._around.die(point)

    def _ready(self) -> Channel:
        if self._channel is None:
            raise Unable("尚未 configure", "not configured yet")
        return self._channel


def unable(zh: str, en: str) -> Json:
    """I could not try."""
    return {"unable": {"reason_zh": zh, "reason_en": en}}


VERBS: Final[Mapping[str, Callable[[Adapter, Mapping[str, Any]], Json]]] = {
    "hello": Adapter.hello, "configure": Adapter.configure, "reset": Adapter.reset, "perform": Adapter.perform,
    "believe": Adapter.believe, "list": Adapter.listing, "jobs": Adapter.jobs, "clock": Adapter.set_clock,
    "keys": Adapter.keys, "restart": Adapter.restart, "end": Adapter.end,
}  # fmt: skip
"""Verb → who speaks it."""
