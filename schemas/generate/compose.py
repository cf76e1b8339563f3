"""One interface as one JSON Schema: rows of the table, joined with their corrections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from schemas.generate import rules
from schemas.generate.corrections import Corrections, DirectionFix, InterfaceFix, NodeFix, marked
from schemas.generate.fields import Field, Json, kind_of, schema_of, snake
from schemas.generate.tables import Interface, Row, Tables

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DIRECTIONS = ("input", "output")
CHILDREN = ("any", "array", "object")
"""Kinds of a row that announces a child node of the same name."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Turns interface codes into schemas; holds the tables and the corrections."""

    tables: Tables
    corrections: Corrections

    def fix(self, code: str) -> InterfaceFix:
        """The corrections of one interface, or the defaults."""
        return self.corrections.interfaces.get(code, InterfaceFix())

    def stem(self, code: str) -> str:
        """File name without its ending."""
        return self.fix(code).stem or f"interface_{code}".lower()

    def schema(self, code: str) -> Json:
        """The whole schema file of one interface."""
        fix = self.fix(code)
        printed = self.tables.interfaces.get(code)
        directions = [Direction(self, code, direction) for direction in DIRECTIONS]
        return {
            "$schema": DRAFT,
            "$id": f"{self.corrections.base}/{fix.family}/{self.stem(code)}.json",
            "title": fix.title_zh or (printed.name_zh if printed else code),
            "x-title-en": fix.title_en,
            "x-read": fix.read,
            "x-interface": _annotation(code, fix, printed),
            "$defs": {
                **{direction.name: direction.schema() for direction in directions},
                **{name: rows for direction in directions for name, rows in direction.file_rows()},
            },
        }


