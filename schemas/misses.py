"""What a message lacks, in words: bare faults of a validator become texts that name field and way out.

Pure: knows schemas as plain dictionaries and no validator. A text never repeats the value it complains about,
because values hold names and numbers of people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Schema: TypeAlias = Mapping[str, object]

SHOWN_CODES = 24
"""A refusal lists at most so many permitted codes of a dictionary."""

ABSENT = ("", None)
"""The wire's two ways to say that a field is not there."""

TYPES = {
    "string": ("字符串", "a string"),
    "number": ("数字", "a number"),
    "integer": ("整数", "an integer"),
    "object": ("对象", "an object"),
    "array": ("数组", "an array"),
    "boolean": ("布尔值", "true or false"),
}

FORMATS = {
    "digits": ("只能由数字组成", "must be digits only"),
    "date": ("格式应为 yyyy-MM-dd", "must look like yyyy-MM-dd"),
    "datetime": ("格式应为 yyyy-MM-dd HH:mm:ss", "must look like yyyy-MM-dd HH:mm:ss"),
    "date_or_datetime": (
        "格式应为 yyyy-MM-dd 或 yyyy-MM-dd HH:mm:ss",
        "must look like yyyy-MM-dd or yyyy-MM-dd HH:mm:ss",
    ),
    "stamp14": ("格式应为 yyyyMMddHHmmss", "must look like yyyyMMddHHmmss"),
    "stamp_date": ("格式应为 yyyyMMdd", "must look like yyyyMMdd"),
    "stamp_time": ("格式应为 HHmmss", "must look like HHmmss"),
    "timestamp": (
        "格式应为 yyyyMMddHHmmss 或 10 位、13 位的纪元时间",
        "must look like yyyyMMddHHmmss, or be epoch seconds or milliseconds",
    ),
    "hex": ("应为十六进制文本", "must be hexadecimal text"),
}

PRECEDENCE = (
    *("required", "absent", "type", "max_length", "dictionary", "format"),
    *("min_items", "max_items", "unknown_field", "condition", "value"),
)
"""Where one field breaks several rules, the first of these is told."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One point where a message leaves its schema. ``rule``: one of PRECEDENCE; ``path``: ``data.list[0].cnt``."""

    path: str
    field: str
    rule: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A validator's bare finding: the place, the keyword and where it stands, its detail, the value."""

    path: Path
    schema_path: Path
    keyword: str
    detail: object
    value: object


@dataclass(frozen=True, slots=True)
class _Found:
    """A miss that still has its place, for sorting."""

    path: Path
    rule: str
    zh: str
    en: str


def explain(schema: Schema, prefix: str, faults: Iterable[Fault]) -> list[Miss]:
    """Faults as misses: outermost first, then in the order of the fields; one per place."""
    found: dict[Path, _Found] = {}
    for fault in faults:
        one = _found(schema, fault)
        held = found.get(one.path)
        if held is None or PRECEDENCE.index(one.rule) < PRECEDENCE.index(held.rule):
            found[one.path] = one
    ordered = sorted(found.values(), key=lambda one: _rank(schema, one.path))
    return [Miss(_text(prefix, one.path), _name(prefix, one.path), one.rule, one.zh, one.en) for one in ordered]


def _rank(schema: Schema, path: Path) -> tuple[int, tuple[int, ...]]:
    ranks = []
    at: Schema = schema
    for step in path:
        names = list(_table(at, "properties"))
        ranks.append(step if isinstance(step, int) else names.index(step) if step in names else len(names))
        at = _child(at, step)
    return len(path), tuple(ranks)


def _text(prefix: str, path: Path) -> str:
    text = prefix
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _name(prefix: str, path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), prefix)


def _found(schema: Schema, fault: Fault) -> _Found:
    branch = _branch(schema, fault.schema_path)
    path = fault.path
    if fault.keyword == "required":
        path = (*path, str(fault.detail))
    elif fault.keyword == "anyOf" and "x-fields" in branch:
        path = (*path, str(_items(branch["x-fields"])[0]))
    own = at(schema, path)
    rule, zh, en = _choice_words(schema, fault) or _words(fault, own, branch)
    if rule not in ("condition",):
        zh, en = _subject(path, own, "zh") + zh, _subject(path, own, "en") + en
        zh, en = zh + _when(branch, "zh"), en + _when(branch, "en")
    return _Found(path, rule, zh, en)


def _subject(path: Path, own: Schema, language: str) -> str:
    """``字段 cnt（数量）`` or ``field cnt (quantity) ``; the whole message when there is no field."""
    if not path:
        return "报文" if language == "zh" else "the message "
    name = _name("", path)
    title = own.get("title" if language == "zh" else "x-title-en")
    if language == "zh":
        return f"字段 {name}（{title}）" if title else f"字段 {name} "
    return f"field {name} ({title}) " if title else f"field {name} "


def _when(branch: Schema, language: str) -> str:
    text = branch.get(f"x-when-{language}")
    if not text:
        return ""
    return f"（{text}）" if language == "zh" else f" ({text})"


