"""``yibao-certify``: certify a channel, or look at what is asked of one."""

import sys

import typer
from rich.markup import escape

from conformance.cli import adapting, bundles, covering, looking, observing, replaying, running, sweeping
from conformance.cli.options import CONFIGURATION, INTERRUPTED, SUITE_ERROR, complaints
from conformance.suite.control import ControlFault
from schemas.tomlfile import FileFault

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
    help="Certify an online drug-buying channel against the mock platform. 线上购药渠道符合性自测。\n\n"
    "Exit codes 退出码: **0** conformant 符合 · **1** not conformant 不符合 · **2** incomplete 不完整 · "
    "**3** configuration 配置错误 · **4** the suite's own fault 套件错误.\n\n"
    "Begin with `yibao-certify demo --report report/`, then drive your own channel: "
    '`yibao-certify run --channel "command:./my-adapter" --report report/`.',
)  # fmt: skip
app.command()(running.run)
app.command()(running.exam)
app.command()(running.demo)
app.command("self-check")(running.self_check)
app.command()(observing.observe)
app.command("judge")(observing.judge_trace)
app.add_typer(adapting.adapter, name="adapter")
app.command("matrix")(looking.show_matrix)
app.command()(sweeping.controls)
app.command("list")(looking.list_requirements)
app.command()(looking.explain)
app.command()(covering.coverage)
app.command()(bundles.verify)
app.command("rejudge")(bundles.rejudge_bundle)
app.command("diff")(bundles.diff)
app.command()(replaying.replay)
app.command("new-issuer-key")(bundles.new_issuer_key)


def main() -> None:
    """Entry point: a wrong command line ends with 3, like every other configuration error."""
    try:
        code = typer.main.get_command(app).main(prog_name="yibao-certify", standalone_mode=False)
    except KeyboardInterrupt:
        complaints.print("[yellow]已中断，不作判定 / interrupted: no verdict was drawn[/]")
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
