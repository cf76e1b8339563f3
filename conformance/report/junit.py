"""junit.xml: a test case per requirement, for build servers that know nothing of ours."""

from collections import Counter
from xml.etree import ElementTree as Tree

from conformance.findings import Both
from conformance.report.results import Run, answered
from conformance.verdict import Judged, Verdict


def junit(verdict: Verdict, run: Run) -> bytes:
    """The document. Failed and untested are failures, our own fault is an error, the rest is passed or skipped."""
    counts = Counter(row.outcome for row in verdict.judged if row.requirement.id not in run.known)
    suite = Tree.Element(
        "testsuite",
        name=f"yibao {verdict.edition}",
        tests=str(len(verdict.judged)),
        failures=str(counts["failed"] + counts["untested"]),
        errors=str(counts["suite_error"]),
        skipped=str(counts["not_applicable"] + counts["unchecked"] + len(run.known)),
    )
    _properties(
        suite, {"edition": verdict.edition, "overall": verdict.overall, "class": run.made_by, "seed": str(run.seed)}
    )
    for row in verdict.judged:
        _case(suite, row, run)
    root = Tree.Element("testsuites")
    root.append(suite)
    Tree.indent(root)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _case(suite: Tree.Element, row: Judged, run: Run) -> None:
    family, _, name = row.requirement.id.rpartition("/")
    case = Tree.SubElement(suite, "testcase", classname=family.replace("/", "."), name=name)
    evidence = "; ".join(f"{seen.scenario}:{','.join(map(str, seen.broken.lines))}" for seen in row.seen)
    _properties(
        case,
        {
            "id": row.requirement.id,
            "outcome": row.outcome,
            "impact": row.requirement.impact,
            "source": row.requirement.source,
            "seed": str(run.seed),
            "held": str(row.held),
            "evidence": evidence,
            "replay": run.replay(row.requirement.id),
        },
    )
    message = f"{row.requirement.text.zh} / {row.requirement.text.en}"
    if reason := run.known.get(row.requirement.id):
        Tree.SubElement(case, "skipped", message=f"known {row.outcome}: {reason}")
    elif row.outcome in ("failed", "untested"):
        Tree.SubElement(case, "failure", message=message, type=row.outcome).text = _told(row, run)
    elif row.outcome == "suite_error":
        Tree.SubElement(case, "error", message=message, type=row.outcome).text = _told(row, run)
    elif row.outcome in ("not_applicable", "unchecked"):
        Tree.SubElement(case, "skipped", message=f"{row.why.zh} / {row.why.en}")
    elif row.outcome == "warned":
        Tree.SubElement(case, "system-out").text = _told(row, run)


def _told(row: Judged, run: Run) -> str:
    lines = [
        line
        for seen in row.seen
        for line in (
            f"{seen.scenario}: {_line(seen.broken.expected)} → {_line(seen.broken.actual)}",
            *(f"  {_line(one.to)}: {_line(one.said)}" for one in answered(seen, run)),
        )
    ]
    return "\n".join(lines) or _line(row.why)


def _line(both: Both) -> str:
    return both.en if both.zh == both.en else f"{both.zh} / {both.en}"


def _properties(parent: Tree.Element, values: dict[str, str]) -> None:
    listed = Tree.SubElement(parent, "properties")
    for name, value in values.items():
        Tree.SubElement(listed, "property", name=name, value=value)
