"""What an exchange costs inside the simulator, part by part, in this process and on one core.

The benchmark's only door to ``simulator``. The whole exchange goes through the same pipeline and the same group commit
as behind the server. The store alone is the statements it was given, recorded once and played on a copy of the file.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from loadtests.bench import filling, parts
from loadtests.bench.figures import Json, Series, permille, spread
from loadtests.bench.shop import PLAIN, SEALED, Shop
from loadtests.control import Control
from simulator import assembly
from simulator.edge import serve
from simulator.edge.answering import Answer
from simulator.edge.core import BATCH
from simulator.edge.local import LocalTransport
from simulator.store.store import Store
from simulator.wire.transport import HttpReply, HttpRequest

TOKEN = "TEST-ONLY bench"
WHOLE, CRYPTO, VALIDATION, STORE = "whole", "crypto", "validation", "store"
PARTS = (WHOLE, CRYPTO, VALIDATION, STORE)
Execute = Callable[..., sqlite3.Cursor]
Statement = tuple[str, str, Any]
"""``execute`` or ``execute_many``, the statement, its values."""


class Recorder:
    """Stands in the place of what a store executes with, and keeps what was asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._own = {name: getattr(store, name) for name in ("execute", "execute_many")}
        self.said: list[Statement] = []
        for name, execute in self._own.items():
            setattr(store, name, self._noting(name, execute))

    def close(self) -> None:
        """Leave the store as it was."""
        for name, execute in self._own.items():
            setattr(self._store, name, execute)

    def _noting(self, name: str, execute: Execute) -> Execute:
        def note(statement: str, values: Any = ()) -> sqlite3.Cursor:
            self.said.append((name, statement, values))
            return execute(statement, values)

        return note


class Inside:
    """A platform with its store in ``folder``, and a shop that buys there."""

    def __init__(self, folder: Path, *, people: int, pharmacies: int) -> None:
        self._folder = folder
        self._platform = assembly.build(folder / "bench.sqlite", control_token=TOKEN)
        self._shop = Shop(
            Control(LocalTransport(self._platform), TOKEN),
            lambda path: LocalTransport(self._platform, path),
            people=people,
            pharmacies=pharmacies,
        )
        self._recorded: dict[str, list[Statement]] = {}

    def close(self) -> None:
        """Let the store go."""
        self._platform.store.close()

    def measure(self, code: str, *, rounds: int, count: int) -> Json:
        """``rounds`` rounds of ``count`` messages, the parts one after the other in each; the first is not counted."""
        self._record(code, count)
        series = {part: Series() for part in PARTS}
        for number in range(rounds + 1):
            counted = series if number else {part: Series() for part in PARTS}
            self._round(code, count, counted)
        return {
            "rounds": rounds, "messages_per_round": count,
            "statements_per_exchange": _per(len(self._recorded[code]), count),
            "parts": {part: one.told() for part, one in series.items()},
            "all_but_crypto": _beside(series),
        }  # fmt: skip

    def spent(self, code: str, count: int) -> tuple[int, int]:
        """Processor time and elapsed time of ``count`` fresh messages, in nanoseconds."""
        requests, series = self._messages(code, count), Series()
        _time(series, 1, lambda: parts.all_good(code, self._send(requests)))
        return series.cpu_ns[0], series.wall_ns[0]

    def grow(self, settlements: int) -> int:
        """Let the store hold that many settlements with all that belongs to them; how many it holds then."""
        store = self._platform.store
        if not filling.stored(store.connection):
            self.spent(PLAIN, filling.SEEDS)
            self.spent(SEALED, filling.SEEDS)
        return filling.fill(store.connection, settlements)

    def _round(self, code: str, count: int, series: Mapping[str, Series]) -> None:
        requests, told = self._messages(code, count), self._shop.registration["channels"][0]
        answers: list[HttpReply] = []
        _time(series[WHOLE], count, lambda: answers.extend(self._send(requests)))
        _time(series[CRYPTO], count, parts.crypto(code, told, requests, answers))
        _time(series[VALIDATION], count, parts.validation(code, told, requests, answers))
        store = self._fresh_copy(code)
        try:
            _time(series[STORE], count, lambda: _play(store, self._recorded[code]))
        finally:
            store.close()

    def _send(self, requests: Sequence[HttpRequest]) -> list[HttpReply]:
        """As the server does it under load: so many requests in one transaction, then one commit."""
        batches = (list(requests[begin : begin + BATCH]) for begin in range(0, len(requests), BATCH))
        answers = [answer for batch in batches for answer in self._answered(batch)]
        return [answer.reply for answer in answers if answer.reply]

    def _answered(self, batch: list[HttpRequest]) -> list[Answer]:
        answers = serve.answer_together(self._platform, batch)
        self._platform.store.log.sync()
        return answers

    def _messages(self, code: str, count: int) -> list[HttpRequest]:
        """Messages for the room's own address."""
        base = self._shop.base_path
        return [replace(request, path=base + request.path) for request in self._shop.messages(code, count)]

    def _record(self, code: str, count: int) -> None:
        """Take a copy of the store, then note what the store is asked for by so many exchanges."""
        requests, store = self._messages(code, count), self._platform.store
        copy = sqlite3.connect(self._file(code))
        store.connection.backup(copy)
        copy.close()
        recorder = Recorder(store)
        try:
            answers = self._send(requests)
        finally:
            recorder.close()
        parts.all_good(code, answers)
        self._recorded[code] = recorder.said

    def _fresh_copy(self, code: str) -> Store:
        """The store as it was before the recorded statements."""
        for path in self._folder.glob("played.sqlite*"):
            path.unlink()
        target = self._file("played")
        target.write_bytes(self._file(code).read_bytes())
        return Store(target, assembly.record_kinds())

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite"


def _play(store: Store, statements: Sequence[Statement]) -> None:
    execute: dict[str, Execute] = {"execute": store.execute, "execute_many": store.execute_many}
    for way, statement, values in statements:
        execute[way](statement, values).fetchall()


def _time(series: Series, count: int, work: Callable[[], None]) -> None:
    cpu_ns, wall_ns = time.process_time_ns(), time.perf_counter_ns()
    work()
    series.add(time.process_time_ns() - cpu_ns, time.perf_counter_ns() - wall_ns, count)


def _beside(series: Mapping[str, Series]) -> Json:
    """Everything but crypto: the whole less the crypto of the same round, and its share of the whole."""
    whole, crypto = series[WHOLE].cpu_ns, series[CRYPTO].cpu_ns
    beside = [one - other for one, other in zip(whole, crypto, strict=True)]
    return {"cpu_ns": spread(beside), "permille_of_whole": permille(beside, whole)}


def _per(total: int, count: int) -> str:
    """A quotient with one decimal."""
    return f"{total // count}.{total * 10 // count % 10}"
