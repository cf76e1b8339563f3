"""Every shipped profile is played in small: its books are in order, and what makes it special is seen to happen."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from loadtests import closing, load_profile
from loadtests.books import Books
from loadtests.judgement import Judgement, judge
from tests.loadtests.played import Town

Play = Callable[[str, int], tuple[Books, Judgement]]
SIZE = {"desks": 3, "people": 60, "pharmacies": 6, "patience_ms": 10}


@pytest.fixture
def played() -> Iterator[Play]:
    """Plays a shipped profile in this process, with so many orders."""
    towns: list[Town] = []

    def play(name: str, orders: int) -> tuple[Books, Judgement]:
        towns.append(Town(replace(load_profile.load(name), **SIZE), orders=orders))  # type: ignore[arg-type]  # the sizes above fit
        towns[-1].play()
        books = closing.close(towns[-1].staged)
        return books, judge(books)

    yield play
    for town in towns:
        town.platform.store.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", load_profile.names())
def test_a_profile_is_played_and_its_books_are_in_order(name: str, played: Play) -> None:
    books, judged = played(name, 24)
    assert judged.violations == 0 and not judged.void, judged
    assert len(books.counted) > 12


def test_a_storm_strikes_for_its_time_and_then_clears_up(played: Play) -> None:
    books, judged = played("retry-storm", 60)
    assert judged.violations == 0 and not judged.void
    assert {"http_status", "http_status_after_commit"} <= set(books.traffic.struck)
    assert len(books.counted) > 50, "who met the storm is served after it"


def test_the_end_of_the_month_is_reconciled_under_load_and_agrees_at_rest(played: Play) -> None:
    books, judged = played("month-end", 40)
    assert judged.violations == 0 and not judged.void
    under_load, at_rest = ([one for one in books.statements if one["final"] is final] for final in (False, True))
    assert len(under_load) == len(at_rest) == 6 and all(one["answered"] for one in at_rest)
    assert sum(one["rows"] for one in at_rest) > 20
    rule = next(one for one in judged.results if one.rule == "statements-agree")
    assert rule.examined == 6


def test_two_channels_with_keys_of_their_own_share_people_and_pharmacies(played: Play) -> None:
    books, judged = played("two-channels", 40)
    assert judged.violations == 0 and not judged.void
    rows = {str(row["number"]): row for row in books.asked}
    sold = [{(rows[number]["org"]) for number in books.counted if rows[number]["channel"] == place} for place in (0, 1)]
    assert sold[0] & sold[1], "both sold at the same pharmacy"
