"""A run under way: whoever has hands free takes the next event, works on it, and says what came of it.

The hands are Locust users (or threads in a test): they call ``next`` and ``work`` in turns until ``next`` says None.
Everything shared is behind one condition; what may happen when is the agenda's business.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Condition

from loadtests.agenda import Agenda, Event, Jump, Over, Pause
from loadtests.arrivals import CANCEL, Planned, Strike, apportion, midnight_ms
from loadtests.books import COMPRESSED, PACED, Health
from loadtests.control import ControlError, RoomControl
from loadtests.desk import Desks, Seen, Works
from loadtests.load_profile import MINUTE_MS, Fault, Profile, Storm, Window
from loadtests.series import Recorder, slice_minutes

PLACE, UNDO, JOBS, STRIKE = "place", "undo", "jobs", "strike"
BREAK_OUT, CLEAR_UP, RECONCILE = "break_out", "clear_up", "reconcile"
DOUBTFUL = ("in_doubt", "refunding")
LONGEST_WAIT_MS = 1_000
KEPT_FAILURES = 20
log = logging.getLogger(__name__)


def record(clock: Callable[[], int], profile: Profile, window: Window) -> Recorder:
    """A recorder for a run of that profile."""
    return Recorder(clock, begin_ms=midnight_ms(profile.day), minutes=slice_minutes(window))


class RoomClock:
    """The room's time as the generator knows it: real time plus an offset that only the control API moves."""

    def __init__(self, real_ms: Callable[[], int]) -> None:
        self._real_ms = real_ms
        self._offset_ms = 0

    def __call__(self) -> int:
        return self._real_ms() + self._offset_ms

    def set(self, now_ms: int) -> None:
        """The platform says that it is ``now_ms``."""
        self._offset_ms = now_ms - self._real_ms()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    placed: int
    paid: int
    planned: int
    now_ms: int


