"""Verbs for who writes an adapter: ``adapter init``, ``adapter check``, ``adapter openapi``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.options import CONFIGURATION, ChannelOption, Seed, Simulator, Token, console, stop
from conformance.cli.running import show_check, within_reach
from conformance.drivers import openapi, skeleton
from conformance.drivers.driver import DriverFault
from conformance.drivers.validated import Validated
from conformance.findings import Both
from conformance.suite import start
from conformance.suite.checkup import checkup
from conformance.suite.control import ControlFault
from conformance.suite.preflight import preflight
from conformance.suite.reach import UnknownChannel, bare_driver
from conformance.suite.run import Bench
from conformance.suite.session import Order
from schemas import jsontext

adapter = typer.Typer(
    no_args_is_help=True, help="The adapter between suite and channel 适配器: begin, check, describe."
)


class Language(StrEnum):
    """Languages there is a skeleton in."""

    python = "python"
    node = "node"
    java = "java"


@adapter.command("init")
def begin(
    directory: Annotated[Path, typer.Argument(help="Where to write it 目录")],
    language: Annotated[Language, typer.Option(help="python, node or java 语言")] = Language.python,
) -> None:
    """Write an adapter that runs and is to be filled in: JSON lines and HTTP in one file. 生成适配器骨架。

    `yibao-certify adapter init --language node my-adapter`
    """
    try:
        written = skeleton.write(language, directory)
    except skeleton.Occupied as fault:
        stop(Both(f"{fault}已存在，不覆盖", f"{fault} is there already and is never overwritten"))
    except OSError as fault:
        stop(Both(f"{directory}：{fault.strerror}", f"{directory}: {fault.strerror}"))
    program = skeleton.LANGUAGES[language].program
    console.print(f"{written}\n填写标有FILL IN处，然后 / fill in what is marked FILL IN, then:")
    console.print(f'  yibao-certify adapter check --channel "command:{program} {written}"')


@adapter.command("openapi")
def describe(
    out: Annotated[Path | None, typer.Option(help="File; left out, it is printed 输出文件")] = None,
) -> None:
    """The driver contract as an OpenAPI 3.1 document, for an adapter that serves HTTP. 驱动约定的OpenAPI文档。"""
    text = jsontext.pretty(openapi.describe()) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    console.print(f"{out}")


@adapter.command("check")
def check(
    channel: ChannelOption = "reference", seed: Seed = 1, simulator: Simulator = "", control_token: Token = ""
) -> None:
    """Everything that is wrong with an adapter, field by field, before any verdict. 检查适配器。

    Each verb and its answer, unknown questions, repeated ones, speed; then the trial order and the two-truth probe of
    the preflight. Exit code 0 when all is well, 3 when something is to be mended.
    """
    order = Order(channel=channel, seed=seed, simulator=simulator, control_token=control_token)
    with within_reach(order) as reaching:
        failed = _failed(reaching)
    if failed:
        console.print(f"\n[red]{failed}项需要修正 / {failed} to be mended[/]")
        raise typer.Exit(CONFIGURATION)
    console.print("\n[green]适配器没有问题 / nothing is wrong with the adapter[/]")


def _failed(order: Order) -> int:
    reached = start.over_http(order.simulator, order.control_token) if order.simulator else start.in_process()
    bench = Bench(control=reached.control, base_url=reached.base_url, seed=order.seed)
    try:
        driver = bare_driver(order.channel, reached)
    except UnknownChannel as fault:
        stop(fault.both)
    except DriverFault as fault:
        stop(Both(f"{fault.zh}；{fault.remedy_zh}", f"{fault.en}; {fault.remedy_en}"))
    try:
        failed = 0
        for found in checkup(bench, driver):
            show_check(found)
            failed += not found.ok
        if not failed:
            for found in preflight(bench, Validated(driver)):
                show_check(found)
                failed += not found.ok
        return failed
    except ControlFault as fault:
        stop(Both(f"模拟器：{fault}", f"the simulator: {fault}"))
    finally:
        driver.close()
        reached.close()
