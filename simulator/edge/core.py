"""The platform in this process: gathers ready requests, answers them together, waits for the disk, then tells.

Everything that touches the store runs in the event loop under the platform's lock, one batch at a time; only waiting
happens elsewhere: for the disk, while the next batch is worked on, and for the courier's sending. Each in threads of
its own: an inbox may keep every courier waiting until the platform has answered it. One per process, for it is the
store's only writer.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from simulator.assembly import Platform
from simulator.edge import answering, courier, serve, trimming
from simulator.edge.answering import Answer
from simulator.edge.parcel import Parcel
from simulator.wire.transport import HttpRequest

BATCH = 32
"""At most so many requests share a commit."""
COURIER_REST_MS = 50
COURIER_IDLE_MS = 1_000
COURIERS = 8
TRIM_REST_MS = 200
TRIM_IDLE_S = 600
Tell = Callable[[Answer], None]
log = logging.getLogger(__name__)


class Core:
    """Answers from the platform; see ``Answering``."""

    def __init__(self, platform: Platform, *, journal_days: int = 0) -> None:
        """``journal_days``: lines older than so many days of their room's clock go by themselves; 0 keeps all."""
        self._platform = platform
        self._journal_days = journal_days
        self._waiting: list[tuple[HttpRequest, Tell]] = []
        self._written: list[tuple[Tell, Answer]] = []
        self._at_the_disk: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._rounds: list[asyncio.Task[None]] = []
        self._apart: set[asyncio.Task[None]] = set()
        self._disk = ThreadPoolExecutor(1, "disk")
        self._carriers = ThreadPoolExecutor(COURIERS, "courier")

    async def start(self) -> None:
        """Let the courier make its rounds, and old journal lines go."""
        self._rounds = [asyncio.create_task(self._courier())]
        if self._journal_days:
            self._rounds.append(asyncio.create_task(self._trim()))

    async def stop(self) -> None:
        """End the rounds."""
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        self._disk.shutdown(wait=False)
        self._carriers.shutdown(wait=False)

    async def answer(self, request: HttpRequest) -> Answer:
        """See ``Answering``."""
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def tell(answer: Answer) -> None:
            if not answered.done():
                answered.set_result(answer)

        self.take(request, tell)
        return await answered

    def take(self, request: HttpRequest, tell: Tell) -> None:
        """Answer with whatever else is ready by then; ``tell`` is called once, when it is on the disk."""
        if serve.works_alone(request):
            self._aside(asyncio.to_thread(serve.answer, self._platform, request), tell)
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._work)
        self._waiting.append((request, tell))

    def _work(self) -> None:
        """Answer what has gathered in one commit; the replies go when that is on the disk."""
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._work)
        answers = serve.answer_together(self._platform, [request for request, _ in batch])
        self._written.extend((tell, answer) for (_, tell), answer in zip(batch, answers, strict=True))
        if not self._platform.store.log.on_disk:
            self._tell(self._taken())
        elif self._at_the_disk is None:
            self._at_the_disk = asyncio.create_task(self._sync())

    async def _sync(self) -> None:
        """Make durable what was written, tell it, and again while more was written meanwhile."""
        while told := self._taken():
            try:
                await asyncio.get_running_loop().run_in_executor(self._disk, self._platform.store.log.sync)
            except OSError:
                log.exception("the disk refused to keep what was written; nobody is told of it")
                told = [(tell, answering.our_fault()) for tell, _ in told]
            self._tell(told)
        self._at_the_disk = None

    def _taken(self) -> list[tuple[Tell, Answer]]:
        taken, self._written = self._written, []
        return taken

    def _tell(self, told: list[tuple[Tell, Answer]]) -> None:
        for tell, answer in told:
            if answer.told_first:
                self._aside(self._told_first(answer), tell)
            else:
                tell(answer)
        self._changed.set()

    async def _told_first(self, answer: Answer) -> Answer:
        await asyncio.to_thread(courier.run, self._platform, answer.told_first)
        return answer

    def _aside(self, working: Coroutine[Any, Any, Answer], tell: Tell) -> None:
        """Wait for an answer beside everything else; one that fails is our own fault and says so."""

        async def wait() -> None:
            try:
                answer = await working
            except Exception:
                log.exception("an answer failed through our own fault")
                answer = answering.our_fault()
            tell(answer)

        self._apart.add(task := asyncio.create_task(wait()))
        task.add_done_callback(self._apart.discard)

    async def _courier(self) -> None:
        """Deliver by itself in rooms that ordered it, soon after each commit and at least once a second."""
        free = asyncio.Semaphore(COURIERS)
        rounds: set[asyncio.Task[None]] = set()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), COURIER_IDLE_MS / 1_000)
            self._changed.clear()
            for room in courier.rooms_with_courier(self._platform):
                for parcels in courier.by_order(courier.take(self._platform, room.name)):
                    rounds.add(task := asyncio.create_task(self._deliver(free, parcels)))
                    task.add_done_callback(rounds.discard)
            await asyncio.sleep(COURIER_REST_MS / 1_000)

    async def _trim(self) -> None:
        """Piece by piece, with a rest for everybody else between them."""
        while True:
            more = trimming.trim_all(self._platform, self._journal_days)
            await asyncio.sleep(TRIM_REST_MS / 1_000 if more else TRIM_IDLE_S)

    async def _deliver(self, free: asyncio.Semaphore, parcels: list[Parcel]) -> None:
        async with free:
            try:
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._carriers, courier.deliver_all, self._platform, parcels)
            except Exception:
                log.exception("a delivery failed through our own fault")
            self._changed.set()
