"""report.html: one file, no network, no script; verdict first, failures by impact, then the rest."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from conformance.report import words
from conformance.report.drawing import Row, rows
from conformance.report.faults import faults
from conformance.report.fitting import fitted
from conformance.report.results import Run, answered, at_stake, results
from conformance.verdict import Judged, Seen, Verdict
from schemas.amount import to_text

TEMPLATE = "report.html.j2"
SHOWN_PER_REQUIREMENT = 3


def page(verdict: Verdict, run: Run) -> str:
    """The page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fitted"] = fitted
    open_rows = [row for row in verdict.judged if row.outcome in ("suite_error", "failed", "untested", "warned")]
    return environment.get_template(TEMPLATE).render(
        verdict=verdict, run=run, words=words, document=results(verdict, run), open_rows=open_rows,
        closed_rows=[row for row in verdict.judged if row not in open_rows], drawings=_drawings(open_rows, run),
        faults=faults(run.evidence),
        answers=lambda seen: answered(seen, run), shown=SHOWN_PER_REQUIREMENT,
        stake=lambda row, seen: at_stake(row.requirement, seen, run), yuan=to_text,
    )  # fmt: skip


def _drawings(judged: list[Judged], run: Run) -> dict[tuple[str, int], list[Row]]:
    """One drawing per finding shown, by requirement and place."""
    return {
        (row.requirement.id, number): _drawn(seen, run)
        for row in judged
        for number, seen in enumerate(row.seen[:SHOWN_PER_REQUIREMENT])
    }


def _drawn(seen: Seen, run: Run) -> list[Row]:
    return rows(run.evidence[seen.scenario], seen.broken.lines)
