"""A page for each interface and each dictionary, made from the schemas: ``python -m schemas.pages --out DIR``.

Static HTML in Chinese and English that needs no network, no script and no server, and prints well. The pages are built,
never kept: the schemas are what is true.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from schemas import jsontext, loader
from schemas.loader import InterfaceSchema, Validator

Json = Mapping[str, Any]

TEMPLATES = Path(__file__).resolve().parent / "page_templates"
KINDS = {
    "digits": "数字文本 digits",
    "date": "日期 date yyyy-MM-dd",
    "datetime": "日期时间 datetime yyyy-MM-dd HH:mm:ss",
    "date_or_datetime": "日期或日期时间 date or datetime",
    "stamp14": "时间 yyyyMMddHHmmss",
    "stamp_date": "日期 yyyyMMdd",
    "stamp_time": "时间 HHmmss",
    "number": "数值 number",
    "string": "文本 text",
    "boolean": "布尔 true/false",
    "array": "数组 array",
    "object": "对象 object",
}
MARKS = {
    "x-secret": "机密，日志中隐藏 secret, hidden in the journal",
    "x-identity": "个人标识，日志中隐藏 identity, hidden in the journal",
    "x-name": "个人信息，日志中隐藏 personal, hidden in the journal",
    "x-printed-required": "规范印为必填 printed as required",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table of fields."""

    name: str
    zh: str
    en: str
    kind: str
    length: str
    required: bool
    dictionary: str
    notes: str


@dataclass(frozen=True, slots=True)
class Node:
    """One table of fields: an object of the message, or the rows of an array."""

    path: str
    zh: str
    en: str
    kind: str
    rules: list[str]
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Part:
    """A direction of the message, or the rows of a file that goes with it."""

    name: str
    zh: str
    en: str
    nodes: list[Node]


@dataclass(frozen=True, slots=True)
class Example:
    """An example as text; ``refusal`` is what the platform says to a wrong one."""

    name: str
    text: str
    refusal: str


