"""Dialects as data: a named bundle of wire switches, one TOML file each. A city names its dialect.

A room's switches are the defaults, then its city's dialect, then what the room was ordered with.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from schemas import tomlfile

FOLDER = Path(__file__).resolve().parent
Chosen = Mapping[str, str | int | bool]


class UnknownDialect(LookupError):
    """No file of that name; the message lists those there are."""


def names() -> list[str]:
    """The dialects there are files for."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def load(name: str) -> Chosen:
    """The switches a dialect sets.

    Raises:
        UnknownDialect: there is no ``dialects/<name>.toml``.
        FileFault: it is not what ``schemas/suite/dialect.json`` says; names the field.
    """
    if name not in names():
        raise UnknownDialect(f"no dialect {name!r}; known: {', '.join(names())}")
    return MappingProxyType(tomlfile.read(FOLDER / f"{name}.toml", "dialect")["switches"])
