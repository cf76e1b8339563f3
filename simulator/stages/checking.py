"""Requests and our own answers against the contract: envelope, institution, schema, sign-in."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from schemas.loader import Validator, document
from schemas.misses import Miss
from simulator.domain import sign_in
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Exchange
from simulator.stages import printed
from simulator.stages.opening import ORG_FIELDS
from simulator.stages.routing import INSTITUTION
from simulator.store.unit import RoomUnit

SIGN_IN = "9001"
_FURTHER_MISSES = 5
_SHOWN = 40


class OurFault(Exception):
    """The platform was about to answer something its own contract forbids."""


def check_request(exchange: Exchange, unit: RoomUnit) -> None:
    """Whether the message may be handled at all.

    Raises:
        Refusal: ``schema_miss``, ``foreign_institution``, or of the sign-in.
    """
    call, schema = exchange.call, exchange.schema
    assert call is not None and schema is not None
    by_institution = exchange.surface == INSTITUTION
    if by_institution:
        _refuse(exchange, document("envelopes/institution_request.json").check(dict(call.envelope, input={})))
    if call.org_codg and call.org_codg not in call.channel.orgs:
        raise Refusal("foreign_institution", _org_field(call, by_institution), value=call.org_codg[:_SHOWN])
    _refuse(exchange, schema.check_input(call.data))
    _refuse(exchange, printed.check(schema, call.data, unit.switches))
    _note_unknown(exchange, schema.input, call.data)
    if by_institution and schema.code != SIGN_IN:
        opter, sign_no = str(call.envelope.get("opter", "")), str(call.envelope.get("sign_no") or "")
        sign_in.check(unit, call.org_codg, opter, sign_no)


def check_reply(exchange: Exchange) -> None:
    """Our own answer against its schema.

    Raises:
        OurFault: it does not fit; the exchange then loses its effects.
    """
    assert exchange.schema is not None
    misses = exchange.schema.check_output(exchange.output or {})
    if misses:
        raise OurFault("; ".join(f"{miss.path}: {miss.en}" for miss in misses[:_FURTHER_MISSES]))


def _refuse(exchange: Exchange, misses: list[Miss]) -> None:
    if misses:
        exchange.notes.extend(miss.zh for miss in misses[1 : 1 + _FURTHER_MISSES])
        raise Refusal("schema_miss", misses[0].field, zh=misses[0].zh, en=misses[0].en)


def _note_unknown(exchange: Exchange, known: Validator, data: Mapping[str, object]) -> None:
    """Fields the contract does not have: accepted, and noted."""
    names, nodes = _names(known)
    strangers = [name for name in data if name not in names]
    for node, fields in nodes.items():
        inside = data.get(node)
        rows = inside if isinstance(inside, list) else [inside]
        strangers.extend(f"{node}.{name}" for row in rows if isinstance(row, dict) for name in row.keys() - fields)
    exchange.notes.extend(f"unknown field {name[:_SHOWN]}" for name in sorted(set(strangers))[:_FURTHER_MISSES])


@lru_cache(512)
def _names(known: Validator) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The fields of a message, and those of each of its nodes."""
    properties = known.schema.get("properties", {})
    nodes = {name: inner for name, about in properties.items() if (inner := _inner(about))}
    return frozenset(properties), nodes


def _inner(about: Mapping[str, Any]) -> frozenset[str]:
    items = about.get("items")
    return frozenset((items if isinstance(items, dict) else about).get("properties", ()))


def _org_field(call: Call, by_institution: bool) -> str:
    if by_institution:
        return "fixmedins_code"
    return next((name for name in ORG_FIELDS if call.data.get(name)), "orgCodg")
