"""Known failures, for continuous integration: what is listed with a reason does not fail a run until its last day.

An entry past its day, or one whose requirement no longer fails, fails the run itself: the list only ever gets shorter.
The verdict stays what it is; only the exit code heeds the list, and an examination never does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conformance.findings import Both
from conformance.verdict import EXIT_CODES, Judged, Verdict, overall_of
from schemas import tomlfile
from schemas.tomlfile import FileFault

EXCUSABLE = ("failed", "untested")
"""A fault of the suite is never excused."""


@dataclass(frozen=True, slots=True)
class Known:
    """A requirement that is known to fail, why, and the last day that is good enough."""

    id: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What is left of a verdict after its known failures."""

    excused: Mapping[str, Known]
    faults: tuple[Both, ...]
    """Entries that must be taken off the list."""
    exit_code: int


def read(path: Path) -> tuple[Known, ...]:
    """The list.

    Raises:
        FileFault: not what ``schemas/suite/known.json`` says, a day that does not exist, or an id listed twice.
    """
    if not path.is_file():
        raise FileFault(f"{path}: no such file 没有这个文件")
    rows = tomlfile.read(path, "known")["known"]
    for index, row in enumerate(rows):
        if any(row["id"] == other["id"] for other in rows[:index]):
            raise FileFault(f"{path.name}: {row['id']} is listed twice 重复列出")
    try:
        return tuple(Known(row["id"], row["reason"], date.fromisoformat(row["expires"])) for row in rows)
    except ValueError as fault:
        raise FileFault(f"{path.name}: expires: {fault}") from None


def weigh(verdict: Verdict, known: Iterable[Known], *, listed: Iterable[str], today: date) -> Weighed:
    """The exit code after the list. ``listed``: every requirement of the edition, chosen for this run or not."""
    judged, every = {row.requirement.id: row for row in verdict.judged}, frozenset(listed)
    faults, excused = [], {}
    for entry in known:
        if fault := _fault(entry, judged.get(entry.id), entry.id in every, today):
            faults.append(fault)
        elif entry.id in judged:
            excused[entry.id] = entry
    code = EXIT_CODES[overall_of([row for row in verdict.judged if row.requirement.id not in excused], verdict.gaps)]
    worse = EXIT_CODES["not_conformant"] if faults and code != EXIT_CODES["suite_error"] else code
    return Weighed(excused=excused, faults=tuple(faults), exit_code=worse)


def _fault(entry: Known, row: Judged | None, listed: bool, today: date) -> Both | None:
    if not listed:
        return Both(
            f"已知未通过{entry.id}：本版次没有这项要求，请删去", f"known {entry.id}: not of this edition; remove it"
        )
    if today > entry.expires:
        return Both(
            f"已知未通过{entry.id}：{entry.expires}已到期，请修复渠道或重新商定",
            f"known {entry.id}: expired on {entry.expires}; mend the channel or agree anew",
        )
    if row and row.outcome not in (*EXCUSABLE, "suite_error"):
        return Both(
            f"已知未通过{entry.id}：现为{row.outcome}，请从清单删去",
            f"known {entry.id}: is {row.outcome} now; take it off the list",
        )
    return None