def _annotation(code: str, fix: InterfaceFix, printed: Interface | None) -> Json:
    trans_type: Json = {"trans_type": fix.trans_type} if fix.trans_type else {}
    stream: Json = {"stream": True} if fix.stream else {}
    return {
        "code": code,
        "family": fix.family,
        "surface": fix.surface,
        "path": fix.path,
        **trans_type,
        "sender": fix.sender or (printed.sender if printed else "institution"),
        "receiver": fix.receiver or (printed.receiver if printed else "platform"),
        "stateful": fix.stateful,
        "changes_state": fix.changes_state,
        **stream,
        "source": fix.source or f"HN {code}",
        "confidence": fix.confidence,
        "since": fix.since,
    }


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction of one interface. Institution: nodes hang under it; elsewhere it *is* ``data``."""

    composer: Composer
    code: str
    name: str

    @property
    def fix(self) -> DirectionFix:
        """The corrections of this direction."""
        both = self.composer.fix(self.code)
        return both.input if self.name == "input" else both.output

    def schema(self) -> Json:
        """The schema of the ``input``, ``output`` or ``data`` object."""
        nodes = self._nodes()
        flat = [name for name in nodes if self._is_flat(name)]
        properties: Json = {}
        required: list[str] = []
        clauses = [*self.fix.rules]
        for name in flat:
            part = self._node(name, nodes)
            properties |= part["properties"]
            required += part["required"]
            clauses += self._node_fix(name).rules
        for name in nodes:
            if name not in flat and name not in properties and self._parent(name, nodes) is None:
                properties |= self._named(name, nodes)
                required += [] if self._node_fix(name).absent_ok else [self._wire_name(name)]
            elif self._node_fix(name).also_at_root:
                properties |= self._named(name, nodes)
        return self._whole(properties, required, clauses)

    def file_rows(self) -> Iterable[tuple[str, Json]]:
        """Rows of a file that goes with the message: their columns in order, by the name of the definition."""
        for name, rows in self._every_node().items():
            fix = self._node_fix(name)
            if fix.as_def:
                titles = {"title": fix.title_zh, "x-title-en": fix.title_en}
                yield fix.as_def, {**titles, "type": "object", **self._node(name, {name: rows})}

    def _whole(self, properties: Json, required: list[str], clauses: Iterable[rules.Rule]) -> Json:
        empty = self.fix.nullable or not properties
        schema: Json = {
            "type": ["object", "null"] if empty else "object",
            "required": required,
            "properties": properties,
        }
        if all_of := [rules.clause(rule) for rule in clauses]:
            schema["allOf"] = all_of
        return schema

    def _is_flat(self, name: str) -> bool:
        """Fields directly under the direction: the unnamed node, and ``data`` of a sealed message."""
        if name == "data" and self.composer.fix(self.code).surface != "institution":
            return True
        return self._node_fix(name).kind == "flat" or (not name and not self._wire_name(name))

    def _node_fix(self, name: str) -> NodeFix:
        """What is corrected of a node: what several interfaces share, overlaid by what this one says."""
        shared = self.composer.corrections.node.get(name, NodeFix())
        own = self.fix.node.get(name)
        if own is None:
            return shared
        given = {one.name: getattr(own, one.name) for one in fields(NodeFix)}
        blank = NodeFix()
        said = {key: value for key, value in given.items() if value != getattr(blank, key)}
        return replace(shared, **said)

    def _wire_name(self, name: str) -> str:
        return self.fix.rename.get(name, name)

    def _nodes(self) -> dict[str, list[Row]]:
        """The nodes of the message itself."""
        return {
            name: rows
            for name, rows in self._every_node().items()
            if not self._node_fix(name).as_def and not self._node_fix(name).drop
        }

    def _every_node(self) -> dict[str, list[Row]]:
        """Rows by node; nodes that only the corrections know come last, without rows."""
        nodes = self.printed_nodes()
        for name, fix in self.fix.node.items():
            nodes.setdefault(name, [])
            nodes[name] = self._sized(fix, nodes[name] or list(self._elsewhere(fix.like)))
        return nodes

    def printed_nodes(self) -> dict[str, list[Row]]:
        """Rows by node in printed order; what was printed one behind the other under one heading is taken apart."""
        nodes: dict[str, list[Row]] = {}
        started: dict[str, int] = {}
        for row in self.composer.tables.rows.get(self.code, ()):
            if row.direction == self.name:
                names = (row.node, *self._node_fix(row.node).parts)
                started[row.node] = started.get(row.node, -1) + (row.seq == 1)
                nodes.setdefault(names[max(0, min(started[row.node], len(names) - 1))], []).append(row)
        return nodes

    def _elsewhere(self, address: str) -> Iterable[Row]:
        """The rows of another node, named ``code/direction/node``."""
        if not address:
            return ()
        code, direction, node = address.split("/")
        rows = self.composer.tables.rows.get(code, ())
        return (row for row in rows if (row.direction, row.node) == (direction, node))

    def _sized(self, fix: NodeFix, rows: list[Row]) -> list[Row]:
        """Rows with the lengths they lack, from the node named in ``sizes``."""
        lengths = {row.field: row.length for row in self._elsewhere(fix.sizes)}
        return [replace(row, length=row.length or lengths.get(row.field, "")) for row in rows]

    def _parent(self, name: str, nodes: Mapping[str, list[Row]]) -> str | None:
        """Where a node hangs: as corrected, else where a row announces a child of that name, else nowhere."""
        if self._node_fix(name).parent:
            return self._node_fix(name).parent
        wire_name = self._wire_name(name)
        for node, rows in nodes.items():
            if node != name and any(row.field == wire_name and kind_of(row.type) in CHILDREN for row in rows):
                return node
        return None

    def _named(self, name: str, nodes: Mapping[str, list[Row]]) -> dict[str, Json]:
        """A node under its name and under every other spelling that is accepted."""
        schema = self._wrapped(name, nodes)
        return dict.fromkeys((self._wire_name(name), *self._node_fix(name).aliases), schema)

    def _wrapped(self, name: str, nodes: Mapping[str, list[Row]]) -> Json:
        fix = self._node_fix(name)
        english = self.composer.corrections.english.title(snake(name))
        titles: Json = {"title": fix.title_zh or name, "x-title-en": fix.title_en or english or name.replace("_", " ")}
        body: Json = {"type": "object", **self._node(name, nodes)}
        if clauses := [rules.clause(rule) for rule in fix.rules]:
            body["allOf"] = clauses
        missing = ["null"] if fix.absent_ok or fix.parent else []
        if fix.kind == "open":
            return {**titles, **body, "type": ["object", "string", "null"]}
        if fix.kind == "either":
            return {**titles, **body, "type": ["array", "object", *missing], "items": body}
        if fix.kind != "array":
            return {**titles, **body, "type": ["object", *missing] if missing else "object"}
        least: Json = {"minItems": fix.min_items} if fix.min_items else {}
        return {**titles, "type": ["array", *missing] if missing else "array", **least, "items": body}

    def _node(self, name: str, nodes: Mapping[str, list[Row]]) -> Json:
        """``required`` and ``properties`` of one node, its children in their places."""
        node_fields = self._fields(name, nodes[name])
        children = {self._wire_name(child): child for child in nodes if self._parent(child, nodes) == name != child}
        properties: Json = {}
        for field in node_fields:
            if field.name in children:
                child = self._named(children[field.name], nodes)
                properties |= {key: _placed(schema, field) for key, schema in child.items()}
            else:
                properties[field.name] = schema_of(field)
        for wire_name, child_name in children.items():
            if wire_name not in properties:
                properties |= self._named(child_name, nodes)
        return {"required": [field.name for field in node_fields if field.required], "properties": properties}

    def _fields(self, name: str, rows: Iterable[Row]) -> list[Field]:
        """Fields of a node: a field printed twice counts once; added ones follow the printed ones."""
        fix = self._node_fix(name)
        found: dict[str, Field] = {}
        for row in rows:
            found.setdefault(row.field, self._printed(row, fix))
        last = max((field.seq for field in found.values()), default=0)
        for number, added in enumerate(fix.add, last + 1):
            found[str(added["field"])] = self._added(added, number)
        return list(found.values())

    def _printed(self, row: Row, fix: NodeFix) -> Field:
        required = (row.required or row.field in fix.required) and row.field not in fix.optional
        field = Field(
            name=row.field,
            zh=row.label_zh,
            en=self._english(row.field),
            kind=kind_of(row.type),
            seq=row.seq,
            length=row.length if kind_of(row.type) != "date" else "",
            required=required and not fix.all_optional,
            printed_required=row.required and not fix.all_optional,
        )
        return self._bound(replace(field, **_overrides(fix.override.get(row.field, {}))), coded=row.coded)

    def _added(self, added: Mapping[str, Any], number: int) -> Field:
        name = str(added["field"])
        known = {
            "name": name,
            "zh": str(added["zh"]),
            "en": self._english(name),
            "kind": "string",
            "seq": number,
        }
        return self._bound(
            Field(**{**known, **_overrides({k: v for k, v in added.items() if k not in ("field", "zh")})}),
            coded=True,
        )

    def _english(self, name: str) -> str:
        return self.composer.corrections.english.title(snake(name))

    def _bound(self, field: Field, *, coded: bool) -> Field:
        """With its dictionary, and with the marks that tell redaction what it holds."""
        corrections = self.composer.corrections
        marks = tuple(marked(snake(field.name), corrections.mark))
        name = field.dictionary or self._dictionary(field.name, coded=coded)
        closed = name in corrections.closed and not field.allowed and name in self._known_dictionaries()
        return replace(field, marks=marks, dictionary=name, closed=closed)

    def _dictionary(self, name: str, *, coded: bool) -> str:
        bound = self.composer.corrections.dictionary_of.get(snake(name))
        if bound is not None:
            return bound
        known = self._known_dictionaries()
        candidates = [candidate for candidate in (name, snake(name)) if candidate in known]
        return candidates[0] if coded and candidates else ""

    def _known_dictionaries(self) -> set[str]:
        return {*self.composer.tables.dictionaries, *self.composer.corrections.dictionaries}


def _overrides(table: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a correction under the names of Field: ``type`` is a kind, lists become tuples."""
    renamed = {{"type": "kind"}.get(key, key): value for key, value in table.items()}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in renamed.items()}


def _placed(schema: Json, field: Field) -> Json:
    """A child node where its parent's table announces it: titles from there, null only when optional."""
    placed = {**schema, "title": field.zh, "x-title-en": field.en, "x-seq": field.seq}
    if field.printed_required and not field.required:
        placed["x-printed-required"] = True
    if field.kind == "array" and "items" not in schema:
        placed = {**placed, "type": ["array", "null"], "items": {**schema, "type": "object"}}
        del placed["properties"], placed["required"]
    kinds = placed["type"]
    if field.required and isinstance(kinds, list):
        named = [kind for kind in kinds if kind != "null"]
        placed["type"] = named[0] if len(named) == 1 else named
    return placed
