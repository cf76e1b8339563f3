"""Verbs that put a channel to work: ``run``, ``demo``, ``self-check``."""

import secrets
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.markup import escape

from conformance import catalogue
from conformance.bundle.parts import PAGE
from conformance.cli.options import (
    CONFIGURATION,
    BuildDigest,
    ChannelOption,
    Edition,
    IssuerKey,
    Jobs,
    KnownFailures,
    Load,
    Report,
    Seed,
    Simulator,
    Token,
    console,
    stop,
)
from conformance.cli.simulating import simulator as own_simulator
from conformance.evidence import Evidence
from conformance.findings import UNSAID
from conformance.known import Weighed
from conformance.report import words
from conformance.scenarios.listing import Scenario
from conformance.suite import plugin
from conformance.suite.abreast import JOB
from conformance.suite.preflight import Check
from conformance.suite.reach import built_in
from conformance.suite.session import Order, Prepared, Unready, prepare
from conformance.verdict import Verdict

SEED_BITS = 53
"""A seed that every language reads from JSON without loss."""
DEMO_TIMEOUT_MS = 1000
"""Faults keep the platform silent on purpose; on one machine a second of silence says as much as ten."""
DEMO_JOBS = 3
"""Half of a run is such silence: while one adapter waits, others work."""


def run(
    channel: ChannelOption = "reference",
    edition: Edition = catalogue.LATEST,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Requirements that begin so, or with that at stake (`money`); may be repeated 只运行这些要求"
        ),
    ] = None,
    seed: Seed = 1,
    report: Report = None,
    simulator: Simulator = "",
    control_token: Token = "",
    known: KnownFailures = None,
    issuer_key: IssuerKey = None,
    build_digest: BuildDigest = "",
    load: Load = None,
    jobs: Jobs = 1,
) -> None:
    """Certify a channel. 对渠道做符合性自测。

    Examples 示例:

    `yibao-certify run --channel reference --report report/`

    `yibao-certify run --channel "command:node adapter.js" --report report/`

    `yibao-certify run --channel "command:node adapter.js" --simulator http://127.0.0.1:8470 --control-token TOKEN`

    `yibao-certify run --channel mutant:settles-again --only unknown/`
    """
    order = Order(
        channel=channel, edition=edition, only=tuple(only or ()), seed=seed, report=report, simulator=simulator,
        control_token=control_token, known=known, issuer_key=issuer_key, build_digest=build_digest, load=load,
        jobs=jobs,
    )  # fmt: skip
    raise typer.Exit(_certify(order))


def exam(
    report: Annotated[Path, typer.Option(help="Directory for the bundle 证据包目录")],
    channel: ChannelOption = "reference",
    edition: Edition = catalogue.LATEST,
    simulator: Simulator = "",
    control_token: Token = "",
    issuer_key: IssuerKey = None,
    build_digest: BuildDigest = "",
    load: Load = None,
) -> None:
    """The same run as an examination: the whole edition on a fresh day whose seed nobody knows before. 正式测试。

    The seed stands in the bundle afterwards and nowhere else. Nothing can be left out and no known failure is heeded.
    """
    order = Order(
        channel=channel, edition=edition, seed=secrets.randbits(SEED_BITS), report=report, simulator=simulator,
        control_token=control_token, exam=True, issuer_key=issuer_key, build_digest=build_digest, load=load,
    )  # fmt: skip
    raise typer.Exit(_certify(order))


def demo(
    report: Report = None,
    edition: Edition = catalogue.LATEST,
    seed: Seed = 1,
) -> None:
    """Start a simulator on a free port, certify the reference channel over HTTP, show the result. 一条命令看全程。

    The reference channel runs as a program of its own and is driven over JSON lines; every message is sealed.
    """
    with TemporaryDirectory(prefix="yibao-demo-") as notes:
        words_of_adapter = [sys.executable, "-m", "conformance.channels.reference", "--driver"]
        waits = ["--timeout-ms", str(DEMO_TIMEOUT_MS)]
        adapter = shlex.join([*words_of_adapter, "--notes", f"{notes}/notes-{JOB}.sqlite", *waits])
        channel = f"command:{adapter}"
        code = _certify(Order(channel=channel, edition=edition, seed=seed, report=report, jobs=DEMO_JOBS))
    raise typer.Exit(code)


