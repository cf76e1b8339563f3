"""The verb ``coverage``: which duties are checked, how often, and by which broken channels that is proved."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from conformance import catalogue
from conformance import coverage as covering
from conformance.channels.mutants.registry import mutants
from conformance.cli.options import Edition, console
from conformance.coverage import Covered
from conformance.scenarios.listing import scenarios

INCOMPLETE = 2


def coverage(
    edition: Edition = catalogue.LATEST,
    markdown: Annotated[
        Path | None, typer.Option(help="Also write every rule with its scenarios and mutants there 另存明细")
    ] = None,
) -> None:
    """What is checked, by what, and which broken channels prove it; exit code 2 when something is loose. 覆盖情况。"""
    must_break = {name: mutant.must_break for name, mutant in mutants().items()}
    rows = covering.coverage(edition, must_break)
    console.print(_table(edition, rows))
    if markdown is not None:
        markdown.write_text(_details(edition, rows), encoding="utf-8")
        console.print(f"明细 / details: {markdown}")
    loose = covering.problems(edition, scenarios(), must_break)
    for line in loose:
        console.print(f"[yellow]缺口 / loose:[/] {line}", highlight=False)
    raise typer.Exit(INCOMPLETE if loose else 0)


def _table(edition: str, rows: list[Covered]) -> Table:
    table = Table(title=f"{edition}", title_justify="left", box=None, pad_edge=False)
    table.add_column("领域 / area")
    for heading in ("要求\nrules", "检查\nchecked", "场景\nscenarios", "变异体\nmutants"):
        table.add_column(heading, justify="right")
    for row in rows:
        counts = (len(row.requirements), row.checked, len(row.scenarios), len(row.proofs))
        table.add_row(f"{row.area.title.zh} / {row.area.title.en}", *map(str, counts))
    table.add_section()
    table.add_row(
        "合计 / in all",
        str(sum(len(row.requirements) for row in rows)),
        str(sum(row.checked for row in rows)),
        str(len({name for row in rows for name in row.scenarios})),
        str(len({name for row in rows for name in row.proofs})),
    )
    return table


def _details(edition: str, rows: list[Covered]) -> str:
    lines = [f"# {catalogue.edition(edition).title.zh} / {catalogue.edition(edition).title.en}", ""]
    for row in rows:
        lines += [f"## {row.area.title.zh} / {row.area.title.en}", ""]
        for rule in row.requirements:
            lines += [f"- **{rule.id}** ({rule.level}, {rule.impact}; {rule.source})", f"  {rule.text.zh}"]
            lines += [f"  {rule.text.en}"]
            if rule.unchecked:
                lines += [f"  不检查 / unchecked: {rule.unchecked}"]
            else:
                lines += [f"  场景 / scenarios: {', '.join(rule.scenarios)}"]
                lines += [f"  变异体 / mutants: {', '.join(row.mutants.get(rule.id, ())) or '–'}"]
        lines += [""]
    return "\n".join(lines)
