"""One field of a table as a JSON Schema: type, length, format, dictionary, marks for redaction."""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

MONTH_DAY = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
STAMP_DATE = "[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
STAMP_CLOCK = "([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
FORMATS = {
    "digits": "[0-9]+",
    "date": f"[0-9]{{4}}-{MONTH_DAY}",
    "datetime": f"[0-9]{{4}}-{MONTH_DAY} {CLOCK}",
    "date_or_datetime": f"[0-9]{{4}}-{MONTH_DAY}( {CLOCK})?",
    "stamp14": STAMP_DATE + STAMP_CLOCK,
    "stamp_date": STAMP_DATE,
    "stamp_time": STAMP_CLOCK,
}
"""Text formats: what each pattern stands for is named in the schema's x-format."""

KINDS = {
    **dict.fromkeys(("string", "text", "longtext", "JSON", "Base64字符串"), "string"),
    **dict.fromkeys(("number", "整数类型", "整型", "整数型"), "number"),
    **dict.fromkeys(("array", "list", "LIST", "对象集合", "字符串数组"), "array"),
    **dict.fromkeys(("object", "DTO", "实体DTO", "对象", "Map集合", "Map&lt;String,String&gt;"), "object"),
    "时间类型": "datetime",
    "boolean": "boolean",
    "bytes": "file",
    "": "any",
}
"""Printed type → our kind. Formats name themselves; a printed 集合 is an array; the rest is left open."""

SCALES = {"K": 1024, "M": 1024 * 1024}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field ready to be written. ``length`` as printed: ``40``, ``16,2``, ``1M`` or empty."""

    name: str
    zh: str
    en: str
    kind: str
    seq: int
    length: str = ""
    required: bool = False
    printed_required: bool = False
    nullable: bool = False
    dictionary: str = ""
    closed: bool = False
    allowed: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


def kind_of(printed: str) -> str:
    """Our kind for a printed type; an unknown one is ``any`` so that nothing is refused by a guess."""
    if printed in FORMATS:
        return printed
    return KINDS.get(printed) or ("array" if printed.endswith("集合") else "any")


def schema_of(field: Field) -> Json:
    """The JSON Schema of one field. Optional ones also accept ``""`` and ``null``: ways to say absent."""
    schema: Json = {"title": field.zh, "x-title-en": field.en, **_shape(field)}
    if field.dictionary:
        schema["x-dictionary"] = field.dictionary
    if field.closed:
        schema.update(_closed(field))
    elif field.allowed:
        schema["enum"] = [*field.allowed, *([] if field.required else ["", None])]
    return {**schema, **_annotations(field)}


def _shape(field: Field) -> Json:
    match field.kind:
        case "number":
            return _number(field)
        case "string":
            return _text(field)
        case "boolean" | "array" | "object":
            return {"type": _types(field, field.kind)}
        case "file":
            return {"type": _types(field, "array", "string")}
        case kind if kind in FORMATS:
            return {**_text(field), "pattern": _anchored(FORMATS[kind], field), "x-format": kind}
    return {"type": ["object", "array", "string", "null"]}


def _text(field: Field) -> Json:
    shape: Json = {"type": _types(field, "string")}
    if field.required:
        shape["minLength"] = 1
    if limit := _characters(field.length):
        shape["maxLength"] = limit
    return shape


def _characters(length: str) -> int:
    """``40`` → 40, ``2,000`` → 2000, ``1M`` → 1048576; empty and nonsense → 0, no limit."""
    text = length.replace(",", "")
    if text and text[-1] in SCALES:
        return int(text[:-1]) * SCALES[text[-1]]
    return int(text) if text.isdigit() else 0


def _number(field: Field) -> Json:
    digits, decimals = precision(field.length)
    shape: Json = {
        "type": _types(field, "string", "number"),
        "pattern": _anchored(number_pattern(digits, decimals), field),
    }
    if digits:
        shape["x-decimal"] = f"{digits},{decimals}"
    return shape


def precision(length: str) -> tuple[int, int]:
    """``16,2`` or ``(16,2)`` → (16, 2); ``4`` → (4, 0); empty → (0, 0), which means not printed."""
    whole, _, decimals = length.strip("()").partition(",")
    return int(whole or 0), int(decimals or 0)


def number_pattern(digits: int, decimals: int) -> str:
    """Text of a number of at most ``digits`` digits, ``decimals`` of them after the point."""
    if not digits:
        return r"-?[0-9]+(\.[0-9]+)?"
    fraction = rf"(\.[0-9]{{1,{decimals}}})?" if decimals else ""
    return rf"-?[0-9]{{1,{max(digits - decimals, 1)}}}{fraction}"


def _anchored(pattern: str, field: Field) -> str:
    return f"^{pattern}$" if field.required else f"^({pattern})?$"


def _types(field: Field, *names: str) -> str | list[str]:
    if field.required and not field.nullable:
        return names[0] if len(names) == 1 else list(names)
    return [*names, "null"]


def _closed(field: Field) -> Json:
    reference = {"$ref": f"../dictionaries/{field.dictionary}.json"}
    if field.required:
        return dict(reference)
    return {"anyOf": [reference, {"enum": ["", None]}]}


def _annotations(field: Field) -> Json:
    notes: Json = {"x-seq": field.seq}
    if field.printed_required and not field.required:
        notes["x-printed-required"] = True
    notes.update({f"x-{mark}": True for mark in field.marks})
    if field.source:
        notes["x-source"] = field.source
    if field.note:
        notes["x-note"] = field.note
    return notes


def snake(name: str) -> str:
    """``rxCircFlag`` → ``rx_circ_flag``; names that are snake already stay as they are."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match[1], name).lower()
