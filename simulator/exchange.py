"""What travels between the stages of the pipeline, and what an interface sees of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.loader import InterfaceSchema
from simulator.domain.ports import Unit
from simulator.domain.records import Channel
from simulator.domain.refused import Refusal
from simulator.wire.apart import Ahead, Keys, Unsealed
from simulator.wire.errors import WireError

Json = dict[str, Any]

OUR_FAULT_ZH = "平台系统异常，本次请求未生效，请稍后查询结果"
CUT, RESET, TRICKLE = "cut", "reset", "trickle"
"""Manners of leaving that only a server can show; see ``simulator.edge.breaking``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request after it was opened, routed and checked: all a handler may know of it.

    ``data`` is the ``input`` object of an institution frame or the clear ``data`` of a sealed one.
    ``org_codg`` is the authenticated institution (fixmedins_code of the frame; orgCodg, orgId or fixmedinsCode of
    sealed data; empty when the message names none, as 6203 does).
    """

    code: str
    data: Mapping[str, Any]
    channel: Channel
    org_codg: str = ""
    msgid: str = ""
    envelope: Mapping[str, Any] = field(default_factory=dict)
    """Other fields of the outer frame: insuplc_admdvs, sign_no, opter, inf_time, orgId of ec.query, extra …"""

    def node(self, name: str) -> Mapping[str, Any]:
        """A child object of ``data``; empty when absent."""
        value = self.data.get(name)
        return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer a handler gives when more than ``data`` differs.

    ``refusal`` says no and yet leaves something behind, as an early 2601 leaves its tombstone. ``content`` is answered
    as it is, without any frame, as 9102 answers a file; ``data`` then only tells the journal what it was.
    """

    data: Json
    message: str = ""
    refusal: Refusal | None = None
    content: bytes | None = None
    delay_ms: int = 0
    """The answer leaves that much later."""


Handler = Callable[[Call, Unit], Json | Reply]
"""Parse, one domain call in one unit of work, reply: returns the ``output`` object or the clear ``data``."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One message on its way through the pipeline; ends as one journal line."""

    room: str
    at_ms: int
    surface: str
    path: str
    raw: bytes
    headers: Mapping[str, str]
    schema: InterfaceSchema | None = None
    channel: Channel | None = None
    call: Call | None = None
    request: Json = field(default_factory=dict)
    """What was said, as far as it could be opened."""
    output: Json | None = None
    refusal: Refusal | WireError | None = None
    checks: list[Json] = field(default_factory=list)
    """One entry per stage: ``{"stage": "open", "ok": true, "note": ""}``."""
    fault: Json | None = None
    effect: list[Json] = field(default_factory=list)
    """Transfers booked by this exchange."""
    status: int = 200
    answer: bytes = b""
    silent: bool = False
    """A fault: nothing is answered."""
    message: str = ""
    """What the sealed answer says beside its data."""
    content: bytes | None = None
    """A file to answer with instead of a frame."""
    method: str = "POST"
    wrapped: bool = False
    """The pay centre spoken to in the institution's frame (switch ``pay_frame`` = infno)."""
    sealed: bool = False
    """Whether what was said was protected: sealed, or signed at the gateway."""
    msgid: str = ""
    signature: str = ""
    """signData of a sealed request: a repeat of it is refused."""
    answer_headers: dict[str, str] = field(default_factory=dict)
    delay_ms: int = 0
    """By a fault or a switch, the answer leaves that much later."""
    manner: str = ""
    """By a fault, how the answer leaves: cut, reset, trickle; empty is whole and at once."""
    notes: list[str] = field(default_factory=list)
    """What was accepted although it was not quite right."""
    error: str = ""
    """A fault of ours, never of the caller."""

    remember: str = ""
    """Digest under which the message id is to be consumed."""
    belated: bool = False
    """It arrives after a fault held it up: its sender has long stopped waiting, and no fault strikes it again."""
    armed: object = None
    """The fault behind ``fault``."""
    stage: str = ""
    """The stage it is in."""
    apart: bool = False
    """It came through a door of its own process, which opens and seals where it can."""
    ahead: Ahead | None = None
    """The request as the door opened it."""
    keys: Keys | None = None
    """By what the door may open the next of this channel, where it did not know."""
    unsealed: Unsealed | None = None
    """The answer the door is to seal; ``answer`` is then empty."""

    def enter(self, stage: str) -> None:
        """Begin a stage; the one before it went well."""
        if self.stage:
            self.checked(self.stage)
        self.stage = stage

    def checked(self, stage: str, ok: bool = True, note: str = "") -> None:
        """Remember how a stage went."""
        self.checks.append({"stage": stage, "ok": ok, "note": note})
