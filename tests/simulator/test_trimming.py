"""Old journal lines go, the books stay whole, and what is left says with which line it begins."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from conformance.observing import saved_trace
from schemas import jsontext
from schemas.tomlfile import FileFault
from simulator.edge import trimming
from simulator.edge.core import Core
from simulator.store.store import Room
from tests.simulator.shop import Shop, a_platform
from tests.simulator.test_courier import wait

DAY_MS = 86_400_000
KEEP = {"keep_days": 30}


def a_shop_of_two_months() -> Shop:
    """One order, forty days, and another."""
    shop = Shop(a_platform())
    shop.paid()
    wait(shop, 40 * DAY_MS)
    shop.paid()
    return shop


def room_of(shop: Shop) -> Room:
    room = shop.platform.store.room(shop.room)
    assert room
    return room


def books(shop: Shop) -> dict[str, Any]:
    told = shop.act("/books", method="GET")
    return {name: told[name] for name in ("ledger", "orders", "settlements", "cash", "notices", "goods")}


def test_lines_of_the_first_order_go_and_every_book_stays() -> None:
    shop = a_shop_of_two_months()
    whole, kept = shop.act("/journal", method="GET")["lines"], books(shop)
    old = [line for line in whole if line["at_ms"] < shop.now_ms - 30 * DAY_MS]
    told = shop.act("/journal/trim", KEEP)
    assert told == {"removed": len(old), "first": len(old) + 1, "more": False} and old
    left = shop.act("/journal", method="GET")
    assert left["first"] == len(old) + 1
    assert left["lines"][:-1] == whole[len(old) :]
    assert (left["lines"][-1]["surface"], left["lines"][-1]["code"]) == ("journal", "trim")
    assert books(shop) == kept
    assert shop.act("/books", method="GET")["journal_first"] == len(old) + 1


def test_what_is_left_is_read_in_pieces_and_goes_on_with_its_numbers() -> None:
    shop = a_shop_of_two_months()
    first = shop.act("/journal/trim", KEEP)["first"]
    shop.paid()
    read, after = [], 0
    while lines := (told := shop.act(f"/journal?after={after}&limit=2", method="GET"))["lines"]:
        read += lines
        after = told["last"]
    assert [line["seq"] for line in read] == list(range(first, first + len(read)))


def test_a_second_time_nothing_goes_and_nothing_is_noted() -> None:
    shop = a_shop_of_two_months()
    shop.act("/journal/trim", KEEP)
    before = shop.act("/journal", method="GET")
    assert shop.act("/journal/trim", KEEP)["removed"] == 0
    assert shop.act("/journal", method="GET") == before


def test_a_long_journal_goes_in_pieces_and_the_last_line_never() -> None:
    shop = Shop(a_platform())
    shop.paid()
    written = shop.act("", method="GET")["lines"]
    wait(shop, 40 * DAY_MS)
    assert trimming.trim(shop.platform, room_of(shop), 30, piece=2) == {"removed": 2, "first": 3, "more": True}
    while trimming.trim(shop.platform, room_of(shop), 30, piece=2)["more"]:
        pass
    assert shop.act("/journal", method="GET")["first"] == written + 1
    wait(shop, 400 * DAY_MS)
    last = shop.act("", method="GET")["lines"]
    shop.act("/journal/trim", {"keep_days": 1})
    assert [line["seq"] for line in shop.act("/journal", method="GET")["lines"]] == [last, last + 1]


@pytest.mark.parametrize("days", [0, -1, True, "30", 1.5, None, 40_000])
def test_other_than_whole_days_is_refused_and_changes_nothing(days: object) -> None:
    shop = a_shop_of_two_months()
    before = shop.act("/journal", method="GET")
    status, told = shop.control("POST", "/rooms/main/journal/trim", {"keep_days": days})
    assert (status, told["error"]["field"]) == (400, "keep_days")
    assert shop.act("/journal", method="GET") == before


def test_a_server_that_was_told_to_trims_every_room_by_itself() -> None:
    shop = a_shop_of_two_months()
    other = Shop(shop.platform, "other", seed=2)

    async def serve() -> None:
        core = Core(shop.platform, journal_days=30)
        await core.start()
        await asyncio.to_thread(lambda: None)
        await core.stop()

    before = other.act("/journal", method="GET")
    asyncio.run(serve())
    assert shop.act("/journal", method="GET")["first"] > 1
    assert other.act("/journal", method="GET") == before


def exported(shop: Shop, folder: Path) -> Path:
    lines = shop.act("/journal", method="GET")["lines"]
    (folder / "journal.jsonl").write_bytes(b"".join(jsontext.compact(line) + b"\n" for line in lines))
    return folder


def test_what_is_left_can_be_judged_and_a_line_that_is_missing_besides_is_seen(tmp_path: Path) -> None:
    shop = a_shop_of_two_months()
    first = shop.act("/journal/trim", KEEP)["first"]
    (seen,) = saved_trace.read(exported(shop, tmp_path))
    assert seen.journal[0]["seq"] == first
    file = tmp_path / "journal.jsonl"
    file.write_bytes(file.read_bytes().split(b"\n", 1)[1])
    with pytest.raises(FileFault, match=f"should be journal line #{first} and is #{first + 1}"):
        saved_trace.read(tmp_path)
