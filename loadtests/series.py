"""What happened when: the run cut into slices of the room's time, for plots and for tables.

Latencies are real milliseconds and count in a paced run alone; in a compressed one the clock jumps between arrivals,
so that how long an answer took says nothing about a channel or a platform.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from loadtests.load_profile import MINUTE_MS, Window

Json = Mapping[str, Any]
SLICES = 96
"""About so many slices: a quarter of an hour each for a whole day, never less than a minute."""
COLUMNS = (
    "at", "minute", "placed", "paid", "calls", "calls_per_hundred", "notices", "refused", "struck", "unanswered",
    "in_doubt", "account_fen", "fund_fen", "back_fen", "p50_ms", "p95_ms", "p99_ms", "max_ms", "memory_kib",
)  # fmt: skip
"""Columns of a row, in this order in every file."""
REACHED = "order.placed"
"""In place of a code: from the arrival of an order to its split, frozen at the platform and measured there."""
CODE_COLUMNS = ("code", "calls", "unanswered", "p50_ms", "p95_ms", "p99_ms", "max_ms")


def slice_minutes(window: Window) -> int:
    """How many minutes of the room one slice has."""
    return max(1, window.minutes // SLICES)


def percentile(ordered: Sequence[int], share: int) -> int:
    """The nearest-rank percentile of values in ascending order; 0 of none."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0


@dataclass(slots=True)
class Slice:
    """What the generator saw in one slice."""

    placed: int = 0
    paid: int = 0
    unanswered: int = 0
    in_doubt: int = 0
    memory_kib: int | None = None
    """Of the simulator's process, at the first order of the slice."""
    spent_ms: list[int] = field(default_factory=list)


