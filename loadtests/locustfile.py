"""The Locust file: users are hands that work reference channels.

    locust -f loadtests/locustfile.py --headless -u 16 -r 16 --host http://127.0.0.1:8470 --control-token TOKEN \\
        --load-profile beijing-launch-day --orders 1000 --report report/load

Works with Locust's web page too (leave out ``--headless``), and with ``--processes``, ``--master`` and ``--worker``:
each worker plays its share of the orders in a room of its own. The number of users is the number of hands; what they do
is decided by the profile. The run ends by itself when the day is over, or at ``--run-time``; then everything comes to
rest, the auditor reads the books, and its word is the exit code.

Importing Locust patches the whole process: this is the only module that does, and nothing of ours imports it.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from locust import User, events, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import MasterRunner, WorkerRunner

from loadtests import closing, crew, load_profile, staging, writing
from loadtests.control import ControlError
from loadtests.crew import Crew
from loadtests.judgement import CONFIGURATION, OWN_ERROR, VOID
from loadtests.load_profile import ProfileError
from loadtests.staging import Options, Staged

PROGRESS = "YIBAO_LOAD_PROGRESS"
"""Environment variable: write a line of JSON to standard output every second, for a program that shows them."""

LEAVING_ROUNDS = 40
"""How often it is looked whether all hands have gone, before those that are left are sent home."""


class Load:
    """What this process does at the moment: one run or none."""

    def __init__(self) -> None:
        self.staged: Staged | None = None
        self.exit_code: int = VOID
        self.told = False
        """Whether it was said how the run ended."""
        self.finishing = False
        """Whether somebody already saw that the day is over."""
        self.crew: Crew | None = None
        """The workers, where this process is their master."""
        self._closing = Lock()

    def begin(self, environment: Environment) -> None:
        """Set the run up; on failure say why and let nobody work."""
        self.staged, self.exit_code, self.finishing = None, VOID, False
        try:
            self.staged = staging.stage(options_of(environment), environment.events.request.fire)
        except (ProfileError, ControlError) as wrong:
            self._stop(environment, CONFIGURATION, f"{wrong.zh}\n{wrong.en}")
        except Exception as fault:
            self._stop(environment, OWN_ERROR, f"本工具自身出错 our own error: {type(fault).__name__}: {fault}")
            raise

    def end(self, environment: Environment) -> None:
        """Come to rest, audit, report; once for each run, and whoever comes second waits for it."""
        with self._closing:
            self._end(environment)

    def _end(self, environment: Environment) -> None:
        staged, self.staged = self.staged, None
        if staged is None:
            return
        try:
            books = closing.close(staged)
        except ControlError as wrong:
            _say(f"{wrong.zh}\n{wrong.en}\n")
            self.exit_code, self.told = VOID, True
            return
        except Exception as fault:
            _say(f"本工具自身出错 our own error: {type(fault).__name__}: {fault}\n")
            self.exit_code = OWN_ERROR
            raise
        report = getattr(environment.parsed_options, "report", "")
        self.told = True
        folder = Path(report) / _worker_name(environment) if report else None
        text, self.exit_code = writing.write(books, folder)
        _say(text)
        _tell_master(environment, writing.summed(books, self.exit_code, text))

    def _stop(self, environment: Environment, code: int, text: str) -> None:
        self.exit_code, self.told = code, True
        _say(f"{text}\n")
        if isinstance(environment.runner, WorkerRunner):
            _tell_master(environment, crew.told(code, {"asked": 0, "begun": 0, "counted": 0}, 0, text))
        elif environment.runner:
            _aside(environment.runner.quit)


LOAD = Load()


class Hands(User):
    """Takes the next piece of work, does it, and comes back for more."""

    @task
    def work(self) -> None:
        """One event of the run."""
        campaign = LOAD.staged.campaign if LOAD.staged else None
        event = campaign.next() if campaign else None
        if campaign and event:
            campaign.work(event)
            return
        if campaign and campaign.over and not LOAD.finishing:
            LOAD.finishing = True
            _aside(lambda: _finish(self.environment))
        raise StopUser


def options_of(environment: Environment) -> Options:
    """The run that was asked for.

    Raises:
        ProfileError: no such profile, or options that make no sense.
    """
    asked: Any = environment.parsed_options
    profile = load_profile.scaled(load_profile.load(asked.load_profile), asked.scale)
    index, count = _place(environment)
    options = Options(
        profile=profile, channel=asked.channel, simulator=environment.host or asked.host or "",
        token=asked.control_token, orders=crew.share(asked.orders or profile.orders, index, count),
        seed=(asked.seed or profile.seed) + index, mode=asked.mode,
        from_minute=asked.from_minute, minutes=asked.minutes,
    )  # fmt: skip
    options.check()
    return options


def add_options(parser: LocustArgumentParser) -> None:
    """Options of ours; each has an environment variable too."""
    parser.add_argument(
        "--load-profile", env_var="YIBAO_LOAD_PROFILE", default="beijing-launch-day", help="A profile, or a .toml file"
    )
    parser.add_argument(
        "--control-token",
        env_var="YIBAO_CONTROL_TOKEN",
        default="",
        is_secret=True,
        include_in_web_ui=False,  # the page would carry it to everybody who can open it
        help="The simulator's control token",
    )
    parser.add_argument(
        "--orders", env_var="YIBAO_LOAD_ORDERS", type=int, default=0, help="Orders; 0: as the profile says"
    )
    parser.add_argument(
        "--channel", env_var="YIBAO_LOAD_CHANNEL", default="reference", help="reference, or mutant:NAME, a broken twin"
    )
    parser.add_argument(
        "--scale", env_var="YIBAO_LOAD_SCALE", default="1", help="So many times the orders, people and pharmacies"
    )
    parser.add_argument("--seed", env_var="YIBAO_LOAD_SEED", type=int, default=0, help="Seed; 0: the profile's")
    parser.add_argument(
        "--mode",
        env_var="YIBAO_LOAD_MODE",
        default="compressed",
        choices=staging.MODES,
        help="Clock: compressed or paced",
    )
    parser.add_argument(
        "--from-minute", env_var="YIBAO_LOAD_FROM", type=int, default=0, help="First minute of the day that is played"
    )
    parser.add_argument(
        "--minutes",
        env_var="YIBAO_LOAD_MINUTES",
        type=int,
        default=0,
        help="How many minutes of it; 0: as the profile says",
    )
    parser.add_argument(
        "--report",
        env_var="YIBAO_LOAD_REPORT",
        default="",
        include_in_web_ui=False,
        help="Folder for results.json, junit.xml, books.json",
    )


def check(environment: Environment, **_: object) -> None:
    """A wrong command line ends before anything begins."""
    runner = environment.runner
    if isinstance(runner, MasterRunner):
        runner.register_message(crew.ENDED, _hear)
    if environment.web_ui is None and not isinstance(runner, WorkerRunner):
        try:
            options_of(environment)
        except ProfileError as wrong:
            _say(f"{wrong.zh}\n{wrong.en}\n")
            sys.exit(CONFIGURATION)
    if os.environ.get(PROGRESS):
        _aside(_tell_progress)


def begin(environment: Environment, **_: object) -> None:
    """A run begins: from the command line at once, from the web page at each start."""
    runner = environment.runner
    if isinstance(runner, MasterRunner):
        LOAD.crew, LOAD.exit_code, LOAD.told = Crew(max(1, runner.worker_count)), VOID, False
        # The options go to the workers with the order to begin: so they learn how many they are.
        vars(environment.parsed_options)["workers"] = LOAD.crew.count
        return
    LOAD.begin(environment)


def end(environment: Environment, **_: object) -> None:
    """No user is at work any more."""
    LOAD.end(environment)


def leave(environment: Environment, **_: object) -> None:
    """Locust goes; a run that is still under way is stopped and audited as it is."""
    if LOAD.staged and environment.runner:
        LOAD.staged.campaign.stop()
        environment.runner.stop()
    LOAD.end(environment)
    if LOAD.exit_code == VOID and not LOAD.told:
        _say("运行在开始前被停止\nthe run was stopped before it began\n")
    environment.process_exit_code = LOAD.exit_code


def _place(environment: Environment) -> tuple[int, int]:
    """Which worker this process is, and of how many."""
    runner = environment.runner
    if not isinstance(runner, WorkerRunner):
        return 0, 1
    return runner.worker_index, int(getattr(environment.parsed_options, "workers", 1))


def _worker_name(environment: Environment) -> str:
    """The folder of this process below the report's."""
    runner = environment.runner
    return f"worker-{runner.worker_index}" if isinstance(runner, WorkerRunner) else ""


