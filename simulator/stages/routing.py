"""Path and code to interface: what a path speaks, and which schema a code or operation name stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from schemas.loader import InterfaceSchema, interfaces
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches
from simulator.exchange import Exchange
from simulator.stages import single, wrapped

INSTITUTION = "institution"
_SHOWN = 40
"""A refusal repeats at most so many characters of what was sent."""
INSTITUTION_PATH = "/fsi/api/rsfComIfsService/callService"
"""One path for every institution interface; the code may follow as a last part and is then only checked."""


def surface_of(path: str) -> str:
    """The surface served at a path, or an empty text."""
    if path == INSTITUTION_PATH or path.startswith(f"{INSTITUTION_PATH}/"):
        return INSTITUTION
    known = sealed_paths().get(path)
    return known[0].surface if known else wrapped.SURFACE if path == single.PATH else ""


@cache
def sealed_paths() -> Mapping[str, Sequence[InterfaceSchema]]:
    """The interfaces the platform serves at each sealed path."""
    found: dict[str, list[InterfaceSchema]] = {}
    for schema in interfaces().values():
        if schema.surface not in (INSTITUTION, "notice"):
            found.setdefault(schema.path, []).append(schema)
    return found


def route(exchange: Exchange, switches: Switches) -> None:
    """Find the interface of an opened message.

    Raises:
        Refusal: ``unknown_interface``, ``operation_unpublished``.
    """
    call = exchange.call
    assert call is not None
    trans_type = str(call.envelope.get("transType") or "")
    if exchange.surface == INSTITUTION:
        exchange.schema = _institution_schema(call.code, exchange.path)
    elif exchange.path == single.PATH:
        exchange.schema = single.schema_of(trans_type, switches)
        data, notes = single.newer(trans_type, call.data)
        exchange.notes.extend(notes)
        exchange.call = replace(call, code=exchange.schema.code, data=data)
    else:
        exchange.schema = _sealed_schema(exchange.path, trans_type)
        if exchange.wrapped and call.code != exchange.schema.code:
            exchange.notes.append(f"infno {call.code[:_SHOWN]} on the address of {exchange.schema.code}")
        exchange.call = replace(call, code=exchange.schema.code)


def _institution_schema(code: str, path: str) -> InterfaceSchema:
    """The interface an institution frame names; a path that names another one is refused."""
    tail = path.removeprefix(INSTITUTION_PATH).strip("/")
    schema = interfaces().get(code)
    if schema is None or schema.surface != INSTITUTION or (tail and tail != code):
        raise Refusal("unknown_interface", "infno", value=code[:_SHOWN])
    return schema


def _sealed_schema(path: str, trans_type: str) -> InterfaceSchema:
    """The interface of a sealed frame: its path decides, its transType tells several on one path apart."""
    here = sealed_paths()[path]
    named = [schema for schema in here if schema.trans_type and schema.trans_type == trans_type]
    silent = [schema for schema in here if not schema.trans_type or (not trans_type and len(here) == 1)]
    if not named and not silent:
        raise Refusal("unknown_interface", "transType", value=trans_type[:_SHOWN])
    return (named or silent)[0]
