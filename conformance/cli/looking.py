"""Verbs that look at the suite itself: ``list``, ``explain``, ``matrix``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from conformance import catalogue
from conformance.bundle import mutation
from conformance.bundle.mutation import COMMAND, HTTP, IN_PROCESS, ONLOOKER, Trial
from conformance.cli.options import Edition, Seed, console, stop
from conformance.cli.simulating import simulator
from conformance.findings import Both
from conformance.observing import onlooking
from conformance.report import words
from conformance.scenarios.listing import scenarios
from conformance.sight import in_sight
from conformance.suite.matrix import Row, Trying, chosen, lasting, matrix, one_per_area, uncovered
from conformance.suite.spreading import processes

PROGRAMS = (COMMAND, HTTP)
WAYS = (IN_PROCESS, *PROGRAMS, ONLOOKER)


def show_matrix(
    edition: Edition = catalogue.LATEST,
    seed: Seed = 1,
    only: Annotated[list[str] | None, typer.Option(help="Names of mutants; may be repeated 变异体名称")] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(help="Judge only requirements that begin so, or with that at stake (`money`) 只验这些要求"),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes at work 并行进程数")] = processes(),
    driver: Annotated[
        str,
        typer.Option(
            help="`in_process`; a program each, one per area: `command`, `http`; by traffic alone: `observed` 驱动方式"
        ),
    ] = IN_PROCESS,
    write: Annotated[
        bool, typer.Option("--write", help="Write the score that certificates carry 写入变异得分")
    ] = False,
) -> None:
    """Certify every broken twin of the reference channel: each must fall by its own rule. 用变异体检验套件本身。"""
    if driver not in WAYS:
        stop(Both(f"--driver：{'、'.join(WAYS)}之一", f"--driver: one of {', '.join(WAYS)}"))
    trying, names = Trying(edition=edition, seed=seed, rules=tuple(rule or ())), chosen(tuple(only or ()))
    if not names:
        stop(Both("没有这样的变异体", "no such mutant"))
    if not trying.asked:
        stop(Both("--rule：没有这样的要求", "--rule: no requirement begins so; see yibao-certify list"))
    names = one_per_area(names) if driver in PROGRAMS and not only else names
    rows = []
    with _reaching(driver, trying) as ready:
        for row in matrix(names, ready, jobs=1 if driver in PROGRAMS else jobs):
            rows.append(row)
            console.print(f"{len(rows):3d}/{len(names)} {_matrix_line(row)}")
    part = bool(only or rule)
    loose = uncovered(rows, edition) if driver == IN_PROCESS and not part else []
    for id_ in loose:
        console.print(f"[yellow]没有变异体验证 / no mutant proves[/] {id_}")
    good = sum(row.good for row in rows)
    console.print(f"\n变异体 {len(rows)}，按预期 {good} / {good} of {len(rows)} mutants fell as they should")
    trials = [Trial(row.mutant.must_break & row.asked, row.good) for row in rows if row.aimed_at]
    if unseen := len(rows) - len(trials):
        console.print(f"其中{unseen}个无可判定的要求 / of {unseen} nothing was judged that has to fall")
    if not part:
        for area, counted in mutation.score(trials)["areas"].items():
            console.print(f"  {area:16s} {counted['caught']}/{counted['mutants']}")
    if write and not part:
        written = mutation.write(edition, trials, seed=seed, mode=driver, unseen=unseen)
        console.print(f"变异得分 / mutation score: {written}")
    raise typer.Exit(0 if good == len(rows) and not loose else 1)


@contextmanager
def _reaching(driver: str, trying: Trying) -> Iterator[Trying]:
    """Programs need a simulator with an address; who looks on draws a verdict of his own."""
    if driver == ONLOOKER:
        yield replace(trying, judged=onlooking.judged, in_sight=onlooking.in_sight)
    elif driver in PROGRAMS:
        with simulator() as reached:
            programs = replace(trying, simulator=reached)
            yield programs if driver == COMMAND else replace(programs, listening=True, in_sight=lasting)
    else:
        yield trying


def list_requirements(edition: Edition = catalogue.LATEST) -> None:
    """Every requirement of an edition. 列出全部要求。"""
    known, frozen = catalogue.requirements(), catalogue.edition(edition)
    console.print(f"[bold]{frozen.title.zh} / {frozen.title.en}[/]")
    for id_ in frozen.requirements:
        row = known[id_]
        level, impact = words.LEVEL[row.level], words.IMPACT[row.impact]
        console.print(f"\n[cyan]{id_}[/]  {level.zh} {level.en} · {impact.zh} {impact.en}")
        console.print(f"  {row.text.zh}\n  [dim]{row.text.en}[/]")


def explain(requirement: Annotated[str, typer.Argument(help="Requirement id, as `list` shows it 要求编号")]) -> None:
    """One requirement: what, why, and what is played to check it. 说明一条要求。"""
    row = catalogue.requirements().get(requirement)
    if row is None:
        stop(
            Both(
                f"没有要求{requirement}；用yibao-certify list查看",
                f"no requirement {requirement!r}; see yibao-certify list",
            )
        )
    console.print(
        f"[bold]{row.id}[/]  {row.level} · {row.impact}\n{row.text.zh}\n{row.text.en}\n来源 / source: {row.source}"
    )
    if row.unchecked:
        console.print(f"不检查 / unchecked: {row.unchecked}")
        return
    console.print(f"判定 / probe: {row.probe_name} {dict(row.params)}; 至少 / at least {row.observations}")
    seen = row.probe is not None and in_sight(row.probe, row.params)
    console.print(f"旁观可见 / shown by the wire alone (observe, judge): {'是 yes' if seen else '否 no'}")
    for name in row.scenarios:
        scenario = scenarios()[name]
        console.print(f"  [cyan]{name}[/] {scenario.text.zh} / {scenario.text.en}")


def _matrix_line(row: Row) -> str:
    parts = [f"{_sign(row)} {row.mutant.name:32s} {len(row.broken):2d}  {row.mutant.zh} / {row.mutant.en}"]
    parts += [f"    未被发现 / not caught by {id_}" for id_ in sorted(row.escaped)]
    parts += [f"    误伤 / fell too: {id_}" for id_ in sorted(row.collateral)]
    parts += [f"    套件出错 / suite error: {id_}" for id_ in sorted(row.suite_errors)]
    return "\n".join(parts)


def _sign(row: Row) -> str:
    if row.escaped:
        return "[red]escaped [/]"
    if not row.good:
        return "[yellow]spills  [/]"
    return "[green]caught  [/]" if row.aimed_at else "[dim]stands  [/]"
