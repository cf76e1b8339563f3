"""The only door for JSON Schema: the interfaces, documents and dictionaries of this package.

Interfaces are found by walking the family folders; no list is kept. Of each only the head is read, as far as
routing needs it; fields are read, and checks compiled, when first asked for, and once. Dictionaries that a schema
refers to are written into it as plain lists of codes before it is compiled: a look-up in a set instead of a search
through ``oneOf``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias, cast

import jsonschema_rs

from schemas import jsontext
from schemas.misses import Fault, Miss, explain

ROOT = Path(__file__).resolve().parent
BASE = "https://yibao-channel-lab.example/schemas"
"""Prefix of every ``$id``; a reserved name that nobody fetches: references are answered from this folder."""

NOT_FAMILIES = frozenset({"dictionaries", "envelopes", "suite", "examples", "vectors"})
DEFINITIONS = ',\n  "$defs": '
"""Where the head of an interface's file ends, as the generator lays it out."""

Json: TypeAlias = dict[str, Any]
Numbers: TypeAlias = dict[str, "re.Pattern[str] | Numbers"]
"""Where numbers stand in a message: field → pattern of its printed digits, or the fields below it."""

MAX_NUMBER_BITS = 512
"""Above this an integer is refused unprinted; the widest printed field has 30 digits."""

DETAILS: Mapping[str, str] = {
    **dict.fromkeys(("maxLength", "minLength", "minItems", "maxItems"), "limit"),
    "required": "property",
    "enum": "options",
    "const": "expected_value",
    "type": "types",
    "additionalProperties": "unexpected",
}
"""Keyword → where the validator keeps the detail that a text needs."""


class Validator:
    """One compiled schema. ``check`` returns what a value misses, an empty list when nothing."""

    def __init__(self, source: Callable[[], Json], prefix: str) -> None:
        self._source = source
        self.prefix = prefix

    @cached_property
    def schema(self) -> Json:
        """The schema as it is compiled, dictionaries written in."""
        return self._source()

    @cached_property
    def _compiled(self) -> jsonschema_rs.Draft202012Validator:
        options = jsonschema_rs.RegexOptions()
        return jsonschema_rs.Draft202012Validator(
            self.schema, retriever=_retrieve, pattern_options=options, base_uri=BASE
        )

    @cached_property
    def _numbers(self) -> Numbers:
        return _numbers(self.schema)

    def check(self, value: object) -> list[Miss]:
        """Misses of a value as ``jsontext.parse`` gives it, outermost first, in the order of the fields.

        Numbers are judged by their printed digits (``int`` and ``Decimal`` keep them), quoted ones alike.
        """
        faults = list(_digit_faults(self._numbers, value, ()))
        try:
            if not faults and self._compiled.is_valid(value):
                return []
            faults += [_fault(error) for error in self._compiled.iter_errors(jsontext.plain(value))]
        except ValueError:
            return [_unreadable(self.prefix)]
        return explain(self.schema, self.prefix, faults)


def _unreadable(prefix: str) -> Miss:
    return Miss(prefix, prefix, "type", "报文不是 JSON 值", "the message is not a JSON value")


def _fault(error: jsonschema_rs.ValidationError) -> Fault:
    keyword = error.kind.name
    detail = error.kind.as_dict().get(DETAILS.get(keyword, ""))
    return Fault(
        path=tuple(error.instance_path),
        schema_path=tuple(error.schema_path),
        keyword=keyword,
        detail=detail,
        value=error.instance,
    )