class Recorder:
    """Notes what the generator sees, by the room's time. Safe for many hands at once."""

    def __init__(self, clock: Callable[[], int], *, begin_ms: int, minutes: int) -> None:
        """``begin_ms``: midnight of the day; ``minutes``: of one slice."""
        self._clock, self._begin_ms, self.minutes = clock, begin_ms, minutes
        self._slices: dict[int, Slice] = defaultdict(Slice)
        self._codes: dict[str, list[int]] = defaultdict(list)
        self._lost: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()
        """Calls without a usable answer: code and kind."""
        self._doubtful: set[str] = set()
        self._one_at_a_time = Lock()

    def fire(
        self, *, request_type: str, name: str, response_time: int, response_length: int, exception: Exception | None
    ) -> None:
        """A call ended; see ``metered.Fire``."""
        code = f"{request_type}.{name}" if request_type == "cash" else name
        with self._one_at_a_time:
            now = self._now()
            now.spent_ms.append(response_time)
            self._codes[code].append(response_time)
            if exception is not None:
                now.unanswered += 1
                self._lost[code] += 1
                self.troubles[f"{code} {_kind(exception)}"] += 1

    def measured(self, due_ms: int, spent_ms: int, *, in_slice: bool) -> None:
        """How long after its arrival an order reached the platform; ``in_slice``: that is what the run is about."""
        self._codes[REACHED].append(spent_ms)
        if in_slice:
            self._slices[(due_ms - self._begin_ms) // (self.minutes * MINUTE_MS)].spent_ms.append(spent_ms)

    def placed(self) -> None:
        """An order was begun."""
        with self._one_at_a_time:
            self._now().placed += 1

    @property
    def unweighed(self) -> bool:
        """Whether nobody yet noted in this slice how much memory the simulator takes."""
        with self._one_at_a_time:
            return self._now().memory_kib is None

    def weighed(self, kib: int) -> None:
        """So much memory the simulator takes."""
        with self._one_at_a_time:
            self._now().memory_kib = kib

    def stands(self, number: str, *, doubtful: bool, newly_paid: bool) -> None:
        """Where an order stands, as its channel sees it."""
        with self._one_at_a_time:
            (self._doubtful.add if doubtful else self._doubtful.discard)(number)
            now = self._now()
            now.in_doubt = max(now.in_doubt, len(self._doubtful))
            now.paid += newly_paid

    def slices(self) -> dict[int, Slice]:
        """Slice by its number, counted from midnight."""
        return self._slices

    def codes(self, *, timed: bool) -> list[dict[str, Any]]:
        """One row for each kind of call."""
        return [
            {"code": code, "calls": len(spent), "unanswered": self._lost[code], **_times(sorted(spent), timed)}
            for code, spent in sorted(self._codes.items())
        ]

    def _now(self) -> Slice:
        return self._slices[(self._clock() - self._begin_ms) // (self.minutes * MINUTE_MS)]


def rows(
    recorder: Recorder, heard: Mapping[int, Counter[str]], transfers: Iterable[Json], *, begin_ms: int, timed: bool
) -> list[dict[str, Any]]:
    """One row for each slice from the first in which anything happened to the last.

    ``heard``: what the journal holds of a slice: calls, notices, refused, struck.
    """
    minutes, seen = recorder.minutes, recorder.slices()
    flows: dict[int, Counter[str]] = defaultdict(Counter)
    for move in transfers:
        flows[(int(move["at_ms"]) - begin_ms) // (minutes * MINUTE_MS)] += _flow(move)
    busy = sorted(seen.keys() | heard.keys())
    told, in_doubt = [], 0
    for number in range(busy[0], busy[-1] + 1) if busy else ():
        own, said, flow = seen.get(number), heard.get(number, Counter()), flows.get(number, Counter())
        in_doubt = own.in_doubt if own else in_doubt
        told.append(_row(number * minutes, own or Slice(), said, flow, in_doubt, timed))
    return told


def count_lines(lines: Iterable[Json], *, begin_ms: int, minutes: int, into: dict[int, Counter[str]]) -> Iterable[Json]:
    """Passes the journal's lines through and counts them by slice on the way."""
    for line in lines:
        counts = into.setdefault((int(line["at_ms"]) - begin_ms) // (minutes * MINUTE_MS), Counter())
        counts["calls"] += line["direction"] == "in"
        counts["notices"] += line["direction"] == "out"
        counts["refused"] += bool(line.get("refusal"))
        counts["struck"] += bool(line.get("fault"))
        yield line


def _row(minute: int, own: Slice, said: Counter[str], flow: Counter[str], in_doubt: int, timed: bool) -> dict[str, Any]:
    hour, rest = divmod(minute % 1440, 60)
    return {
        "at": f"{hour:02d}:{rest:02d}", "minute": minute, "placed": own.placed, "paid": own.paid,
        "calls": said["calls"], "calls_per_hundred": said["calls"] * 100 // own.placed if own.placed else 0,
        "notices": said["notices"], "refused": said["refused"], "struck": said["struck"],
        "unanswered": own.unanswered, "in_doubt": in_doubt, "account_fen": flow["account"], "fund_fen": flow["fund"],
        "back_fen": flow["back"], **_times(sorted(own.spent_ms), timed),
        "memory_kib": own.memory_kib,
    }  # fmt: skip


def _times(ordered: Sequence[int], timed: bool) -> dict[str, int | None]:
    if not timed:
        return {"p50_ms": None, "p95_ms": None, "p99_ms": None, "max_ms": None}
    return {
        "p50_ms": percentile(ordered, 50), "p95_ms": percentile(ordered, 95), "p99_ms": percentile(ordered, 99),
        "max_ms": percentile(ordered, 100),
    }  # fmt: skip


def _flow(move: Json) -> Counter[str]:
    """What a transfer moved: from accounts and from the fund to pharmacies, or back."""
    told: Counter[str] = Counter()
    for posting in move["postings"]:
        account, fen = str(posting["account"]), int(posting["fen"])
        if move["kind"] == "PAY" and fen < 0:
            told["account" if account.startswith("own:") else "fund"] -= fen
        elif move["kind"] == "BACK" and fen < 0:
            told["back"] -= fen
    return told


def _kind(fault: Exception) -> str:
    """A fault in few words: the class that NoAnswer names, or the HTTP status."""
    words = str(fault).partition(":")[0].strip()
    return f"{type(fault).__name__} {words}".strip()[:60]
