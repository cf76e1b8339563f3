"""The same messages over sockets, to the simulator and to each mock server that is installed, in alternating rounds.

Each round pours a batch into every server in turn. Counted are answers a second, and the processor time the server
took for each, which says more on a machine that others use too.
"""

import secrets
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from loadtests.bench import pouring, servers
from loadtests.bench.figures import Json, permille, spread
from loadtests.bench.pouring import pour
from loadtests.bench.servers import MOCKS, SIMULATOR, Candidate, Running
from loadtests.bench.shop import PLAIN, SEALED, Shop
from loadtests.control import Control
from loadtests.sockets import SocketTransport

OK = b"HTTP/1.1 200"
WARMING = 10
"""Batches each mock server gets before anything counts: what compiles while it runs must have done so."""


class Tally:
    """What one server did in each round."""

    def __init__(self) -> None:
        self.per_second: list[int] = []
        self.cpu_ns: list[int] = []

    def add(self, count: int, wall_ns: int, cpu_ns: int) -> None:
        """Note a round."""
        self.per_second.append(count * 1_000_000_000 // max(1, wall_ns))
        self.cpu_ns.append(cpu_ns // count)

    def told(self) -> Json:
        """Medians, and the least and the most of any round."""
        return {"per_second": spread(self.per_second), "cpu_ns": spread(self.cpu_ns)}


def measure(folder: Path, *, rounds: int, count: int, people: int, pharmacies: int, mocks: bool) -> Json:
    """``rounds`` rounds of ``count`` messages for each server; the first is not counted."""
    token = secrets.token_hex(16)
    with ExitStack() as standing:
        own = standing.enter_context(
            servers.running(SIMULATOR, folder / "simulator", b"", {"YIBAO_CONTROL_TOKEN": token})
        )
        shop = shop_of(standing, own, token, people=people, pharmacies=pharmacies)
        answer = _body(poured(own, _plain(shop, 1))[0])
        wanted = [one for one in MOCKS if one.installed] if mocks else []
        up, failed = _started(standing, wanted, folder, answer)
        for mock in up.values():
            poured(mock, _bare(shop, count) * WARMING)
        tallies = {name: Tally() for name in ("simulator", "simulator 6202 sealed", *up)}
        for number in range(rounds + 1):
            counted = tallies if number else {name: Tally() for name in tallies}
            _round(counted, own, shop, up, count)
    left_out = {one.name: one.install for one in MOCKS if not one.installed} if mocks else {}
    return {
        "rounds": rounds, "messages_per_round": count, "connections": pouring.CONNECTIONS,
        "servers": {name: {"validates": _validates(name), **tally.told()} for name, tally in tallies.items()},
        "simulator_against": {
            name: permille(tallies["simulator"].per_second, tallies[name].per_second) for name in up
        },
        "not_installed": left_out, "did_not_start": failed,
    }  # fmt: skip


def _round(tallies: Mapping[str, Tally], own: Running, shop: Shop, up: Mapping[str, Running], count: int) -> None:
    plain = _plain(shop, count)
    base = shop.base_path
    sealed = [pouring.printed(one, "127.0.0.1", base + one.path) for one in shop.messages(SEALED, count)]
    bare = _bare(shop, count)
    _timed(tallies["simulator"], own, plain)
    for name, mock in up.items():
        _timed(tallies[name], mock, bare)
    _timed(tallies["simulator 6202 sealed"], own, sealed)


def _started(
    standing: ExitStack, wanted: list[Candidate], folder: Path, answer: bytes
) -> tuple[dict[str, Running], dict[str, str]]:
    up: dict[str, Running] = {}
    failed: dict[str, str] = {}
    for number, one in enumerate(wanted):
        try:
            up[one.name] = standing.enter_context(servers.running(one, folder / str(number), answer, {}))
        except servers.NotUp as why:
            failed[one.name] = str(why)
    return up, failed


def _validates(name: str) -> bool:
    return next((one.validates for one in MOCKS if one.name == name), True)


def shop_of(standing: ExitStack, own: Running, token: str, *, people: int, pharmacies: int) -> Shop:
    """A shop that buys at a running simulator; its connections close with ``standing``."""
    address = f"http://127.0.0.1:{own.port}"

    def reach(path: str) -> SocketTransport:
        transport = SocketTransport(address + path)
        standing.callback(transport.close)
        return transport

    return Shop(Control(reach(""), token), reach, people=people, pharmacies=pharmacies)


def _plain(shop: Shop, count: int) -> list[bytes]:
    return [pouring.printed(one, "127.0.0.1", shop.base_path + one.path) for one in shop.messages(PLAIN, count)]


def _bare(shop: Shop, count: int) -> list[bytes]:
    """The same kind of messages to the one address of the mock servers."""
    return [pouring.printed(one, "127.0.0.1", servers.PATH) for one in shop.messages(PLAIN, count)]


def _timed(tally: Tally, server: Running, requests: list[bytes]) -> None:
    cpu_ns, wall_ns = server.cpu_ns(), time.perf_counter_ns()
    answers = poured(server, requests)
    tally.add(len(answers), time.perf_counter_ns() - wall_ns, server.cpu_ns() - cpu_ns)


def poured(server: Running, requests: list[bytes]) -> list[bytes]:
    """The answers.

    Raises:
        RuntimeError: one is no success; figures of refusals would be worthless.
    """
    answers = pour(server.port, requests)
    for answer in answers:
        if not answer.startswith(OK) or b'"infcode":-1' in answer:
            raise RuntimeError(f"refused: {answer[:600]!r}")
    return answers


def _body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]