def files() -> Iterator[tuple[str, str]]:
    """Every page by its path under the output folder."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    everything = sorted(loader.interfaces().values(), key=lambda one: (one.family, one.code))
    known = {path.stem: loader.document(f"dictionaries/{path.name}").schema for path in _dictionary_files()}
    yield "index.html", environment.get_template("index.html.j2").render(_index(everything, known), up="")
    template = environment.get_template("interface.html.j2")
    for one in everything:
        page = template.render(one=one, parts=_parts(one), examples=list(_examples(one)), known=known, up="../")
        yield f"{one.family}/{one.stem}.html", page
    for name, schema in known.items():
        page = environment.get_template("dictionary.html.j2").render(_dictionary(name, schema), up="../")
        yield f"dictionaries/{name}.html", page


def _dictionary_files() -> list[Path]:
    return sorted((loader.ROOT / "dictionaries").glob("*.json"))


def _index(everything: list[InterfaceSchema], known: Mapping[str, Json]) -> dict[str, object]:
    names = list(dict.fromkeys(one.family for one in everything))
    families = [{"name": name, "interfaces": [one for one in everything if one.family == name]} for name in names]
    titles = [(name, schema["x-title"]) for name, schema in known.items()]
    return {"families": families, "dictionaries": titles, "count": len(everything)}


def _dictionary(name: str, schema: Json) -> dict[str, object]:
    codes = loader.dictionary(name).items()
    facts = {"title": schema["x-title"], "closed": schema["x-closed"], "source": schema.get("x-source", "")}
    return {"name": name, "codes": codes, **facts}


def _parts(one: InterfaceSchema) -> list[Part]:
    sealed = one.surface != "institution"
    parts = [
        Part("input", "请求", "request", list(_nodes(one.input.schema, "data" if sealed else "input"))),
        Part("output", "应答", "answer", list(_nodes(one.output.schema, "data" if sealed else "output"))),
    ]
    for name in one.row_names():
        schema = one.rows(name).schema
        parts.append(Part(name, schema["title"], schema["x-title-en"], list(_nodes(schema, name))))
    return parts


def _nodes(schema: Json, path: str) -> Iterator[Node]:
    """The tables of a message, outermost first; an object that holds nothing but nodes has none of its own."""
    body = schema.get("items", schema)
    known = body.get("properties", {})
    inner = {name: field for name, field in known.items() if field.get("properties") or field.get("items")}
    rules = [*_rules(body)]
    if set(known) - set(inner) or rules:
        kind = _kind(schema) if path.count(".") else ""
        fields = [_field(name, field, body) for name, field in known.items()]
        yield Node(path, schema.get("title", ""), schema.get("x-title-en", ""), kind, rules, fields)
    for name, field in inner.items():
        yield from _nodes(field, f"{path}.{name}{'[]' if 'items' in field else ''}")


def _field(name: str, field: Json, body: Json) -> Field:
    notes = [text for mark, text in MARKS.items() if field.get(mark)]
    notes += [str(field[key]) for key in ("x-note", "x-source") if field.get(key)]
    fixed = "、".join(str(code) for code in field.get("enum", ()) if code) if "x-dictionary" not in field else ""
    return Field(
        name=name,
        zh=field.get("title", ""),
        en=field.get("x-title-en", ""),
        kind=_kind(field),
        length=str(field.get("x-decimal") or field.get("maxLength") or ""),
        required=name in body.get("required", ()),
        dictionary=str(field.get("x-dictionary", "")),
        notes="；".join([*notes, *([f"取值 values: {fixed}"] if fixed else [])]),
    )


def _kind(field: Json) -> str:
    kinds = field.get("type", ())
    named = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
    if "x-format" in field:
        return KINDS[field["x-format"]]
    if "number" in named:
        return KINDS["number"]
    return " / ".join(KINDS[kind] for kind in named)


def _rules(body: Json) -> Iterator[str]:
    """The rules between fields of one node, in both languages."""
    for clause in body.get("allOf", ()):
        demand = clause.get("then", clause)
        when_zh, when_en = demand.get("x-when-zh", ""), demand.get("x-when-en", "")
        zh, en = demand.get("x-message-zh", ""), demand.get("x-message-en", "")
        required = ", ".join(demand.get("required", ()))
        inside = ", ".join(f"{node}[]: {', '.join(line['items']['required'])}" for node, line in _line_demands(demand))
        absent = ", ".join(
            name for name, field in demand.get("properties", {}).items() if field.get("enum") == ["", None]
        )
        zh = zh or "；".join([*_said("必填 ", required), *_said("必填 ", inside), *_said("不应出现 ", absent)])
        en = en or "; ".join([*_said("required: ", required), *_said("required: ", inside), *_said("absent: ", absent)])
        yield f"{when_zh}{'，' if when_zh else ''}{zh} / {when_en}{': ' if when_en else ''}{en}"


def _said(word: str, names: str) -> list[str]:
    return [word + names] if names else []


def _line_demands(demand: Json) -> Iterator[tuple[str, Json]]:
    return ((name, field) for name, field in demand.get("properties", {}).items() if "items" in field)


def _examples(one: InterfaceSchema) -> Iterator[Example]:
    """The valid ones first."""
    for name in sorted(loader.example_names(one), key=lambda name: (name.startswith("invalid"), name)):
        value = loader.example(one, name)
        judge: Validator = one.input if "_input_" in name else one.output
        refusal = "；".join(f"{miss.zh} / {miss.en}" for miss in judge.check(value))
        yield Example(name, jsontext.pretty(value), refusal)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages; 0 when done, 3 when the folder cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m schemas.pages", description=__doc__)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="folder for the pages; made when missing"
    )
    out: Path = parser.parse_args(arguments).out
    count = 0
    try:
        for path, page in files():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_text(page, encoding="utf-8")
            count += 1
    except OSError as error:
        sys.stderr.write(f"{out}: {error.strerror}; name a folder you may write to\n")
        return 3
    sys.stdout.write(f"{count} pages under {out}; open {out / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
