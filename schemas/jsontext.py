"""The one door for JSON.

Digits survive: a number comes in as ``int`` or ``Decimal`` and goes out with the very characters it was
printed with (``12.30``, ``1e5``, ``-0``, ``0.0000000``), so a signature over it still verifies. Nothing
becomes a float on the way in.

Parsing is strict where laxness would let two readers see two documents: a repeated key, ``NaN`` and
``Infinity``, a lone surrogate, bytes that are not UTF-8 are refused. So are hostile sizes: nesting deeper
than ``MAX_DEPTH``, numbers longer than ``MAX_NUMBER_CHARS`` or with an exponent beyond ``MAX_EXPONENT``
(``1e999999999`` would fill the memory the first time somebody asked for its integer value).

Printing is msgspec, the fastest encoder that keeps digits. Parsing is the standard library's scanner: it
alone hands over each object's pairs and each number's text, and checking msgspec's result for repeated
keys afterwards costs more than the faster parse saves (84 against 49 microseconds for a body of 4 KB).
"""

import json
import re
from decimal import Decimal
from typing import Self

import msgspec

MAX_DEPTH = 64
MAX_NUMBER_CHARS = 64
MAX_EXPONENT = 64


class JsonError(ValueError):
    """Not acceptable JSON. ``offset`` counts characters (bytes in bad UTF-8), None if unknown."""

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason if offset is None else f"{reason} (at {offset})")
        self.reason = reason
        self.offset = offset


class Printed(Decimal):
    """A number whose printed form ``Decimal`` alone would lose, such as ``1e5``. Equal to its value."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.text,)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


def parse(raw: bytes | str) -> object:
    """Read one JSON document: dict, list, str, int, Decimal, bool or None. Raises ``JsonError``."""
    try:
        text = raw if isinstance(raw, str) else bytes(raw).decode()
        document: object = _DECODER.decode(text)
    except JsonError:
        raise
    except json.JSONDecodeError as fault:
        raise JsonError(fault.msg, fault.pos) from None
    except UnicodeDecodeError as fault:
        raise JsonError("not UTF-8", fault.start) from None
    except RecursionError:
        raise JsonError(f"nested deeper than {MAX_DEPTH}") from None
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _refuse_deep(document)
    if "\\ud" in text or "\\uD" in text:
        _refuse_lone_surrogates(document)
    return document


def own(raw: bytes | str) -> object:
    """Read what this project itself has printed, a quarter of the way to ``parse``: no key of it comes twice.

    Raises:
        JsonError: it is no JSON after all.
    """
    try:
        return parse(raw) if _MINUS_ZERO.search(raw if isinstance(raw, bytes) else raw.encode()) else _OWN.decode(raw)
    except msgspec.DecodeError as fault:
        raise JsonError(str(fault)) from None


def compact(document: object) -> bytes:
    """Print without spaces, keys in their own order; neither non-ASCII characters nor ``/`` are escaped."""
    return _sound(_COMPACT.encode(document))


def canonical(document: object) -> bytes:
    """Print like ``compact`` with the keys of every object sorted by code point."""
    return _sound(_CANONICAL.encode(document))


def pretty(document: object) -> str:
    """Print for people, indented by two spaces."""
    return msgspec.json.format(compact(document), indent=2).decode()


def plain(document: object) -> object:
    """The same document with every ``Printed`` number as an ordinary ``Decimal``, for exact type checks."""
    kind = type(document)
    if kind is dict:
        fields: dict[str, object] = document  # type: ignore[assignment]  # just found out
        return {key: value if type(value) is str else plain(value) for key, value in fields.items()}
    if kind is list:
        rows: list[object] = document  # type: ignore[assignment]  # just found out
        return [plain(value) for value in rows]
    return Decimal(document.text) if isinstance(document, Printed) else document


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise JsonError(f"repeated key {key[:40]!r}")
        seen.add(key)
    return made


def _whole(text: str) -> int | Decimal:
    if len(text) > MAX_NUMBER_CHARS:
        raise JsonError(f"number longer than {MAX_NUMBER_CHARS} characters")
    return Decimal(text) if text == "-0" else int(text)


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_NUMBER_CHARS:
        raise JsonError(f"number longer than {MAX_NUMBER_CHARS} characters")
    number = Decimal(text)
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise JsonError(f"exponent beyond {MAX_EXPONENT}")
    return number if str(number) == text else Printed(text)


def _constant(name: str) -> object:
    raise JsonError(f"{name} is not a JSON number")


def _refuse_deep(document: object) -> None:
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
            if isinstance(child, (dict, list))
        ]
        if not level:
            return
    raise JsonError(f"nested deeper than {MAX_DEPTH}")


def _refuse_lone_surrogates(document: object) -> None:
    try:
        _COMPACT.encode(document)
    except UnicodeEncodeError:
        raise JsonError("lone surrogate in a string") from None


def _sound(printed: bytes) -> bytes:
    if b"NaN" in printed or b"Infinity" in printed:
        parse(printed)  # as text inside a string they are harmless; as a number parsing refuses them
    return printed


def _hook(value: object) -> object:
    if isinstance(value, Printed):
        return msgspec.Raw(value.text.encode())
    raise TypeError(f"{type(value).__name__} has no JSON form")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant)
_OWN = msgspec.json.Decoder(float_hook=_decimal)
_MINUS_ZERO = re.compile(rb"-0(?<![^\[:,]-0)(?:$|[\]},])")
"""The one number whose characters the faster reader loses. The pattern begins with what is searched for: that is many
times faster than to begin with what stands before it."""
_COMPACT = msgspec.json.Encoder(enc_hook=_hook, decimal_format="number")
_CANONICAL = msgspec.json.Encoder(enc_hook=_hook, decimal_format="number", order="sorted")
