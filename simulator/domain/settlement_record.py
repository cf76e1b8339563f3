"""A settlement of the insurance core: what 3201 and 3202 count, one positive per PAY, one negative per BACK."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.domain.bill import Bill, Split
from simulator.domain.moment import stamp14
from simulator.domain.ports import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """``sign`` 1 is a purchase, -1 its cancellation; ``stas``: live, cancelled, reversed."""

    KEY: ClassVar[str] = "setl_id"
    INDEXES: ClassVar[tuple[str, ...]] = ("medins_key", "org_day", "mdtrt_id")

    setl_id: str
    mdtrt_id: str
    medins_setl_id: str
    medins_key: str
    """``fixmedins_code/msgid``: how 2601 finds it."""
    org_day: str
    """``fixmedins_code/yyyy-MM-dd`` of the settlement's own platform time."""
    psn_no: str
    bill: Bill
    split: Split
    at_ms: int
    transfer_id: str
    sign: int = 1
    stas: str = "live"
    origin: str = "counter"
    """``counter`` (2102) or ``centre`` (a payment order)."""
    app_id: str = ""
    infno: str = "2102"
    refers_to: str = ""
    """For a cancellation: the setl_id it takes back."""
    clr_type: str = "41"
    clr_optins: str = ""
    """The agency it is settled with, as the answer named it: the area the person was insured in then."""


def new_setl_id(unit: Unit) -> str:
    """30 characters: area, time, serial, as the specification's samples look."""
    return f"{unit.city.admdvs}S{stamp14(unit.now_ms)}{unit.next_number('setl_id'):09d}"


def new_mdtrt_id(unit: Unit) -> str:
    """A visit's id."""
    return f"{unit.city.admdvs}G{stamp14(unit.now_ms)}{unit.next_number('mdtrt_id'):09d}"
