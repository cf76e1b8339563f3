"""The terse control compares a day: no totals first, one list for each office that settles, and then row by row.

What only the platform has is told by its missing setl_id, never by the verdict's code: some print no more than 0 and 1.
"""

from dataclasses import dataclass, field
from typing import Final

from conformance.channels.controls.driving import Declined, Impossible
from conformance.channels.controls.terse import books, saying
from conformance.channels.controls.terse.books import Verdict
from conformance.channels.controls.terse.errand import Errands, Later, Said
from conformance.channels.controls.terse.sheet import Row
from conformance.channels.controls.wire import Json

GONE: Final = ("7", "13")
"""ordStas in which insurance has its money back."""


@dataclass(slots=True)
class Compared:
    """What came of it; ``again`` are the orders to go on with, and whether a return of ours spoke of them."""

    rows: int = 0
    differing: int = 0
    foreign: int = 0
    again: dict[str, bool] = field(default_factory=dict)


def compare(do: Errands, org: str, day: str) -> list[Verdict]:
    """The platform's verdicts on all records of a day.

    Raises:
        Declined: it will not compare.
        Impossible: no answer, or one that leaves out a record of ours.
    """
    verdicts: list[Verdict] = []
    for office in books.offices(do.sheet, org):
        records = books.of_day(do.sheet, org, day, office)
        told = books.read(_asked(do, org, day, office, records))
        if told is None:
            raise Impossible("对账结果无法读取")
        if {(one["id"], one["back"]) for one in records} - {(one.setl_id, one.back) for one in told}:
            raise Impossible("对账结果缺少本方记录")
        verdicts += told
    return verdicts


def _asked(do: Errands, org: str, day: str, office: str, records: list[Json]) -> bytes:
    """9101, 3202, 9102."""
    shop, name = Row(ord="", rail="counter", org=org, basket=[], total=0), f"{day}-{office}-{org}"
    try:
        kept = do.answer(shop, do.frame(shop, "9101", saying.file(org, name, books.packed(name, records))))
        asked = saying.statement(day, office, str(kept["file_qury_no"]), books.totals(records))
        told = do.answer(shop, do.frame(shop, "3202", asked))
        raw = do.file(org, saying.fetch(org, told["fileinfo"]))
        if isinstance(raw, bytes):
            return raw
        do.answer(shop, raw)
    except Said as no:
        raise Declined(str(no)) from no
    except Later as silence:
        raise Impossible("对账没有应答") from silence
    raise Impossible("对账结果没有取到")


def act(do: Errands, org: str, day: str, verdicts: list[Verdict]) -> Compared:
    """What each verdict asks for; nobody else's record asks for anything."""
    came = Compared()
    for one in verdicts:
        came.rows += bool(one.setl_id)
        if one.equal:
            continue
        came.differing += 1
        mine = [row for row in do.sheet.rows() if row.org == org and _is(row, one)]
        mine = mine or _taken_back_elsewhere(do, org, one, verdicts)
        came.foreign += not mine
        for row in mine:
            if row.rail == "online":
                _look(row, one)
            else:
                _settle(row, one, day)
            do.sheet.save(row)
            ours_back = one.back and one.msgid == row.pay_ord_id
            came.again[row.ord] = ours_back or came.again.get(row.ord, False)
    return came


def enter_return(do: Errands, row: Row, day: str) -> None:
    """Insurance gave back and nobody told when: the day whose statement shows a return did."""
    if row.rail == "online" and row.state in GONE and row.setl_id:
        books.returned(row, row.setl_id, day)
        do.sheet.save(row)


def _is(row: Row, one: Verdict) -> bool:
    """Whether a verdict is about a record of this order: by its id or by what the order was sent under."""
    if one.setl_id:
        return any((record["id"], record["back"]) == (one.setl_id, one.back) for record in row.booked)
    return bool(one.msgid) and (one.msgid in row.said or one.msgid in (row.pay_ord_id, *row.past))


def _taken_back_elsewhere(do: Errands, org: str, one: Verdict, verdicts: list[Verdict]) -> list[Row]:
    """Orders that a return made by somebody else can be of: same buyer, same amount, and they stand. Asking about
    an online order harms nobody; one of the counter is called in question only if nothing of theirs fits."""
    if one.setl_id or not one.back:
        return []
    standing = [
        row
        for row in do.sheet.rows()
        if row.org == org and row.payer.get("psn_no") == one.psn_no and row.total == -one.fen and _stands(row)
    ]
    theirs = any(
        (other.psn_no, other.fen, other.setl_id, other.back) == (one.psn_no, -one.fen, "", False) for other in verdicts
    )
    return [row for row in standing if row.rail == "online" or not theirs]


def _stands(row: Row) -> bool:
    return row.word in ("paid", "manual_review") and bool(row.setl_id)


def _look(row: Row, one: Verdict) -> None:
    """6301 knows more than a row of a list. It cannot tell of a payment begun before, which a person looks at unless
    it is a return: then nothing is held."""
    if one.msgid in row.past:
        if not one.back:
            row.word, row.why, row.shut, row.wake = "manual_review", "先前的支付也已结算", 2, 0
    elif row.word != "manual_review" or row.shut < 2:
        row.shut, row.naps, row.wake, row.unheard = 0, 0, 1, row.unheard or "6301"


def _settle(row: Row, one: Verdict, day: str) -> None:
    """A sale nobody was told of did not leave the shop: it is reversed. A cancellation nobody was told of is one. All
    else contradicts what we know, and a person decides."""
    code = "" if one.setl_id else row.said.get(one.msgid, "")
    if code == "2102" and not one.back and not row.setl_id:
        row.unheard, row.msgid, row.shut, row.naps, row.wake = code, one.msgid, 0, 0, 1
    elif code == "2103" and one.back and row.setl_id:
        books.returned(row, row.setl_id, day)
        row.account = row.fund = row.cash = 0
        row.word, row.why, row.unheard, row.shut, row.wake = "refunded", "对账得知已撤销", "", 2, 0
    else:
        row.word, row.why, row.shut, row.wake = "manual_review", "与中心的账不符", 2, 0
