"""The folder ``corrections`` read and checked: what the tables do not say, or say wrongly, about each interface.

One file per family, named for it, with one table per interface code; ``shared.toml`` holds what several need,
``english.toml`` the words from which English titles are made, ``samples.toml`` the values of examples.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

Table: TypeAlias = Mapping[str, Any]

SHARED, ENGLISH, SAMPLES = "shared.toml", "english.toml", "samples.toml"
SHARED_KEYS = {"base", "closed", "dictionary_of", "mark", "node", "dictionary"}
ENGLISH_KEYS = {"fields", "words"}


class CorrectionError(ValueError):
    """The corrections cannot be used; the text names the file, the table and the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFix:
    """Corrections of one node: how often it stands, where it hangs, and what differs in its fields.

    ``kind``: object, array, either (one object or several in an array), open, flat; empty means as shared or object.
    ``like`` and ``sizes`` name another node (``code/direction/node``): to take its rows, or the lengths missing here.
    ``parts``: names of nodes printed behind this one without a heading, told by their rows counting from one again.
    ``drop``: printed in the wrong direction. ``as_def``: rows of a file, kept beside the message under that name.
    """

    kind: str = ""
    parent: str = ""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    override: Mapping[str, Table] = field(default_factory=dict)
    add: tuple[Table, ...] = ()
    like: str = ""
    sizes: str = ""
    parts: tuple[str, ...] = ()
    rules: tuple[Table, ...] = ()
    aliases: tuple[str, ...] = ()
    also_at_root: bool = False
    absent_ok: bool = False
    all_optional: bool = False
    drop: bool = False
    as_def: str = ""
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
    """Where an interface lives and how it behaves. ``family`` is its file; empty texts come from the tables.

    ``read``: hand (held against the pages) or generated (from the tables alone). ``examples``: hand or generated.
    ``stream``: a success is answered with the bytes of a file, not with JSON. ``shape``: another interface with the
    same input and output.
    """

    family: str = "unassigned"
    stem: str = ""
    title_zh: str = ""
    title_en: str = ""
    surface: str = "institution"
    path: str = "/fsi/api/rsfComIfsService/callService"
    trans_type: str = ""
    sender: str = ""
    receiver: str = ""
    read: str = "generated"
    examples: str = "generated"
    stateful: bool = False
    changes_state: bool = False
    stream: bool = False
    shape: str = ""
    source: str = ""
    confidence: str = "B"
    since: str = "hunan-1.1.27"
    input: DirectionFix = DirectionFix()
    output: DirectionFix = DirectionFix()


@dataclass(frozen=True, slots=True)
class English:
    """English titles: whole names first, else the words of a name's parts (``psn_cert_type`` has three)."""

    fields: Mapping[str, str]
    words: Mapping[str, str]

    def title(self, name: str) -> str:
        """The title of a snake-case name; empty when a part of it has no word."""
        known = self.fields.get(name)
        if known:
            return known
        parts = [self.words.get(part) for part in name.split("_") if part]
        return " ".join(part for part in parts if part) if all(part is not None for part in parts) else ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """The whole folder. ``english`` and ``dictionary_of`` are keyed by snake-case field names."""

    base: str
    closed: frozenset[str]
    dictionary_of: Mapping[str, str]
    mark: Mapping[str, re.Pattern[str]]
    node: Mapping[str, NodeFix]
    english: English
    dictionaries: Mapping[str, Table]
    interfaces: Mapping[str, InterfaceFix]


def read(folder: Path) -> Corrections:
    """Read and check the folder; raises CorrectionError on an unknown key: no slip is silent."""
    shared, english = _load(folder / SHARED), _load(folder / ENGLISH)
    _known(shared, SHARED_KEYS, SHARED)
    _known(english, ENGLISH_KEYS, ENGLISH)
    return Corrections(
        base=str(shared["base"]),
        closed=frozenset(shared["closed"]),
        dictionary_of=shared["dictionary_of"],
        mark={mark: re.compile(pattern) for mark, pattern in shared["mark"].items()},
        node={name: _node(f"{SHARED}, node {name}", fix) for name, fix in shared["node"].items()},
        english=English(english["fields"], english["words"]),
        dictionaries=shared["dictionary"],
        interfaces=_interfaces(folder),
    )


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CorrectionError(f"{path} is not there") from None
    except tomllib.TOMLDecodeError as error:
        raise CorrectionError(f"{path}: {error}") from None


def _interfaces(folder: Path) -> dict[str, InterfaceFix]:
    found: dict[str, InterfaceFix] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name in (SHARED, ENGLISH, SAMPLES):
            continue
        for code, table in _load(path).items():
            if code in found:
                raise CorrectionError(f"{path.name}: {code} stands in {found[code].family}.toml too")
            found[code] = _interface(f"{path.name}, {code}", path.stem, table)
    return {code: _shaped(code, fix, found) for code, fix in found.items()}


def _shaped(code: str, fix: InterfaceFix, found: Mapping[str, InterfaceFix]) -> InterfaceFix:
    if not fix.shape:
        return fix
    if fix.shape not in found:
        raise CorrectionError(f"corrections/{fix.family}.toml, {code}: shape names {fix.shape}, which is not there")
    return replace(fix, input=found[fix.shape].input, output=found[fix.shape].output)


def _interface(where: str, family: str, table: dict[str, Any]) -> InterfaceFix:
    _known(table, _names(InterfaceFix) - {"family"}, where)
    fixed = dict(table)
    for way in ("input", "output"):
        if way in table:
            fixed[way] = _direction(f"{where}, {way}", table[way])
    return InterfaceFix(family=family, **fixed)


def _direction(where: str, table: Table) -> DirectionFix:
    _known(table, _names(DirectionFix), where)
    nodes = {name: _node(f"{where}, node {name}", fix) for name, fix in table.get("node", {}).items()}
    return DirectionFix(**{**_frozen(table), "node": nodes})


def _node(where: str, table: Table) -> NodeFix:
    _known(table, _names(NodeFix), where)
    return NodeFix(**dict(_frozen(table)))


def _frozen(table: Table) -> Table:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _names(kind: type[NodeFix | DirectionFix | InterfaceFix]) -> set[str]:
    return {one.name for one in fields(kind)}


def _known(table: Table, keys: Iterable[str], where: str) -> None:
    known = set(keys)
    if unknown := sorted(set(table) - known):
        raise CorrectionError(
            f"corrections/{where}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        )


def marked(name: str, marks: Mapping[str, re.Pattern[str]]) -> Iterator[str]:
    """The marks a snake-case name bears."""
    return (mark for mark, pattern in marks.items() if pattern.fullmatch(name))
