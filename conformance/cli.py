"""``yibao-certify``: certify a channel, or look at what is asked of one."""

import os
import secrets
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from conformance import catalogue
from conformance.evidence import Evidence
from conformance.findings import Both
from conformance.reading_files import FileFault
from conformance.report import words
from conformance.report.bundle import PAGE
from conformance.scenarios.listing import Scenario, scenarios
from conformance.suite import plugin, start
from conformance.suite.control import ControlFault
from conformance.suite.matrix import Row, matrix, uncovered
from conformance.suite.preflight import Check
from conformance.suite.session import Order, Prepared, Unready, prepare
from conformance.verdict import Verdict

CONFIGURATION, SUITE_ERROR, INTERRUPTED = 3, 4, 130
START_LIMIT_MS = 30_000

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
    help="Certify an online drug-buying channel against the mock platform. 线上购药渠道符合性自测。\n\n"
    "Exit codes 退出码: **0** conformant 符合 · **1** not conformant 不符合 · **2** incomplete 不完整 · "
    "**3** configuration 配置错误 · **4** the suite's own fault 套件错误.\n\n"
    "Begin with `yibao-certify demo --report report/`, then drive your own channel: "
    '`yibao-certify run --channel "command:./my-adapter" --simulator http://127.0.0.1:8470 --control-token TOKEN`.',
)  # fmt: skip
console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

Edition = Annotated[str, typer.Option(help="Frozen list of requirements 版次")]
Seed = Annotated[int, typer.Option(help="Seed of people, ids and keys; the same seed makes the same day 种子", min=0)]
Report = Annotated[Path | None, typer.Option(help="Directory for results.json, junit.xml, report.html 报告目录")]
Simulator = Annotated[
    str, typer.Option(help="Address of a running simulator; without it one is started in this process 模拟器地址")
]
Token = Annotated[str, typer.Option(envvar="YIBAO_CONTROL_TOKEN", help="Its control token 控制令牌")]
ChannelOption = Annotated[
    str,
    typer.Option(
        help='`reference` · `"command:PROGRAM ARGUMENTS"` (JSON lines on stdin/stdout) · `mutant:NAME` 被测渠道'
    ),
]


@app.command()
def run(
    channel: ChannelOption = "reference",
    edition: Edition = catalogue.LATEST,
    only: Annotated[
        list[str] | None, typer.Option(help="Requirement id or its beginning; may be repeated 只运行这些要求")
    ] = None,
    seed: Seed = 1,
    report: Report = None,
    simulator: Simulator = "",
    control_token: Token = "",
) -> None:
    """Certify a channel. 对渠道做符合性自测。

    Examples 示例:

    `yibao-certify run --channel reference --report report/`

    `yibao-certify run --channel "command:node adapter.js" --simulator http://127.0.0.1:8470 --control-token TOKEN`

    `yibao-certify run --channel mutant:repeats_blindly --only unknown/`
    """
    order = Order(
        channel=channel, edition=edition, only=tuple(only or ()), seed=seed, report=report, simulator=simulator,
        control_token=control_token,
    )  # fmt: skip
    raise typer.Exit(_certify(order))


@app.command()
def demo(
    report: Report = None,
    edition: Edition = catalogue.LATEST,
    seed: Seed = 1,
) -> None:
    """Start a simulator on a free port, certify the reference channel over HTTP, show the result. 一条命令看全程。

    The reference channel runs as a program of its own and is driven over JSON lines; every message is sealed.
    """
    with _simulator() as (address, token), TemporaryDirectory(prefix="yibao-demo-") as notes:
        words_of_adapter = [sys.executable, "-m", "conformance.channels.reference", "--driver"]
        adapter = shlex.join([*words_of_adapter, "--notes", f"{notes}/notes.sqlite"])
        order = Order(
            channel=f"command:{adapter}",
            edition=edition,
            seed=seed,
            report=report,
            simulator=address,
            control_token=token,
        )
        code = _certify(order)
    raise typer.Exit(code)


