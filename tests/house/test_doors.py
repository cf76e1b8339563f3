"""One door per third-party package and package of ours, and no dependency without a use."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.checks import third_party
from tests.house.sources import PACKAGES, ROOT, Finding, Source, expect_none, our_sources, sources, table

DEPENDENCIES: list[dict[str, Any]] = table("doors.toml")["package"]
IMPORTED = [row for row in DEPENDENCIES if "import" in row]


def declared() -> set[str]:
    """Names of all dependencies in pyproject.toml, extras included, our own extras left out."""
    project = table("pyproject.toml")["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    names = {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower() for line in lines}
    return names - {project["name"]}


def users_of(row: dict[str, Any], package: str) -> list[Source]:
    """Modules of one package that import the dependency."""
    names = {row["import"], *row.get("also", [])}
    return [each for each in sources() if each.package == package and third_party(each) & names]


def strangers() -> Iterator[Finding]:
    """Imports that pass by the door, or of packages nobody declared."""
    known = {name: row for row in IMPORTED for name in (row["import"], *row.get("also", []))}
    for each in our_sources():
        for name in sorted(third_party(each)):
            row = known.get(name)
            if row is None:
                yield Finding("door", each.path, f"imports {name}, which doors.toml does not know")
            elif not each.within(*row.get("doors", [])):
                yield Finding("door", each.path, f"imports {name}; its doors are {row.get('doors', 'the tests only')}")


def crowds() -> Iterator[Finding]:
    """Dependencies that more than one module of a package imports."""
    for row in IMPORTED:
        for package in PACKAGES:
            users = [each.path for each in users_of(row, package)]
            if len(users) > 1 and "open" not in row:
                yield Finding("door", users[-1], f"{row['import']} is imported by {', '.join(users)}")


def test_a_package_is_imported_through_its_door_only() -> None:
    """Replacing a library is an edit of one module."""
    expect_none(
        (*strangers(), *crowds()),
        why="a library known by one module can be replaced or faked there; known by ten it is for ever",
        way_out="ask the door for what you need; a new dependency goes into pyproject.toml "
        "and tests/house/doors.toml, each with its reason",
    )


def test_the_table_and_the_project_name_the_same_dependencies() -> None:
    """Nothing is installed without a reason, no reason is kept without its dependency."""
    names = [row["name"] for row in DEPENDENCIES]

    assert sorted(names) == sorted(declared()), "pyproject.toml and tests/house/doors.toml differ: bring them together"
    assert all(row["reason"].strip() for row in DEPENDENCIES)


@pytest.mark.parametrize("row", IMPORTED, ids=lambda row: row["name"])
def test_every_dependency_is_used(row: dict[str, Any]) -> None:
    """A dependency that nobody imports is weight, and a way in for strangers."""
    places = ("tests",) if row.get("tests") else PACKAGES
    used = [each.path for package in places for each in users_of(row, package)]
    doors = [door for door in row.get("doors", []) if (ROOT / door).is_file()]
    if not used and not doors:
        pytest.skip(f"not run: nothing uses {row['name']} yet; its place is {row.get('doors', 'tests/')}")

    assert used, f"{doors} no longer imports {row['name']}: drop it from pyproject.toml and tests/house/doors.toml"


@pytest.mark.parametrize("row", [row for row in DEPENDENCIES if "import" not in row], ids=lambda row: row["name"])
def test_what_is_never_imported_says_who_uses_it(row: dict[str, Any]) -> None:
    """Tools are called by tox; a helper of another dependency names it."""
    command, server = row.get("tool"), row.get("served_by")

    assert (command and command in (ROOT / "tox.ini").read_text(encoding="utf-8")) or server in declared(), (
        f"{row['name']}: neither a command of tox.ini nor served by a dependency; drop it or say who uses it"
    )
