"""What may happen now, and when the clock may move: the order of events of a run, pure.

Events wait in a heap by virtual time. An event belongs to a desk, and a desk does one thing at a time. In a compressed
run nothing waits for time to pass: when no event is due, the clock jumps to the next one, unless an order under way
would grow older than ``hold_ms`` by it.
"""

import heapq
from collections import deque
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
    """Nothing can be done just now. ``held``: only a notice under way can change that before the clock moves."""

    held: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """Everything is done."""


Next = Event | Jump | Pause | Over


class Agenda:
    """The events of a run. Not safe for two threads at once: whoever shares it holds a lock."""

    def __init__(self, *, hold_ms: int, tick_ms: int) -> None:
        self._hold_ms = hold_ms
        self._tick_ms = tick_ms
        self._serial = 0
        self._coming: list[Event] = []
        self._ready: deque[Event] = deque()
        self._busy: dict[int, int] = {}
        self._under_way: dict[str, int] = {}
        self._dropped: set[int] = set()

    def put(self, at_ms: int, act: str, *, desk: int, number: int = 0) -> int:
        """Enter an event; its serial, by which it can be dropped again."""
        self._serial += 1
        heapq.heappush(self._coming, Event(at_ms, self._serial, desk, act, number))
        return self._serial

    def drop(self, serial: int) -> None:
        """The event need not come any more; without effect once it is due."""
        self._dropped.add(serial)

    def take(self, now_ms: int, *, impatient: bool = False) -> Next:
        """The next thing to do. An ``Event`` keeps its desk busy until ``done``.

        ``impatient``: notices under way have been waited for long enough, the clock may pass them.
        """
        self._release(now_ms)
        for event in self._ready:
            if event.desk not in self._busy:
                self._ready.remove(event)
                self._dropped.discard(event.serial)
                self._busy[event.desk] = now_ms
                return event
        if not self._coming:
            return self._at_the_end()
        return self._move(impatient)

    def done(self, event: Event) -> None:
        """The event is over, its desk free."""
        self._busy.pop(event.desk, None)

    def begin(self, number: str, now_ms: int) -> None:
        """From now on the order waits for something outside: the clock takes it into account."""
        self._under_way.setdefault(number, now_ms)

    def settle(self, number: str) -> None:
        """The order waits for nothing any more."""
        self._under_way.pop(number, None)

    @property
    def next_ms(self) -> int | None:
        """When the next event comes that is not due yet."""
        return self._coming[0].at_ms if self._coming else None

    @property
    def quiet(self) -> bool:
        """Nobody is at work."""
        return not self._busy

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

    def _move(self, impatient: bool) -> Next:
        next_ms = self._coming[0].at_ms
        to_ms = -(-next_ms // self._tick_ms) * self._tick_ms
        oldest_ms = self._oldest_ms()
        if oldest_ms is None or to_ms - oldest_ms <= self._hold_ms:
            return Jump(to_ms)
        if not self.quiet:
            return Pause()
        return Jump(to_ms) if impatient else Pause(held=True)

    def _oldest_ms(self) -> int | None:
        """Since when the oldest thing begun or due has been waiting; the dicts are in the order of time."""
        firsts = [next(iter(begun.values())) for begun in (self._under_way, self._busy) if begun]
        return min([*firsts, *(event.at_ms for event in self._ready)], default=None)
