"""The mutation score: how many broken channels an edition catches, over all and for each area of the catalogue.

``yibao-certify matrix --write`` makes the file; each certificate carries it, and says whether the catalogue has
changed since it was measured.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from conformance import catalogue
from conformance.bundle import fingerprints
from conformance.verdict import JUDGE
from schemas import jsontext

Json = dict[str, Any]


class Trial(NamedTuple):
    """One broken channel: what must fall with it, and whether it was caught by all of that and nothing else fell."""

    must_break: frozenset[str]
    caught: bool


def place(edition: str) -> Path:
    """Where the score of an edition lies."""
    return catalogue.EDITIONS / f"mutation-{edition}.json"


def write(edition: str, trials: Iterable[Trial], *, seed: int) -> Path:
    """Write the score of a whole matrix."""
    document = {
        "edition": edition,
        "judge": JUDGE,
        "catalogue": fingerprints.edition(edition),
        "driving": "in_process",
        "seed": seed,
        **score(list(trials)),
    }
    place(edition).write_text(jsontext.pretty(document) + "\n", encoding="utf-8")
    return place(edition)


def score(trials: list[Trial]) -> Json:
    """Mutants and how many were caught; a mutant counts in every area in which something must fall."""
    areas = sorted({id_.partition("/")[0] for trial in trials for id_ in trial.must_break})
    return _counted(trials) | {
        "areas": {
            area: _counted([one for one in trials if any(id_.startswith(f"{area}/") for id_ in one.must_break)])
            for area in areas
        }
    }


def read(edition: str) -> Json | None:
    """The score as a certificate carries it; None when nobody measured it."""
    if not place(edition).is_file():
        return None
    document = jsontext.parse(place(edition).read_bytes())
    assert isinstance(document, dict)
    current = document.pop("catalogue") == fingerprints.edition(edition) and document["judge"] == JUDGE
    return document | {"current": current}


def _counted(trials: list[Trial]) -> Json:
    return {"mutants": len(trials), "caught": sum(one.caught for one in trials)}
