"""Sealed 6202 over sockets to a simulator that works alone, and to one whose doors open and seal beside it.

Both stand on all cores and get messages that were sealed before the clock ran; rounds alternate. The processor time of
the process that stores says more than answers a second do where generator, doors and platform share few cores: it is
what bounds a machine with cores to spare.
"""

import secrets
import time
from contextlib import ExitStack
from pathlib import Path

from loadtests.bench import servers
from loadtests.bench.figures import Json, permille
from loadtests.bench.pouring import printed
from loadtests.bench.served import Tally, poured, shop_of
from loadtests.bench.servers import Running
from loadtests.bench.shop import SEALED, Shop

ALONE, DOORS = 0, 2
"""How many doors stand beside the platform's process."""


def measure(folder: Path, *, rounds: int, count: int, people: int, pharmacies: int) -> Json:
    """``rounds`` rounds of ``count`` messages for each; the first is not counted."""
    token = secrets.token_hex(16)
    with ExitStack() as standing:
        shops: dict[int, tuple[Running, Shop]] = {}
        for workers in (ALONE, DOORS):
            own = standing.enter_context(
                servers.running(
                    servers.simulator(workers), folder / f"workers{workers}", b"", {"YIBAO_CONTROL_TOKEN": token}
                )
            )
            shops[workers] = own, shop_of(standing, own, token, people=people, pharmacies=pharmacies)
        tallies = {workers: (Tally(), Tally()) for workers in shops}
        for number in range(rounds + 1):
            for workers in sorted(shops, reverse=bool(number % 2)):
                _round(tallies[workers] if number else (Tally(), Tally()), *shops[workers], count)
    return {
        "rounds": rounds, "messages_per_round": count,
        "workers": {
            str(workers): {**whole.told(), "platform_cpu_ns": platform.told()["cpu_ns"]}
            for workers, (whole, platform) in tallies.items()
        },
        "doors_against_alone": permille(tallies[DOORS][0].per_second, tallies[ALONE][0].per_second),
        "platform_cpu_permille": permille(tallies[DOORS][1].cpu_ns, tallies[ALONE][1].cpu_ns),
    }  # fmt: skip


def _round(tallies: tuple[Tally, Tally], own: Running, shop: Shop, count: int) -> None:
    base = shop.base_path
    sealed = [printed(one, "127.0.0.1", base + one.path) for one in shop.messages(SEALED, count)]
    whole, platform = tallies
    platform_ns, cpu_ns, wall_ns = own.own_cpu_ns(), own.cpu_ns(), time.perf_counter_ns()
    answers = poured(own, sealed)
    wall_ns = time.perf_counter_ns() - wall_ns
    whole.add(len(answers), wall_ns, own.cpu_ns() - cpu_ns)
    platform.add(len(answers), wall_ns, own.own_cpu_ns() - platform_ns)
