"""The mutation score: how many broken channels an edition catches, over all and for each area of the catalogue.

``yibao-certify matrix --write`` makes the file; each certificate carries it, and says whether the catalogue has
changed since it was measured. The score at the top is that of every mutant in process, judged by every rule; ``modes``
holds those of other ways to reach a channel, by their names: perhaps of fewer mutants, each judged by its own rules.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from conformance import catalogue
from conformance.bundle import fingerprints
from conformance.verdict import JUDGE
from schemas import jsontext
from schemas.tomlfile import FileFault

Json = dict[str, Any]
IN_PROCESS, COMMAND, HTTP, ONLOOKER = "in_process", "command", "http", "observed"


class Trial(NamedTuple):
    """One broken channel: what must fall with it, and whether it was caught by all of that and nothing else fell."""

    must_break: frozenset[str]
    caught: bool


def place(edition: str) -> Path:
    """Where the score of an edition lies."""
    return catalogue.EDITIONS / f"mutation-{edition}.json"


def write(edition: str, trials: Iterable[Trial], *, seed: int, mode: str = IN_PROCESS, unseen: int = 0) -> Path:
    """Write the score of a whole matrix, beside those of the other modes; before theirs the one in process is there.

    ``unseen``: mutants of which nothing that has to fall can be judged in this mode; no score counts them.

    Raises:
        FileFault: a score of another mode comes first.
    """
    known = jsontext.parse(place(edition).read_bytes()) if place(edition).is_file() else {}
    assert isinstance(known, dict)
    measured = {"judge": JUDGE, "catalogue": fingerprints.edition(edition), "seed": seed, **score(list(trials))}
    measured |= {"unseen": unseen} if unseen else {}
    modes = known.get("modes", {})
    if mode == IN_PROCESS:
        document = {"edition": edition, "driving": IN_PROCESS, **measured, "modes": modes}
    elif known:
        document = known | {"modes": modes | {mode: measured}}
    else:
        raise FileFault(f"{place(edition)}: the matrix in process comes first 先写入进程内的得分")
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
    modes = {mode: _dated(edition, told) for mode, told in document.get("modes", {}).items()}
    return _dated(edition, document) | {"modes": modes}


def by_mode(told: Json) -> dict[str, Json]:
    """The score at the top and those beside it, by the name of their mode."""
    return {told["driving"]: told, **told.get("modes", {})}


def table(told: Json | None) -> tuple[tuple[str, ...], ...]:
    """A score as people read it: its modes, then caught of all in each, then area by area; a dash where none falls."""
    if told is None:
        return ()
    modes = by_mode(told)
    areas = sorted({area for one in modes.values() for area in one["areas"]})
    by_area = ((area, *(_cell(one["areas"].get(area)) for one in modes.values())) for area in areas)
    return (("", *modes), ("", *(_cell(one) for one in modes.values())), *by_area)


def stale(told: Json | None) -> tuple[str, ...]:
    """Modes whose score was measured before the requirements, or the judge, became what they are."""
    return tuple(mode for mode, one in by_mode(told).items() if not one["current"]) if told else ()


def _cell(counted: Json | None) -> str:
    return f"{counted['caught']}/{counted['mutants']}" if counted else "–"


def _dated(edition: str, measured: Json) -> Json:
    """With the word whether it is of these very requirements and this judge, in place of their digest."""
    current = measured["catalogue"] == fingerprints.edition(edition) and measured["judge"] == JUDGE
    return {name: value for name, value in measured.items() if name != "catalogue"} | {"current": current}


def _counted(trials: list[Trial]) -> Json:
    return {"mutants": len(trials), "caught": sum(one.caught for one in trials)}
