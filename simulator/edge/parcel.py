"""A notice made ready to send, and what the other side's answer to it means."""

from dataclasses import dataclass, replace

from schemas import jsontext
from schemas.loader import interface
from simulator.domain.moment import stamp14
from simulator.domain.notice_record import Notice
from simulator.domain.order_record import Order
from simulator.domain.order_views import paid_notice
from simulator.domain.records import Channel
from simulator.exchange import Json
from simulator.faults.bending import another_order
from simulator.stages.registry import credentials, earlier
from simulator.stages.sealing import habits
from simulator.store.unit import RoomUnit
from simulator.wire.envelope import Opened
from simulator.wire.errors import WireError
from simulator.wire.sealed import open_answer, seal
from simulator.wire.transport import HttpReply

TRUE, FORGED, DUPLICATE, STRANGE = "true", "forged", "duplicate", "unknown_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message to a channel's inbox. Only a ``true`` one counts as a try of its notice."""

    room: str
    notice: Notice
    channel: Channel
    kind: str
    body: bytes
    fault: Json | None = None
    withheld: bool = False
    """A fault keeps it from being sent at all."""
    repeats: int = 0
    """A fault or a switch sends it so many times more after success."""
    between: "Parcel | None" = None
    """Sent after success and before the repeats."""
    empty_ack: bool = False
    """Here an empty answer with HTTP 200 says yes (9.6)."""
    at_ms: int = 0
    """The room's time when it was made ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What came back. ``success`` None is anything but a clear yes or no (9.6)."""

    success: bool | None
    status: int = 0
    answer: Json | None = None
    sealed: bool = False
    note: str = ""


def wrap(unit: RoomUnit, channel: Channel, notice: Notice, *, foreign: bool = False, retired: bool = False) -> bytes:
    """The frame of a notice, checked against its schema before it leaves; clear for a channel registered plain.

    Raises:
        ValueError: our own notice does not fit its schema.
    """
    misses = interface(notice.code).check_input(notice.data)
    if misses:
        raise ValueError("; ".join(miss.en for miss in misses[:3]))
    sender = credentials(channel, unit.now_ms, plain=channel.plain, foreign=foreign, retired=retired)
    return seal(sender, notice.data, timestamp=stamp14(unit.now_ms), **habits(unit.switches))


def forgery(unit: RoomUnit, order: Order) -> Notice | None:
    """A notice claiming that an order is paid, whether it is or not; None before it has amounts."""
    if order.split is None:
        return None
    paid = replace(
        order,
        paid_ms=order.paid_ms or unit.now_ms,
        setl_type=order.setl_type or ("ALL" if order.split.cash_fen else "HI"),
        revs_token=order.revs_token or unit.token(f"forged/{order.pay_ord_id}", 32),
    )
    return Notice(
        notice_id=f"forged/{order.pay_ord_id}",
        pay_ord_id=order.pay_ord_id,
        app_id=order.app_id,
        code="6302",
        data=paid_notice(unit, paid),
        due_ms=unit.now_ms,
    )


def stranger(notice: Notice) -> Notice:
    """The same notice about an order that the platform never had."""
    other = another_order(notice.pay_ord_id)
    data = {**notice.data, "payOrdId": other, "medOrgOrd": f"NONE{other[-12:]}"}
    return replace(notice, notice_id=f"unknown/{other}", pay_ord_id=other, data=data)


def read_reaction(channel: Channel, reply: HttpReply, now_ms: int, *, empty_ack: bool = False) -> Reaction:
    """Read an institution's answer: sealed or plain ``data.success``, or a bare ``success``; else silence."""
    if reply.status != 200:
        return Reaction(success=None, status=reply.status, note=f"HTTP {reply.status}")
    if empty_ack and not reply.body.strip():
        return Reaction(success=True, status=reply.status, note="empty answer")
    try:
        document = jsontext.parse(reply.body)
        if not isinstance(document, dict):
            return Reaction(success=None, status=reply.status, note="the answer is no JSON object")
        if "encData" not in document and "signData" not in document:
            data = document["data"] if isinstance(document.get("data"), dict) else document
            return Reaction(success=_truth(data.get("success")), status=reply.status, answer=data)
        opened = _opened(channel, reply.body, now_ms)
    except (jsontext.JsonError, WireError) as fault:
        return Reaction(success=None, status=reply.status, note=str(fault))
    data = opened.data or {}
    success = None if opened.refused else _truth(data.get("success"))
    note = ", ".join(opened.notes)
    return Reaction(success=success, status=reply.status, answer=data, sealed=opened.signed, note=note)


def _opened(channel: Channel, body: bytes, now_ms: int) -> Opened:
    known = credentials(channel, now_ms)
    try:
        return open_answer(body, known)
    except WireError:
        before = earlier(channel, now_ms, known)
        if before is None:
            raise
    return open_answer(body, before)


def _truth(value: object) -> bool | None:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value if isinstance(value, bool) else None