def _tell_master(environment: Environment, said: Mapping[str, Any]) -> None:
    if isinstance(environment.runner, WorkerRunner):
        environment.runner.send_message(crew.ENDED, dict(said))


def _hear(environment: Environment, msg: Any, **_: object) -> None:
    """The master hears how a worker's share ended; after the last one the run is over."""
    whole, runner = LOAD.crew, environment.runner
    if whole is None or not whole.hear(f"worker-{msg.node_id}", msg.data):
        return
    report = getattr(environment.parsed_options, "report", "")
    LOAD.exit_code, LOAD.told = whole.exit_code, True
    _say(writing.write_crew(whole, Path(report) if report else None))
    if runner is not None:
        _aside(runner.stop if environment.web_ui else runner.quit)


def _aside(task: Callable[[], object]) -> None:
    """Run it beside the users: under Locust a thread is a greenlet."""
    Thread(target=task, daemon=True).start()


def _finish(environment: Environment) -> None:
    """The day is over: once all hands have gone, leave, or on the web page wait for the next start."""
    runner = environment.runner
    if runner is None:
        return
    for _ in range(LEAVING_ROUNDS):
        if not runner.user_count:
            break
        time.sleep(1 / 20)
    if isinstance(runner, WorkerRunner):
        LOAD.end(environment)
    elif environment.web_ui:
        runner.stop()
    else:
        runner.quit()


def _tell_progress() -> None:
    while True:
        time.sleep(1)
        if LOAD.staged:
            _say(writing.progress_line(LOAD.staged.campaign.progress()))


def _say(text: str) -> None:
    with suppress(BrokenPipeError):
        sys.stdout.write(text)
        sys.stdout.flush()


_LISTENERS: tuple[tuple[Any, Callable[..., None]], ...] = (
    (events.init_command_line_parser, add_options),
    (events.init, check),
    (events.test_start, begin),
    (events.test_stop, end),
    (events.quitting, leave),
)
for _event, _listener in _LISTENERS:
    _event.add_listener(_listener)
