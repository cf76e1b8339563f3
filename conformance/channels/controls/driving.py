"""The driver contract as both controls speak it: questions of the suite in, what the channel says out."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from conformance.channels.controls.wire import Json
from conformance.channels.reference.adapter.clock import Clock
from conformance.channels.reference.adapter.configuring import settings_from
from conformance.channels.reference.adapter.verbs import Surroundings
from conformance.channels.reference.settings import Settings
from simulator.wire.transport import Transport

FAMILIES: Final = ("session", "person", "evoucher", "payment", "settlement")
"""What both controls speak."""


class Declined(Exception):
    """The channel's own rule says no."""


class Impossible(Exception):
    """What was asked cannot even be tried: an order or a shop nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a control is given."""

    settings: Settings
    transport: Transport
    clock: Clock
    notes: sqlite3.Connection
    crash: Callable[[str], None]
    """Called at named points; does not return when a crash is armed there."""


class Control(Protocol):
    """A channel, as the driver sees it. Times are milliseconds, money is fen."""

    def perform(self, task: str, body: Mapping[str, Any]) -> Json | None:
        """Do a business task: what ``perform_ok`` says of it; None for a task it does not know.

        Raises:
            Declined: its own rule or the platform says no.
            Impossible: it could not try.
        """
        ...

    def receive(self, raw: bytes) -> bytes:
        """The inbox."""
        ...

    def run_jobs(self) -> int:
        """Do what is due; how many orders that were."""
        ...

    def next_due_ms(self) -> int | None:
        """When something is due next."""
        ...

    def belief(self, order: str) -> Json:
        """What it holds to be true of an order, in the contract's words."""
        ...

    def listing(self) -> Json:
        """All orders, and those for a person."""
        ...

    def forget(self) -> None:
        """Begin anew; numbers go on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One control: how it is built and what it declares."""

    name: str
    zh: str
    en: str
    build: Callable[[Outside], Control]
    waits_ms: tuple[int, ...]
    window_ms: int
    families: tuple[str, ...] = ()
    """Beside those that every channel has."""


class Driven:
    """Answers the suite on behalf of a control."""

    def __init__(self, kind: Kind, around: Surroundings) -> None:
        self._kind = kind
        self._around = around
        self._channel: Control | None = None
        self._armed = ""

    def ask(self, verb: str, body: Mapping[str, Any]) -> Json:
        """One verb in, one answer out."""
        speak = VERBS.get(verb)
        if speak is None:
            return {"unsupported": True}
        try:
            return speak(self, body)
        except Declined as no:
            return {"refused": {"reason_zh": str(no), "reason_en": str(no)}}
        except Impossible as why:
            return {"unable": {"reason_zh": str(why), "reason_en": str(why)}}

    def receive(self, raw: bytes) -> bytes:
        """The inbox."""
        return self._ready().receive(raw)

    def hello(self, body: Mapping[str, Any]) -> Json:
        """Who this is."""
        kind = self._kind
        retry = {"timeout_ms": self._around.timeout_ms, "query_waits_ms": list(kind.waits_ms)}
        return {"ok": {
            "contract": "1", "vendor": "yibao-channel-lab", "product": kind.name, "version": "0.1.0",
            "rails": ["online", "counter"], "families": [*FAMILIES, *kind.families],
            "capabilities": ["clock", "jobs", "restart"], "retry": {**retry, "window_ms": kind.window_ms},
        }}  # fmt: skip

    def configure(self, body: Mapping[str, Any]) -> Json:
        """Take the settings; a channel on the same notes takes over."""
        if "now_ms" in body:
            self._around.clock.set(body["now_ms"])
        try:
            settings = settings_from(body)
        except (ValueError, KeyError) as fault:
            raise Impossible(f"configure: {fault}") from fault
        self._channel = self._kind.build(
            Outside(
                settings=settings, transport=self._around.transports(body["base_url"], body["base_path"]),
                clock=self._around.clock, notes=self._around.connection, crash=self._crash,
            )
        )  # fmt: skip
        return {"ok": {"callback_url": self._around.callback_url, "timeout_ms": settings.timeout_ms}}

    def reset(self, body: Mapping[str, Any]) -> Json:
        """Forget the orders."""
        self._armed = ""
        self._ready().forget()
        return {"ok": {}}

    def perform(self, body: Mapping[str, Any]) -> Json:
        """A business task."""
        told = self._ready().perform(str(body.get("task", "")), body)
        return {"unsupported": True} if told is None else {"ok": told}

    def believe(self, body: Mapping[str, Any]) -> Json:
        """What is held to be true of an order."""
        return {"ok": self._ready().belief(str(body.get("order", "")))}

    def listing(self, body: Mapping[str, Any]) -> Json:
        """All orders."""
        return {"ok": self._ready().listing()}

    def jobs(self, body: Mapping[str, Any]) -> Json:
        """Run what is due."""
        channel = self._ready()
        return {"ok": {"ran": channel.run_jobs(), "next_due_ms": channel.next_due_ms()}}

    def set_clock(self, body: Mapping[str, Any]) -> Json:
        """Move the clock."""
        self._around.clock.set(int(body["now_ms"]))
        return {"ok": {"now_ms": self._around.clock()}}

    def restart(self, body: Mapping[str, Any]) -> Json:
        """Die now or at a named point."""
        if body.get("point") == "now":
            self._around.die("now")
        self._armed = str(body.get("point", ""))
        return {"ok": {}}

    def end(self, body: Mapping[str, Any]) -> Json:
        """Goodbye."""
        return {"ok": {}}

    def _crash(self, point: str) -> None:
        if point == self._armed:
            self._armed = ""
            self._around.die(point)

    def _ready(self) -> Control:
        if self._channel is None:
            raise Impossible("尚未configure / not configured yet")
        return self._channel


VERBS: Final[Mapping[str, Callable[[Driven, Mapping[str, Any]], Json]]] = {
    "hello": Driven.hello, "configure": Driven.configure, "reset": Driven.reset, "perform": Driven.perform,
    "believe": Driven.believe, "list": Driven.listing, "jobs": Driven.jobs, "clock": Driven.set_clock,
    "restart": Driven.restart, "end": Driven.end,
}  # fmt: skip
