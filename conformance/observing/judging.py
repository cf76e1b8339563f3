"""From what was seen to a verdict and its bundle."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from conformance import catalogue
from conformance.bundle.certificate import BEIJING, Issue
from conformance.bundle.parts import TRACE
from conformance.bundle.writing import write
from conformance.evidence import Evidence
from conformance.findings import Both
from conformance.known import Known, Weighed, weigh
from conformance.observing.record import Json, Seen, Subject, books_of
from conformance.report.results import Run
from conformance.requirement import Edition
from conformance.scenarios.listing import scenarios
from conformance.suite.session import chosen
from conformance.verdict import OUT_OF_SIGHT, Verdict, judge

NOBODY_CALLED = Both(
    "日志中没有渠道的任何报文；请核对渠道使用的地址与密钥（yibao-simulator room show 房间 --format env）",
    "the channel sent nothing: compare its address and keys with yibao-simulator room show ROOM --format env",
)
TRAFFIC = Both("观察到的报文", "the traffic that was seen")


class NothingSeen(ValueError):
    """Not one message of the channel: a matter of configuration, and no verdict."""

    def __init__(self) -> None:
        super().__init__(NOBODY_CALLED.en)
        self.both = NOBODY_CALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A verdict on what was seen, and all that its report needs."""

    verdict: Verdict
    run: Run
    issue: Issue
    edition: Edition

    @property
    def out_of_sight(self) -> int:
        """Requirements that the wire alone cannot show."""
        return sum(row.why == OUT_OF_SIGHT for row in self.verdict.judged)

    def weighed(self, known: tuple[Known, ...] = ()) -> Weighed:
        """What is left after the known failures."""
        today = datetime.fromtimestamp(self.issue.at_ms // 1000, BEIJING).date()
        return weigh(self.verdict, known, listed=self.edition.requirements, today=today)

    def write(self, directory: Path) -> Path:
        """The bundle; returns its page."""
        return write(directory, self.verdict, self.run, self.issue)


def look(
    parts: Sequence[Seen],
    subject: Subject,
    issue: Issue,
    *,
    edition: str = catalogue.LATEST,
    only: tuple[str, ...] = (),
    again: Path = Path("report") / TRACE,
) -> Looked:
    """Judge what was seen by the requirements that the wire alone can show. ``again``: where it can be judged anew.

    Raises:
        NothingSeen: the channel sent nothing.
        FileFault: unknown edition, or a line that is no journal line.
        Unready: ``only`` names no requirement.
    """
    frozen = catalogue.edition(edition)
    requirements = chosen(frozen, only)
    books = books_of(parts, subject, made_by=issue.made_by)
    if not any(one.calls() for one in books.evidence.values()):
        raise NothingSeen
    run = Run(
        hello=books.hello, evidence=books.evidence, texts={name: _text(name) for name in books.evidence},
        seed=parts[0].seed,
        replay=partial(_again, again), partial=bool(only), edition_title=frozen.title, made_by=issue.made_by,
    )  # fmt: skip
    return Looked(verdict=judge(frozen, requirements, books), run=run, issue=issue, edition=frozen)


def excused(looked: Looked, known: tuple[Known, ...]) -> Looked:
    """The same with its known failures named in the report."""
    reasons = {id_: entry.reason for id_, entry in looked.weighed(known).excused.items()}
    return replace(looked, run=replace(looked.run, known=reasons))


def states_of(evidence: Mapping[str, Evidence]) -> dict[str, int]:
    """How many orders of the pay centre ended in each ``ordStas``, as far as the books are known."""
    found: dict[str, int] = {}
    for row in (row for one in evidence.values() for row in _orders(one.record)):
        found[str(row["ord_stas"])] = found.get(str(row["ord_stas"]), 0) + 1
    return found


def _orders(record: Json) -> Sequence[Json]:
    orders: Sequence[Json] = record["orders"]
    return orders


def _text(name: str) -> Both:
    return scenarios()[name].text if name in scenarios() else TRAFFIC


def _again(seen: Path, requirement: str) -> str:
    """Nothing can be played again; what was seen can be judged again."""
    return f"yibao-certify judge {shlex.quote(str(seen))} --only {requirement}"