class Campaign:
    """The work of one run, handed out in the order of the room's time."""

    def __init__(
        self,
        profile: Profile,
        *,
        planned: Sequence[Planned],
        strikes: Sequence[Strike],
        desks: Desks,
        room: RoomControl,
        clock: RoomClock,
        mode: str = COMPRESSED,
        window: Window | None = None,
        recorder: Recorder | None = None,
        driven: bool = False,
        still: bool = False,
        real_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.planned = planned
        self.desks = desks
        self.room = room
        self.clock = clock
        self.driven = driven
        """Somebody else's channel is at work: what it is still busy with is its own delay, not the generator's."""
        self.still = still
        """The channel cannot follow a jump of the clock: time passes as it does, to the very end."""
        self._free_ms: dict[int, int] = {}
        self.begun: set[str] = set()
        self.counted: set[str] = set()
        self.statements: list[Mapping[str, object]] = []
        """What came of comparing pharmacies' days while the orders came in."""
        self._window = window or profile.window
        self._armed: dict[int, str] = {}
        self.recorder = recorder or record(clock, profile, self._window)
        self._strikes = strikes
        self._mode = mode
        self._profile = profile
        self._real_ns = real_ns
        self._changed = Condition()
        self._agenda = Agenda(hold_ms=profile.hold_ms, tick_ms=profile.tick_ms, patience_ms=profile.patience_ms)
        self._jobs: dict[int, tuple[int, int]] = {}
        self._failures: list[str] = []
        self._failed = self._late = self._worst_late_ms = 0
        self._began_ns = real_ns()
        self._ended_ns = 0
        self._stopped = False
        self._fill()

    def next(self) -> Event | None:
        """The next event, waiting for it if need be; None when everything is done or the run was stopped."""
        with self._changed:
            while not self._stopped:
                step = self._agenda.take(self.clock(), real_ms=self._real_ms())
                if isinstance(step, Event):
                    return step
                if isinstance(step, Over):
                    self._ended_ns = self._ended_ns or self._real_ns()
                    self._changed.notify_all()
                    return None
                self._bide(step)
            return None

    def work(self, event: Event) -> None:
        """Do what the event says. Our own failures are counted, they void the run; a kill goes through."""
        try:
            self._ACTS[event.act](self, event)
        except Exception as fault:  # noqa: BLE001  # whatever it is, it voids the run and is reported
            self._fail(event, fault)
        finally:
            self._finish(event)

    def receive(self, raw: bytes, channel: int = 0) -> bytes:
        """A channel's inbox: hand the notice over, and let its desk work it off."""
        desk = self.desks.addressee(raw, channel)
        answer = desk.receive(raw)
        with self._changed:
            self._schedule_jobs(desk.index, self.clock())
            self._stir()
        return answer

    def stop(self) -> None:
        """No more work is handed out."""
        with self._changed:
            self._stopped = True
            self._stir()

    @property
    def over(self) -> bool:
        """Whether every event was worked off."""
        return bool(self._ended_ns)

    def progress(self) -> Progress:
        """How far the run is."""
        return Progress(len(self.begun), len(self.counted), len(self.planned), self.clock())

    def health(self) -> Health:
        """How the generator fared so far."""
        spent_ns = (self._ended_ns or self._real_ns()) - self._began_ns
        return Health(
            mode=self._mode, spent_ms=spent_ns // 1_000_000, failures=tuple(self._failures), failed=self._failed,
            late=self._late, worst_late_ms=self._worst_late_ms, stopped_early=not self.over,
        )  # fmt: skip

    def fail(self, what: str) -> None:
        """Something of ours went wrong outside an event."""
        with self._changed:
            self._failed += 1
            if len(self._failures) < KEPT_FAILURES:
                self._failures.append(what)

    def _fill(self) -> None:
        for number, planned in enumerate(self.planned):
            desk = self.desks.of(planned.org, planned.channel)
            self._agenda.put(planned.at_ms, PLACE, desk=desk.index, number=number)
        for number, strike in enumerate(self._strikes):
            self._agenda.put(strike.at_ms, STRIKE, desk=self._outside, number=number)
        begin_ms = midnight_ms(self._profile.day)
        for number, storm in enumerate(self._profile.storms):
            if not self._window.holds(storm.window.from_minute):
                continue
            from_ms = begin_ms + storm.window.from_minute * MINUTE_MS
            self._agenda.put(from_ms, BREAK_OUT, desk=self._outside, number=number)
            to_ms = from_ms + storm.window.minutes * MINUTE_MS
            self._agenda.put(to_ms, CLEAR_UP, desk=self._outside, number=number)
        when = self._profile.reconciliation
        if when and self._window.holds(when.from_minute):
            self._fill_reconciliation(begin_ms, when)

    def _fill_reconciliation(self, begin_ms: int, when: Window) -> None:
        """Each channel compares each of its pharmacies once, spread evenly over the time for it."""
        shops = self.shops()
        counts = apportion(len(shops), [1] * when.minutes)
        minutes = [minute for minute, count in enumerate(counts) for _ in range(count)]
        for number, ((desk, _), minute) in enumerate(zip(shops, minutes, strict=True)):
            at_ms = begin_ms + (when.from_minute + minute) * MINUTE_MS
            self._agenda.put(at_ms, RECONCILE, desk=desk.index, number=number)

    @property
    def _outside(self) -> int:
        """The place in the agenda of what happens at no desk."""
        return len(self.desks.all)

    def _bide(self, step: Jump | Pause) -> None:
        """Move the clock, or wait until something changes."""
        if isinstance(step, Jump) and self._jumps:
            self._jump(step.to_ms)
            return
        wait_ms = LONGEST_WAIT_MS
        if isinstance(step, Jump):
            wait_ms = min(wait_ms, max(1, step.to_ms - self.clock()))
        elif step.real_ms:
            wait_ms = min(wait_ms, step.real_ms)
        self._changed.wait(wait_ms / 1000)

    @property
    def _jumps(self) -> bool:
        """Whether the clock may jump: in a paced run only once the last order arrived, for refunds hours later."""
        return not self.still and (self._mode == COMPRESSED or len(self.begun) == len(self.planned))

    def _jump(self, to_ms: int) -> None:
        try:
            self.clock.set(self.room.advance(max(0, to_ms - self.clock())))
        except ControlError as fault:
            self.fail(f"clock: {fault}")
            self._stopped = True
        self._stir()

    def _real_ms(self) -> int:
        return self._real_ns() // 1_000_000

    def _stir(self) -> None:
        """Something changed: everybody who waits looks again."""
        self._changed.notify_all()

    def _place(self, event: Event) -> None:
        planned = self.planned[event.number]
        self._note_lateness(planned, self._free_ms.get(event.desk, 0) if self.driven else 0)
        self.begun.add(planned.number)
        self.recorder.placed()
        if self.recorder.unweighed:
            self.recorder.weighed(self.room.memory_kib())
        self.note(self._desk(event).place(planned))
        if planned.undo and planned.undo != CANCEL:
            with self._changed:
                after_ms = min(planned.undo_after_ms, MINUTE_MS) if self.still else planned.undo_after_ms
                self._agenda.put(self.clock() + after_ms, UNDO, desk=event.desk, number=event.number)

    def _undo(self, event: Event) -> None:
        self.note(self._desk(event).undo(self.planned[event.number]))

    def _run_jobs(self, event: Event) -> None:
        self.note(self._desk(event).run_jobs())

    def _strike(self, event: Event) -> None:
        strike = self._strikes[event.number]
        self._arm(strike.fault, seed=strike.seed)

    def _break_out(self, event: Event) -> None:
        storm = self._profile.storms[event.number]
        self._armed[event.number] = self._arm(storm, count=0)

    def _clear_up(self, event: Event) -> None:
        fault_id = self._armed.pop(event.number, "")
        if fault_id:
            self.room.lift(fault_id)

    def clear_up(self) -> None:
        """End every storm that still rages: the run is over."""
        for number in list(self._armed):
            self.room.lift(self._armed.pop(number))

    def _arm(self, fault: Fault | Storm, **more: int) -> str:
        order: dict[str, object] = {"name": fault.name, "match": dict(fault.match), **more}
        order |= {"place": fault.place} if fault.place else {}
        return self.room.arm(order | {"params": dict(fault.params)})

    def _reconcile(self, event: Event) -> None:
        desk, org = self.shops()[event.number]
        told = desk.reconcile(org, self._profile.day)
        with self._changed:
            self.statements.append({**told, "final": False})
        self.note(desk.look())

    def shops(self) -> list[tuple[Works, str]]:
        """Every pharmacy of every channel, with the desk that acts there."""
        return [(desk, org) for team in self.desks.teams for org, desk in team.by_org.items()]

    _ACTS: Mapping[str, Callable[["Campaign", Event], None]] = {
        PLACE: _place,
        UNDO: _undo,
        JOBS: _run_jobs,
        STRIKE: _strike,
        BREAK_OUT: _break_out,
        CLEAR_UP: _clear_up,
        RECONCILE: _reconcile,
    }

    def _desk(self, event: Event) -> Works:
        return self.desks.all[event.desk]

    def _note_lateness(self, planned: Planned, free_ms: int) -> None:
        """``free_ms``: since when the desk could have begun."""
        late_ms = self.clock() - max(planned.at_ms, free_ms)
        if self._mode == PACED and late_ms > self._profile.limits.late_ms:
            self._late += 1
            self._worst_late_ms = max(self._worst_late_ms, late_ms)

    def note(self, orders: Sequence[Seen]) -> None:
        """Where orders stand after a desk looked at them."""
        with self._changed:
            for seen in orders:
                if seen.waits:
                    self._agenda.begin(seen.number, self.clock(), real_ms=self._real_ms())
                else:
                    self._agenda.settle(seen.number)
                newly_paid = seen.state == "paid" and seen.number not in self.counted
                if newly_paid:
                    self.counted.add(seen.number)
                self.recorder.stands(seen.number, doubtful=seen.state in DOUBTFUL, newly_paid=newly_paid)

    def _finish(self, event: Event) -> None:
        with self._changed:
            self._agenda.done(event)
            self._free_ms[event.desk] = self.clock()
            if event.act == JOBS:
                self._jobs.pop(event.desk, None)
            if event.desk < len(self.desks.all):
                due_ms = self._desk(event).next_due_ms()
                if due_ms is not None:
                    self._schedule_jobs(event.desk, max(due_ms, self.clock()))
            self._stir()

    def _schedule_jobs(self, desk: int, at_ms: int) -> None:
        """The desk's next jobs, in place of later ones."""
        standing = self._jobs.get(desk)
        if standing and standing[0] <= at_ms:
            return
        if standing:
            self._agenda.drop(standing[1])
        self._jobs[desk] = (at_ms, self._agenda.put(at_ms, JOBS, desk=desk))

    def _fail(self, event: Event, fault: Exception) -> None:
        log.exception("our own failure at %s of desk %d", event.act, event.desk)
        self.fail(f"{event.act} {event.number}: {type(fault).__name__}: {fault}"[:300])
