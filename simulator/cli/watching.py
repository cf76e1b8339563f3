"""``watch``: a room's journal as it is written."""

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from simulator.cli.asking import DEFAULT_URL, RoomName, Simulator, Token, Url
from simulator.cli.lines import COLOURS, details, headline

_REST_SECONDS = 0.3
_PIECE = 500


def watch(
    room: RoomName = "main",
    after: Annotated[int, typer.Option(min=0, help="Begin after this line; 0 from the first.")] = 0,
    once: Annotated[bool, typer.Option("--once", help="Show what is there and end; for scripts.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="No colour.")] = False,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Follow a room: each message as it arrives, its checks, the fault applied, the money moved. Ctrl-C ends it.

    Example: `yibao-simulator watch --room main --after 120 --once --plain`
    """
    simulator, console = Simulator(url, token), Console(no_color=plain, highlight=False, soft_wrap=True)
    while True:
        told = simulator.call("GET", f"/rooms/{room}/journal?after={after}&limit={_PIECE}")
        for line in told["lines"]:
            _print(console, line)
        after = told["last"]
        if len(told["lines"]) < _PIECE:
            if once:
                return
            time.sleep(_REST_SECONDS)


def _print(console: Console, line: Mapping[str, Any]) -> None:
    console.print(Text(headline(line), style=COLOURS.get(line["outcome"], "")))
    for detail in details(line):
        console.print(Text(f"      {detail}", style="dim"))
