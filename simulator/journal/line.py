"""One exchange as one journal line: who, what, how each check went, which fault struck, what the ledger did."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from schemas import jsontext
from simulator.domain.ledger import Transfer
from simulator.domain.moment import datetime19
from simulator.exchange import CUT, RESET, Exchange, Json
from simulator.journal.redaction import KNOWN, Marks, keyed_hash, marks, redact
from simulator.refusal import wording

KEY_FIELDS = ("medOrgOrd", "payOrdId", "appRefdSn", "orgBizSer", "setl_id", "hiDocSn", "omsgid")
"""Ids by which an order's story is found in the journal."""
BELATED = "belated"
"""Surface of a message that a fault let arrive late: its line is no call of its sender's, who made it long before."""
_KEY_CHARS = 64
_SPELLINGS = {"pay_ord_id": "payOrdId", **{name: name for name in KEY_FIELDS}}
_KEPT = ("infno", "mdtrtarea_admvs", "insuplc_admdvs", "opter", "sign_no", "inf_time", "fixmedins_code", "orgId")


class Pen(Protocol):
    """What a line needs of the unit of work it is written in."""

    now_ms: int
    posted: list[Transfer]

    @property
    def room(self) -> str: ...

    @property
    def secret(self) -> str: ...

    def next_line(self) -> int: ...

    def write_line(self, seq: int, code: str, line: bytes) -> None: ...


def when(at_ms: int) -> str:
    """Beijing time with milliseconds."""
    return f"{datetime19(at_ms)}.{at_ms % 1000:03d}"


def note_exchange(unit: Pen, exchange: Exchange) -> Json:
    """Write the line of an incoming message, in the unit's transaction; returns it."""
    hashed, marked = _hash(unit.secret), _marks(exchange)
    answered = exchange.output if exchange.refusal is None else None
    line = {
        "direction": "act" if exchange.belated else "in",
        "surface": BELATED if exchange.belated else exchange.surface,
        "code": exchange.schema.code if exchange.schema else exchange.call.code if exchange.call else "",
        "method": exchange.method,
        "path": exchange.path,
        **_sender(exchange),
        "keys": key_ids(exchange.request, answered or {}),
        "envelope": redact(_envelope(exchange), hashed, marked),
        "request": redact(exchange.request, hashed, marked),
        "answer": redact(answered, hashed, marked),
        "status": exchange.status,
        "outcome": _outcome(exchange),
        "kept": bool(exchange.refusal is None and not exchange.error and exchange.output is not None),
        "refusal": _refusal(exchange),
        "error": exchange.error,
        "checks": exchange.checks,
        "fault": exchange.fault,
        "delay_ms": exchange.delay_ms,
        "effect": exchange.effect,
        "sealed": exchange.sealed,
        "notes": exchange.notes,
        "size": len(exchange.raw),
        "digest": "" if exchange.call else sha256(exchange.raw).hexdigest(),
    }
    return write(unit, line)


def write(unit: Pen, line: Json) -> Json:
    """Give the line its number and time and append it; it must be redacted already."""
    seq = unit.next_line()
    whole = {"seq": seq, "at": when(unit.now_ms), "at_ms": unit.now_ms, "room": unit.room, **line}
    unit.write_line(seq, str(line.get("code", "")), jsontext.compact(whole))
    return whole


def note_act(unit: Pen, surface: str, code: str, body: Json, answer: Json | None, error: Json | None = None) -> None:
    """Write what a person, the clock or the world did (``direction`` ``act``): it moves money too."""
    hashed = _hash(unit.secret)
    write(
        unit,
        {
            "direction": "act",
            "surface": surface,
            "code": code,
            "keys": key_ids(body, answer or {}),
            "request": redact(body, hashed),
            "answer": redact(answer, hashed),
            "outcome": "refused" if error else "ok",
            "refusal": error,
            "effect": effects(unit.posted),
        },
    )


def hidden(unit: Pen, value: object) -> object:
    """A value as this room's journal shows it."""
    return redact(value, _hash(unit.secret))


def effects(posted: Iterable[Transfer]) -> list[Json]:
    """Transfers as the journal shows them, in fen."""
    return [
        {
            "transfer_id": transfer.transfer_id,
            "kind": transfer.kind,
            "ref": transfer.ref,
            "at_ms": transfer.at_ms,
            "postings": [{"account": posting.account, "fen": posting.fen} for posting in transfer.postings],
        }
        for transfer in posted
    ]


def key_ids(*documents: Mapping[str, object]) -> Json:
    """The first value of each key field found in the documents, at most two levels down."""
    found: Json = {}
    for document in documents:
        for node in (document, *(child for child in document.values() if isinstance(child, dict))):
            for spelling in _SPELLINGS.keys() & node.keys():
                value = node[spelling]
                if value and isinstance(value, (str, int)):
                    found.setdefault(_SPELLINGS[spelling], str(value)[:_KEY_CHARS])
    return {name: found[name] for name in KEY_FIELDS if name in found}


def _sender(exchange: Exchange) -> Json:
    channel, call = exchange.channel, exchange.call
    return {
        "appId": channel.app_id if channel else "",
        "channel": channel.name if channel else "",
        "org": call.org_codg if call else "",
        "msgid": exchange.msgid,
    }


def _envelope(exchange: Exchange) -> Json:
    call = exchange.call
    return {name: call.envelope[name] for name in _KEPT if call.envelope.get(name)} if call else {}


def _outcome(exchange: Exchange) -> str:
    if exchange.silent or exchange.manner in (CUT, RESET):
        return "silent"
    if exchange.refusal is not None:
        return "refused"
    return "error" if exchange.error or exchange.status >= 400 else "ok"


def _refusal(exchange: Exchange) -> Json | None:
    refusal = exchange.refusal
    if refusal is None:
        return None
    words = wording(refusal)
    failed = [check["stage"] for check in exchange.checks if not check["ok"]]
    stage = failed[-1] if failed else ""
    return {"rule": refusal.rule, "stage": stage, "field": refusal.field, **words.journalled()}


def _marks(exchange: Exchange) -> Marks:
    schema = exchange.schema
    if schema is None:
        return KNOWN
    return _joined(schema.secret_fields, schema.identity_fields, schema.name_fields)


@lru_cache(512)
def _joined(secrets: frozenset[str], identities: frozenset[str], names: frozenset[str]) -> Marks:
    return marks(secrets, identities, names)


@lru_cache(256)
def _hash(secret: str) -> Callable[[str], str]:
    return keyed_hash(f"journal/{secret}")
