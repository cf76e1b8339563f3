"""The store keeps records, money and lines per room, and forgets exactly what it is told to."""

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from simulator.domain.ledger import Posting, Transfer
from simulator.domain.records import Drug, Person
from simulator.domain.rules import City, Switches
from simulator.store.store import Room, Store, StoreError
from simulator.store.unit import LedgerError, RoomUnit

BEIJING = City(
    code="beijing", name_zh="北京", name_en="Beijing", admdvs="110100", dialect="national-2021", source="house"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    KEY: ClassVar[str] = "parcel_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("owner", "due_ms")

    parcel_no: str
    owner: str = ""
    due_ms: int = 0
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    KEY: ClassVar[str] = "desk"
    INDEXES: ClassVar[tuple[str, ...]] = ()
    KEPT: ClassVar[bool] = True

    desk: str
    open: bool = True


KINDS = (Parcel, Person, Drug, Desk)


def opened(path: str | Path = ":memory:") -> Store:
    return Store(path, KINDS)


def unit_of(store: Store, name: str = "main", **room: object) -> RoomUnit:
    known = store.room(name) or store.put_room(Room(name=name, secret="TEST-ONLY", **room))
    return RoomUnit(store, known, now_ms=1_000, city=BEIJING, switches=Switches())


def moved(transfer_id: str, *fen: int) -> Transfer:
    postings = tuple(Posting(f"account:{index}", amount) for index, amount in enumerate(fen))
    return Transfer(transfer_id=transfer_id, kind="PAY", ref="order", at_ms=1, postings=postings)


def test_a_record_comes_back_as_it_was_put() -> None:
    unit = unit_of(opened())
    parcel = Parcel(parcel_no="1", owner="a", due_ms=5, parts=("x", "y"))
    unit.put(parcel)
    assert unit.get(Parcel, "1") == parcel
    assert unit.get(Parcel, "2") is None


def test_an_index_finds_records_oldest_first_even_after_a_change() -> None:
    unit = unit_of(opened())
    for number in ("9", "3", "5"):
        unit.put(Parcel(parcel_no=number, owner="a"))
    unit.put(Parcel(parcel_no="9", owner="a", parts=("changed",)))
    assert [parcel.parcel_no for parcel in unit.find(Parcel, "owner", "a")] == ["9", "3", "5"]
    assert unit.find(Parcel, "owner", "b") == []


def test_an_empty_index_value_finds_the_records_without_one() -> None:
    unit = unit_of(opened())
    unit.put(Parcel(parcel_no="1"))
    unit.put(Parcel(parcel_no="2", owner="a"))
    assert [parcel.parcel_no for parcel in unit.find(Parcel, "owner", "")] == ["1"]


def test_due_gives_what_is_set_and_not_later_earliest_first() -> None:
    unit = unit_of(opened())
    for number, due_ms in (("1", 30), ("2", 0), ("3", 10), ("4", 31)):
        unit.put(Parcel(parcel_no=number, due_ms=due_ms))
    assert [parcel.parcel_no for parcel in unit.due(Parcel, "due_ms", 30)] == ["3", "1"]


def test_a_key_is_added_once() -> None:
    unit = unit_of(opened())
    assert unit.add(Parcel(parcel_no="1", owner="a")) > 0
    assert unit.add(Parcel(parcel_no="1", owner="b")) == 0
    assert unit.get(Parcel, "1").owner == "a"


def test_what_is_over_may_be_dropped() -> None:
    unit = unit_of(opened())
    for number, due_ms in (("1", 30), ("2", 0), ("3", 31)):
        unit.put(Parcel(parcel_no=number, due_ms=due_ms))
    unit.drop(Parcel, "due_ms", 30)
    assert [parcel.parcel_no for parcel in unit.every(Parcel)] == ["2", "3"]


def test_pages_follow_the_key() -> None:
    unit = unit_of(opened())
    for number in ("3", "1", "2"):
        unit.put(Parcel(parcel_no=number))
    assert [parcel.parcel_no for parcel in unit.page(Parcel, "1", 5)] == ["2", "3"]
    assert [parcel.parcel_no for parcel in unit.every(Parcel, step=2)] == ["1", "2", "3"]


def test_rooms_do_not_see_each_other() -> None:
    store = opened()
    one, other = unit_of(store, "one"), unit_of(store, "other")
    one.put(Parcel(parcel_no="1", owner="a"))
    one.post(moved("T1", -5, 5))
    assert other.get(Parcel, "1") is None
    assert other.balance("account:1") == 0
    assert (one.next_number("n"), one.next_number("n"), other.next_number("n")) == (1, 2, 1)


def test_a_drug_comes_from_the_catalogue_until_the_room_changes_it() -> None:
    store = opened()
    shelf = unit_of(store, "catalogue/shipped")
    for code, name in (("A", "甲药"), ("C", "丙药")):
        shelf.put(Drug(med_list_codg=code, reg_name=name))
    one, other = unit_of(store, "one", catalogue="catalogue/shipped"), unit_of(store, "other")
    assert one.get(Drug, "A").reg_name == "甲药"
    assert other.get(Drug, "A") is None
    one.put(Drug(med_list_codg="A", reg_name="改"))
    one.put(Drug(med_list_codg="B", reg_name="乙药"))
    assert one.get(Drug, "A").reg_name == "改"
    assert [drug.reg_name for drug in one.page(Drug, "", 9)] == ["改", "乙药", "丙药"]
    assert [drug.reg_name for drug in one.page(Drug, "", 2)] == ["改", "乙药"]
    store.empty_room(store.room("one"))
    assert unit_of(store, "one").get(Drug, "A").reg_name == "甲药"


def test_a_transfer_moves_balances_and_never_changes() -> None:
    store = opened()
    unit = unit_of(store)
    unit.post(moved("T1", -700, 500, 200))
    assert [unit.balance(f"account:{index}") for index in range(3)] == [-700, 500, 200]
    assert unit.transfer("T1") == moved("T1", -700, 500, 200)
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        store.execute("UPDATE transfer SET ref='x'")


def test_a_transfer_out_of_balance_is_our_own_fault() -> None:
    with pytest.raises(LedgerError, match="T1"):
        unit_of(opened()).post(moved("T1", -1, 2))


def test_the_same_transfer_cannot_be_booked_twice() -> None:
    unit = unit_of(opened())
    unit.post(moved("T1", -1, 1))
    with pytest.raises(sqlite3.IntegrityError):
        unit.post(moved("T1", -1, 1))


@settings(max_examples=40, deadline=None)
@given(some.lists(some.tuples(some.booleans(), some.lists(some.integers(-(10**12), 10**12), min_size=1, max_size=4))))
def test_all_accounts_always_sum_to_zero_whatever_is_undone(steps: list[tuple[bool, list[int]]]) -> None:
    store = opened()
    unit = unit_of(store)
    kept = 0
    for number, (keep, amounts) in enumerate(steps):
        unit.savepoint()
        unit.post(moved(f"T{number}", *amounts, -sum(amounts)))
        if keep:
            unit.keep()
            kept += 1
        else:
            unit.undo()
    assert sum(store.accounts(store.room("main")).values()) == 0
    assert len(list(store.transfers(store.room("main")))) == len(unit.posted) == kept


def test_what_is_undone_never_was_and_what_came_before_stays() -> None:
    unit = unit_of(opened())
    unit.put(Parcel(parcel_no="1"))
    unit.savepoint()
    unit.put(Parcel(parcel_no="2"))
    unit.post(moved("T1", -1, 1))
    unit.undo()
    assert unit.get(Parcel, "1") and not unit.get(Parcel, "2")
    assert unit.posted == [] and unit.balance("account:1") == 0


def test_a_file_keeps_what_was_committed_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = opened(path)
    unit_of(store).put(Parcel(parcel_no="1"))
    store.commit()
    unit_of(store).put(Parcel(parcel_no="2"))
    store.connection.close()
    again = unit_of(opened(path))
    assert again.get(Parcel, "1") and not again.get(Parcel, "2")


def test_a_file_in_use_is_refused_in_clear_words(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.sqlite")
    with pytest.raises(StoreError, match="in use by another process"):
        opened(tmp_path / "store.sqlite")
    store.close()


def test_a_file_that_is_no_store_is_refused_in_clear_words(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="cannot be used as a store"):
        opened(path)


def test_a_file_of_another_layout_is_refused_in_clear_words(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = opened(path)
    store.execute("UPDATE layout SET ddl='older' WHERE name='record_parcel'")
    store.close()
    with pytest.raises(StoreError, match="another version"):
        opened(path)


def test_the_kinds_of_record_are_described_by_the_class_alone() -> None:
    with pytest.raises(TypeError, match="KEY and INDEXES"):
        Store(":memory:", [int])


def test_tokens_repeat_for_the_same_room_secret_and_differ_by_purpose() -> None:
    one, two = unit_of(opened()), unit_of(opened())
    assert one.token("pay/1", 80) == two.token("pay/1", 80) != one.token("pay/2", 80)
    assert len(one.token("pay/1", 80)) == 80 and set(one.token("pay/1", 80)) <= set("0123456789ABCDEF")


def test_an_emptied_room_is_empty_and_a_deleted_one_is_gone() -> None:
    store = opened()
    unit = unit_of(store)
    unit.put(Parcel(parcel_no="1"))
    unit.post(moved("T1", -1, 1))
    store.write_line(unit.settings, 1, 1, "6202", b"{}")
    store.empty_room(unit.settings)
    unit = unit_of(store)
    assert not unit.get(Parcel, "1") and not store.accounts(unit.settings) and not list(store.lines(unit.settings))
    store.delete_room(unit.settings)
    assert store.room("main") is None and store.room_names() == []


def test_a_changed_room_is_seen_at_once_and_an_undone_change_is_not() -> None:
    store = opened()
    room = unit_of(store).settings
    store.put_room(replace(room, offset_ms=7))
    assert store.room("main").offset_ms == 7
    store.savepoint()
    store.put_room(replace(room, offset_ms=9))
    store.undo()
    assert store.room("main").offset_ms == 7


def test_a_number_drawn_in_effects_that_were_undone_is_drawn_again_and_survives_the_file(tmp_path: Path) -> None:
    store = opened(tmp_path / "numbers.sqlite")
    unit = unit_of(store)
    assert unit.next_number("kept") == 1
    unit.savepoint()
    unit.savepoint()
    assert (unit.next_number("kept"), unit.next_number("lost")) == (2, 1)
    unit.keep()
    unit.undo()
    assert unit.next_number("kept") == 2
    store.close()
    store = opened(tmp_path / "numbers.sqlite")
    unit = unit_of(store)
    assert (unit.next_number("kept"), unit.next_number("lost")) == (3, 1)
    store.commit()
    unit.next_number("kept")
    store.rollback()
    assert unit_of(store).next_number("kept") == 4
    store.close()


def test_what_falls_due_earlier_than_was_known_is_found() -> None:
    unit = unit_of(opened())
    unit.put(Parcel(parcel_no="late", due_ms=900))
    assert unit.due(Parcel, "due_ms", 100) == []
    unit.put(Parcel(parcel_no="early", due_ms=50))
    assert [one.parcel_no for one in unit.due(Parcel, "due_ms", 100)] == ["early"]
    unit.put(Parcel(parcel_no="early"))
    assert unit.due(Parcel, "due_ms", 100) == [] and unit.due(Parcel, "due_ms", 100) == []
    unit.add(Parcel(parcel_no="added", due_ms=70))
    assert [one.parcel_no for one in unit.due(Parcel, "due_ms", 100)] == ["added"]
    unit.savepoint()
    unit.put(Parcel(parcel_no="added", due_ms=0))
    unit.put(Parcel(parcel_no="undone", due_ms=60))
    unit.undo()
    assert [one.parcel_no for one in unit.due(Parcel, "due_ms", 900)] == ["added", "late"]


def test_a_record_the_store_keeps_is_read_as_it_is_now() -> None:
    store = opened()
    unit_of(store).put(Desk(desk="D1"))
    assert unit_of(store).get(Desk, "D1") == Desk(desk="D1")
    unit = unit_of(store)
    unit.savepoint()
    unit.put(Desk(desk="D1", open=False))
    unit.undo()
    assert unit_of(store).get(Desk, "D1") == Desk(desk="D1")
    unit_of(store).put(Desk(desk="D1", open=False))
    assert unit_of(store).get(Desk, "D1") == Desk(desk="D1", open=False)
