"""The driver contract, read from its schema for those who show it: verbs, tasks and states with their words.

``schemas/suite/driver.json`` is the one place where a verb or a task is added.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemas.loader import document

CONTRACT: Final = "suite/driver.json"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One question of the contract. ``body`` and ``ok``: names of their definitions; empty for any object."""

    name: str
    zh: str
    en: str
    body: str = ""
    ok: str = ""


def definitions() -> Mapping[str, Json]:
    """The ``$defs`` of the contract."""
    found: Mapping[str, Json] = document(CONTRACT).schema["$defs"]
    return found


def verbs() -> list[Verb]:
    """Every verb in the order of the contract."""
    forms = {row["if"]["properties"]["verb"]["const"]: row["then"] for row in document(CONTRACT).schema["allOf"]}
    return [_verb(row, forms.get(row["const"], {})) for row in definitions()["verb"]["oneOf"]]


def tasks() -> dict[str, list[str]]:
    """Every task of ``perform`` with the fields it cannot do without."""
    found: dict[str, list[str]] = {}
    for row in definitions()["perform_body"]["allOf"]:
        wanted = row["if"]["properties"]["task"]
        for name in wanted.get("enum", [wanted.get("const")]):
            found.setdefault(str(name), []).extend(row["then"].get("required", []))
    return found


def states() -> dict[str, tuple[str, str]]:
    """The closed list of beliefs with their words, zh and en."""
    return {row["const"]: (row["title"], row["x-title-en"]) for row in definitions()["state"]["oneOf"]}


def _verb(row: Json, form: Json) -> Verb:
    properties = form.get("properties", {})
    ok = properties.get("answer", {}).get("properties", {}).get("ok", {})
    return Verb(
        name=row["const"], zh=row["title"], en=row["x-title-en"],
        body=_named(properties.get("body", {})), ok=_named(ok),
    )  # fmt: skip


def _named(node: Json) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]
