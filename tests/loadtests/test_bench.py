"""The benchmark runs and its figures hang together. No figure is ever judged: a slow machine fails no test."""

import sys
from pathlib import Path
from typing import Any

import pytest

from loadtests.bench import figures, pouring, run, servers
from loadtests.bench.inside import PARTS
from schemas import jsontext


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return run.run(rounds=2, count=3, people=60, pharmacies=6, mocks=False, sizes=(400, 1_200))


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


def test_the_server_is_measured_over_sockets_plain_and_sealed(told: dict[str, Any]) -> None:
    served = told["served"]
    assert set(served["servers"]) == {"simulator", "simulator 6202 sealed"} and served["simulator_against"] == {}
    assert all(one["per_second"]["least"] > 0 for one in served["servers"].values())


def test_the_sealed_exchange_is_measured_with_doors_and_without(told: dict[str, Any]) -> None:
    doors = told["doors"]
    assert set(doors["workers"]) == {"0", "2"}
    for one in doors["workers"].values():
        assert one["per_second"]["least"] > 0 and one["platform_cpu_ns"]["most"] <= one["cpu_ns"]["most"]
    assert any("--workers 2" in line for line in run.lines(told))


def test_a_mock_server_that_is_missing_or_broken_is_told_in_a_sentence(told: dict[str, Any]) -> None:
    served = {
        **told["served"],
        "not_installed": {"Prism": "npm install @stoplight/prism-cli"},
        "did_not_start": {"Mockoon": "port taken"},
        "simulator_against": {"WireMock": {"median": 1200, "least": 1100, "most": 1300}},
    }
    lines = "\n".join(run.lines({**told, "served": served}))
    assert "Prism left out, not installed: npm install @stoplight/prism-cli" in lines
    assert "Mockoon left out, it did not start: port taken" in lines and "simulator / WireMock: 1200 ‰" in lines


def test_the_mock_servers_get_one_operation_and_one_answer(tmp_path: Path) -> None:
    for number, mock in enumerate(servers.MOCKS):
        (folder := tmp_path / str(number)).mkdir()
        mock.prepare(folder, b'{"infcode":0}')
        written = [path.read_text(encoding="utf-8") for path in folder.rglob("*.json")]
        assert len(written) == 1 and servers.PATH in written[0] and "infcode" in written[0]
        assert ("druginfo" in written[0]) == (mock.validates or mock.name == "Mockoon")


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    words = "import sys; sys.exit('no licence')"
    broken = servers.Candidate("broken", lambda port: [sys.executable, "-c", words], lambda folder, answer: None)
    with pytest.raises(servers.NotUp, match="no licence"), servers.running(broken, tmp_path / "x", b"", {}):
        pass


@pytest.mark.parametrize(
    ("came", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", True),
    ],
)
def test_an_answer_is_read_to_its_end(came: bytes, whole: bool) -> None:
    assert pouring.whole(came) is whole


def test_an_answer_without_an_end_is_no_answer() -> None:
    with pytest.raises(pouring.Broken, match="without an end"):
        pouring.whole(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n{}")


def test_a_store_grows_to_the_size_that_was_asked_for_and_its_books_still_serve(told: dict[str, Any]) -> None:
    first, second = told["growth"]
    assert 400 <= first["settlements"] < 1_000 and 1_200 <= second["settlements"] < 1_800
    for code in ("2102", "6202"):
        assert second[code]["throughput_permille"]["cpu"]["least"] > 0
    assert any("settlements stored: 1," in line for line in run.lines(told))
