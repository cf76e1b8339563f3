"""``yibao-load``: play a day of orders against the platform, and have the books audited."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from conformance.drivers.driver import Driver, DriverFault
from loadtests import certifying, closing, load_profile, processes, writing
from loadtests.arrivals import clock_text
from loadtests.bench import run as benchmark
from loadtests.bench.growth import SIZES
from loadtests.books import COMPRESSED, PACED
from loadtests.campaign import Progress
from loadtests.chosen import REFERENCE
from loadtests.control import ControlError
from loadtests.judgement import CONFIGURATION, OK, OWN_ERROR
from loadtests.load_profile import ProfileError
from loadtests.staging import Options, control

SMOKE_SCALE = "0.066667"
"""A thousand of the fifteen thousand orders of the day that is played when no other is named."""
SMOKE_LIMIT_S = 600
RUN_LIMIT_S = 24 * 3600
INTERRUPTED = 130
DEFAULT = "beijing-launch-day"

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
    help="Play a day of online drug purchases with reference channels, then audit every order. 压力场景与稽核。\n\n"
    "Exit codes 退出码: **0** good 合格 · **1** a rule or limit broken 不合格 · **2** void, proves nothing 无效 · "
    "**3** configuration 配置错误 · **4** our own error 本工具错误.\n\n"
    "Begin with `yibao-load smoke`; then `yibao-load run --simulator http://127.0.0.1:8470 --control-token TOKEN`. "
    "For Locust's web page: `locust -f loadtests/locustfile.py --host http://127.0.0.1:8470`.",
)  # fmt: skip
console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

ProfileName = Annotated[str, typer.Option("--profile", help="A profile's name, or a .toml file 压力场景")]
Orders = Annotated[int, typer.Option(min=0, help="How many orders; 0: as the profile says 订单数")]
Scale = Annotated[str, typer.Option(help="So many times the orders, people and pharmacies, as 0.01 规模")]
Channel = Annotated[str, typer.Option(help="reference, or mutant:NAME, a broken twin the auditor must notice 渠道")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed makes another day; 0: the profile's 种子")]
Simulator = Annotated[
    str, typer.Option(envvar="YIBAO_SIMULATOR", help="Address of a running simulator; left out, one is started")
]
ControlToken = Annotated[str, typer.Option(envvar="YIBAO_CONTROL_TOKEN", help="Its control token 控制令牌")]
FromMinute = Annotated[int, typer.Option(min=0, help="First minute of the day that is played")]
Minutes = Annotated[int, typer.Option(min=0, help="How many minutes of it; 0: as the profile says")]
LimitS = Annotated[int, typer.Option(min=1, help="Stop after so many seconds; the run is void then")]
Users = Annotated[int, typer.Option(min=1, help="Locust users: hands at work at the same time 并发")]
Report = Annotated[Path | None, typer.Option(help="Folder for results.json, junit.xml, books.json 报告目录")]


@app.command()
def smoke(
    orders: Orders = 0,
    profile: ProfileName = DEFAULT,
    scale: Scale = SMOKE_SCALE,
    seed: Seed = 0,
    channel: Channel = REFERENCE,
    users: Users = 16,
    report: Report = None,
    limit_s: Annotated[
        int, typer.Option(min=1, help="Stop after so many seconds; the run is void then")
    ] = SMOKE_LIMIT_S,
) -> int:
    """Start a simulator of its own, play the day thinned out to a fifteenth, audit, stop everything again.

    Example: yibao-load smoke --report report/load
    """
    with TemporaryDirectory(prefix="yibao-load-") as folder, processes.simulator(Path(folder)) as address:
        options = Options(
            profile=load_profile.scaled(load_profile.load(profile), scale), simulator=address.url,
            token=address.token, orders=orders, seed=seed, channel=channel,
        )  # fmt: skip
        options.check()
        return _play(options, users=users, report=report or Path(folder) / "report", limit_s=limit_s)


@app.command()
def run(
    simulator: Simulator = "",
    control_token: ControlToken = "",
    profile: ProfileName = DEFAULT,
    scale: Scale = "1",
    orders: Orders = 0,
    seed: Seed = 0,
    channel: Channel = REFERENCE,
    mode: Annotated[str, typer.Option(help="compressed: the clock jumps · paced: real time 时钟")] = COMPRESSED,
    from_minute: FromMinute = 0,
    minutes: Minutes = 0,
    users: Users = 24,
    report: Report = Path("report/load"),
    limit_s: LimitS = RUN_LIMIT_S,
) -> int:
    """Play a profile and audit it; the room `load-PROFILE-SEED` of the simulator is made anew.

    Example, the morning rush in real time, ten times as dense: yibao-load run --mode paced --from-minute 600
    --minutes 10 --orders 1800
    """
    with TemporaryDirectory(prefix="yibao-load-") as folder, _address(simulator, control_token, Path(folder)) as at:
        options = Options(
            profile=load_profile.scaled(load_profile.load(profile), scale), simulator=at.url, token=at.token,
            orders=orders, seed=seed, channel=channel, mode=mode, from_minute=from_minute, minutes=minutes,
        )  # fmt: skip
        options.check()
        return _play(options, users=users, report=report or Path(folder) / "report", limit_s=limit_s)


@app.command("channel")
def certify(
    channel: Annotated[
        str, typer.Option(help='"command:PROGRAM ARGUMENTS", http://127.0.0.1:PORT, reference or mutant:NAME 被测渠道')
    ],
    simulator: Simulator = "",
    control_token: ControlToken = "",
    profile: ProfileName = DEFAULT,
    scale: Scale = "1",
    orders: Orders = 0,
    seed: Seed = 0,
    mode: Annotated[str, typer.Option(help="paced: real time, latencies count · compressed: the clock jumps")] = PACED,
    from_minute: FromMinute = 0,
    minutes: Minutes = 0,
    report: Report = Path("report/load"),
    limit_s: LimitS = RUN_LIMIT_S,
) -> int:
    """A channel under load: its driver is asked for orders as they arrive, the platform measures, books are audited.

    results.json goes with a certificate: yibao-certify run --channel … --load report/load/results.json

    Example: yibao-load channel --channel "command:./my-adapter" --mode compressed --scale 0.01
    """
    driver = certifying.driver_for(channel)
    try:
        with TemporaryDirectory(prefix="yibao-load-") as folder, _address(simulator, control_token, Path(folder)) as at:
            options = Options(
                profile=load_profile.scaled(load_profile.load(profile), scale), simulator=at.url, token=at.token,
                orders=orders, seed=seed, channel=channel, mode=mode, from_minute=from_minute, minutes=minutes,
            )  # fmt: skip
            options.check()
            return _drive(options, driver, report=report or Path(folder) / "report", limit_s=limit_s)
    finally:
        driver.close()


@app.command()
def profiles() -> int:
    """List the profiles that ship with the project."""
    for name in load_profile.names():
        one = load_profile.load(name)
        console.print(f"[bold]{name}[/] {one.title_zh} {one.title_en}")
        for line in load_profile.summary(one):
            console.print(f"  {escape(line)}")
    return OK


@app.command()
def audit(
    books: Annotated[list[Path], typer.Option(help="books.json of an earlier run; may be given more than once 账本")],
    report: Report = None,
) -> int:
    """Audit books again, offline. The exit code is that of the worst.

    Example: yibao-load audit --books report/load/books.json
    """
    codes = []
    for number, path in enumerate(books):
        folder = report / str(number) if report and len(books) > 1 else report
        text, code = writing.write(writing.read_books(path), folder)
        console.print(escape(f"{path}\n{text}"))
        codes.append(code)
    worst_first = [OWN_ERROR, 1, 2, OK]
    return min(codes, key=worst_first.index)


@app.command()
def bench(
    rounds: Annotated[int, typer.Option(min=1, help="Counted rounds of each measurement 轮数")] = 5,
    count: Annotated[int, typer.Option(min=1, help="Messages in a round 每轮报文数")] = 256,
    mocks: Annotated[bool, typer.Option(help="Also the stateless mock servers on the path 同测无状态挡板")] = True,
    growth: Annotated[bool, typer.Option(help="Also with 1,000 to 1,000,000 settlements stored; 6 GB of disk")] = False,
    report: Report = Path("report/bench"),
) -> int:
    """Measure what an exchange costs, part by part, and how many a server answers: 2102 plain, 6202 sealed. 性能基准.

    Beside the simulator stand Prism, Mockoon and WireMock, where their commands are installed. It judges nothing.

    Example: yibao-load bench --report report/bench
    """
    told = benchmark.run(rounds=rounds, count=count, mocks=mocks, sizes=SIZES if growth else ())
    for line in benchmark.lines(told):
        console.print(escape(line))
    console.print(str(benchmark.write(told, report or Path("report/bench"))))
    return OK


def main() -> None:
    """Entry point: a wrong command line ends with 3, like every other configuration error."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        code = typer.main.get_command(app).main(prog_name="yibao-load", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    except DriverFault as wrong:
        complaints.print(f"[red]{escape(wrong.zh)} → {escape(wrong.remedy_zh)}\n{escape(str(wrong))}[/]")
        sys.exit(CONFIGURATION)
    except (ProfileError, ControlError) as wrong:
        complaints.print(f"[red]{escape(wrong.zh)}\n{escape(wrong.en)}[/]")
        sys.exit(CONFIGURATION)
    except Exception as fault:  # noqa: BLE001  # the last stop: worded, with the exit code it deserves
        show = getattr(fault, "show", None)
        if show is None:
            complaints.print_exception()
            sys.exit(OWN_ERROR)
        show()
        sys.exit(CONFIGURATION)
    sys.exit(code if isinstance(code, int) else OK)


