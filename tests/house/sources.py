"""The files the house tests read, and how a finding is reported."""

import ast
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOUSE = Path(__file__).resolve().parent
PACKAGES = ("schemas", "simulator", "conformance", "loadtests")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its path from the root of the repository, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The top-level folder: one of PACKAGES, `tests`, `examples`."""
        return self.path.partition("/")[0]

    def within(self, *places: str) -> bool:
        """Whether the file is one of the places, or lies in one (a place ending in `/` is a folder)."""
        return any(self.path == place or (place.endswith("/") and self.path.startswith(place)) for place in places)


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: the rule's name, the place a waiver would name, and what stands there."""

    rule: str
    where: str
    what: str


def source(path: str, text: str) -> Source:
    """A Source from text, as the tests of the checks themselves need it."""
    return Source(path=path, text=text, tree=ast.parse(text))


def files(folders: Iterable[str], *suffixes: str) -> list[Path]:
    """Files below the folders with one of the suffixes, in a stable order, caches left out."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in suffixes)
    return sorted(path for path in found if "__pycache__" not in path.parts and path.is_file())


def relative(path: Path) -> str:
    """The path from the root of the repository, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of ours: the four packages, the tests, the examples."""
    paths = files((*PACKAGES, "tests", "examples"), ".py")
    return tuple(source(relative(path), path.read_text(encoding="utf-8")) for path in paths)


def our_sources() -> tuple[Source, ...]:
    """Every Python file of the four packages."""
    return tuple(each for each in sources() if each.package in PACKAGES)


@cache
def table(name: str) -> dict[str, Any]:
    """One of the TOML tables beside the house tests, or `pyproject.toml`."""
    path = ROOT / name if name == "pyproject.toml" else HOUSE / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


def waived() -> dict[tuple[str, str], str]:
    """(rule, where) -> reason, from waivers.toml."""
    return {(row["rule"], row["where"]): row["reason"] for row in table("waivers.toml").get("waiver", [])}


def expect_none(findings: Iterable[Finding], *, why: str, way_out: str) -> None:
    """Fail with every finding that is not waived, the reason of the rule and the way out."""
    waivers = waived()
    left = [each for each in findings if (each.rule, each.where) not in waivers]
    listing = "\n".join(f"  {each.where}: {each.what}" for each in left)
    assert not left, f"{len(left)} found:\n{listing}\nWhy the rule exists: {why}\nThe way out: {way_out}"
