"""Two judges of one mind: the validator on the path of a message and the reference implementation.

Values come from schemathesis' own generation, one pool for each kind of field; messages are put together from them, the
first of each lot sound, the others with a few foreign values. Whole messages drawn from a schema as large as 4701 cost
seconds each, and most of their variety would be in places that no rule looks at.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from referencing import Registry
from schemathesis.generation.jsonschema.builder import build

from schemas import jsontext, loader

INSTANCES = 50
SOUND = 20
FAULTS = 0.03
POOL = 20
DRAFT_2020 = 20
VALUE_WORDS = {"type", "enum", "minLength", "maxLength", "pattern", "anyOf"}
INTERFACES = sorted(loader.interfaces().values(), key=lambda one: one.code)


@cache
def pool(kind: str) -> list[Any]:
    """Values schemathesis draws for one kind of field, as they come off the wire."""
    drawn: list[Any] = []

    @settings(
        max_examples=POOL,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(build(json.loads(kind), draft=DRAFT_2020, formats={}))
    def draw(value: Any) -> None:
        with suppress(jsontext.JsonError):  # numbers no wire of ours takes in
            drawn.append(jsontext.parse(json.dumps(value)))

    draw()
    return drawn


def kind_of(field: dict[str, Any]) -> str:
    """What bounds a field's values; numbers as text, because a schema cannot bound the digits of bare ones."""
    kind = {word: field[word] for word in sorted(VALUE_WORDS & set(field))}
    if "number" in field.get("type", ()):
        kind["type"] = [name for name in field["type"] if name != "number"]
    return json.dumps(kind)


def drawn_value(field: dict[str, Any], chance: Random) -> Any:
    value = chance.choice(pool(kind_of(field)))
    if "number" in field.get("type", ()) and chance.random() < 0.5:
        with suppress(jsontext.JsonError):
            return jsontext.parse(value or "")
    return value


FOREIGN = [
    "",
    None,
    "?",
    "长" * 600,
    7,
    jsontext.parse("-1.5"),
    True,
    [],
    {},
    ["x"],
    {"x": 1},
    "2024-13-45",
    "1.23456789",
]


def made(schema: dict[str, Any], chance: Random, faults: float) -> Any:
    """A message for a schema; each value is foreign with the given probability."""
    if chance.random() < faults:
        return chance.choice(FOREIGN)
    if "items" in schema:
        least = schema.get("minItems", 0)
        return [made(schema["items"], chance, faults) for _ in range(least + chance.randrange(2))]
    if "properties" in schema:
        required = set(schema.get("required", ()))
        return {
            name: made(field, chance, faults)
            for name, field in schema["properties"].items()
            if name in required or chance.random() < 0.5
        }
    return drawn_value(schema, chance)


def messages(judge: loader.Validator, seed: str) -> Iterator[Any]:
    for number in range(INSTANCES):
        chance = Random(f"{seed} {number}")
        yield jsontext.parse(jsontext.compact(made(judge.schema, chance, 0.0 if number < SOUND else FAULTS)))


def quoted(schema: Any, value: Any) -> Any:
    """Bare numbers of number fields as text: digits are judged alike, and a schema's pattern only sees text."""
    if isinstance(value, list):
        return [quoted(schema.get("items", {}), item) for item in value]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: quoted(known.get(name, {}), item) for name, item in value.items()}
    bare = "number" in schema.get("type", ()) and not isinstance(value, bool | str) and value is not None
    return str(value) if bare else value


@pytest.mark.slow
@pytest.mark.parametrize("one", INTERFACES, ids=lambda one: one.code)
def test_the_reference_implementation_and_the_loader_agree_on_generated_messages(
    one: loader.InterfaceSchema, registry: Registry
) -> None:
    sound = 0
    for direction, judge in (("input", one.input), ("output", one.output)):
        address = f"{loader.BASE}/{one.family}/{one.stem}.json#/$defs/{direction}"
        reference = Draft202012Validator({"$ref": address}, registry=registry)
        for message in messages(judge, f"{one.code} {direction}"):
            ours = judge.check(message) == []
            sound += ours
            assert reference.is_valid(quoted(judge.schema, message)) == ours, judge.check(message) or message
    assert sound, "no generated message was valid"
