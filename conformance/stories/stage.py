"""Where a story is played: the channel's driver on one side, the platform's control API on the other, one clock.

Everything asked and answered is kept as it happens, next to what the platform's books said at each named moment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol

from conformance.stories.cast import Cast

Json = Mapping[str, Any]
Ask = Callable[[str, dict[str, Any]], dict[str, Any]]
"""(verb, body) → the driver's answer: ok, refused, unable or unsupported."""

Tell = Callable[[str, str], None]
"""(who acts now, what he does): for a person who waits and wants to know for whom."""


def unheard(who: str, what: str) -> None:
    """Nobody waits."""


HOUR_MS = 3_600_000
ROUNDS = 80
"""Bound of every loop that waits for a channel to come to rest."""
REAL_WAIT_MS = 20_000
"""How long a channel that cannot move its clock is waited for."""


class Control(Protocol):
    """The control API of one room."""

    def call(self, method: str, path: str, body: Json | None = None) -> dict[str, Any]:
        """A call that must succeed; ``path`` follows the room's address."""
        ...

    def attempt(self, path: str, body: Json) -> dict[str, Any] | None:
        """A POST the platform may refuse: None when it did."""
        ...


@dataclass(slots=True, kw_only=True)
class Stage:
    """One room, one channel, one story."""

    control: Control
    driver: Ask
    app_id: str
    capabilities: frozenset[str]
    window_ms: int
    cast: Cast
    now_ms: int
    facts: dict[str, Any] = field(default_factory=lambda: {"orders": {}})
    log: list[dict[str, Any]] = field(default_factory=list)
    journal: list[Json] = field(default_factory=list)
    beliefs: list[Json] = field(default_factory=list)
    moments: dict[str, Json] = field(default_factory=dict)
    tell: Tell = unheard

    # ------------------------------------------------------------------ the channel

    def ask(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the driver and write down both sides."""
        answer = self.driver(verb, body)
        self.read_journal()
        entry = {"at_ms": self.now_ms, "after_seq": self.seq, "verb": verb, "body": body, "answer": answer}
        self.log.append(entry)
        return answer

    def perform(self, task: str, order: str, **more: Any) -> dict[str, Any]:
        """Ask for a business task about an order."""
        return self.ask("perform", {"task": task, "order": order, **more})

    def state(self, order: str) -> str:
        """What the channel believes of an order now; empty when it does not know it."""
        told = self.ask("believe", {"order": order}).get("ok")
        return str(told["state"]) if told else ""

    def run_jobs(self) -> int | None:
        """Let the channel do what is due; when its next job is due, or None."""
        if "jobs" not in self.capabilities:
            return None
        told = self.ask("jobs", {"job": "all"}).get("ok", {})
        due = told.get("next_due_ms")
        return int(due) if due is not None else None

    # ------------------------------------------------------------------ the platform

    @property
    def seq(self) -> int:
        """The last journal line read: each answer of the channel and each snapshot reads on."""
        return int(self.journal[-1]["seq"]) if self.journal else 0

    def read_journal(self) -> None:
        """Fetch the lines written since."""
        while True:
            lines = self.control.call("GET", f"/journal?after={self.seq}&limit=1000")["lines"]
            self.journal.extend(lines)
            if len(lines) < 1000:
                return

    def act(self, path: str, **body: Any) -> dict[str, Any] | None:
        """Something a person or the world does; None when the platform would not have it."""
        self.tell("buyer" if path.startswith("/person") else "platform", path.rpartition("/")[2])
        return self.control.attempt(path, body)

    def arm(self, name: str, **more: Any) -> None:
        """Arm a fault."""
        self.control.call("POST", "/faults", {"name": name, **more})

    def deliver(self) -> None:
        """Let the courier deliver what is due."""
        self.tell("platform", "通知 notices")
        self.control.call("POST", "/courier/run", {"until_idle": True})

    # ------------------------------------------------------------------ time

    def advance(self, step_ms: int) -> None:
        """Let time pass for both sides; a channel without a clock of its own is waited for, for a while."""
        if step_ms <= 0:
            return
        if "clock" not in self.capabilities:
            seconds = min(step_ms, REAL_WAIT_MS) // 1000
            self.tell("platform", f"等待{seconds}秒，渠道可继续处理 / waiting {seconds} s while the channel goes on")
            Event().wait(min(step_ms, REAL_WAIT_MS) / 1000)
            self.now_ms = int(self.control.call("GET", "/clock")["now_ms"])
            return
        self.now_ms = int(self.control.call("POST", "/clock", {"advance_ms": step_ms})["now_ms"])
        self.ask("clock", {"now_ms": self.now_ms})

    def let_work(self, order: str, *, until: frozenset[str] = frozenset(), rounds: int = 12) -> str:
        """Run the channel's jobs as they fall due until the order leaves doubt (or reaches one of ``until``)."""
        for _ in range(rounds):
            state = self.state(order)
            if state in until or (not until and state not in ("in_doubt", "not_sent", "refunding")):
                return state
            due = self.run_jobs()
            if due is None:
                break
            self.advance(due - self.now_ms)
        return self.state(order)

    def settle_down(self) -> None:
        """Quiescence: all jobs run, all notices delivered, the clock past the declared retry window, and again."""
        end_ms = self.now_ms + max(self.window_ms, HOUR_MS)
        self._drain(end_ms)
        self.advance(end_ms - self.now_ms)
        self._drain(end_ms + HOUR_MS)

    def _drain(self, end_ms: int) -> None:
        for _ in range(ROUNDS):
            self.deliver()
            job_ms = self.run_jobs()
            due = [ms for ms in (job_ms, self._notice_due_ms()) if ms is not None and ms <= end_ms]
            if not due:
                return
            self.advance(min(due) - self.now_ms)

    def _notice_due_ms(self) -> int | None:
        notices = self.control.call("GET", "/notices")["notices"]
        return min((int(row["due_ms"]) for row in notices if row["due_ms"]), default=None)

    # ------------------------------------------------------------------ moments

    def snapshot(self, moment: str, **more: Any) -> None:
        """Keep what the platform's books say now."""
        books = self.control.call("GET", f"/books?after={self.seq}")
        self.journal.extend(books["journal"])
        self.moments[moment] = {
            "at_ms": self.now_ms, "after_seq": self.seq, "orders": books["orders"], "settlements": books["settlements"],
            "cash": books["cash"], "transfers": books["ledger"]["transfers"], **more,
        }  # fmt: skip

    def take_beliefs(self, moment: str) -> None:
        """Ask what the channel believes of every order, and keep the books of the same moment."""
        for name in self.facts["orders"]:
            told = self.ask("believe", {"order": name}).get("ok")
            if told is not None:
                self.beliefs.append({"moment": moment, **told})
        self.snapshot(moment)
