"""A desk behind which somebody else's channel stands: reached by its driver, asked for orders, asked what it believes.

The driver contract is ``schemas/suite/driver.json``. Notices go from the platform to the channel itself; what came of
an order is found out by asking. One question at a time, unless the channel claims ``concurrency``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from conformance.drivers.driver import Driver
from loadtests.arrivals import CANCEL, REFUND, Planned
from loadtests.desk import Consent, Seen
from loadtests.load_profile import SECOND_MS

Json = Mapping[str, Any]
LOOK_AGAIN_MS = 2 * SECOND_MS
"""How soon an unfinished order is asked about again, in the room's time; so much may pass between two looks."""
UNFINISHED = ("in_doubt", "not_paid", "refunding")
NOTICEABLE_MS = 20
"""A jump of the clock below this is not worth telling."""


class Unwilling(Exception):
    """The channel does not know a verb or a task that a load run cannot do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What the channel said of itself in ``hello``."""

    clock: bool
    jobs: bool
    concurrency: bool


class Line:
    """The one connection to a channel: what may not overlap does not, and the channel's clock follows the room's."""

    def __init__(self, driver: Driver, able: Abilities, clock: Callable[[], int], real_ms: Callable[[], int]) -> None:
        self.able = able
        self._driver, self._clock, self._real_ms = driver, clock, real_ms
        self._one_at_a_time = Lock()
        self._offset_ms = clock() - real_ms()

    def ask(self, verb: str, body: Json) -> Json:
        """The answer: ``ok``, ``refused`` or ``unable`` and what goes with it.

        Raises:
            DriverFault: the adapter went wrong.
            Unwilling: the channel does not know the verb or the task.
        """
        if self.able.concurrency:
            self._tell_time()
            answer = self._driver.ask(verb, body)
        else:
            with self._one_at_a_time:
                self._tell_time()
                answer = self._driver.ask(verb, body)
        if "unsupported" in answer:
            raise Unwilling(f"{verb} {body.get('task', '')}".strip())
        return answer

    def _tell_time(self) -> None:
        offset_ms = self._clock() - self._real_ms()
        if self.able.clock and abs(offset_ms - self._offset_ms) >= NOTICEABLE_MS:
            self._offset_ms = offset_ms
            self._driver.ask("clock", {"now_ms": self._clock()})


class DrivenDesk:
    """See ``desk.Desk``: the same for a channel that is reached by its driver."""

    def __init__(self, index: int, line: Line, consent: Consent, clock: Callable[[], int]) -> None:
        self.index = index
        self._line, self._consent, self._clock = line, consent, clock
        self._orders: list[str] = []
        self._restless: set[str] = set()
        self._due_ms: int | None = None

    def place(self, planned: Planned) -> list[Seen]:
        """Take an order of the plan."""
        self._consent(planned.user, planned.org)
        self._orders.append(planned.number)
        self._restless.add(planned.number)
        lines = [{"med_list_codg": one.med_list_codg, "cnt": one.cnt, "pric": one.pric} for one in planned.lines]
        self._line.ask("perform", {
            "task": "place_order", "order": planned.number, "user": planned.user, "org": planned.org, "lines": lines,
            "delivery_fen": planned.delivery_fen, "packing_fen": planned.packing_fen,
            "acct_used_flag": planned.acct_used_flag,
        })  # fmt: skip
        if planned.undo == CANCEL:
            self._line.ask("perform", {"task": "cancel", "order": planned.number, "reason": "买方取消"})
        return self.run_jobs()

    def undo(self, planned: Planned) -> list[Seen]:
        """Refund what the plan wants refunded, if it was paid at all."""
        if self._seen(planned.number).state != "paid":
            return []
        self._restless.add(planned.number)
        if planned.undo == REFUND:
            self._line.ask("perform", {"task": "refund", "order": planned.number, "reason": "缺货"})
        elif planned.delivery_fen:
            task = {"task": "refund_delivery", "order": planned.number, "fen": planned.delivery_fen}
            self._line.ask("perform", task)
        return self.run_jobs()

    def run_jobs(self) -> list[Seen]:
        """Let the channel do what is due, where it can be told to; then see where its orders stand."""
        if self._line.able.jobs:
            told = self._line.ask("jobs", {"job": "all"}).get("ok", {})
            self._due_ms = told.get("next_due_ms")
        return self.look()

    def look(self) -> list[Seen]:
        """Where the orders stand that are not finished."""
        seen = [self._seen(number) for number in sorted(self._restless)]
        self._restless -= {one.number for one in seen if one.rests}
        return seen

    def next_due_ms(self) -> int | None:
        """When to look again; None when nothing is left."""
        again_ms = self._clock() + LOOK_AGAIN_MS if self._restless else None
        return min((due_ms for due_ms in (self._due_ms, again_ms) if due_ms is not None), default=None)

    def reconcile(self, org: str, day: str) -> Json:
        """Compare a pharmacy's day; a row for the auditor."""
        answer = self._line.ask("perform", {"task": "reconcile", "org": org, "day": day})
        told: Json = answer.get("ok", {})
        why = next((reason["reason_zh"] for name, reason in answer.items() if name in ("refused", "unable")), "")
        return {
            "org": org, "day": day, "desk": self.index, "answered": "ok" in answer, "rows": told.get("rows", 0),
            "differing": told.get("differing", 0), "foreign": told.get("foreign", 0),
            "orders": list(told.get("orders", ())), "why": why,
        }  # fmt: skip

    def receive(self, raw: bytes) -> bytes:
        """Notices go to the channel itself."""
        raise ConnectionError("the platform delivers to the channel's own address")

    def beliefs(self) -> Sequence[Json]:
        """What the channel believes of all its orders at this moment; it may not know one it was never told."""
        answers = [self._line.ask("believe", {"order": number}) for number in self._orders]
        return [answer["ok"] for answer in answers if "ok" in answer]

    def _seen(self, number: str) -> Seen:
        answer = self._line.ask("believe", {"order": number})
        state = str(answer["ok"]["state"]) if "ok" in answer else "not_sent"
        unfinished = state in UNFINISHED
        return Seen(number, state, waits=unfinished, rests=not unfinished)
