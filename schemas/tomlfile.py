"""Our own TOML files (requirements, editions, cities, dialects …), each held to its schema in ``schemas/suite``."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas import loader


class FileFault(ValueError):
    """A file of ours is not what its schema says, or names something that does not exist."""


def read(path: Path, schema: str) -> Mapping[str, Any]:
    """A TOML file, if it is what ``schemas/suite/<schema>.json`` says.

    Raises:
        FileFault: names the file and the field.
    """
    place = f"{path.parent.name}/{path.name}"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise FileFault(f"{place}: {fault}") from None
    misses = loader.document(f"suite/{schema}.json").check(document)
    if misses:
        raise FileFault(f"{place}: {misses[0].path}: {misses[0].en}")
    return document
