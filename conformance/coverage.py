"""What the catalogue covers: for each area its rules, what is played for them, and the broken channels that prove them.

Checked both ways: each area has a rule and each rule an area; each checked rule has a scenario, a
probe and a broken channel; each scenario, probe and broken channel serves a rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance import catalogue
from conformance.findings import Both
from conformance.requirement import Requirement
from schemas import tomlfile

AREAS = Path(__file__).parent / "areas.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A kind of duty, and the folders (or folder/file) of the catalogue that hold its rules."""

    name: str
    title: Both
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One area of an edition: its rules, and how they are exercised and proved."""

    area: Area
    requirements: tuple[Requirement, ...]
    mutants: Mapping[str, tuple[str, ...]]
    """Requirement id → broken channels that must fall by it."""

    @property
    def checked(self) -> int:
        """Rules that a probe judges."""
        return sum(not row.unchecked for row in self.requirements)

    @property
    def scenarios(self) -> frozenset[str]:
        """What is played for them."""
        return frozenset(name for row in self.requirements for name in row.scenarios)

    @property
    def proofs(self) -> frozenset[str]:
        """Broken channels that fall by one of them."""
        return frozenset(name for row in self.requirements for name in self.mutants.get(row.id, ()))


def areas(path: Path = AREAS) -> list[Area]:
    """Every area, in the order of the file.

    Raises:
        FileFault: the file is not what its schema says.
    """
    rows = tomlfile.read(path, "areas")
    return [
        Area(name=name, title=Both(row["zh"], row["en"]), within=tuple(row["within"])) for name, row in rows.items()
    ]


def area_of(id_: str, known: Iterable[Area]) -> Area | None:
    """The area a requirement belongs to: the longest name that fits, folder/file before folder."""
    folder, file, _ = id_.split("/")
    for wanted in (f"{folder}/{file}", folder):
        for area in known:
            if wanted in area.within:
                return area
    return None


def coverage(edition: str, must_break: Mapping[str, Iterable[str]]) -> list[Covered]:
    """The table of an edition. ``must_break``: name of a broken channel → the rules it must fall by."""
    known = areas()
    rules = [catalogue.requirements()[id_] for id_ in catalogue.edition(edition).requirements]
    proved: dict[str, list[str]] = {}
    for name, ids in must_break.items():
        for id_ in ids:
            proved.setdefault(id_, []).append(name)
    proofs = {id_: tuple(sorted(names)) for id_, names in proved.items()}
    return [
        Covered(
            area=area,
            requirements=tuple(sorted((r for r in rules if area_of(r.id, known) is area), key=lambda r: r.id)),
            mutants=proofs,
        )
        for area in known
    ]


def problems(edition: str, scenarios: Iterable[str], must_break: Mapping[str, Iterable[str]]) -> list[str]:
    """What is loose, either way; empty when the table holds."""
    known, rules = areas(), catalogue.requirements()
    table = coverage(edition, must_break)
    proved = {id_ for ids in must_break.values() for id_ in ids}
    return [
        *catalogue.problems(scenarios),
        *(
            f"{id_}: in no area; add its folder to conformance/areas.toml"
            for id_ in catalogue.edition(edition).requirements
            if area_of(id_, known) is None
        ),
        *(f"area {row.area.name}: it has no rule" for row in table if not row.requirements),
        *(
            f"{row.id}: no broken channel must fall by it"
            for covered in table
            for row in covered.requirements
            if not row.unchecked and row.id not in proved
        ),
        *(
            f"broken channel {name!r}: there is no rule {id_}"
            for name, ids in must_break.items()
            for id_ in ids
            if id_ not in rules
        ),
    ]
