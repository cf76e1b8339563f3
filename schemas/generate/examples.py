"""Examples of a message, made from its schema: the smallest and the fullest valid one, and some with one fault each.

The values come from ``corrections/samples.toml``: by field name, and for one interface where its meaning asks for it.
Nothing is drawn by chance: the same schema gives the same examples.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from schemas import loader
from schemas.generate.corrections import SAMPLES
from schemas.generate.fields import Json, snake
from schemas.loader import InterfaceSchema, Validator
from schemas.misses import Miss

Where: TypeAlias = tuple[str | int, ...]
Known: TypeAlias = Mapping[str, object]
"""Sample values by snake-case field name."""

REPAIRS: Final = 6
"""So many rounds until a rule between fields is satisfied."""
LONGEST: Final = 300
"""A text is made over-long only below this, so that examples stay short."""

BY_KIND: Mapping[str, object] = {
    "digits": "1",
    "date": "2024-07-01",
    "datetime": "2024-07-01 10:30:45",
    "date_or_datetime": "2024-07-01 10:30:45",
    "stamp14": "20240701103045",
    "stamp_date": "20240701",
    "stamp_time": "103045",
}
SERIALS: Final = ("code", "codg", "no", "id", "sn", "rid", "ver", "type", "flag", "lv")
"""A field whose name ends like this holds a code, not words."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Values by snake-case field name; an interface, or one direction of it, may have its own."""

    fields: Mapping[str, object]
    own: Mapping[str, Mapping[str, object]]

    def of(self, code: str, direction: str) -> Mapping[str, object]:
        """The values for one direction of an interface."""
        return {**self.fields, **self.own.get(code, {}), **self.own.get(f"{code}.{direction}", {})}


def read(folder: Path) -> Samples:
    """The samples beside the corrections."""
    table = tomllib.loads((folder / SAMPLES).read_text(encoding="utf-8"))
    return Samples(table["fields"], table["interface"])


def files(one: InterfaceSchema, samples: Samples) -> dict[str, object]:
    """Every example of an interface by file name without ending."""
    made: dict[str, object] = {}
    for name, judge in (("input", one.input), ("output", one.output)):
        known = samples.of(one.code, name)
        least, full = (_whole(judge, known, full=full) for full in (False, True))
        if one.read == "hand":
            made[f"valid_{name}_minimal"] = least
        made[f"valid_{name}_full"] = full
        for fault, message in _faulty(judge, least, full):
            made[f"invalid_{name}_{fault}"] = message
    return made


def _whole(judge: Validator, known: Known, *, full: bool) -> object:
    """A valid message; what a rule between fields demands beyond the required ones is added, what it bars is taken."""
    message = _value("", judge.schema, known, full=full)
    for _ in range(REPAIRS):
        misses = judge.check(message)
        if not misses:
            return message
        for miss in misses:
            _repair(judge, message, miss, known)
    raise ValueError(f"no valid example came about: {judge.check(message)}")


def _value(name: str, schema: Json, known: Known, *, full: bool) -> Any:
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if "items" in schema:
        return [_value(name, schema["items"], known, full=full)]
    if "properties" in schema:
        wanted = schema["properties"] if full else schema.get("required", ())
        return {
            field: _value(field, schema["properties"][field], known, full=full)
            for field in wanted
            if field in schema["properties"]
        }
    given = known.get(snake(name))
    if given is not None and Validator(lambda: schema, "").check(given) == []:
        return given
    return _plain(name, schema, kinds)


def _plain(name: str, schema: Json, kinds: list[str]) -> object:
    """A value for a field without a sample, from its kind alone."""
    code = _code(schema)
    if code:
        return code
    if schema.get("x-format") in BY_KIND:
        return BY_KIND[schema["x-format"]]
    if "x-decimal" in schema or "number" in kinds:
        decimals = int(str(schema.get("x-decimal", ",0")).partition(",")[2] or 0)
        return f"1.{'0' * decimals}" if decimals else "1"
    if "object" in kinds:
        return {}
    if "string" in kinds:
        text = "0001" if snake(name).rpartition("_")[2] in SERIALS else "示例"
        return text[-schema["maxLength"] :] if schema.get("maxLength") else text
    return {"boolean": True, "array": []}[kinds[0]]


