"""Medians, spreads and ratios of measured rounds, in whole nanoseconds and permille; as a table and as JSON."""

import os
import platform
import sqlite3
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Json = dict[str, Any]
PACKAGES = ("yibao-channel-lab", "gmpy2", "cryptography", "jsonschema-rs", "msgspec", "uvicorn", "uvloop", "httptools")


@dataclass(slots=True)
class Series:
    """What one thing cost in each round, per message: processor time and elapsed time, in nanoseconds."""

    cpu_ns: list[int] = field(default_factory=list)
    wall_ns: list[int] = field(default_factory=list)

    def add(self, cpu_ns: int, wall_ns: int, count: int) -> None:
        """Note a round of ``count`` messages."""
        self.cpu_ns.append(cpu_ns // count)
        self.wall_ns.append(wall_ns // count)

    def told(self) -> Json:
        """Medians, and the least and the most of any round."""
        return {"cpu_ns": spread(self.cpu_ns), "wall_ns": spread(self.wall_ns)}


def median(values: Sequence[int]) -> int:
    """The middle value; the lower of two middle ones."""
    return sorted(values)[(len(values) - 1) // 2]


def spread(values: Sequence[int]) -> Json:
    """``{"median", "least", "most"}``."""
    return {"median": median(values), "least": min(values), "most": max(values)}


def permille(parts: Iterable[int], wholes: Iterable[int]) -> Json:
    """The ratio of paired rounds: how many thousandths of its whole each part is."""
    return spread([part * 1000 // max(1, whole) for part, whole in zip(parts, wholes, strict=True)])


def machine() -> Json:
    """What the figures were measured on, as far as it matters and names nobody's machine."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "openssl": ssl.OPENSSL_VERSION.split(" (")[0],
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def microseconds(told: Mapping[str, int]) -> str:
    """``median (least to most)`` in microseconds."""
    return f"{told['median'] // 1000:,} ({told['least'] // 1000:,} to {told['most'] // 1000:,})"
