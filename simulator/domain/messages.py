"""Message ids an institution has used up, and those that must never arrive any more (order-life 9.1, 9.14)."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedMessage:
    """A msgid that was consumed: by whom, for what, and the answer it got. Kept 400 days and more."""

    KEY: ClassVar[str] = "message_key"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    message_key: str
    """``fixmedins_code/msgid``."""
    infno: str
    digest: str
    """Of the request's ``input``: tells a repeat from another request under the same id."""
    at_ms: int
    answer: str = ""
    """The answer body, for the switch ``msgid`` = replay."""
    buried: bool = False
    """A 2601 came before it: it must not be carried out if it arrives late."""


def recall(unit: Unit, org: str, msgid: str, digest: str) -> str:
    """The stored answer to repeat, or an empty text for a message id that is new (or handled as new by switch).

    Raises:
        Refusal: ``msgid_reversed``, ``msgid_used``.
    """
    used = unit.get(UsedMessage, f"{org}/{msgid}")
    if used is None:
        return ""
    if used.buried:
        raise Refusal("msgid_reversed", "msgid", value=msgid, at=datetime19(used.at_ms))
    if unit.switches.msgid == "blind":
        return ""
    if unit.switches.msgid == "replay" and used.digest == digest and used.answer:
        return used.answer
    raise Refusal("msgid_used", "msgid", value=msgid, at=datetime19(used.at_ms))


def seen(unit: Unit, org: str, msgid: str) -> bool:
    """Whether a message id was consumed before."""
    return unit.get(UsedMessage, f"{org}/{msgid}") is not None


def remember(unit: Unit, org: str, msgid: str, *, infno: str, digest: str, answer: str) -> None:
    """Consume a message id, whatever the answer was."""
    unit.put(UsedMessage(message_key=f"{org}/{msgid}", infno=infno, digest=digest, at_ms=unit.now_ms, answer=answer))


def bury(unit: Unit, org: str, msgid: str) -> None:
    """Keep out a message that was reversed before it ever arrived."""
    unit.put(UsedMessage(message_key=f"{org}/{msgid}", infno="2601", digest="", at_ms=unit.now_ms, buried=True))
