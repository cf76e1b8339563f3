"""What every verb shares: its options, where it prints, how it leaves when something is wrong."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from conformance.findings import Both

CONFIGURATION, SUITE_ERROR, INTERRUPTED = 3, 4, 130

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

Edition = Annotated[str, typer.Option(help="Frozen list of requirements 版次")]
Seed = Annotated[int, typer.Option(help="Seed of people, ids and keys; the same seed makes the same day 种子", min=0)]
Report = Annotated[Path | None, typer.Option(help="Directory for results.json, junit.xml, report.html 报告目录")]
Simulator = Annotated[
    str,
    typer.Option(help="Address of a running simulator; without it one is started for the length of the run 模拟器地址"),
]
Token = Annotated[str, typer.Option(envvar="YIBAO_CONTROL_TOKEN", help="Its control token 控制令牌")]
ChannelOption = Annotated[
    str,
    typer.Option(
        help='`reference` · `"command:PROGRAM ARGUMENTS"` (JSON lines on stdin/stdout) · '
        "`http://127.0.0.1:PORT` (POST /VERB) · `by-hand` (you do each task) · `mutant:NAME` 被测渠道"
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        min=1, max=16,
        help="Adapters of a command: channel at work at the same time, with {job} in the command for each one's number "
        "同时运行的适配器数",
    ),
]  # fmt: skip
IssuerKey = Annotated[
    Path | None, typer.Option(help="File with the issuer's key; without it the TEST key signs: REHEARSAL 出具方私钥")
]
BuildDigest = Annotated[str, typer.Option(help="Digest of the channel's build, for the certificate 被测构建的摘要")]
Load = Annotated[Path | None, typer.Option(help="results.json of yibao-load, to go with the certificate 压测结果")]
KnownFailures = Annotated[
    Path | None, typer.Option("--known", help="TOML of known failures (id, reason, expires), for CI 已知未通过清单")
]


def stop(both: Both) -> NoReturn:
    """Say what is wrong with the command line or its files, and leave with 3."""
    complaints.print(f"[red]{escape(both.zh)} / {escape(both.en)}[/]")
    raise typer.Exit(CONFIGURATION)
