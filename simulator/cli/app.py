"""The command line as a whole: its parts, its help, its exit codes."""

import logging
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import Abort, Exit, TyperException

from simulator.cli import books, cards, rooms, serving, watching
from simulator.misuse import Misuse
from simulator.store.store import StoreError
from simulator.wire.transport import NoAnswer, NotDelivered
from simulator.worlds.importer import CatalogueError

log = logging.getLogger(__name__)
WRONG_USE, OUR_FAULT, INTERRUPTED = 3, 4, 130

app = typer.Typer(
    name="yibao-simulator",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""A mock national medical-insurance platform for channels under test (模拟医保平台).

Start it, register a callback, watch each message judged as it arrives:

    yibao-simulator serve

    yibao-simulator room show main --format env

    yibao-simulator watch

Replay a bad day: `yibao-simulator fault arm no_answer_after_commit --code 6202`

Exit codes: 0 done, 3 wrong use or configuration, 4 our own error.""",
)
app.command("serve")(serving.serve)
app.command("watch")(watching.watch)
app.add_typer(rooms.rooms, name="room")
app.add_typer(rooms.faults, name="fault")
app.add_typer(cards.app, name="card")
app.add_typer(rooms.clocks, name="clock")
app.command("person")(rooms.person)
app.command("world")(rooms.world)
app.command("deliver")(rooms.deliver)
app.command("import-catalogue")(books.import_catalogue)
app.command("export")(books.export)
app.add_typer(books.journals, name="journal")


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(code_of(arguments))


def code_of(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; wrong use is worded and counted as ours to explain, not as a crash."""
    try:
        code = app(args=arguments, standalone_mode=False)
    except Exit as left:
        return left.exit_code
    except TyperException as wrong:
        return _say(f"{wrong.format_message()}\n帮助 / help: yibao-simulator --help", WRONG_USE)
    except Abort:
        return INTERRUPTED
    except Misuse as wrong:
        return _say(f"{wrong.zh}\n{wrong}", WRONG_USE)
    except (StoreError, CatalogueError, OSError) as wrong:
        return _say(str(wrong), WRONG_USE)
    except NotDelivered as wrong:
        return _say(
            "模拟器未启动或地址不对，用--url指出地址 / no simulator answers there; "
            f"start one with: yibao-simulator serve, or name the address of one with --url ({wrong})",
            WRONG_USE,
        )
    except NoAnswer as wrong:
        return _say(f"模拟器没有应答 / the simulator did not answer: {wrong}", OUR_FAULT)
    except Exception as fault:
        log.debug("our own fault", exc_info=True)
        told = " ".join(f"{type(fault).__name__}: {fault}".split())
        return _say(f"模拟器自身错误，请附上本行反馈 / our own error, please report this line: {told}", OUR_FAULT)
    return code if isinstance(code, int) else 0


def _say(text: str, code: int) -> int:
    typer.echo(text, err=True)
    return code
