"""From what a person types after ``--channel`` to a driver that reaches that channel."""

from collections.abc import Iterable
from functools import partial

from conformance import catalogue
from conformance.channels.controls.driving import Driven, Kind
from conformance.channels.controls.registry import CONTROLS
from conformance.channels.mutants import registry
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.sound import SOUND
from conformance.drivers.by_hand import LIMIT_MS, ByHand
from conformance.drivers.command import Command
from conformance.drivers.desk import Desk
from conformance.drivers.driver import Driver
from conformance.drivers.in_process import InProcess
from conformance.drivers.over_http import OverHttp
from conformance.drivers.validated import Validated
from conformance.findings import Both
from conformance.stories.stage import Tell, unheard
from conformance.suite.abreast import JOB
from conformance.suite.start import Reached

FORMS = 'reference · "command:PROGRAM ARGUMENTS" · http://127.0.0.1:PORT · by-hand · mutant:NAME · control:NAME'
BY_HAND = "by-hand"
ELSEWHERE = (
    "与--simulator同用时渠道须是独立进程：command:…或http://…",
    "with --simulator a channel needs a process of its own: use command:… or http://…",
)


class UnknownChannel(ValueError):
    """What was typed names no channel: why, and what there is."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.both = Both(f"--channel：{zh}", f"--channel: {en}")


def built_in(channel: str) -> bool:
    """Whether it runs in our own process: the reference channel and its broken twins, the controls."""
    return channel == "reference" or channel.startswith(("mutant:", "control:"))


def driver_for(channel: str, reached: Reached, *, job: int = 1) -> Driver:
    """The driver of any of ``FORMS``, held to the contract.

    Raises: as ``bare_driver``.
    """
    return Validated(bare_driver(channel, reached, job=job))


def bare_driver(channel: str, reached: Reached, *, job: int = 1) -> Driver:
    """The same driver with its answers as they come, for those who tell what is wrong with them.

    ``job``: which of several adapters a command starts; stands where ``{job}`` is in it.

    Raises:
        UnknownChannel: neither of these.
        DriverFault: the command cannot be started, or the address is none.
    """
    kind, _, rest = channel.partition(":")
    if kind in ("http", "https"):
        return OverHttp(channel)
    if kind == BY_HAND:
        return by_hand(rest)
    if kind == "command" and rest.strip():
        return Command(rest.replace(JOB, str(job)))
    if channel == "reference":
        return in_process(SOUND, "reference", reached)
    if kind == "control":
        if rest not in CONTROLS:
            raise _none_called("对照渠道", "control", rest, CONTROLS)
        return control(CONTROLS[rest], reached)
    if kind == "mutant":
        mutant = registry.mutants().get(rest)
        if mutant is None:
            raise _none_called("变异体", "mutant", rest, registry.mutants())
        return in_process(mutant.change(SOUND), rest, reached)
    raise UnknownChannel(f"{channel!r}不是渠道，请用：{FORMS}", f"{channel!r} is no channel; give one of: {FORMS}")


def _none_called(zh: str, en: str, name: str, known: Iterable[str]) -> UnknownChannel:
    listed = ", ".join(known)
    return UnknownChannel(f"没有{zh}{name!r}，现有：{listed}", f"no {en} is called {name!r}; there are: {listed}")


def by_hand(seconds: str) -> ByHand:
    """A person at this terminal, with so many seconds for each answer.

    Raises:
        UnknownChannel: no number of seconds.
    """
    if seconds and not (seconds.isdecimal() and int(seconds)):
        raise UnknownChannel(
            f"by-hand:{seconds}：请给出每个应答的整秒数，如by-hand:600",
            f"by-hand:{seconds}: give whole seconds for each answer, such as by-hand:600",
        )
    limit_ms = int(seconds) * 1000 if seconds else LIMIT_MS
    needs = {rail: needed.families for rail, needed in catalogue.edition().rails.items()}
    return ByHand(Desk(limit_ms=limit_ms), needs)


def teller(channel: str) -> Tell:
    """Who is told who acts now: the person who drives, or nobody."""
    return Desk(limit_ms=LIMIT_MS).waits if channel.partition(":")[0] == BY_HAND else unheard


def in_process(parts: Parts, name: str, reached: Reached) -> Driver:
    """The reference channel built from these parts, beside the platform or at the other end of a socket.

    Raises:
        UnknownChannel: a platform that is reached over HTTP, which could not reach the inbox of such a channel.
    """
    if reached.local is None or reached.listen is None:
        raise UnknownChannel(*ELSEWHERE)
    return Validated(InProcess(reached.local, reached.listen, name=name, parts=parts))


def control(kind: Kind, reached: Reached) -> Driver:
    """A sound channel built otherwise, beside the platform.

    Raises:
        UnknownChannel: as ``in_process``.
    """
    if reached.local is None or reached.listen is None:
        raise UnknownChannel(*ELSEWHERE)
    return Validated(InProcess(reached.local, reached.listen, name=kind.name, build=partial(Driven, kind)))