def self_check(
    channel: ChannelOption = "reference", seed: Seed = 1, simulator: Simulator = "", control_token: Token = ""
) -> None:
    """Only the preflight: addresses, keys, clock, the driver's answers, one ordinary order. 只做连通与配置检查。"""
    with within_reach(Order(channel=channel, seed=seed, simulator=simulator, control_token=control_token)) as order:
        prepared_run(order).certification.close()
    console.print("[green]一切就绪 / everything is ready[/]")


def _certify(order: Order) -> int:
    with within_reach(order) as reaching:
        prepared = prepared_run(reaching)
        total = len(prepared.certification.needed())
        console.print(f"\n场景 / scenarios: {total}")
        verdict = plugin.certify(prepared)
        _summary(verdict, prepared)
        return prepared.weighed().exit_code


@contextmanager
def within_reach(order: Order) -> Iterator[Order]:
    """A channel in a process of its own needs a simulator with an address: where none is named, one is started."""
    if order.simulator or built_in(order.channel):
        yield order
        return
    with own_simulator() as (address, token):
        yield replace(order, simulator=address, control_token=token, passing=True)


def prepared_run(order: Order) -> Prepared:
    """Reach everybody and say how each check went; leaves with 3 when something is not ready."""
    notice = words.NOT_NHSA if order.issuer_key else words.NOTICE
    console.print(f"[bold]{notice.zh}[/] · {notice.en}")
    try:
        return prepare(order, told=Progress(), checked=show_check)
    except Unready as fault:
        if fault.check is None:
            stop(fault.both)
        raise typer.Exit(CONFIGURATION) from None


def show_check(check: Check) -> None:
    """One line per check of the preflight, and what to do when it fails."""
    sign = "[green]✓[/]" if check.ok else "[red]✗[/]"
    console.print(f"{sign} {check.what.zh} / {check.what.en}")
    if not check.ok:
        for label, both in (
            ("期望 / expected", check.expected),
            ("实际 / seen", check.seen),
            ("处理 / what to do", check.hint),
        ):
            if both == UNSAID:
                continue
            console.print(f"    {label}: {escape(both.zh)} / {escape(both.en)}")
        for one in check.story:
            console.print(f"      [dim]{escape(one.zh)} / {escape(one.en)}[/]")


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
        if why := evidence.record.get("broken_off"):
            console.print(f"       [red]{escape(why['zh'])} / {escape(why['en'])}[/]")


def _summary(verdict: Verdict, prepared: Prepared) -> None:
    tell(verdict, None if prepared.order.exam else prepared.replay)
    if prepared.order.report:
        console.print(f"报告 / report: {prepared.order.report / PAGE}")
    leave_with(prepared.weighed())


def tell(verdict: Verdict, replay: Callable[[str], str] | None) -> None:
    """What is not as it should be, what is missing, and the whole in one line."""
    for row in verdict.judged:
        if row.outcome in ("failed", "suite_error", "untested", "warned"):
            console.print("\n" + escape(plugin.worded(row)))
            if replay:
                console.print(f"  重现 / replay: {escape(replay(row.requirement.id))}")
    for gap in verdict.gaps:
        console.print(f"[yellow]{gap.zh} / {gap.en}[/]")
    counted = " · ".join(
        f"{words.OUTCOME[name].zh} {name} {number}" for name, number in verdict.counts().items() if number
    )
    colour = {"conformant": "green", "not_conformant": "red"}.get(verdict.overall, "yellow")
    said = words.OVERALL[verdict.overall]
    console.print(f"\n[bold {colour}]{said.zh} / {said.en}[/]  {counted}")
    console.print(f"{words.MEANING[verdict.overall].zh} {words.MEANING[verdict.overall].en}")


def leave_with(weighed: Weighed) -> None:
    """What the known failures change, and how the process will end."""
    _known(weighed)
    left = weighed.exit_code
    console.print(f"退出码 / exit code: {left} ({words.EXIT[left].zh} / {words.EXIT[left].en})")


def _known(weighed: Weighed) -> None:
    """Which failures were excused, and which entries of the list fail the run."""
    for id_, entry in weighed.excused.items():
        console.print(f"[yellow]已知 / known[/] {id_}: {escape(entry.reason)} (≤ {entry.expires})")
    for fault in weighed.faults:
        console.print(f"[red]✗[/] {fault.zh} / {fault.en}")