def _digit_faults(numbers: Numbers, value: object, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """Unquoted numbers whose printed digits do not fit; a JSON Schema pattern only sees text."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _digit_faults(numbers, item, (*path, index))
    elif isinstance(value, dict):
        for name, held in value.items():
            if type(held) is str or held is None or name not in numbers:
                continue
            wanted = numbers[name]
            if isinstance(wanted, dict):
                yield from _digit_faults(wanted, held, (*path, name))
            elif not _fits(held, wanted):
                yield Fault(path=(*path, name), schema_path=(), keyword="pattern", detail=None, value=held)


def _fits(number: object, pattern: re.Pattern[str]) -> bool:
    if isinstance(number, (bool, list, dict)):
        return True  # not a number at all: the validator says so
    if isinstance(number, int) and number.bit_length() > MAX_NUMBER_BITS:
        return False
    return pattern.fullmatch(str(number)) is not None


def _numbers(schema: Json) -> Numbers:
    found: Numbers = {}
    for name, field in schema.get("properties", {}).items():
        if not isinstance(field, dict):
            continue
        if "pattern" in field and "number" in field.get("type", ()):
            found[name] = re.compile(field["pattern"])
        elif below := _numbers({**field, **field.get("items", {})}):
            found[name] = below
    return found


@cache
def _read(path: Path) -> Json:
    return cast("Json", jsontext.parse(path.read_bytes()))


def _retrieve(address: str) -> Json:
    """The file behind an ``$id`` of ours; LookupError for any other address, so nothing is ever fetched."""
    path = ROOT / address.removeprefix(f"{BASE}/")
    if not address.startswith(f"{BASE}/") or ROOT not in path.resolve().parents:
        raise LookupError(f"{address} is not a schema of this package")
    return _read(path)


def _with_codes(node: object) -> object:
    """A copy with every reference to a dictionary replaced by its codes."""
    if isinstance(node, list):
        return [_with_codes(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _with_codes(value) for key, value in node.items()}
    reference = copy.get("$ref")
    if isinstance(reference, str) and reference.startswith("../dictionaries/"):
        del copy["$ref"]
        copy["enum"] = [*dictionary(Path(reference).stem)]
    choices = copy.get("anyOf")
    if isinstance(choices, list) and choices and all(isinstance(one, dict) and set(one) == {"enum"} for one in choices):
        del copy["anyOf"]
        copy["enum"] = [code for choice in choices for code in choice["enum"]]
    return copy


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceSchema:
    """One interface: where it is reached, how it behaves, what redaction must hide in it, and its checks.

    ``stem`` names its file and, when it is stateful, its handler. ``read``: ``hand`` when the fields were held against
    the pages, ``generated`` when they come from the tables alone. ``stream``: success is answered with a file's bytes.
    """

    code: str
    stem: str
    family: str
    surface: str
    path: str
    trans_type: str | None
    sender: str
    receiver: str
    stateful: bool
    changes_state: bool
    title_zh: str
    title_en: str
    source: str
    confidence: str
    since: str
    read: str
    stream: bool
    file: Path
    input: Validator
    output: Validator

    @property
    def secret_fields(self) -> frozenset[str]:
        """Wire names of fields with tokens and authorisations."""
        return _marked_fields(self.file, "x-secret")

    @property
    def identity_fields(self) -> frozenset[str]:
        """Wire names of fields with numbers of people."""
        return _marked_fields(self.file, "x-identity")

    @property
    def name_fields(self) -> frozenset[str]:
        """Wire names of fields with names of people, or where they live."""
        return _marked_fields(self.file, "x-name")

    def row_names(self) -> list[str]:
        """Names of the files' rows that go with the message; most interfaces have none."""
        return [name for name in _read(self.file)["$defs"] if name not in ("input", "output")]

    def rows(self, name: str) -> Validator:
        """The rows of a file that goes with the message (``upload_row`` of 3202); raises KeyError."""
        if name not in _read(self.file)["$defs"]:
            raise KeyError(f"{self.code} has no {name}")
        return Validator(lambda: _direction(self.file, name), "")

    def check_input(self, value: object) -> list[Miss]:
        """Misses of ``input`` (institution surface) or of the request's ``data`` (sealed surfaces)."""
        return self.input.check(value)

    def check_output(self, value: object) -> list[Miss]:
        """Misses of ``output`` (institution surface) or of the answer's ``data`` (sealed surfaces)."""
        return self.output.check(value)


@cache
def interfaces() -> Mapping[str, InterfaceSchema]:
    """Every interface by its code: ``6202``, ``ec.query``, ``house.auth.query``."""
    found: dict[str, InterfaceSchema] = {}
    for path in sorted(ROOT.glob("*/*.json")):
        if path.parent.name not in NOT_FAMILIES:
            one = _interface(path)
            found[one.code] = one
    return MappingProxyType(found)


def interface(code: str) -> InterfaceSchema:
    """The interface of a code; raises KeyError when there is none (``find`` does not)."""
    return interfaces()[code]


def find(code: str) -> InterfaceSchema | None:
    """The interface of a code, or None."""
    return interfaces().get(code)


def _interface(path: Path) -> InterfaceSchema:
    head = _head(path)
    about = cast("Json", head["x-interface"])
    sealed = about["surface"] != "institution"
    words = ("code", "family", "surface", "path", "sender", "receiver", "source", "confidence", "since")
    return InterfaceSchema(
        **{word: str(about[word]) for word in words},
        stem=path.stem,
        trans_type=cast("str | None", about.get("trans_type")),
        stateful=bool(about["stateful"]),
        changes_state=bool(about["changes_state"]),
        stream=bool(about.get("stream", False)),
        title_zh=str(head["title"]),
        title_en=str(head["x-title-en"]),
        read=str(head["x-read"]),
        file=path,
        input=Validator(lambda: _direction(path, "input"), "data" if sealed else "input"),
        output=Validator(lambda: _direction(path, "output"), "data" if sealed else "output"),
    )


def _head(path: Path) -> Json:
    """An interface's file without its definitions, which are most of it and are not parsed."""
    head, found, _ = path.read_text(encoding="utf-8").partition(DEFINITIONS)
    return cast("Json", jsontext.parse(head + "}")) if found else _read(path)


def _direction(path: Path, name: str) -> Json:
    definitions = cast("Json", _read(path)["$defs"])
    return cast("Json", _with_codes(definitions[name]))


@cache
def _marked_fields(path: Path, mark: str) -> frozenset[str]:
    return frozenset(_marked(_read(path), mark))


def _marked(node: object, mark: str) -> Iterator[str]:
    """Names of the properties anywhere in a schema that carry a mark."""
    if isinstance(node, list):
        for item in node:
            yield from _marked(item, mark)
    elif isinstance(node, dict):
        for name, field in cast("Json", node.get("properties") or {}).items():
            if isinstance(field, dict) and field.get(mark) is True:
                yield name
        for value in node.values():
            yield from _marked(value, mark)


def example_names(one: InterfaceSchema) -> list[str]:
    """An interface's examples: ``valid_input_full``, ``invalid_output_missing_setl_id`` and so on, sorted."""
    return sorted(path.stem for path in (ROOT / "examples" / one.family / one.stem).glob("*.json"))


def example(one: InterfaceSchema, name: str) -> object:
    """One of an interface's examples; raises FileNotFoundError."""
    return jsontext.parse((ROOT / "examples" / one.family / one.stem / f"{name}.json").read_bytes())


@cache
def document(name: str) -> Validator:
    """The schema of one of our own files, by path under this folder and, if wanted, a fragment.

    ``document("suite/driver.json")`` or ``document("suite/driver.json#/$defs/hello")``.
    Raises FileNotFoundError.
    """
    path, _, fragment = name.partition("#")
    if not (ROOT / path).is_file():
        raise FileNotFoundError(f"schemas/{path} is not there")
    if not fragment:
        return Validator(lambda: _read(ROOT / path), "")
    return Validator(lambda: {"$ref": f"{BASE}/{path}#{fragment}"}, "")


@cache
def dictionary(name: str) -> Mapping[str, str]:
    """Code → meaning (Chinese) of a dictionary; raises KeyError when there is none of that name."""
    path = ROOT / "dictionaries" / f"{name}.json"
    if not path.is_file():
        raise KeyError(f"schemas/dictionaries/{name}.json is not there")
    entries = cast("list[Json]", _read(path)["oneOf"])
    return MappingProxyType({str(entry["const"]): str(entry["title"]) for entry in entries})


@cache
def dictionaries() -> frozenset[str]:
    """The names of all dictionaries, spelled as their files are."""
    return frozenset(path.stem for path in (ROOT / "dictionaries").glob("*.json"))
