"""Verbs for traffic that the suite did not make: ``observe`` a room while others test, ``judge`` a saved trace."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from rich.markup import escape

from conformance import catalogue
from conformance import known as known_failures
from conformance.bundle.certificate import Issue
from conformance.bundle.parts import TRACE
from conformance.cli import running, simulating
from conformance.cli.options import Edition, IssuerKey, KnownFailures, Report, Seed, Simulator, Token, console, stop
from conformance.findings import Both
from conformance.observing import judging, room, saved_trace
from conformance.observing.judging import Looked, NothingSeen
from conformance.observing.record import Seen, Subject
from conformance.report import words
from conformance.suite import session, start
from conformance.suite.session import Order, Unready
from conformance.verdict import OBSERVED, TRACED

INCOMPLETE = 2
GRACE_SECONDS = 10
Vendor = Annotated[str, typer.Option(help="Whose channel, for the report 厂商")]
Product = Annotated[str, typer.Option(help="Which channel 产品")]
Version = Annotated[str, typer.Option(help="Its version 版本")]
Only = Annotated[
    list[str] | None,
    typer.Option(help="Requirements that begin so, or with that at stake (`money`); may be repeated 只判这些要求"),
]
NO_PROGRAM = Both(
    "核对路径与权限；脚本要有#!行，或写出解释器，如sh ./tests.sh",
    "check its path and rights; a script needs a #! line, or its interpreter before it: sh ./tests.sh",
)


def observe(
    command: Annotated[
        list[str] | None,
        typer.Argument(help="After `--`: your own tests; their end is the end of watching 自有测试命令"),
    ] = None,
    simulator: Simulator = "",
    control_token: Token = "",
    room_name: Annotated[str, typer.Option("--room", help="The room your channel talks to 房间")] = "main",
    seconds: Annotated[
        int | None,
        typer.Option("--for", min=0, help="Watch so many seconds at most; 0 judges what is there 至多观察秒数"),
    ] = None,
    report: Report = None,
    edition: Edition = catalogue.LATEST,
    only: Only = None,
    seed: Seed = 1,
    vendor: Vendor = "-",
    product: Product = "-",
    version: Version = "-",
    known: KnownFailures = None,
    issuer_key: IssuerKey = None,
) -> None:
    """Watch while your own tests drive your channel, then judge the room by its journal and ledger alone. 旁观判定。

    The watching ends with the command after `--`, after `--for` seconds, or with Ctrl-C. The command finds the address
    and TEST keys in its environment (YIBAO_BASE_URL, YIBAO_APP_ID …). The certificate is of class O: what the channel
    believes is out of sight. Exit codes as for `run`; a command that failed makes a clean verdict incomplete (2).

    `yibao-certify observe --report report/ -- npm test`

    `yibao-certify observe --simulator http://127.0.0.1:8470 --control-token TOKEN --for 600 --report report/`
    """
    order = Order(edition=edition, known=known, issuer_key=issuer_key)
    issue, excused = _papers(order, OBSERVED)
    with _platform(simulator, control_token, seed) as (address, token):
        seen, ended = _watched(address, token, room_name, command or [], seconds)
    _say_where_it_begins([seen])
    subject = Subject(vendor=vendor, product=product, version=version)
    looked = _looked([seen], subject, issue, edition, only, again=(report or Path("report")) / TRACE)
    code = _conclude(judging.excused(looked, excused), report, excused)
    if ended:
        console.print(
            f"[yellow]命令以{ended}结束，未走完 / the command ended with {ended}: it did not come to its end[/]"
        )
    raise typer.Exit(INCOMPLETE if ended and not code else code)


def judge_trace(
    path: Annotated[
        Path, typer.Argument(help="trace.jsonl of a bundle, or the folder of `yibao-simulator export` 报文记录")
    ],
    report: Report = None,
    edition: Edition = catalogue.LATEST,
    only: Only = None,
    vendor: Vendor = "-",
    product: Product = "-",
    version: Version = "-",
    known: KnownFailures = None,
    issuer_key: IssuerKey = None,
) -> None:
    """Judge a saved trace as if it had been watched. Offline; class T, which never certifies. 判定存档的报文记录。

    `yibao-certify judge report/trace.jsonl`

    `yibao-simulator export books/ && yibao-certify judge books/`
    """
    issue, excused = _papers(Order(edition=edition, known=known, issuer_key=issuer_key), TRACED)
    parts = saved_trace.read(path)
    _say_where_it_begins(parts)
    subject = Subject(vendor=vendor, product=product, version=version)
    looked = _looked(parts, subject, issue, edition, only, again=path)
    raise typer.Exit(_conclude(judging.excused(looked, excused), report, excused))


def _say_where_it_begins(parts: list[Seen]) -> None:
    """What was trimmed cannot be judged, and what is left may rest on it."""
    for seen in parts:
        first = int(seen.journal[0]["seq"]) if seen.journal else 1
        if first > 1:
            console.print(
                f"[yellow]日志自第{first}行起，更早的已删去，判定只及其后 / the journal begins with line {first}: "
                f"older ones were trimmed, and only what is left is judged[/]"
            )


def _papers(order: Order, made_by: str) -> tuple[Issue, tuple[known_failures.Known, ...]]:
    """Who signs, and what is excused; files that cannot be read are told before anybody waits."""
    catalogue.edition(order.edition)
    excused = known_failures.read(order.known) if order.known else ()
    return session.issue_for(order, made_by=made_by), excused


@contextmanager
def _platform(address: str, token: str, seed: int) -> Iterator[tuple[str, str]]:
    if address:
        yield address, token
        return
    with simulating.simulator("--seed", str(seed)) as own:
        yield own


def _watched(address: str, token: str, name: str, command: list[str], seconds: int | None) -> tuple[Seen, int]:
    """The room after the watching, and how the command ended."""
    reached = start.over_http(address, token)
    try:
        watched = room.attach(reached.control, name)
        settings = simulating.settings_of(address, token, name)
        before = room.messages_of(watched)
        console.print(f"房间 / room: {name} · {address} · 已有报文 / lines so far: {before}")
        ended = _run(command, settings, seconds) if command else _wait(settings, seconds)
        console.print(f"观察结束，新增 / watching ended, new lines: {room.messages_of(watched) - before}")
        return room.read(watched), ended
    except room.NoRoom as fault:
        stop(Both(f"--room：{fault}", f"--room: {fault}"))
    finally:
        reached.close()


def _wait(settings: dict[str, str], seconds: int | None) -> int:
    """Until the time is over or somebody presses Ctrl-C."""
    if seconds == 0:
        return 0
    for name, value in settings.items():
        console.print(f"  {name}={escape(value)}", style="dim")
    limit = f"{seconds} s" if seconds else "∞"
    try:
        console.print(f"等待渠道的报文，Ctrl-C结束并判定 / waiting for the channel; Ctrl-C ends and judges ({limit})")
        Event().wait(seconds)
    except KeyboardInterrupt:
        console.print("已停止观察 / watching was stopped")
    return 0


def _run(command: list[str], settings: dict[str, str], seconds: int | None) -> int:
    """Run the tests to their end, or to the end of their time; how they ended, 0 for well."""
    try:
        tests = subprocess.Popen(command, env={**os.environ, **settings})
    except OSError as fault:
        stop(
            Both(f"无法启动命令：{fault}；{NO_PROGRAM.zh}", f"the command cannot be started: {fault}; {NO_PROGRAM.en}")
        )
    try:
        return tests.wait(seconds)
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as cut:
        why = "到时 / time is over" if isinstance(cut, subprocess.TimeoutExpired) else "中断 / interrupted"
        console.print(f"[yellow]{why}[/]")
        return _end(tests) or 1


def _end(tests: "subprocess.Popen[bytes]") -> int:
    tests.terminate()
    try:
        return tests.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        tests.kill()
        return tests.wait()


def _looked(
    parts: list[Seen], subject: Subject, issue: Issue, edition: str, only: list[str] | None, *, again: Path
) -> Looked:
    """``again``: what was seen, where it can be judged once more."""
    try:
        return judging.look(parts, subject, issue, edition=edition, only=tuple(only or ()), again=again)
    except (NothingSeen, Unready) as fault:
        stop(fault.both)


def _conclude(looked: Looked, report: Path | None, excused: tuple[known_failures.Known, ...]) -> int:
    said = words.CLASS[looked.run.made_by]
    console.print(f"[bold]{said.zh} / {said.en}[/]")
    running.tell(looked.verdict, None)
    console.print(f"看不到的要求 / out of sight: {looked.out_of_sight}")
    for state, number in judging.states_of(looked.run.evidence).items():
        console.print(f"订单 / orders, ordStas {state}: {number}", style="dim")
    if report:
        console.print(f"报告 / report: {looked.write(report)}")
    weighed = looked.weighed(excused)
    running.leave_with(weighed)
    return weighed.exit_code
