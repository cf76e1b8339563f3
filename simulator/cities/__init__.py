"""City rules as data: one TOML file per city; adding a city is adding a file."""

from functools import cache
from pathlib import Path
from typing import Any

from schemas import tomlfile
from simulator.domain.rules import Benefit, City

FOLDER = Path(__file__).resolve().parent


class UnknownCity(LookupError):
    """No file of that name; the message lists those there are."""


def names() -> list[str]:
    """The cities there are files for."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def load(name: str) -> City:
    """The rules of a city.

    Raises:
        UnknownCity: there is no ``cities/<name>.toml``.
        FileFault: it is not what ``schemas/suite/city.json`` says; names the field.
    """
    if name not in names():
        raise UnknownCity(f"no city {name!r}; known: {', '.join(names())}")
    table = dict(tomlfile.read(FOLDER / f"{name}.toml", "city"))
    return City(code=name, benefits=tuple(map(_benefit, table.pop("benefit", []))), **_tuples(table))


def _benefit(row: dict[str, Any]) -> Benefit:
    return Benefit(**_tuples(row))


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    """Frozen records hold tuples where TOML holds lists."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
