"""The verb ``replay``: one scenario of a bundle again, told line by line."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from conformance.bundle.reading import saved
from conformance.cli.options import Simulator, Token, console, stop
from conformance.report.drawing import Row, rows
from conformance.suite import plugin
from conformance.suite.replaying import Replayed
from conformance.suite.replaying import replay as replayed
from conformance.suite.session import Order, Unready

ARROWS = {"right": "渠道 channel ──▶ platform 平台", "left": "渠道 channel ◀── platform 平台",
          "person": "买方 buyer ─────▶ platform 平台", "suite": "套件 suite ──▶ channel 渠道"}  # fmt: skip
SIGNS = {"fault": "[red]⚡[/]", "refused": "[red]✗[/]", "belief": "[cyan]?[/]", "ok": " "}


def replay(
    bundle: Annotated[Path, typer.Argument(help="Directory that --report wrote 报告目录")],
    scenario: Annotated[str, typer.Option(help="Its name, as the report shows it 场景名称")],
    channel: Annotated[str, typer.Option(help="Another channel than the one of the bundle 换一个渠道")] = "",
    simulator: Simulator = "",
    control_token: Token = "",
) -> None:
    """Play one scenario of a bundle again with its seed, and tell what was said. 重放一个场景。

    Exit code 0 when nothing it shows is against a rule, 1 when something is.
    """
    order = Order(channel=channel, simulator=simulator, control_token=control_token)
    try:
        found = replayed(saved(bundle), scenario, order)
    except Unready as fault:
        stop(fault.both)
    marked = tuple(line for row in found.broken for seen in row.seen for line in seen.broken.lines)
    for row in rows(found.evidence, marked):
        console.print(_line(row))
    _conclude(found)
    raise typer.Exit(1 if found.broken else 0)


def _line(row: Row) -> str:
    number = f"#{row.seq}" if row.seq else ""
    note = f"  {row.note.zh} / {row.note.en}" if row.note.en else ""
    sign = "[red]▌[/]" if row.marked else " "
    told = escape(f"{row.label.zh} / {row.label.en}{note}")
    return f"{sign}{SIGNS[row.tone]} {number:>4s} {ARROWS[row.way]}  {told}"


def _conclude(found: Replayed) -> None:
    for row in found.broken:
        console.print("\n" + escape(plugin.worded(row)))
    if found.parted:
        console.print(f"\n[yellow]与存档相比，第{found.parted}条报文起不同 / differs from line #{found.parted} on[/]")
    else:
        console.print("\n[green]与存档的经过相同 / it went as it had gone[/]")
