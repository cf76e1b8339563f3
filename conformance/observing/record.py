"""A journal that nobody's story made, as evidence: what was said, and what the books say was true.

Orders are told apart by the numbers on the wire: ``payOrdId`` and ``medOrgOrd``, at the counter ``msgid``, ``setl_id``.
Which of them belong to one purchase, and what their buyer wanted, the wire does not say: that stays out of the record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.evidence import Evidence
from conformance.oracle.audit import audit
from conformance.scenarios.listing import scenarios
from conformance.verdict import Books
from schemas import loader
from schemas.tomlfile import FileFault

Json = Mapping[str, Any]
SCHEMA = "suite/evidence.json"
OBSERVED = "observed"
"""Name of what was seen, where a driven run has the name of a scenario."""
_RAILS = {"payment": "online", "settlement": "counter"}
"""The family by whose messages a rail is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who is being looked on, in the words of who ordered it."""

    vendor: str = "-"
    product: str = "-"
    version: str = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A journal in order, and what else is known of its room; a trace knows less."""

    journal: Sequence[Json]
    name: str = OBSERVED
    room: str = ""
    city: str = ""
    seed: int = 0
    transfers: Sequence[Json] | None = None
    """None: as the effects of the journal's lines tell."""
    orders: Sequence[Json] = ()
    settlements: Sequence[Json] = ()
    cash: Sequence[Json] = ()
    accounts: Json | None = None
    drugs: Json | None = None
    platform: Json | None = None


def books_of(parts: Sequence[Seen], subject: Subject, *, made_by: str) -> Books:
    """All that a verdict on traffic nobody drove can rest on.

    Raises:
        FileFault: a line is no journal line; names the field.
    """
    hello = hello_of((seen.journal for seen in parts), subject)
    exercises = {name: scenario.exercise for name, scenario in scenarios().items()}
    evidence = {seen.name: evidence_of(seen, hello) for seen in parts}
    return Books(hello=hello, evidence=evidence, exercises=exercises, made_by=made_by)


def hello_of(journals: Iterable[Sequence[Json]], subject: Subject) -> dict[str, Any]:
    """What can be told of a channel by what it sent: its rails and the families of interfaces it used."""
    codes = {str(line.get("code", "")) for journal in journals for line in journal if line.get("direction") == "in"}
    families = {schema.family for code in codes if (schema := loader.find(code)) is not None}
    rails = [rail for family, rail in _RAILS.items() if family in families]
    told = {"vendor": subject.vendor, "product": subject.product, "version": subject.version}
    return {"contract": "1", **told, "rails": rails, "families": sorted(families), "capabilities": []}


def evidence_of(seen: Seen, hello: Json) -> Evidence:
    """The evidence, with the platform's own faults in it.

    Raises:
        FileFault: a line is no journal line; names the field.
    """
    transfers = list(seen.transfers) if seen.transfers is not None else _effects(seen.journal)
    record: dict[str, Any] = {
        "scenario": seen.name, "seed": seen.seed, "city": seen.city, "room": seen.room, "facts": {"orders": {}},
        "hello": dict(hello), "driver": [], "journal": list(seen.journal), "transfers": transfers,
        "accounts": dict(seen.accounts) if seen.accounts is not None else _balances(transfers),
        "orders": list(seen.orders), "settlements": list(seen.settlements), "cash": list(seen.cash),
        "drugs": dict(seen.drugs or {}), "beliefs": [], "moments": {}, "listing": {}, "capabilities": [],
        "platform": dict(seen.platform or {}), "faults_of_suite": [],
    }  # fmt: skip
    if misses := loader.document(SCHEMA).check(record):
        raise FileFault(f"{seen.name}: {misses[0].path}: {misses[0].en}")
    found = Evidence(record)
    record["faults_of_suite"] = [both.document() for both in audit(found)]
    return found


def _effects(journal: Iterable[Json]) -> list[Json]:
    return [effect for line in journal for effect in line.get("effect") or ()]


def _balances(transfers: Iterable[Json]) -> dict[str, int]:
    balances: dict[str, int] = {}
    for move in transfers:
        for posting in move["postings"]:
            balances[posting["account"]] = balances.get(posting["account"], 0) + int(posting["fen"])
    return balances