@app.command("self-check")
def self_check(
    channel: ChannelOption = "reference", seed: Seed = 1, simulator: Simulator = "", control_token: Token = ""
) -> None:
    """Only the preflight: addresses, keys, clock, the driver's answers, one ordinary order. 只做连通与配置检查。"""
    order = Order(channel=channel, seed=seed, simulator=simulator, control_token=control_token)
    _prepared(order).certification.close()
    console.print("[green]一切就绪 / everything is ready[/]")


@app.command("matrix")
def show_matrix(
    edition: Edition = catalogue.LATEST,
    seed: Seed = 1,
    only: Annotated[list[str] | None, typer.Option(help="Names of mutants; may be repeated 变异体名称")] = None,
) -> None:
    """Certify every broken twin of the reference channel: each must fall by its own rule. 用变异体检验套件本身。"""
    rows = []
    for row in matrix(edition=edition, seed=seed, names=tuple(only or ())):
        rows.append(row)
        console.print(_matrix_line(row))
    if not rows:
        _stop(Both("没有这样的变异体", "no such mutant"))
    loose = [] if only else uncovered(rows, edition)
    for id_ in loose:
        console.print(f"[yellow]没有变异体验证 / no mutant proves[/] {id_}")
    good = sum(row.good for row in rows)
    console.print(f"\n变异体 {len(rows)}，按预期 {good} / {good} of {len(rows)} mutants fell as they should")
    raise typer.Exit(0 if good == len(rows) and not loose else 1)


@app.command("list")
def list_requirements(edition: Edition = catalogue.LATEST) -> None:
    """Every requirement of an edition. 列出全部要求。"""
    known, frozen = catalogue.requirements(), catalogue.edition(edition)
    table = Table("id", "要求 / requirement", "level", "impact", title=f"{frozen.title.zh} / {frozen.title.en}")
    for id_ in frozen.requirements:
        row = known[id_]
        table.add_row(id_, f"{row.text.zh}\n[dim]{row.text.en}[/]", row.level, row.impact)
    console.print(table)