def _leave(*_: Any) -> None:
    """SIGTERM is an interruption like any other: whatever we started is stopped on the way out."""
    raise KeyboardInterrupt


@contextmanager
def _address(url: str, token: str, folder: Path) -> Iterator[processes.Address]:
    if url:
        yield processes.Address(url, token)
        return
    with processes.simulator(folder) as address:
        yield address


def _play(options: Options, *, users: int, report: Path, limit_s: int) -> int:
    control(options).health()
    console.print(f"{escape(options.profile.title_zh)} {escape(options.profile.title_en)} → {options.simulator}")
    with _bar(options) as show:
        code = processes.locust(options, users=users, limit_s=limit_s, report=report, show=show)
    summary = report / writing.SUMMARY
    if summary.is_file():
        console.print(escape(summary.read_text(encoding="utf-8")))
        return code
    complaints.print(escape((report / "locust.log").read_text(encoding="utf-8", errors="replace")[-4_000:]))
    return code if code > OK else OWN_ERROR


def _drive(options: Options, driver: Driver, *, report: Path, limit_s: int) -> int:
    staged = certifying.stage(options, driver)
    console.print(f"{escape(options.profile.title_zh)} {escape(options.profile.title_en)} → {escape(options.channel)}")
    with _bar(options) as show:
        certifying.play(staged.campaign, limit_s=limit_s, show=show)
    text, code = writing.write(closing.close(staged), report)
    console.print(escape(text))
    return code


@contextmanager
def _bar(options: Options) -> Iterator[Any]:
    """A bar for a terminal; in a log, a line at every tenth of the way."""
    total = options.orders or options.profile.orders
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("下单 orders", total=total)
        told = 0

        def show(progress: Progress) -> None:
            nonlocal told
            words = f"下单 orders {clock_text(progress.now_ms)} 成功 paid {progress.paid}"
            bar.update(task, completed=progress.placed, total=progress.planned, description=words)
            tenth = progress.placed * 10 // max(1, progress.planned)
            if tenth > told and not console.is_terminal:
                told = tenth
                console.print(f"{words} / {progress.placed} / {progress.planned}")

        yield show


if __name__ == "__main__":
    main()
