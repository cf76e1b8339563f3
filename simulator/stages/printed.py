"""6201 with every column its table prints as required (order-life 9.19, switch ``otc_fields`` = as_printed).

By default an over-the-counter purchase is spared what it cannot have: a department, a doctor, a diagnosis.
The columns are those the schema marks ``x-printed-required``; the check speaks in the words of every other check.
"""

from functools import lru_cache
from typing import Any

from schemas.loader import InterfaceSchema, Validator
from schemas.misses import Miss
from simulator.domain.rules import Switches

Json = dict[str, Any]
UPLOAD = "6201"
_MARK = "x-printed-required"


def check(schema: InterfaceSchema, data: object, switches: Switches) -> list[Miss]:
    """What is missing of the printed columns; nothing unless the switch asks for them."""
    if schema.code != UPLOAD or switches.otc_fields != "as_printed":
        return []
    return _as_printed(schema).check(data)


@lru_cache(8)
def _as_printed(schema: InterfaceSchema) -> Validator:
    return Validator(lambda: _strict(schema.input.schema), schema.input.prefix)


def _strict(node: Json) -> Json:
    """A copy of an object's schema in which marked fields must be there and not empty, at every depth."""
    fields = {name: _field(about) for name, about in node.get("properties", {}).items()}
    marked = [name for name, about in fields.items() if about.get(_MARK)]
    return {**node, "required": [*node.get("required", ()), *marked], "properties": fields}


def _field(about: Json) -> Json:
    if "properties" in about.get("items", {}):
        about = {**about, "items": _strict(about["items"])}
    return {**about, "not": {"enum": ["", None]}} if about.get(_MARK) else about
