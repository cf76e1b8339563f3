"""Beijing time as digits outside, milliseconds inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.errors import WireError
from simulator.wire.timestamps import digits14, digits17, is_fresh, parse_timestamp

NOON_MS = 1_767_240_000_000  # 2026-01-01 12:00:00 in Beijing


def test_digits_are_beijing_time() -> None:
    assert digits14(NOON_MS) == "20260101120000"
    assert digits17(NOON_MS + 7) == "20260101120000007"


def test_the_day_turns_at_beijing_midnight() -> None:
    assert digits14(1_767_196_799_999) == "20251231235959"
    assert digits14(1_767_196_800_000) == "20260101000000"


@pytest.mark.parametrize("text", ["20260101120000", "1767240000000", "1767240000"])
def test_three_forms_name_one_instant(text: str) -> None:
    assert parse_timestamp(text) == NOON_MS


WRONG = ["", "soon", "2026-01-01 12:00:00", "20260230120000", "20260101240000", "202601011200", "+1767240000",
         "１７６７２４００００", "17672400000000000", "1767240000.5", "-767240000", "00000101000000"]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_a_bad_timestamp(text: str) -> None:
    with pytest.raises(WireError) as fault:
        parse_timestamp(text)
    assert (fault.value.rule, fault.value.field) == ("bad_timestamp", "timestamp")


@given(st.integers(0, 4_000_000_000))
def test_digits_read_back(second: int) -> None:
    assert parse_timestamp(digits14(second * 1000)) == second * 1000


@pytest.mark.parametrize(("off_ms", "fresh"), [(0, True), (600_000, True), (600_001, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_message_is_fresh_for_ten_minutes_either_way(off_ms: int, fresh: bool, sign: int) -> None:
    assert is_fresh(NOON_MS + sign * off_ms, NOON_MS) is fresh
