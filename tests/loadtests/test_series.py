"""Slices of a run: counted by the room's time, latencies in a paced run alone, and nothing in between left out."""

from collections import Counter
from typing import Any

import pytest

from loadtests.load_profile import MINUTE_MS, Window
from loadtests.series import Recorder, count_lines, percentile, rows, slice_minutes
from simulator.wire.transport import NoAnswer


class Clock:
    """The room's time in the test's hand, in minutes from midnight."""

    def __init__(self) -> None:
        self.minute = 0

    def __call__(self) -> int:
        return self.minute * MINUTE_MS


@pytest.fixture
def seen() -> tuple[Recorder, Clock]:
    """Ten calls about two orders: one at once, one answered after doubt an hour later."""
    clock = Clock()
    recorder = Recorder(clock, begin_ms=0, minutes=15)
    clock.minute = 600
    for spent in range(1, 10):
        recorder.fire(request_type="pay_centre", name="6202", response_time=spent, response_length=1, exception=None)
    recorder.placed()
    recorder.stands("1", doubtful=True, newly_paid=False)
    recorder.fire(request_type="cash", name="open", response_time=50, response_length=0, exception=NoAnswer("timed: o"))
    clock.minute = 660
    recorder.stands("1", doubtful=False, newly_paid=True)
    return recorder, clock


def test_slices_run_on_through_quiet_times_and_doubt_lasts_until_it_ends(seen: tuple[Recorder, Clock]) -> None:
    told = rows(seen[0], {}, [], begin_ms=0, timed=True)
    assert [row["at"] for row in told] == ["10:00", "10:15", "10:30", "10:45", "11:00"]
    assert [row["in_doubt"] for row in told] == [1, 1, 1, 1, 0]
    assert (told[0]["placed"], told[0]["unanswered"], told[-1]["paid"]) == (1, 1, 1)
    assert (told[0]["p50_ms"], told[0]["max_ms"]) == (5, 50)


def test_memory_is_noted_once_a_slice(seen: tuple[Recorder, Clock]) -> None:
    recorder, clock = seen
    assert recorder.unweighed
    recorder.weighed(90_000)
    assert not recorder.unweighed
    clock.minute = 690
    assert recorder.unweighed
    recorder.weighed(91_000)
    told = rows(recorder, {}, [], begin_ms=0, timed=False)
    assert [row["memory_kib"] for row in told] == [None, None, None, None, 90_000, None, 91_000]


def test_a_compressed_run_has_no_latencies(seen: tuple[Recorder, Clock]) -> None:
    told = [*rows(seen[0], {}, [], begin_ms=0, timed=False), *seen[0].codes(timed=False)]
    assert {row[name] for row in told for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms")} == {None}


def test_each_kind_of_call_is_counted_with_its_troubles(seen: tuple[Recorder, Clock]) -> None:
    codes = {row["code"]: row for row in seen[0].codes(timed=True)}
    assert (codes["6202"]["calls"], codes["6202"]["p95_ms"], codes["6202"]["unanswered"]) == (9, 9, 0)
    assert codes["cash.open"]["unanswered"] == 1
    assert seen[0].troubles == {"cash.open NoAnswer timed": 1}


def test_journal_and_ledger_fall_into_the_slice_of_their_time(seen: tuple[Recorder, Clock]) -> None:
    heard: dict[int, Counter[str]] = {}
    line = {"direction": "in", "at_ms": 605 * MINUTE_MS, "refusal": None, "fault": {"name": "slow"}}
    lines = [line, {**line, "direction": "out", "refusal": {"rule": "x"}, "at_ms": 616 * MINUTE_MS}]
    assert list(count_lines(lines, begin_ms=0, minutes=15, into=heard)) == lines
    pay: dict[str, Any] = {
        "kind": "PAY", "at_ms": 601 * MINUTE_MS,
        "postings": [
            {"account": "own:1", "fen": -70}, {"account": "pool:310", "fen": -30}, {"account": "due:P", "fen": 100},
        ],
    }  # fmt: skip
    back = {"kind": "BACK", "at_ms": 660 * MINUTE_MS, "postings": [{"account": "due:P", "fen": -100}]}
    told = rows(seen[0], heard, [pay, back], begin_ms=0, timed=False)
    assert (told[0]["calls"], told[0]["struck"], told[0]["calls_per_hundred"]) == (1, 1, 100)
    assert (told[1]["notices"], told[1]["refused"]) == (1, 1)
    assert (told[0]["account_fen"], told[0]["fund_fen"], told[-1]["back_fen"]) == (70, 30, 100)


def test_a_run_in_which_nothing_happened_has_no_slices() -> None:
    assert rows(Recorder(Clock(), begin_ms=0, minutes=1), {}, [], begin_ms=0, timed=True) == []


@pytest.mark.parametrize(("minutes", "slice_"), [(1440, 15), (60, 1), (210, 2), (1, 1)])
def test_a_run_has_about_a_hundred_slices(minutes: int, slice_: int) -> None:
    assert slice_minutes(Window(minutes=minutes)) == slice_


@pytest.mark.parametrize(("share", "value"), [(50, 2), (75, 3), (95, 4), (100, 4), (1, 1)])
def test_percentiles_are_values_that_occurred(share: int, value: int) -> None:
    assert percentile([1, 2, 3, 4], share) == value
    assert percentile([], share) == 0