def _words(fault: Fault, own: Schema, branch: Schema) -> tuple[str, str, str]:
    """Rule and the text after the field's name, for one keyword."""
    if _is_missing(fault, own):
        return "required", "必填", "is required"
    match fault.keyword:
        case "type":
            return _type_words(own, fault.detail)
        case "maxLength":
            return "max_length", f"最长 {fault.detail} 个字符", f"must have at most {fault.detail} characters"
        case "minLength":
            return "min_length", f"至少 {fault.detail} 个字符", f"must have at least {fault.detail} characters"
        case "minimum":
            return "minimum", f"不得小于 {fault.detail}", f"must be at least {fault.detail}"
        case "maximum":
            return "maximum", f"不得大于 {fault.detail}", f"must be at most {fault.detail}"
        case "pattern":
            return ("format", *_format_words(own))
        case "enum" | "const" | "oneOf":
            return _code_words(fault, own)
        case "minItems":
            return "min_items", f"至少 {fault.detail} 条", f"must have at least {fault.detail} entries"
        case "maxItems":
            return "max_items", f"至多 {fault.detail} 条", f"must have at most {fault.detail} entries"
        case "anyOf" if "x-message-zh" in branch:
            return (
                "condition",
                str(branch["x-message-zh"]) + _when(branch, "zh"),
                str(branch["x-message-en"]) + _when(branch, "en"),
            )
        case "falseSchema":
            return "absent", "不应出现", "must not be there"
        case "additionalProperties":
            names = ", ".join(str(name) for name in _items(fault.detail))
            return "unknown_field", f"不接受未知字段 {names}", f"has unknown fields: {names}"
    return "value", "取值不符合要求", "does not have an acceptable value"


def _is_missing(fault: Fault, own: Schema) -> bool:
    """Missing, or there but empty although that is no permitted way to be absent."""
    if fault.keyword in ("required", "not"):
        return True
    if fault.value is None:
        return "null" not in _items(own.get("type", ()))
    return fault.value == "" and fault.keyword in ("minLength", "pattern", "enum")


def _type_words(own: Schema, detail: object) -> tuple[str, str, str]:
    if "x-decimal" in own:
        return ("type", *_format_words(own))
    names = [name for name in _items(own.get("type") or detail) if name in TYPES]
    zh, en = zip(*(TYPES[str(name)] for name in names), strict=True) if names else ((), ())
    return "type", f"类型应为{'或'.join(zh)}", f"must be {' or '.join(en)}"


def _format_words(own: Schema) -> tuple[str, str]:
    if "x-decimal" in own:
        digits, _, decimals = str(own["x-decimal"]).partition(",")
        if decimals == "0":
            return f"格式应为最多{digits}位的整数", f"must be a whole number of at most {digits} digits"
        return (
            f"格式应为最多{digits}位、其中小数{decimals}位的数字",
            f"must be a number of at most {digits} digits, {decimals} of them decimals",
        )
    if own.get("x-format") in FORMATS:
        return FORMATS[str(own["x-format"])]
    if "number" in _items(own.get("type", ())):
        return "格式应为数字", "must be a number"
    return "格式不符合要求", "does not have the required form"


def _choice_words(schema: Schema, fault: Fault) -> tuple[str, str, str] | None:
    """What may be chosen from where a schema lists it as ``oneOf``: codes, or fields of which one must be there."""
    if fault.keyword != "oneOf" or not (rows := _rows(schema, fault.schema_path)):
        return None
    if codes := [str(row["const"]) for row in rows if "const" in row]:
        return "dictionary", f"取值应为：{'、'.join(codes)}", f"must be one of: {', '.join(codes)}"
    if names := [str(name) for row in rows for name in _items(row.get("required", ()))]:
        return "condition", f"应恰有其一：{'、'.join(names)}", f"must hold exactly one of: {', '.join(names)}"
    return None


def _rows(schema: Schema, schema_path: Path) -> list[Mapping[str, object]]:
    *_, node = _walked(schema, schema_path)
    return [row for row in node if isinstance(row, Mapping)] if isinstance(node, list) else []


def _code_words(fault: Fault, own: Schema) -> tuple[str, str, str]:
    """An unknown code; or a field that must stay away, which a schema says as ``enum: ["", null]``."""
    codes = [code for code in _items(fault.detail) if code not in ABSENT]
    if fault.keyword == "enum" and not codes:
        return "absent", "不应出现", "must not be there"
    listed = codes[:SHOWN_CODES]
    more = len(codes) > SHOWN_CODES
    zh = "、".join(str(code) for code in listed) + ("等" if more else "")
    en = ", ".join(str(code) for code in listed) + (" …" if more else "")
    name = own.get("x-dictionary")
    return (
        "dictionary",
        f"取值不在字典 {name} 中，可用：{zh}" if name else f"取值应为：{zh}",
        f"is not a code of {name}; codes: {en}" if name else f"must be one of: {en}",
    )


def _branch(schema: Schema, schema_path: Path) -> dict[str, object]:
    """The texts a rule of the schema carries for its refusal, gathered on the way to the keyword."""
    texts: dict[str, object] = {}
    for node in _walked(schema, schema_path):
        if isinstance(node, Mapping) and node is not schema:
            texts |= {key: node[key] for key in _TEXTS if key in node}
    return texts


def _walked(schema: Schema, schema_path: Path) -> Iterator[object]:
    """The schema, and each node on the way to a keyword."""
    node: object = schema
    yield node
    for step in schema_path:
        if isinstance(node, Mapping):
            node = node.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node):
            node = node[step]
        yield node


_TEXTS = ("x-when-zh", "x-when-en", "x-message-zh", "x-message-en", "x-fields")


def at(schema: Schema, path: Path) -> Schema:
    """The schema of the value at a path, empty where none is known."""
    node = schema
    for step in path:
        node = _child(node, step)
    return node


def _child(schema: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        return _table(schema, "items")
    return _table(_table(schema, "properties"), step)


def _table(schema: Schema, key: str) -> Schema:
    value = schema.get(key)
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[object]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, Sequence) else (value,)
