"""Identifiers have right check characters and can belong to nobody."""

import datetime
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.worlds import ids


def test_the_check_digit_is_that_of_the_standard() -> None:
    """The worked example printed in GB 11643-1999, annex A."""
    assert ids.certno_check("11010519491231002") == "X"
    assert ids.certno_check("44052418800101001") == "4"


@given(some.dates(datetime.date(1900, 1, 1), datetime.date(2024, 6, 30)), some.integers(0, 999))
def test_an_identity_number_holds_birthday_sex_and_the_unassigned_area(day: datetime.date, serial: int) -> None:
    number = ids.certno(birthday=day, serial=serial)
    assert re.fullmatch(r"990000\d{11}[0-9X]", number)
    assert number[6:14] == day.strftime("%Y%m%d")
    assert int(number[16]) % 2 == serial % 2
    weights = [pow(2, 17 - place, 11) for place in range(18)]
    digits = [10 if sign == "X" else int(sign) for sign in number]
    assert sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11 == 1


def test_forms() -> None:
    assert re.fullmatch(r"\d{20}", ids.psn_no(7))
    assert re.fullmatch(r"T\d{8}", ids.card_no(7))
    assert re.fullmatch(r"100\d{8}", ids.phone(7))
    assert ids.pharmacy_code("110105", 7) == "P11010590007"
    assert len(ids.ec_user_id(7)) <= 64


@given(some.integers(0, 9_999_999))
def test_a_company_number_satisfies_both_of_its_standards(number: int) -> None:
    code = ids.uscc(number)
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    assert len(code) == 18
    assert (
        sum(alphabet.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17])) % 31
        == (31 - alphabet.index(code[17])) % 31
    )
    organ, check = code[8:16], code[16]
    total = sum(int(sign, 36) * weight for sign, weight in zip(organ, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    assert {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11)) == check


def test_the_same_seed_draws_the_same_and_never_twice() -> None:
    first, second = ids.Ids(random.Random(5)), ids.Ids(random.Random(5))
    day = datetime.date(1990, 1, 1)
    drawn = [first.certno(birthday=day, male=True) for _ in range(400)]
    assert drawn == [second.certno(birthday=day, male=True) for _ in range(400)]
    assert len(set(drawn)) == 400
    assert all(int(number[16]) % 2 == 1 for number in drawn)


def test_a_full_day_is_reported_and_not_searched_for_ever() -> None:
    few = ids.Ids(random.Random(1))
    day = datetime.date(1990, 1, 1)
    drawn = {few.certno(birthday=day, male=False) for _ in range(500)}
    assert len(drawn) == 500
    with pytest.raises(RuntimeError, match="no identifier"):
        few.certno(birthday=day, male=False)
