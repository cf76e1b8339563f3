"""The desk at which a person answers: questions go out in both languages, answers come in as lines.

Lines are read in a thread of their own, so that a question has a time limit and a closed input is told from silence.
"""

import queue
import sys
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any, Final, TypeVar

from conformance.drivers.driver import DriverFault

T = TypeVar("T")
TESTER: Final = "tester"
WHO: Final[Mapping[str, str]] = {TESTER: "测试人员 tester", "buyer": "买方 buyer", "platform": "平台 platform"}
"""Who must act, as a person reads it."""


class Desk:
    """Asks a person, one question at a time; a wrong answer is explained and asked for again."""

    def __init__(
        self, *, limit_ms: int, lines: IO[str] | None = None, show: Callable[[str], None] | None = None
    ) -> None:
        self._limit_ms = limit_ms
        self._input = lines or sys.stdin
        self._show = show or _print
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader: threading.Thread | None = None
        self._closed = False

    def say(self, text: str) -> None:
        """Something to read."""
        self._show(text)

    def waits(self, who: str, what: str) -> None:
        """Say who acts now, and what is waited for."""
        self._show(f"【{WHO.get(who, who)}】 {what}")

    def line(self, question: str) -> str:
        """One line.

        Raises:
            DriverFault: the input is closed, or nobody answered in time.
        """
        self.waits(TESTER, question)
        self._show("> ")
        if self._reader is None:
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()
        try:
            told = None if self._closed else self._lines.get(timeout=self._limit_ms / 1000)
        except queue.Empty:
            raise _nobody(question, self._limit_ms) from None
        if told is None:
            self._closed = True
            raise _closed(question)
        return told.strip()

    def until(self, question: str, read: Callable[[str], T]) -> T:
        """The answer as ``read`` makes it; what it turns down with ``ValueError`` is asked again, with its words."""
        while True:
            try:
                return read(self.line(question))
            except ValueError as wrong:
                self.say(f"  ✗ {wrong}")

    def choice(self, question: str, options: Mapping[str, str], default: str = "") -> str:
        """The key of the option that was chosen by its number or its key; Enter takes ``default`` when there is one."""
        keys = list(options)
        listed = "\n".join(f"  {number:2d}  {text}" for number, text in enumerate(options.values(), 1))
        kept = f"\n  Enter = {options[default]}" if default else ""

        def read(told: str) -> str:
            if not told and default:
                return default
            if told.isdecimal() and 0 < int(told) <= len(keys):
                return keys[int(told) - 1]
            if told in options:
                return told
            raise ValueError(f"请输入1到{len(keys)} / give a number from 1 to {len(keys)}")

        return self.until(f"{question}\n{listed}{kept}", read)

    def _read(self) -> None:
        for told in self._input:
            self._lines.put(told)
        self._lines.put(None)


def _print(text: str) -> None:
    sys.stdout.write(text if text == "> " else f"{text}\n")
    sys.stdout.flush()


def _closed(question: str) -> DriverFault:
    shown = question.splitlines()[0]
    return DriverFault(
        zh=f"输入已关闭，无人回答：{shown}", en=f"the input was closed and nobody answered: {shown}",
        remedy_zh="在终端中运行，或为每个问题准备一行回答",
        remedy_en="run it in a terminal, or give a line for each question",
    )  # fmt: skip


def _nobody(question: str, limit_ms: int) -> DriverFault:
    shown = question.splitlines()[0]
    return DriverFault(
        zh=f"{limit_ms // 1000}秒内无人回答：{shown}", en=f"nobody answered within {limit_ms // 1000} s: {shown}",
        remedy_zh="用--channel by-hand:秒数放宽时限，或用--only少选要求",
        remedy_en="give more time with --channel by-hand:SECONDS, or choose fewer rules with --only",
    )  # fmt: skip


def text_or(default: str) -> Callable[[str], str]:
    """Any text; Enter takes the default, which must not be empty."""

    def read(told: str) -> str:
        if not (told or default):
            raise ValueError("不能为空 / must not be empty")
        return told or default

    return read


def yes_or_no(told: str) -> bool:
    """y or n.

    Raises:
        ValueError: neither.
    """
    answers: dict[str, Any] = {"y": True, "n": False, "是": True, "否": False}
    if told.lower() not in answers:
        raise ValueError("请输入y或n / give y or n")
    return bool(answers[told.lower()])
