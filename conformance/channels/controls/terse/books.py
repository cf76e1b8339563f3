"""What the terse control has in its books for a day: a record per sale and per return, by the platform's own date.

A record keeps the amounts as they were printed, the person's number and the office that settles with the pharmacy, so
that nothing has to be worked out when the day is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from conformance.channels.controls.terse.sheet import Row, Sheet
from conformance.channels.controls.wire import Json
from schemas import tabfile
from schemas.amount import AmountError, to_fen, to_text

MOST_ROWS: Final = 10_000
SUMS: Final = ("total", "fund", "account", "cash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A row of the platform's answer. ``setl_id`` is empty where only the platform has the record."""

    psn_no: str
    setl_id: str
    msgid: str
    equal: bool
    back: bool
    fen: int


def sold(row: Row, *, at: str, setl_id: str, visit: str, fund: int, account: int, cash: int) -> None:
    """Enter a sale under the date the platform gave it, once; ``at`` begins with the date, dashed or not."""
    if all(record["id"] != setl_id for record in row.booked):
        record = {
            "day": _dashed(at), "id": setl_id, "visit": visit, "psn": row.payer["psn_no"], "back": False,
            "office": row.payer["insuplc_admdvs"], "total": row.total, "fund": fund, "account": account,
            "cash": cash,
        }  # fmt: skip
        row.booked = [*row.booked, record]


def returned(row: Row, setl_id: str, at: str) -> None:
    """Enter that a sale was taken back: the same record below zero, once, on its own day."""
    same = [record for record in row.booked if record["id"] == setl_id]
    if len(same) == 1 and at:
        down = {name: -same[0][name] for name in SUMS}
        row.booked = [*row.booked, {**same[0], **down, "back": True, "day": _dashed(at)}]


def of_day(sheet: Sheet, org: str, day: str, office: str) -> list[Json]:
    """The records that one office settles for one day of a pharmacy."""
    every = [record for row in sheet.rows() if row.org == org for record in row.booked]
    return [record for record in every if (record["day"], record["office"]) == (day, office)]


def offices(sheet: Sheet, org: str) -> list[str]:
    """Every office that can have a record of ours there: where our buyers are insured."""
    ours = [row for row in sheet.rows() if row.org == org]
    booked = {record["office"] for row in ours for record in row.booked}
    return sorted(booked | {row.payer["insuplc_admdvs"] for row in ours if row.payer})


def packed(name: str, records: list[Json]) -> list[int]:
    """The list as the bytes Java prints: below zero from 128 on. A return goes by the id of what it takes back."""
    lines = (
        (
            record["id"], record["visit"], record["psn"], to_text(record["total"]), to_text(record["fund"]),
            to_text(record["account"]), "1" if record["back"] else "0",
        )
        for record in records
    )  # fmt: skip
    return [byte - 256 if byte > 127 else byte for byte in tabfile.pack(name, lines)]


def totals(records: list[Json]) -> Mapping[str, Any]:
    """The sums of 3202, and how many rows there are."""
    sums = {name: to_text(sum(record[name] for record in records)) for name in SUMS}
    return {
        "medfee_sumamt": sums["total"], "fund_pay_sumamt": sums["fund"], "cash_payamt": sums["cash"],
        "fixmedins_setl_cnt": str(len(records)),
    }  # fmt: skip


def read(raw: bytes) -> list[Verdict] | None:
    """The platform's answer, or None when it is no such list."""
    try:
        return [_verdict(cells) for cells in tabfile.unpack(raw, most_rows=MOST_ROWS)]
    except (tabfile.TabFileError, AmountError, ValueError, IndexError):
        return None


def _verdict(cells: list[str]) -> Verdict:
    psn_no, _, setl_id, msgid, word, back = cells[:6]
    return Verdict(
        psn_no=psn_no, setl_id=setl_id, msgid=msgid, equal=word in ("0", "000000"), back=back == "1",
        fen=to_fen(cells[7]),
    )  # fmt: skip


def _dashed(at: str) -> str:
    digits = at.replace("-", "")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
