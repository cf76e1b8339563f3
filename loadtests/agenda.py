"""What may happen now, and when the clock may move: the order of events of a run, pure.

Events wait in a heap by virtual time. An event belongs to a desk, and a desk does one thing at a time. In a compressed
run nothing waits for time to pass: when no event is due, the clock jumps to the next one, unless something under way
would grow older than ``hold_ms`` by it. A notice is under way in real time: after ``patience_ms`` of that the clock
goes on without it.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something to do at ``at_ms`` of the room's time; ``act`` says what, ``number`` about which order or fault."""

    at_ms: int
    serial: int
    desk: int
    act: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Jump:
    """Nothing is due: move the clock on to ``to_ms``."""

    to_ms: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing can be done just now, until somebody is done or, when above zero, for so many real milliseconds."""

    real_ms: int = 0


@dataclass(frozen=True, slots=True)
class Over:
    """Everything is done."""


Next = Event | Jump | Pause | Over


class Agenda:
    """The events of a run. Not safe for two threads at once: whoever shares it holds a lock."""

    def __init__(self, *, hold_ms: int, tick_ms: int, patience_ms: int) -> None:
        self._hold_ms = hold_ms
        self._patience_ms = patience_ms
        self._tick_ms = tick_ms
        self._serial = 0
        self._coming: list[Event] = []
        self._ready: deque[Event] = deque()
        self._busy: dict[int, int] = {}
        self._under_way: dict[str, tuple[int, int]] = {}
        self._given_up: set[str] = set()
        self._dropped: set[int] = set()

    def put(self, at_ms: int, act: str, *, desk: int, number: int = 0) -> int:
        """Enter an event; its serial, by which it can be dropped again."""
        self._serial += 1
        heapq.heappush(self._coming, Event(at_ms, self._serial, desk, act, number))
        return self._serial

    def drop(self, serial: int) -> None:
        """The event need not come any more; without effect once it is due."""
        self._dropped.add(serial)

    def take(self, now_ms: int, *, real_ms: int) -> Next:
        """The next thing to do, at ``now_ms`` of the room's time. An ``Event`` keeps its desk busy until ``done``."""
        self._release(now_ms)
        for event in self._ready:
            if event.desk not in self._busy:
                self._ready.remove(event)
                self._dropped.discard(event.serial)
                self._busy[event.desk] = now_ms
                return event
        if not self._coming:
            return self._at_the_end()
        return self._move(real_ms)

    def done(self, event: Event) -> None:
        """The event is over, its desk free."""
        self._busy.pop(event.desk, None)

    def begin(self, number: str, now_ms: int, *, real_ms: int) -> None:
        """The order waits for a notice: the clock takes it into account for a while."""
        if number not in self._given_up:
            self._under_way.setdefault(number, (now_ms, real_ms))

    def settle(self, number: str) -> None:
        """The order waits for nothing any more."""
        self._under_way.pop(number, None)
        self._given_up.discard(number)

    def _release(self, now_ms: int) -> None:
        self._forget()
        while self._coming and self._coming[0].at_ms <= now_ms:
            self._ready.append(heapq.heappop(self._coming))
            self._forget()

    def _forget(self) -> None:
        """Take dropped events off the top."""
        while self._coming and self._coming[0].serial in self._dropped:
            self._dropped.discard(heapq.heappop(self._coming).serial)

    def _at_the_end(self) -> Next:
        return Pause() if self._busy or self._ready else Over()

    def _move(self, real_ms: int) -> Next:
        self._lose_patience(real_ms)
        to_ms = -(-self._coming[0].at_ms // self._tick_ms) * self._tick_ms
        if all(to_ms - begun_ms <= self._hold_ms for begun_ms in self._at_work()):
            waiting = next(iter(self._under_way.values()), None)
            if waiting is None or to_ms - waiting[0] <= self._hold_ms:
                return Jump(to_ms)
            return Pause(waiting[1] + self._patience_ms - real_ms)
        return Pause()

    def _lose_patience(self, real_ms: int) -> None:
        """Notices waited for long enough no longer count; the dict is in the order of time."""
        while self._under_way:
            number, (_, begun_real_ms) = next(iter(self._under_way.items()))
            if real_ms - begun_real_ms < self._patience_ms:
                return
            del self._under_way[number]
            self._given_up.add(number)

    def _at_work(self) -> Iterator[int]:
        """Since when the oldest work and everything that waits for its desk has been going on."""
        yield from list(self._busy.values())[:1]
        yield from (event.at_ms for event in self._ready)
