"""A channel behind a command: started, asked in JSON lines, and brought up again after a crash it was told to have.

The adapter's standard error is passed through to ours. Only the process started here is ever ended, by its own id.
"""

import contextlib
import queue
import shlex
import subprocess
import threading
import time
from collections.abc import Mapping
from typing import IO, Any, Final, cast

from conformance.drivers.driver import Answer, DriverFault, crashed
from schemas import jsontext

SECOND_MS: Final = 1_000
LIMITS_MS: Final[Mapping[str, int]] = {
    "hello": 20 * SECOND_MS, "believe": 10 * SECOND_MS, "list": 10 * SECOND_MS, "clock": 10 * SECOND_MS,
    "jobs": 120 * SECOND_MS, "perform": 60 * SECOND_MS,
}  # fmt: skip
"""How long a verb may take; ``hello`` includes the start of the program."""
OTHER_LIMIT_MS: Final = 30 * SECOND_MS
GRACE_MS: Final = 3 * SECOND_MS
MAX_LINE_CHARS: Final = 16 * 1024 * 1024
ENDED: Final = None
IN_THE_INBOX: Final = "after_notice_before_ack"
"""A crash that happens between two verbs: the verb that finds it out was not its victim and is asked again."""


class Command:
    """Drives the channel behind a command line, given as one would type it (no shell is involved)."""

    def __init__(self, command: str, *, limits_ms: Mapping[str, int] | None = None) -> None:
        self._command = command
        self._limits_ms = {**LIMITS_MS, **(limits_ms or {})}
        self._number = 0
        self._armed = ""
        self._configured: dict[str, Any] | None = None
        self._told_ms = 0
        """When, on a clock of our own, the channel was last told the time."""
        self._start()

    def ask(self, verb: str, body: Mapping[str, Any]) -> Answer:
        """One exchange. Raises ``DriverFault`` when the adapter hangs, dies unasked or does not speak the contract."""
        if verb == "configure":
            self._configured, self._told_ms = dict(body), _elapsed_ms()
        if verb == "clock" and self._configured is not None:
            self._configured, self._told_ms = {**self._configured, **body}, _elapsed_ms()
        if verb == "restart":
            self._armed = str(body.get("point", ""))
        if self._process.poll() is not None:
            self._begin_anew(verb)
        answer = self._exchange(verb, body)
        if answer is not None:
            return answer
        point = self._bring_up(verb)
        return (self._exchange(verb, body) if point == IN_THE_INBOX else None) or crashed(point)

    def close(self) -> None:
        """Say ``end`` to the input, wait a little, then end the process we started."""
        _end(self._process)

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(
                shlex.split(self._command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                bufsize=1,
            )
        except (OSError, IndexError, ValueError) as fault:
            raise DriverFault(
                zh=f"无法启动适配器：{fault}",
                en=f"the adapter cannot be started: {fault}",
                remedy_zh="核对命令的路径和参数；命令不经过 shell",
                remedy_en="check the command's path and arguments; no shell is involved",
            ) from fault
        self._lines: queue.Queue[str | None] = queue.Queue()
        out = cast("IO[str]", self._process.stdout)
        threading.Thread(target=_read_lines, args=(out, self._lines), daemon=True).start()

    def _exchange(self, verb: str, body: Mapping[str, Any]) -> Answer | None:
        """The answer; None when the process ended before it gave one."""
        self._number += 1
        line = jsontext.compact({"id": self._number, "verb": verb, "body": body}).decode()
        limit_ms = self._limits_ms.get(verb, OTHER_LIMIT_MS)
        try:
            stdin = cast("IO[str]", self._process.stdin)
            stdin.write(line + "\n")
            stdin.flush()
            answered = self._lines.get(timeout=limit_ms / 1000)
        except (OSError, ValueError):
            return None
        except queue.Empty:
            self.close()
            raise _hangs(verb, limit_ms) from None
        return None if answered is ENDED else self._parsed(verb, answered)

    def _begin_anew(self, verb: str) -> None:
        """A scenario begins with ``configure``: one that ended the adapter does not take the next ones with it."""
        if verb == "configure" and not self._armed:
            _end(self._process)
            self._start()
        else:
            self._bring_up(verb)

    def _bring_up(self, verb: str) -> str:
        """Start again after the crash that was armed; a process that ended unasked is a fault."""
        code = _end(self._process)
        point, self._armed = self._armed, ""
        if not point:
            raise _ended(verb, code)
        self._start()
        if self._configured is not None:
            self._exchange("configure", self._configured | self._present())
        return point

    def _present(self) -> dict[str, int]:
        """The time the channel would have by now, had it lived on."""
        told = (self._configured or {}).get("now_ms")
        return {} if told is None else {"now_ms": told + _elapsed_ms() - self._told_ms}

    def _parsed(self, verb: str, line: str) -> Answer:
        try:
            answer = jsontext.parse(line)
        except jsontext.JsonError as fault:
            self.close()
            raise _garbage(verb, line, str(fault)) from fault
        if not isinstance(answer, dict) or answer.get("id") != self._number:
            self.close()
            raise _garbage(verb, line, f"expected an object with id {self._number}")
        return {key: value for key, value in answer.items() if key != "id"}


def _elapsed_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _read_lines(out: IO[str], lines: "queue.Queue[str | None]") -> None:
    """Hand lines over as they come; then say that there will be no more."""
    try:
        with out:
            while line := out.readline(MAX_LINE_CHARS):
                lines.put(line)
    except (ValueError, UnicodeDecodeError) as fault:
        lines.put(f"unreadable: {fault}")
    lines.put(ENDED)


def _end(process: "subprocess.Popen[str]") -> int:
    """Close its input; then ask it to go; then make it go. Answers its exit code."""
    if process.stdin and not process.stdin.closed:
        with contextlib.suppress(OSError):  # what was left to write went down with it
            process.stdin.close()
    for go in (process.terminate, process.kill):
        try:
            return process.wait(GRACE_MS / 1000)
        except subprocess.TimeoutExpired:
            go()
    return process.wait()


def _ended(verb: str, code: int) -> DriverFault:
    return DriverFault(
        zh=f"适配器在应答 {verb} 之前退出（退出码 {code}）",
        en=f"the adapter ended before it answered {verb} (exit code {code})",
        remedy_zh="查看上方适配器的标准错误输出；适配器应一直运行到 end 或输入结束",
        remedy_en="read the adapter's standard error above; it must run until end or the end of its input",
    )


def _hangs(verb: str, limit_ms: int) -> DriverFault:
    return DriverFault(
        zh=f"适配器在 {limit_ms} 毫秒内没有应答 {verb}，已被终止",
        en=f"the adapter did not answer {verb} within {limit_ms} ms and was ended",
        remedy_zh="每个请求行都要有一行应答，并立即刷新标准输出；耗时业务请缩短自身超时",
        remedy_en="answer every line with one line and flush standard output; shorten your own time-outs",
    )


def _garbage(verb: str, line: str, why: str) -> DriverFault:
    shown = line.strip()[:120]
    return DriverFault(
        zh=f"适配器对 {verb} 的应答不是约定的 JSON 行（{why}）：{shown}",
        en=f"the adapter's answer to {verb} is not the agreed JSON line ({why}): {shown}",
        remedy_zh="标准输出只写应答，日志写到标准错误；应答的 id 与请求相同",
        remedy_en="write only answers to standard output and logs to standard error; echo the request's id",
    )
