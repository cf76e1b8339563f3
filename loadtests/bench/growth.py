"""What a sale costs when a thousand, a hundred thousand, a million settlements are stored already.

Two platforms work in turn, one that stays small and one that grows, so that each ratio compares rounds made side by
side. Elapsed time counts too: a larger file is above all more to read and to write.
"""

from collections.abc import Sequence
from pathlib import Path

from loadtests.bench.figures import Json, Series, permille
from loadtests.bench.inside import Inside
from loadtests.bench.shop import PLAIN, SEALED

SIZES = (1_000, 100_000, 1_000_000)
SMALL = SIZES[0]


def measure(folder: Path, *, rounds: int, count: int, people: int, pharmacies: int, sizes: Sequence[int]) -> list[Json]:
    """One entry a size: what was stored, and 2102 and 6202 there against the store that stayed small."""
    if not sizes:
        return []
    small, grown = (_platform(folder / name, people, pharmacies) for name in ("small", "grown"))
    try:
        small.grow(min(sizes[0], SMALL))
        return [
            {
                "settlements": grown.grow(size),
                **{code: _against(small, grown, code, rounds, count) for code in (PLAIN, SEALED)},
            }
            for size in sizes
        ]
    finally:
        small.close()
        grown.close()


def _platform(folder: Path, people: int, pharmacies: int) -> Inside:
    folder.mkdir()
    return Inside(folder, people=people, pharmacies=pharmacies)


def _against(small: Inside, grown: Inside, code: str, rounds: int, count: int) -> Json:
    """Throughput with the grown store in thousandths of that with the small one, and both costs."""
    two = {small: Series(), grown: Series()}
    for number in range(rounds + 1):
        for one in (small, grown) if number % 2 else (grown, small):
            spent = one.spent(code, count)
            if number:
                two[one].add(*spent, count)
    return {
        "small": two[small].told(),
        "grown": two[grown].told(),
        "throughput_permille": {
            "cpu": permille(two[small].cpu_ns, two[grown].cpu_ns),
            "wall": permille(two[small].wall_ns, two[grown].wall_ns),
        },
    }
