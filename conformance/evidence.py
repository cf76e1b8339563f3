"""The record of one scenario, as those read it who judge.

``schemas/suite/evidence.json`` is its form on disk. Nothing here concludes anything: a line knows what was said,
what the platform answered and whether the channel can have heard it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

UNHEARD = frozenset({
    "no_answer_before_commit", "no_answer_after_commit", "http_status", "http_status_after_commit", "slow",
    "garbled_body", "wrong_signature", "unsealed_answer", "foreign_answer", "retired_key",
    "trickle", "login_page",
})  # fmt: skip
"""Faults after which a sound channel has learned nothing from the answer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One journal line: a message of the channel (``in``), a notice to it (``out``) or an act of a person (``act``)."""

    raw: Json

    @property
    def seq(self) -> int:
        """Position in the journal; the order in which things happened."""
        return int(self.raw["seq"])

    @property
    def at_ms(self) -> int:
        """The room's virtual time."""
        return int(self.raw["at_ms"])

    @property
    def code(self) -> str:
        """Interface (``6202``), or what the person or the cash desk was asked (``confirm``, ``open``)."""
        return str(self.raw.get("code", ""))

    @property
    def direction(self) -> str:
        """``in``, ``out`` or ``act``."""
        return str(self.raw["direction"])

    @property
    def surface(self) -> str:
        """``institution``, ``pay_centre``, ``evoucher``, ``notice``, ``cash``, ``person``, ``world``,
        ``belated`` (a message of the channel's that a fault let arrive when nobody waited for it any more)."""
        return str(self.raw.get("surface", ""))

    @property
    def fault(self) -> str:
        """Name of the fault that struck; empty when none did."""
        fault = self.raw.get("fault")
        return str(fault["name"]) if fault else ""

    @property
    def rule(self) -> str:
        """Name of the rule by which the platform refused; empty when it did not."""
        refusal = self.raw.get("refusal")
        return str(refusal.get("rule", "")) if refusal else ""

    @property
    def accepted(self) -> bool:
        """The platform did what was asked, whatever the channel heard of it."""
        return bool(self.raw.get("kept", self.raw.get("outcome") == "ok")) and not self.rule

    @property
    def heard(self) -> bool:
        """A sound answer reached the channel, be it yes or no."""
        return self.raw.get("outcome") in ("ok", "refused") and self.fault not in UNHEARD

    @property
    def acknowledged(self) -> bool:
        """Of a notice: the inbox answered success true."""
        return self.direction == "out" and self.raw.get("outcome") == "ok"

    @property
    def undelivered(self) -> bool:
        """Of a notice: it never left the platform, held back by a fault or for want of an address."""
        return self.fault == "no_notice" or (self.direction == "out" and self.raw.get("path") == "")

    @property
    def refused_by_fault(self) -> bool:
        """It was refused because a fault made the platform do so, whatever the channel sent."""
        fault = self.raw.get("fault")
        return bool(self.rule and fault and fault.get("place") == "request")

    def moved(self, psn_no: str, refs: Collection[str]) -> bool:
        """Whether it moved money of that buyer, or under one of these numbers."""
        return any(
            effect["ref"] in refs or any(posting["account"] == f"own:{psn_no}" for posting in effect["postings"])
            for effect in self.raw.get("effect") or ()
        )

    def sent(self, field: str) -> str:
        """The first value of that name in what was said, as text; empty when there is none."""
        return _first(self.raw.get("request"), field)

    def answered(self, field: str) -> str:
        """The first value of that name in what the platform answered; empty when there is none."""
        return _first(self.raw.get("answer"), field)

    def key(self, field: str) -> str:
        """An id of the message or its answer: ``payOrdId``, ``medOrgOrd``, ``setl_id`` …"""
        return str(self.raw.get("keys", {}).get(field, "")) or self.sent(field) or self.answered(field)

    def rows(self, node: str) -> Sequence[Json]:
        """The rows of a repeated node of the request (``feedetailList``, ``drugdetail``)."""
        request = self.raw.get("request") or {}
        rows = request.get(node, [])
        return rows if isinstance(rows, list) else [rows]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing the suite asked of the channel's driver, and what came back."""

    raw: Json

    @property
    def verb(self) -> str:
        """``perform``, ``believe`` …"""
        return str(self.raw["verb"])

    @property
    def task(self) -> str:
        """The task of ``perform``; empty for other verbs."""
        return str(self.raw["body"].get("task", ""))

    @property
    def order(self) -> str:
        """The shop order it was about."""
        return str(self.raw["body"].get("order", ""))

    @property
    def after_seq(self) -> int:
        """The last journal line when the answer was in."""
        return int(self.raw["after_seq"])

    @property
    def kind(self) -> str:
        """``ok``, ``refused``, ``unable`` or ``unsupported``."""
        return next(kind for kind in ("ok", "refused", "unable", "unsupported") if kind in self.raw["answer"])

    @property
    def answer(self) -> Json:
        """The body of the answer."""
        body = self.raw["answer"][self.kind]
        return body if isinstance(body, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that one scenario left behind."""

    record: Json

    @property
    def scenario(self) -> str:
        """Its name."""
        return str(self.record["scenario"])

    @property
    def facts(self) -> Json:
        """Named truths of the story, such as which order was faulted."""
        facts: Json = self.record["facts"]
        return facts

    @property
    def seed(self) -> int:
        """What the room was made from."""
        return int(self.record["seed"])

    def lines(self) -> Iterator[Line]:
        """Every journal line in order."""
        return (Line(raw) for raw in self.record["journal"])

    def calls(self, *codes: str) -> list[Line]:
        """What the channel sent, of these interfaces (of any when none is named)."""
        return [line for line in self.lines() if line.direction == "in" and (not codes or line.code in codes)]

    def notices(self) -> list[Line]:
        """What the platform sent to the channel's inbox."""
        return [line for line in self.lines() if line.direction == "out"]

    def asked(self, verb: str = "", task: str = "") -> list[Asked]:
        """What the suite asked of the driver."""
        every = (Asked(raw) for raw in self.record["driver"])
        return [one for one in every if (not verb or one.verb == verb) and (not task or one.task == task)]

    def beliefs(self, moment: str = "") -> list[Json]:
        """What the channel held to be true, at one moment or at all of them."""
        rows: list[Json] = self.record["beliefs"]
        return [row for row in rows if not moment or row["moment"] == moment]

    def moment(self, name: str) -> Json:
        """The platform's books at a moment."""
        books: Json = self.record["moments"][name]
        return books

    def orders(self) -> Mapping[str, Json]:
        """The shop orders of the story by their name: buyer, basket, delivery."""
        orders: Mapping[str, Json] = self.facts.get("orders", {})
        return orders


def _first(node: object, field: str) -> str:
    if isinstance(node, Mapping):
        if field in node and not isinstance(node[field], Mapping | list):
            value = node[field]
            return "" if value is None else str(value)
        return next((found for child in node.values() if (found := _first(child, field))), "")
    if isinstance(node, list):
        return next((found for child in node if (found := _first(child, field))), "")
    return ""
