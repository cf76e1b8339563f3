"""The verb ``controls``: sound channels on many days, every one of which must stand."""

from typing import Annotated

import typer

from conformance import catalogue
from conformance.cli.options import Edition, console, stop
from conformance.findings import Both
from conformance.suite.matrix import Trying
from conformance.suite.spreading import processes
from conformance.suite.sweep import SOUND, Day, sweep


def controls(
    edition: Edition = catalogue.LATEST,
    seeds: Annotated[int, typer.Option(min=1, max=100_000, help="How many days 种子个数")] = 10,
    first: Annotated[int, typer.Option(min=0, help="Seed of the first 起始种子")] = 1,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Requirements that begin so, or with that at stake (`money`); may be repeated 只验这些要求"),
    ] = None,
    channel: Annotated[list[str] | None, typer.Option(help="Instead of all sound channels 只用这些渠道")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes at work 并行进程数")] = processes(),
) -> None:
    """Certify sound channels on many days: whoever falls, the suite is wrong. 用合规渠道检验套件是否误判。

    The reference channel and two built otherwise. Exit code 0: everyone stood on every day.
    """
    channels = tuple(channel or SOUND)
    trying = Trying(edition=edition, rules=tuple(only or ()))
    if unknown := set(channels) - set(SOUND):
        stop(Both(f"--channel：没有{min(unknown)}", f"--channel: {min(unknown)} is none of {', '.join(SOUND)}"))
    if not trying.asked:
        stop(Both("--only：没有这样的要求", "--only: no requirement begins so; see yibao-certify list"))
    total, fallen = seeds * len(channels), 0
    for done, day in enumerate(sweep(channels, range(first, first + seeds), trying, jobs=jobs), 1):
        fallen += bool(day.fell)
        _show(day, edition)
        if done % max(1, total // 20) == 0:
            console.print(f"[dim]{done:5d}/{total}  种子 / seed {day.seed}[/]")
    console.print(f"\n{total}次运行，{fallen}次误判 / {total} runs, {fallen} wrongly blamed")
    raise typer.Exit(1 if fallen else 0)


def _show(day: Day, edition: str) -> None:
    for id_, outcome in day.fell:
        console.print(f"[red]{outcome}[/] {day.channel} {id_}")
        again = f"yibao-certify run --channel {day.channel} --edition {edition} --seed {day.seed} --only {id_}"
        console.print(f"  重现 / replay: {again}")
