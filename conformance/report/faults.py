"""Which faults a run armed and how often each was played, so that nobody takes an unplayed day for a stood one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.evidence import Evidence
from conformance.findings import Both
from conformance.report import plain


@dataclass(slots=True)
class Told:
    """One kind of fault over the whole run. ``idle``: scenarios in which it was armed and never struck."""

    name: str
    armed: int = 0
    played: int = 0
    idle: list[str] = field(default_factory=list)

    @property
    def text(self) -> Both:
        """What it does, its name behind."""
        return plain.fault(self.name)


def faults(evidence: Mapping[str, Evidence]) -> list[Told]:
    """Every kind that was armed, those that stayed idle somewhere first, then by name."""
    kinds: dict[str, Told] = {}
    for scenario, record in evidence.items():
        for row in record.record.get("faults", ()):
            told = kinds.setdefault(str(row["name"]), Told(str(row["name"])))
            told.armed, told.played = told.armed + 1, told.played + int(row["struck"])
            if not row["struck"] and scenario not in told.idle:
                told.idle.append(scenario)
    return sorted(kinds.values(), key=lambda told: (not told.idle, told.name))
