"""Booking a split: PAY takes from its sources what BACK returns to them, to the fen."""

from simulator.domain import ledger
from simulator.domain.bill import Split
from simulator.domain.ledger import Posting, Transfer
from simulator.domain.moment import date10
from simulator.domain.ports import Unit


def book(unit: Unit, kind: str, ref: str, postings: tuple[Posting, ...]) -> Transfer:
    """Append a transfer of now. ``ref`` pairs a BACK with its PAY: payOrdId of an order, setl_id of a counter sale."""
    transfer = Transfer(
        transfer_id=f"T{unit.next_number('transfer'):012d}", kind=kind, ref=ref, at_ms=unit.now_ms, postings=postings
    )
    unit.post(transfer)
    return transfer


def payment(unit: Unit, split: Split, *, psn_no: str, org: str) -> tuple[Posting, ...]:
    """What PAY books for a split: its sources, and what is now due to the institution."""
    return ledger.payment(split.sources(psn_no, unit.city.admdvs), org)


def org_day(unit: Unit, fixmedins_code: str) -> str:
    """The key reconciliation counts a settlement under: institution and platform day, which turns at city midnight."""
    return f"{fixmedins_code}/{date10(unit.now_ms)}"
