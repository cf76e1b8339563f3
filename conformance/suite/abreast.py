"""Scenarios played abreast: each at a seat of its own, a channel and a way to the platform, in a room of its own.

Much of a run over sockets is waiting: a fault keeps the platform silent, and the channel waits as long as it would on
a working day. Two channels wait in the time of one.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from queue import SimpleQueue

from conformance.drivers.driver import Driver
from conformance.evidence import Evidence
from conformance.scenarios.listing import Scenario
from conformance.suite.run import Bench

JOB = "{job}"
"""Stands in a command for the number of the adapter it starts, from 1: for a port, a folder, a data base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where one scenario at a time is played."""

    bench: Bench
    driver: Driver
    leave: Callable[[], None] = lambda: None
    """Lets the way to the platform go."""

    def close(self) -> None:
        """Let channel and platform go."""
        self.driver.close()
        self.leave()


def played(
    seats: Sequence[Seat], due: Sequence[Scenario], play: Callable[[Scenario, Seat], Evidence]
) -> Iterator[tuple[Scenario, Evidence]]:
    """Every scenario with its evidence, as they end; whoever stops listening stops those that have not begun."""
    free: SimpleQueue[Seat] = SimpleQueue()
    for seat in seats:
        free.put(seat)

    def at_a_seat(scenario: Scenario) -> Evidence:
        seat = free.get()
        try:
            return play(scenario, seat)
        finally:
            free.put(seat)

    pool = ThreadPoolExecutor(len(seats))
    try:
        begun = {pool.submit(at_a_seat, scenario): scenario for scenario in due}
        for ended in as_completed(begun):
            yield begun[ended], ended.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
