"""``corrections.toml`` read and checked: what the tables do not say, or say wrongly, about each interface."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Table: TypeAlias = Mapping[str, Any]

TOP_KEYS = {"base", "order", "closed", "dictionary_of", "mark", "english", "dictionary", "interface"}
INTERFACE_KEYS = {
    *("family", "stem", "title_zh", "title_en", "surface", "path", "trans_type", "sender", "receiver"),
    *("stateful", "changes_state", "source", "confidence", "since", "input", "output"),
}
DIRECTION_KEYS = {"node", "rules", "nullable", "rename"}
NODE_KEYS = {
    "kind",
    "parent",
    "required",
    "optional",
    "override",
    "add",
    "like",
    "rules",
    "aliases",
    "also_at_root",
}
NODE_KEYS |= {"absent_ok", "min_items", "title_zh", "title_en", "all_optional"}


class CorrectionError(ValueError):
    """corrections.toml cannot be used; the text names the table and the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFix:
    """Corrections of one node: how often it stands, where it hangs, and what differs in its fields."""

    kind: str = "object"
    parent: str = ""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    override: Mapping[str, Table] = field(default_factory=dict)
    add: tuple[Table, ...] = ()
    like: str = ""
    rules: tuple[Table, ...] = ()
    aliases: tuple[str, ...] = ()
    also_at_root: bool = False
    absent_ok: bool = False
    all_optional: bool = False
    min_items: int = 0
    title_zh: str = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionFix:
    """Corrections of one direction: its nodes by name (printed order first), and rules over the whole."""

    node: Mapping[str, NodeFix] = field(default_factory=dict)
    rules: tuple[Table, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceFix:
    """Where an interface lives and how it behaves. Without an entry the defaults stand."""

    family: str = "unassigned"
    stem: str = ""
    title_zh: str = ""
    title_en: str = ""
    surface: str = "institution"
    path: str = "/fsi/api/rsfComIfsService/callService"
    trans_type: str = ""
    sender: str = "institution"
    receiver: str = "platform"
    stateful: bool = True
    changes_state: bool = False
    source: str = ""
    confidence: str = ""
    since: str = ""
    input: DirectionFix = DirectionFix()
    output: DirectionFix = DirectionFix()


@dataclass(frozen=True, slots=True)
class Corrections:
    """The whole file. ``english`` and ``dictionary_of`` are keyed by snake-case field names."""

    base: str
    closed: frozenset[str]
    dictionary_of: Mapping[str, str]
    mark: Mapping[str, tuple[str, ...]]
    english: Mapping[str, str]
    dictionaries: Mapping[str, Table]
    interfaces: Mapping[str, InterfaceFix]


def read(path: Path) -> Corrections:
    """Read and check corrections.toml; raises CorrectionError on an unknown key: no slip is silent."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    _known(data, TOP_KEYS, "the file")
    return Corrections(
        base=str(data["base"]),
        closed=frozenset(data["closed"]),
        dictionary_of=data["dictionary_of"],
        mark={mark: tuple(names) for mark, names in data["mark"].items()},
        english=data["english"],
        dictionaries=data["dictionary"],
        interfaces={code: _interface(code, table) for code, table in data["interface"].items()},
    )


def _known(table: Table, keys: set[str], where: str) -> None:
    if unknown := sorted(set(table) - keys):
        raise CorrectionError(
            f"corrections.toml, {where}: unknown {', '.join(unknown)}; known are {', '.join(sorted(keys))}"
        )


def _interface(code: str, table: dict[str, object]) -> InterfaceFix:
    _known(table, INTERFACE_KEYS, f"interface {code}")
    fixed: dict[str, Any] = dict(table)
    for way in ("input", "output"):
        if way in table:
            fixed[way] = _direction(f"interface {code}, {way}", table[way])
    return InterfaceFix(**fixed)


def _direction(where: str, table: object) -> DirectionFix:
    if not isinstance(table, dict):
        raise CorrectionError(f"corrections.toml, {where}: must be a table")
    _known(table, DIRECTION_KEYS, where)
    nodes = {name: _node(f"{where}, node {name}", fix) for name, fix in table.get("node", {}).items()}
    return DirectionFix(
        node=nodes,
        rules=tuple(table.get("rules", ())),
        rename=table.get("rename", {}),
        nullable=table.get("nullable", False),
    )


def _node(where: str, table: Table) -> NodeFix:
    _known(table, NODE_KEYS, where)
    frozen: Table = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return NodeFix(**frozen)