@app.command()
def explain(requirement: Annotated[str, typer.Argument(help="Requirement id, as `list` shows it 要求编号")]) -> None:
    """One requirement: what, why, and what is played to check it. 说明一条要求。"""
    row = catalogue.requirements().get(requirement)
    if row is None:
        _stop(
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
    for name in row.scenarios:
        scenario = scenarios()[name]
        console.print(f"  [cyan]{name}[/] {scenario.text.zh} / {scenario.text.en}")


def main() -> None:
    """Entry point: a wrong command line ends with 3, like every other configuration error."""
    try:
        code = typer.main.get_command(app).main(prog_name="yibao-certify", standalone_mode=False)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except FileFault as fault:
        complaints.print(f"[red]{escape(str(fault))}[/]")
        sys.exit(CONFIGURATION)
    except ControlFault as fault:
        complaints.print(f"[red]{escape(str(fault))}[/]")
        sys.exit(SUITE_ERROR)
    except Exception as fault:
        show = getattr(fault, "show", None)
        if show is None:
            raise
        show()
        sys.exit(CONFIGURATION)
    sys.exit(code if isinstance(code, int) else 0)


def _certify(order: Order) -> int:
    prepared = _prepared(order)
    total = len(prepared.certification.needed())
    console.print(f"\n场景 / scenarios: {total}")
    verdict = plugin.certify(prepared)
    _summary(verdict, prepared)
    return verdict.exit_code


def _prepared(order: Order) -> Prepared:
    console.print(f"[bold]{words.NOTICE.zh}[/] · {words.NOTICE.en}")
    try:
        return prepare(order, told=Progress(), checked=_checked)
    except Unready as fault:
        if fault.check is None:
            _stop(fault.both)
        raise typer.Exit(CONFIGURATION) from None


def _checked(check: Check) -> None:
    """One line per check of the preflight, and what to do when it fails."""
    sign = "[green]✓[/]" if check.ok else "[red]✗[/]"
    console.print(f"{sign} {check.what.zh} / {check.what.en}")
    if not check.ok:
        for label, both in (
            ("期望 / expected", check.expected),
            ("实际 / seen", check.seen),
            ("处理 / what to do", check.hint),
        ):
            console.print(f"    {label}: {escape(both.zh)} / {escape(both.en)}")


class Progress:
    """One line per scenario as it ends: how many messages went over the wire, and what happened in words."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, scenario: Scenario, evidence: Evidence) -> None:
        self.done += 1
        ours = evidence.record["faults_of_suite"]
        sign = "[red]![/]" if ours or evidence.record.get("broken_off") else "[green]·[/]"
        messages = len(evidence.calls()) + len(evidence.notices())
        console.print(
            f"{sign} {self.done:3d}  {scenario.text.zh} [dim]{scenario.text.en} ({scenario.name}, {messages})[/]"
        )


def _summary(verdict: Verdict, prepared: Prepared) -> None:
    for row in verdict.judged:
        if row.outcome in ("failed", "suite_error", "untested", "warned"):
            console.print("\n" + escape(plugin.worded(row)))
            console.print(f"  重现 / replay: {escape(prepared.replay(row.requirement.id))}")
    for gap in verdict.gaps:
        console.print(f"[yellow]{gap.zh} / {gap.en}[/]")
    counted = " · ".join(
        f"{words.OUTCOME[name].zh} {name} {number}" for name, number in verdict.counts().items() if number
    )
    colour = {"conformant": "green", "not_conformant": "red"}.get(verdict.overall, "yellow")
    said = words.OVERALL[verdict.overall]
    console.print(f"\n[bold {colour}]{said.zh} / {said.en}[/]  {counted}")
    console.print(f"{words.MEANING[verdict.overall].zh} {words.MEANING[verdict.overall].en}")
    if prepared.order.report:
        console.print(f"报告 / report: {prepared.order.report / PAGE}")
    code = words.EXIT[verdict.exit_code]
    console.print(f"退出码 / exit code: {verdict.exit_code} ({code.zh} / {code.en})")


def _matrix_line(row: Row) -> str:
    sign = "[green]caught  [/]" if row.good else "[red]escaped [/]" if row.escaped else "[yellow]spills  [/]"
    parts = [f"{sign} {row.mutant.name:32s} {len(row.broken):2d}  {row.mutant.zh} / {row.mutant.en}"]
    parts += [f"    未被发现 / not caught by {id_}" for id_ in sorted(row.escaped)]
    parts += [f"    误伤 / fell too: {id_}" for id_ in sorted(row.collateral)]
    parts += [f"    套件出错 / suite error: {id_}" for id_ in sorted(row.suite_errors)]
    return "\n".join(parts)


def _stop(both: Both) -> NoReturn:
    complaints.print(f"[red]{escape(both.zh)} / {escape(both.en)}[/]")
    raise typer.Exit(CONFIGURATION)


@contextmanager
def _simulator() -> Iterator[tuple[str, str]]:
    """A simulator as a process of its own on a free port of this machine, in memory, with a token of its own."""
    token, port = secrets.token_hex(16), _free_port()
    address = f"http://127.0.0.1:{port}"
    begin = "from simulator.cli import main; main()"
    command = [sys.executable, "-c", begin, "serve", "--memory", "--port", str(port)]
    environment = {**os.environ, "YIBAO_CONTROL_TOKEN": token}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    try:
        _wait_until_up(process, address, token)
        console.print(f"模拟器 / simulator: {address} (pid {process.pid})")
        yield address, token
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(process: "subprocess.Popen[bytes]", address: str, token: str) -> None:
    control = start.over_http(address, token).control
    deadline_ns = time.monotonic_ns() + START_LIMIT_MS * 1_000_000
    while time.monotonic_ns() < deadline_ns and process.poll() is None:
        try:
            control.call("GET", "/health")
            return
        except ControlFault:
            time.sleep(1 / 20)
    _stop(Both("模拟器没有启动成功，见上方输出", "the simulator did not come up; see its output above"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
