"""Writes a bundle: results, the pages for people and machines, the books, and the certificate over them all."""

from dataclasses import replace
from pathlib import Path

from conformance.bundle import chain, mutation
from conformance.bundle.certificate import Contents, Issue, compose, signed, stamp
from conformance.bundle.parts import CERTIFICATE, JUNIT, LOAD, PAGE, RESULTS, TRACE, books
from conformance.report.junit import junit
from conformance.report.page import page
from conformance.report.results import Run, results
from conformance.verdict import Verdict
from schemas import jsontext


def write(directory: Path, verdict: Verdict, run: Run, issue: Issue) -> Path:
    """Write every part, the certificate last; returns the page."""
    run = run if run.made else replace(run, made=stamp(issue.at_ms)[:19].replace("T", " "))
    score = mutation.read(verdict.edition)
    run = replace(run, rehearsal=issue.rehearsal, made_by=issue.made_by)
    run = replace(run, score=mutation.table(score), stale=mutation.stale(score))
    parts = {
        RESULTS: jsontext.pretty(results(verdict, run)).encode() + b"\n",
        JUNIT: junit(verdict, run),
        **books(evidence.record for evidence in run.evidence.values()),
        PAGE: page(verdict, run).encode(),
        **({LOAD: issue.load} if issue.load else {}),
    }
    digest, lines = chain.closing(parts[TRACE])
    certificate = compose(verdict, run, issue, Contents(parts=parts, trace_digest=digest, trace_lines=lines))
    directory.mkdir(parents=True, exist_ok=True)
    for name, raw in (*parts.items(), (CERTIFICATE, signed(certificate, issue.key))):
        (directory / name).write_bytes(raw)
    return directory / PAGE
