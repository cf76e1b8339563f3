"""Digests of what a verdict rests on beside the evidence: the installed code, and the requirements themselves."""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import Any

from conformance import catalogue
from conformance.bundle.parts import sha256
from conformance.requirement import Requirement
from schemas import jsontext

_LEFT_OUT = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


@cache
def package(name: str) -> str:
    """SHA-256 over names and bytes of every file of an installed package of ours, in the order of their names.

    Compiled files are left out, so that the same release gives the same digest everywhere.
    """
    spec = find_spec(name)
    assert spec is not None and spec.origin is not None, name
    total = hashlib.sha256()
    for inside, path in sorted(_files(os.path.dirname(spec.origin))):
        with open(path, "rb") as file:
            total.update(f"{inside}\0{sha256(file.read())}\n".encode())
    return total.hexdigest()


def edition(name: str) -> str:
    """SHA-256 of an edition: its needs and every requirement on its list, wording and parameters included."""
    frozen, known = catalogue.edition(name), catalogue.requirements()
    rails = {
        rail: {"families": list(needs.families), "capabilities": list(needs.capabilities)}
        for rail, needs in frozen.rails.items()
    }
    rows = [_row(known[id_]) for id_ in frozen.requirements]
    return sha256(jsontext.canonical({"edition": frozen.name, "rails": rails, "requirements": rows}))


def _files(home: str) -> Iterator[tuple[str, str]]:
    """Name within the package, and path. Plain text and one walk: there are thousands, and ``Path`` made up two thirds
    of the time."""
    for folder, inner, names in os.walk(home):
        inner[:] = [name for name in inner if name not in _LEFT_OUT]
        paths = (os.path.join(folder, name) for name in names if not name.endswith(".pyc"))
        yield from ((path[len(home) + 1 :].replace(os.sep, "/"), path) for path in paths)


def _row(requirement: Requirement) -> dict[str, Any]:
    return {
        "id": requirement.id,
        **requirement.text.document(),
        "level": requirement.level,
        "impact": requirement.impact,
        "source": requirement.source,
        "scenarios": list(requirement.scenarios),
        "probe": requirement.probe_name,
        "params": dict(requirement.params),
        "observations": requirement.observations,
        "unchecked": requirement.unchecked,
    }
