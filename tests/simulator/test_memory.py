"""The simulator says how much memory it takes, where its system tells."""

from pathlib import Path

import pytest

from simulator.edge import memory
from tests.simulator.shop import Control, a_platform

TOLD = "Name:\tpython\nVmHWM:\t  120044 kB\nVmRSS:\t   90112 kB\nThreads:\t4\n"


def test_what_the_system_tells_is_passed_on(tmp_path: Path) -> None:
    (status := tmp_path / "status").write_text(TOLD, encoding="ascii")
    assert memory.resident(status) == {"kib": 90_112, "most_kib": 120_044}
    assert memory.resident(tmp_path / "none") == {"kib": 0, "most_kib": 0}


@pytest.mark.skipif(not memory.STATUS.is_file(), reason="reads /proc/self/status")
def test_it_is_asked_over_the_control_side() -> None:
    told = Control(a_platform()).must("GET", "/memory")
    assert 10_000 < told["kib"] <= told["most_kib"]
