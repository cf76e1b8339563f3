"""The simulator's control API as a run needs it: a room, its clock, its faults, its people, its books."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from schemas import jsontext
from simulator.wire.transport import HttpRequest, NoAnswer, NotDelivered, Transport

Json = dict[str, Any]
PAGE = 2_000
TIMEOUT_MS = 120_000
"""Making a city or reading long books takes a while."""


class ControlError(Exception):
    """The simulator could not be asked, or said no; worded for people. ``status`` 0: it was not reached."""

    def __init__(self, zh: str, en: str, status: int = 0) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.status = status


class Control:
    """Calls the control API over a transport, with the simulator's control token."""

    def __init__(self, transport: Transport, token: str) -> None:
        self._transport = transport
        self._headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """One call; ``path`` follows ``/control``.

        Raises:
            ControlError: not reached, or refused.
        """
        raw = b"" if body is None else jsontext.compact(body)
        request = HttpRequest(method, f"/control{path}", self._headers, raw)
        try:
            reply = self._transport.send(request, timeout_ms=TIMEOUT_MS)
        except (NoAnswer, NotDelivered) as fault:
            raise ControlError(f"无法访问模拟器：{fault}", f"the simulator cannot be reached: {fault}") from fault
        try:
            told = jsontext.own(reply.body)
        except jsontext.JsonError:
            raise ControlError(
                f"模拟器返回HTTP {reply.status}，且不是JSON",
                f"HTTP {reply.status} without JSON from {path}",
                reply.status,
            ) from None
        if not isinstance(told, dict) or reply.status >= 400:
            raise _said_no(path, reply.status, told)
        return cast("Json", told)

    def health(self) -> Json:
        """Whether the simulator is there, and what it knows."""
        return self.call("GET", "/health")

    def fresh_room(self, order: Mapping[str, Any]) -> Json:
        """Make the room, in place of one of the same name; its registration."""
        try:
            self.call("DELETE", f"/rooms/{order['room']}")
        except ControlError as no:
            if no.status != 404:
                raise
        return self.call("POST", "/rooms", order)

    def room(self, name: str) -> "RoomControl":
        """The same, inside one room."""
        return RoomControl(self, name)


class RoomControl:
    """The control API of one room."""

    def __init__(self, control: Control, name: str) -> None:
        self._control = control
        self.name = name

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """One call; ``path`` follows the room's address."""
        return self._control.call(method, f"/rooms/{self.name}{path}", body)

    def advance(self, step_ms: int) -> int:
        """Move the clock on; what it shows then, in milliseconds."""
        return int(self.call("POST", "/clock", {"advance_ms": step_ms})["now_ms"])

    def now_ms(self) -> int:
        """What the clock shows."""
        return int(self.call("GET", "/clock")["now_ms"])

    def memory_kib(self) -> int:
        """What the simulator's process takes; 0 where its system does not tell."""
        return int(self._control.call("GET", "/memory")["kib"])

    def consent(self, *, user: str, app_id: str, org: str) -> None:
        """The buyer consents on the e-voucher page."""
        self.call("POST", "/person/consent", {"ec_user_id": user, "app_id": app_id, "org_codg": org})

    def arm(self, fault: Mapping[str, Any]) -> str:
        """Arm a fault; its id."""
        return str(self.call("POST", "/faults", fault)["fault_id"])

    def lift(self, fault_id: str) -> None:
        """Disarm one fault."""
        self.call("DELETE", f"/faults/{fault_id}")

    def deliver(self) -> int:
        """Let the courier deliver what is due; how many notices it delivered."""
        return len(self.call("POST", "/courier/run", {"until_idle": True})["delivered"])

    def every(self, kind: str) -> Iterator[Json]:
        """Every record of a kind (``orders``, ``people`` …), page by page."""
        after = ""
        while True:
            told = self.call("GET", f"/{kind}?limit={PAGE}&after={after}")
            yield from told[kind]
            after = str(told["next"])
            if len(told[kind]) < PAGE or not after:
                return

    def lines(self) -> Iterator[Json]:
        """Every journal line, page by page."""
        after = 0
        while True:
            told = self.call("GET", f"/journal?after={after}&limit={PAGE}")
            yield from told["lines"]
            after = int(told["last"])
            if len(told["lines"]) < PAGE:
                return


def _said_no(path: str, status: int, told: object) -> ControlError:
    error = told.get("error") if isinstance(told, dict) else None
    words = error if isinstance(error, dict) else {}
    zh, en = str(words.get("zh", f"HTTP {status}")), str(words.get("en", f"HTTP {status}"))
    return ControlError(f"控制接口{path}：{zh}", f"control {path}: {en}", status)
