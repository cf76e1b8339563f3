"""All files of a report, written side by side: results.json, junit.xml, report.html and the three books."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from conformance.report.junit import junit
from conformance.report.page import page
from conformance.report.results import Run, results
from conformance.verdict import Verdict
from schemas import jsontext

__all__ = ["PAGE", "Run", "write"]

PAGE = "report.html"
_BEIJING = timezone(timedelta(hours=8))


def write(directory: Path, verdict: Verdict, run: Run) -> Path:
    """Write every file; returns the page."""
    directory.mkdir(parents=True, exist_ok=True)
    run = run if run.made else replace(run, made=datetime.now(UTC).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S"))
    (directory / "results.json").write_text(jsontext.pretty(results(verdict, run)) + "\n", encoding="utf-8")
    (directory / "junit.xml").write_bytes(junit(verdict, run))
    for name, lines in _books(run):
        (directory / name).write_bytes(b"".join(jsontext.compact(line) + b"\n" for line in lines))
    (directory / PAGE).write_text(page(verdict, run), encoding="utf-8")
    return directory / PAGE


def _books(run: Run) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """What was said, what is true, what the channel believed: one JSON object per line."""
    records = [evidence.record for evidence in run.evidence.values()]
    yield "trace.jsonl", [{"scenario": record["scenario"], **line} for record in records for line in record["journal"]]
    yield (
        "ledger.jsonl",
        [{"scenario": record["scenario"], **move} for record in records for move in record["transfers"]],
    )
    yield "beliefs.jsonl", [{"scenario": record["scenario"], **row} for record in records for row in record["beliefs"]]
    yield "evidence.jsonl", records
