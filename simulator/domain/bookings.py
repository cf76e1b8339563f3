"""Booking a split: PAY takes from its sources what BACK returns to them, to the fen.

With the money goes what was used of the pooled fund's year: it is counted when money leaves (PAY, HOLD) and uncounted
when it comes back (BACK, RELEASE).
"""

from simulator.domain import benefit, ledger
from simulator.domain.bill import Split
from simulator.domain.ledger import Posting, Transfer
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Person


def book(unit: Unit, kind: str, ref: str, postings: tuple[Posting, ...]) -> Transfer:
    """Append a transfer of now. ``ref`` pairs a BACK with its PAY: payOrdId of an order, setl_id of a counter sale."""
    transfer = Transfer(
        transfer_id=f"T{unit.next_number('transfer'):012d}", kind=kind, ref=ref, at_ms=unit.now_ms, postings=postings
    )
    unit.post(transfer)
    return transfer


def pay(unit: Unit, ref: str, split: Split, *, psn_no: str, org: str) -> Transfer:
    """PAY: every source pays its part, the total is owed to the institution."""
    benefit.count(unit, psn_no, split.pooled)
    return book(unit, "PAY", ref, _payment(unit, split, psn_no, org))


def hold(unit: Unit, ref: str, split: Split, *, psn_no: str, org: str) -> Transfer:
    """HOLD: the same sources, into suspense."""
    benefit.count(unit, psn_no, split.pooled)
    return book(unit, "HOLD", ref, ledger.held(_payment(unit, split, psn_no, org)))


def pay_held(unit: Unit, ref: str, split: Split, *, org: str) -> Transfer:
    """PAY of what was held: out of suspense, owed to the institution."""
    total = split.insured_fen
    return book(unit, "PAY", ref, (Posting(ledger.SUSPENSE, -total), Posting(ledger.due(org), total)))


def release(unit: Unit, ref: str, split: Split, *, psn_no: str, org: str) -> Transfer:
    """RELEASE: the mirror of HOLD."""
    postings = ledger.mirror(ledger.held(_payment(unit, split, psn_no, org)))
    return _returned(unit, "RELEASE", ref, split, psn_no, postings)


def give_back(unit: Unit, ref: str, split: Split, *, psn_no: str, org: str) -> Transfer:
    """BACK: the mirror of PAY, source by source, also to a giver whose tie has ended (order-life 8.2)."""
    return _returned(unit, "BACK", ref, split, psn_no, ledger.mirror(_payment(unit, split, psn_no, org)))


def move(unit: Unit, source: str, target: str, fen: int, ref: str) -> None:
    """ADJUST: fen from one account to another; nothing when it is zero."""
    if fen:
        book(unit, "ADJUST", ref, (Posting(source, -fen), Posting(target, fen)))


def close_quota(unit: Unit, giver: str, psn_no: str) -> None:
    """What is left of a quota goes back to the giver, because the tie has ended (9.17)."""
    account = ledger.quota(giver, psn_no)
    move(unit, account, ledger.own(giver), unit.balance(account), psn_no)


def org_day(unit: Unit, fixmedins_code: str) -> str:
    """The key reconciliation counts a settlement under: institution and platform day, which turns at city midnight."""
    return f"{fixmedins_code}/{date10(unit.now_ms)}"


def _payment(unit: Unit, split: Split, psn_no: str, org: str) -> tuple[Posting, ...]:
    return ledger.payment(split.sources(psn_no, unit.city.admdvs), org)


def _returned(unit: Unit, kind: str, ref: str, split: Split, psn_no: str, postings: tuple[Posting, ...]) -> Transfer:
    transfer = book(unit, kind, ref, postings)
    benefit.count(unit, psn_no, split.pooled, sign=-1)
    person = unit.get(Person, psn_no)
    for share in split.aid:
        if person is None or share.psn_no not in person.givers:
            close_quota(unit, share.psn_no, psn_no)
    return transfer