def _code(schema: Json) -> str:
    """The first code of a field's dictionary that fits it; empty when it has none."""
    enum = [code for code in schema.get("enum", ()) if code]
    if enum:
        return str(enum[0])
    try:
        codes = list(loader.dictionary(str(schema.get("x-dictionary", "-"))))
    except KeyError:
        return ""
    return next((code for code in codes if len(code) <= schema.get("maxLength", len(code))), "")


def _repair(judge: Validator, message: Any, miss: Miss, known: Known) -> None:
    """Add the field a rule asks for, or take the one it bars."""
    *above, name = _steps(judge, miss)
    holder, schema = message, judge.schema
    for step in above:
        holder = holder[step]
        schema = schema["items"] if isinstance(step, int) else schema["properties"][step]
    if miss.rule == "absent":
        holder.pop(name, None)
    else:
        holder[name] = _value(str(name), schema["properties"][name], known, full=False)


def _steps(judge: Validator, miss: Miss) -> Where:
    """``data.list[0].cnt`` as steps from the message."""
    steps: list[str | int] = []
    for part in miss.path.removeprefix(judge.prefix).replace("[", ".[").split("."):
        if part:
            steps.append(int(part[1:-1]) if part.startswith("[") else part)
    return tuple(steps)


def _faulty(judge: Validator, least: object, full: object) -> Iterator[tuple[str, object]]:
    """For each kind of fault the first field that can have it alone, and the message that does."""
    for fault, rule, spoil in FAULTS:
        for base in (least, full):
            found = next(_spoilt(judge, base, rule, spoil), None)
            if found:
                yield f"{fault}_{found[0]}", found[1]
                break


def _spoilt(judge: Validator, base: object, rule: str, spoil: "Spoil") -> Iterator[tuple[str, object]]:
    for path, schema in list(_fields(judge.schema, base, ())):
        message = deepcopy(base)
        holder: Any = message
        for step in path[:-1]:
            holder = holder[step]
        if spoil(holder, path[-1], schema):
            misses = judge.check(message)
            if [(miss.rule, miss.field) for miss in misses] == [(rule, str(path[-1]))]:
                yield str(path[-1]), message


def _fields(schema: Json, value: Any, path: Where) -> Iterator[tuple[Where, Json]]:
    """The fields a message holds, leaves first, with their schemas."""
    if isinstance(value, list):
        for index, item in enumerate(value[:1]):
            yield from _fields(schema.get("items", {}), item, (*path, index))
    elif isinstance(value, dict):
        known = {name: schema.get("properties", {}).get(name) for name in value}
        for name, field in known.items():
            if field is not None:
                yield from _fields(field, value[name], (*path, name))
        for name, field in known.items():
            if field is not None:
                yield (*path, name), field


Spoil: TypeAlias = Callable[[Any, Any, Json], bool]


def _missing(holder: Any, name: Any, schema: Json) -> bool:
    del holder[name]
    return True


def _too_long(holder: Any, name: Any, schema: Json) -> bool:
    limit = schema.get("maxLength", 0)
    if not 0 < limit <= LONGEST or "pattern" in schema or "enum" in schema:
        return False
    holder[name] = "长" * (limit + 1)
    return True


def _unknown_code(holder: Any, name: Any, schema: Json) -> bool:
    holder[name] = "?"
    return "enum" in schema


def _bad_format(holder: Any, name: Any, schema: Json) -> bool:
    holder[name] = "2024-13-45" if "x-format" in schema else "1.2.3"
    return "pattern" in schema


def _wrong_type(holder: Any, name: Any, schema: Json) -> bool:
    holder[name] = 12345
    return schema.get("type") in ("string", ["string", "null"])


def _no_node(holder: Any, name: Any, schema: Json) -> bool:
    holder[name] = "示例"
    return schema.get("type") in ("object", "array")


def _too_few(holder: Any, name: Any, schema: Json) -> bool:
    holder[name] = []
    return "minItems" in schema


FAULTS: tuple[tuple[str, str, Spoil], ...] = (
    ("missing", "required", _missing),
    ("too_long", "max_length", _too_long),
    ("unknown_code", "dictionary", _unknown_code),
    ("bad_format", "format", _bad_format),
    ("wrong_type", "type", _wrong_type),
    ("wrong_type", "type", _no_node),
    ("too_few", "min_items", _too_few),
)
"""What an example's name says → the rule that must be broken → how to break it."""
