"""Five wrong passwords on the confirmation page lock the e-voucher until midnight (order-life.md L08)."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal

TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPasswords:
    """How often a person was wrong on a day since the last right password."""

    KEY: ClassVar[str] = "psn_no"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    psn_no: str
    day: str
    count: int


def tries_left(unit: Unit, psn_no: str) -> int:
    """How many wrong passwords of today are still forgiven; 0 is locked."""
    wrong = unit.get(WrongPasswords, psn_no)
    return TRIES - (wrong.count if wrong and wrong.day == date10(unit.now_ms) else 0)


def check_unlocked(unit: Unit, psn_no: str, field: str) -> None:
    """Raises ``Refusal`` evoucher_locked."""
    if not tries_left(unit, psn_no):
        raise Refusal("evoucher_locked", field)


def wrong_password(unit: Unit, psn_no: str) -> int:
    """Count one; returns how many are left."""
    left = tries_left(unit, psn_no) - 1
    unit.put(WrongPasswords(psn_no=psn_no, day=date10(unit.now_ms), count=TRIES - left))
    return left


def right_password(unit: Unit, psn_no: str) -> None:
    """A right one forgives the wrong ones before it."""
    if tries_left(unit, psn_no) < TRIES:
        unit.put(WrongPasswords(psn_no=psn_no, day=date10(unit.now_ms), count=0))
