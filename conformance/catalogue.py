"""Requirements and editions, read from their TOML files and held to their schemas.

A requirement is one top-level table; its id is folder/file/table. A new one is a new table and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from conformance import probes
from conformance.findings import Both
from conformance.requirement import Edition, Probe, RailNeeds, Requirement
from schemas import tomlfile
from schemas.tomlfile import FileFault

_HERE = Path(__file__).parent
REQUIREMENTS = _HERE / "requirements"
EDITIONS = _HERE / "editions"
LATEST = "2026.1"


@cache
def requirements() -> Mapping[str, Requirement]:
    """Every requirement by id, in the order of folders, files and tables."""
    found: dict[str, Requirement] = {}
    for path in sorted(REQUIREMENTS.glob("*/*.toml")):
        for slug, row in tomlfile.read(path, "requirement").items():
            requirement = _requirement(f"{path.parent.name}/{path.stem}/{slug}", row)
            found[requirement.id] = requirement
    return MappingProxyType(found)


def names_of_editions() -> list[str]:
    """Editions there are, oldest first."""
    return sorted(path.stem for path in EDITIONS.glob("*.toml"))


@cache
def edition(name: str = LATEST) -> Edition:
    """An edition by its name.

    Raises:
        FileFault: unknown edition, or it lists an unknown requirement.
    """
    path = EDITIONS / f"{name}.toml"
    if not path.is_file():
        raise FileFault(f"没有版次{name!r} / no edition {name!r}; 现有 there are: {', '.join(names_of_editions())}")
    row = tomlfile.read(path, "edition")
    unknown = [id_ for id_ in row["requirements"] if id_ not in requirements()]
    if unknown or row["edition"] != name:
        raise FileFault(f"edition {name}: unknown requirement {', '.join(unknown) or row['edition']}")
    return Edition(
        name=name,
        title=Both(row["title_zh"], row["title_en"]),
        frozen=row["frozen"],
        rails={
            rail: RailNeeds(families=tuple(needs["families"]), capabilities=tuple(needs["capabilities"]))
            for rail, needs in row["rails"].items()
        },
        requirements=tuple(row["requirements"]),
    )


def meant(edition: Edition, words: Iterable[str] = ()) -> tuple[Requirement, ...]:
    """The edition's requirements a user means: whose id begins with a word, or with that at stake (``money``).

    No word means all of them.
    """
    beginnings = tuple(words)
    known = (requirements()[id_] for id_ in edition.requirements)
    return tuple(one for one in known if not beginnings or one.id.startswith(beginnings) or one.impact in beginnings)


def probe(name: str) -> Probe:
    """The probe called ``module.function``.

    Raises:
        FileFault: there is none of that name.
    """
    found = _probes().get(name)
    if found is None:
        raise FileFault(f"no probe is called {name!r}")
    return found


@cache
def _probes() -> Mapping[str, Probe]:
    return MappingProxyType(dict(every_probe()))


def every_probe() -> Iterator[tuple[str, Probe]]:
    """Name and function of each probe: the public functions of the modules of ``conformance.probes``."""
    for module in iter_modules(probes.__path__):
        if module.name.startswith("reading"):
            continue
        loaded = import_module(f"{probes.__name__}.{module.name}")
        for name, function in getmembers(loaded, isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                yield f"{module.name}.{name}", function


def problems(scenario_names: Iterable[str]) -> list[str]:
    """What is loose in the catalogue: scenarios that do not exist or nobody uses, probes nobody uses."""
    known, checked = set(scenario_names), [row for row in requirements().values() if not row.unchecked]
    used = {name for row in checked for name in row.scenarios}
    idle = {name for name, _ in every_probe()} - {row.probe_name for row in checked}
    return [
        *(
            f"{row.id}: no scenario is called {name!r}"
            for row in checked
            for name in row.scenarios
            if name not in known
        ),
        *(f"scenario {name!r} exercises no requirement" for name in sorted(known - used)),
        *(f"probe {name!r} checks no requirement" for name in sorted(idle)),
    ]


def _requirement(id_: str, row: Mapping[str, Any]) -> Requirement:
    name = row.get("probe", "")
    try:
        found = probe(name) if name else None
    except FileFault as fault:
        raise FileFault(f"{id_}: {fault}") from None
    return Requirement(
        id=id_,
        text=Both(row["zh"], row["en"]),
        level=row["level"],
        impact=row["impact"],
        source=row["source"],
        scenarios=tuple(row.get("scenarios", ())),
        probe=found,
        probe_name=name,
        params=row.get("params", {}),
        observations=row.get("observations", 0),
        unchecked=row.get("unchecked", ""),
    )
