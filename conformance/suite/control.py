"""The control API as the suite calls it, over any transport."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas import jsontext
from simulator.wire.transport import HttpRequest, NoAnswer, NotDelivered, Transport

Json = Mapping[str, Any]
TIMEOUT_MS = 60_000


class ControlFault(Exception):
    """The platform did not do what the suite needs of it: never the channel's fault."""


@dataclass(frozen=True, slots=True)
class ControlClient:
    """Calls below ``/control``."""

    transport: Transport
    token: str = ""

    def call(self, method: str, path: str, body: Json | None = None) -> dict[str, Any]:
        """A call that must succeed.

        Raises:
            ControlFault: it did not; the message says what the platform said.
        """
        status, told = self._send(method, path, body)
        if status >= 300:
            raise ControlFault(f"{method} /control{path}: {status} {_worded(told)}")
        return told

    def attempt(self, path: str, body: Json) -> dict[str, Any] | None:
        """A POST the platform may refuse (422 and its like): None when it did.

        Raises:
            ControlFault: it failed otherwise.
        """
        status, told = self._send("POST", path, body)
        if status < 300:
            return told
        if "rule" in told.get("error", {}):
            return None
        raise ControlFault(f"POST /control{path}: {status} {_worded(told)}")

    def room(self, name: str) -> "RoomControl":
        """The same for one room."""
        return RoomControl(self, f"/rooms/{name}")

    def _send(self, method: str, path: str, body: Json | None) -> tuple[int, dict[str, Any]]:
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        raw = b"" if body is None else jsontext.compact(body)
        try:
            reply = self.transport.send(HttpRequest(method, f"/control{path}", headers, raw), timeout_ms=TIMEOUT_MS)
            told = jsontext.own(reply.body)
        except (NoAnswer, NotDelivered) as fault:
            raise ControlFault(f"{method} /control{path}: the simulator does not answer ({fault})") from fault
        except jsontext.JsonError as fault:
            raise ControlFault(f"{method} /control{path}: the answer is not JSON ({fault})") from fault
        return reply.status, told if isinstance(told, dict) else {}


@dataclass(frozen=True, slots=True)
class RoomControl:
    """The control API of one room."""

    client: ControlClient
    prefix: str

    def call(self, method: str, path: str, body: Json | None = None) -> dict[str, Any]:
        """See ``ControlClient.call``."""
        return self.client.call(method, self.prefix + path, body)

    def attempt(self, path: str, body: Json) -> dict[str, Any] | None:
        """See ``ControlClient.attempt``."""
        return self.client.attempt(self.prefix + path, body)


def _worded(told: Json) -> str:
    error = told.get("error", told)
    return str(error.get("en") or error.get("message") or error) if isinstance(error, Mapping) else str(error)
