"""City rules as data: one TOML file per city; adding a city is adding a file."""

import tomllib
from functools import cache
from pathlib import Path

from simulator.domain.rules import City

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
    """
    if name not in names():
        raise UnknownCity(f"no city {name!r}; known: {', '.join(names())}")
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return City(code=name, **table)
