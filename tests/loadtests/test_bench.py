"""The benchmark runs and its figures hang together. No figure is ever judged: a slow machine fails no test."""

from pathlib import Path
from typing import Any

import pytest

from loadtests.bench import figures, run
from loadtests.bench.inside import PARTS
from schemas import jsontext


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return run.run(rounds=2, count=3, people=60, pharmacies=6)


@pytest.mark.parametrize("code", ["2102", "6202"])
def test_a_run_tells_every_part_of_both_exchanges(told: dict[str, Any], code: str) -> None:
    one = told["exchanges"][code]
    assert set(one["parts"]) == set(PARTS) and one["rounds"] == 2 and one["messages_per_round"] == 3
    for part in one["parts"].values():
        for measured in part.values():
            assert measured["least"] <= measured["median"] <= measured["most"]
        assert part["wall_ns"]["least"] > 0
    assert 0 < one["all_but_crypto"]["permille_of_whole"]["median"] <= 1000
    assert int(one["statements_per_exchange"].partition(".")[0]) >= 5, "an exchange that stores nothing is none"


def test_only_the_sealed_exchange_pays_for_sealing(told: dict[str, Any]) -> None:
    shares = {code: one["all_but_crypto"]["permille_of_whole"]["most"] for code, one in told["exchanges"].items()}
    assert shares["2102"] > shares["6202"]


def test_the_figures_are_read_and_kept(told: dict[str, Any], tmp_path: Path) -> None:
    lines = run.lines(told)
    assert any("2102" in line for line in lines) and any("密码之外 everything but crypto" in line for line in lines)
    path = run.write(told, tmp_path / "deep" / "folder")
    assert jsontext.parse(path.read_bytes()) == told
    assert told["machine"]["python"] in lines[0]


def test_medians_and_ratios() -> None:
    assert figures.median([5, 1, 9, 3]) == 3
    assert figures.spread([2, 8, 5]) == {"median": 5, "least": 2, "most": 8}
    assert figures.permille([1, 3], [2, 4]) == {"median": 500, "least": 500, "most": 750}
    series = figures.Series()
    series.add(cpu_ns=1_000, wall_ns=3_000, count=10)
    assert series.told()["cpu_ns"]["median"] == 100 and series.told()["wall_ns"]["most"] == 300
