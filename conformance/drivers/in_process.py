"""The reference channel, or a broken twin of it, in this very process: no sockets, no waiting, every byte reproducible.

A crash is an exception that throws the channel away in mid-sentence; what comes after is a new channel on the same
notes.
"""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

from conformance.channels.reference.adapter.clock import Clock
from conformance.channels.reference.adapter.verbs import Adapter, Surroundings
from conformance.channels.reference.notebook import open_notebook
from conformance.channels.reference.outcomes import Crashed
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.sound import SOUND
from conformance.drivers.driver import Answer, crashed
from simulator.wire.transport import NoAnswer, Transport


class Speaker(Protocol):
    """What a channel needs to be driven: its answers to the suite's verbs, and its inbox."""

    def ask(self, verb: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One verb in, one answer out."""
        ...

    def receive(self, raw: bytes) -> bytes:
        """A raw notice in, the raw answer out."""
        ...


class InProcess:
    """Drives the reference channel built from ``parts``, or whatever ``build`` makes of the same surroundings.

    ``transports`` gives the transport to a base path; ``register`` hangs the inbox up at the platform under ``name``.
    The clock stands still until ``configure`` or ``clock`` moves it.
    """

    def __init__(
        self,
        transports: Callable[[str], Transport],
        register: Callable[[str, Callable[[bytes], bytes]], None],
        *,
        name: str = "reference",
        parts: Parts = SOUND,
        build: Callable[[Surroundings], Speaker] = Adapter,
    ) -> None:
        self._around = Surroundings(
            connection=open_notebook(), transports=lambda _, base_path: transports(base_path),
            callback_url=f"local:{name}", clock=Clock(lambda: 0), die=_die, parts=parts, product=name,
        )  # fmt: skip
        self._build = build
        self._adapter = build(self._around)
        self._configured: dict[str, Any] | None = None
        register(name, self._receive)

    def ask(self, verb: str, body: Mapping[str, Any]) -> Answer:
        """One exchange; a crash in the middle of it is answered for, and the channel is up again."""
        if verb == "configure":
            self._configured = {key: value for key, value in body.items() if key != "now_ms"}
        try:
            return self._adapter.ask(verb, body)
        except Crashed as crash:
            self._bring_up()
            return crashed(str(crash))

    def close(self) -> None:
        """Drop the notes."""
        self._around.connection.close()

    def _receive(self, raw: bytes) -> bytes:
        try:
            return self._adapter.receive(raw)
        except Crashed as crash:
            self._bring_up()
            raise NoAnswer(f"the channel crashed at {crash}") from crash

    def _bring_up(self) -> None:
        """A new channel; it knows what the notes know."""
        self._adapter = self._build(self._around)
        if self._configured is not None:
            self._adapter.ask("configure", self._configured)


def _die(point: str) -> NoReturn:
    raise Crashed(point)
