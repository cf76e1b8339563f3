"""Rules of statements (3202): one's own records, each on the day of the platform's time."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.oracle.amounts import fen_of

Json = Mapping[str, Any]

_IDS = ("setl_id", "hiDocSn", "hiFefdSn")
"""Under which an answer names a record."""


def own_records_of_the_day(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The totals of each 3201 and 3202 are those of this channel's own records at that pharmacy, in its days so far.

    A statement may be for one settling office of several (``setl_optins``), and count its rows or its purchases less
    refunds; what no statement of a day is for is left out of it. A record whose making was answered to nobody may be
    in it or not.
    """
    stated: dict[str, list[Line]] = {}
    for line in evidence.calls("3201"):
        due = [row for row in _own(evidence, line) if _settles(line, row) and _insured(line, row)]
        yield _compared(line, due, [row for row in due if _told(evidence, line, row)])
    for line in evidence.calls("3202"):
        stated.setdefault(_where(line), []).append(line)
        due = [row for row in _own(evidence, line) if _settles(line, row)]
        yield _compared(line, due, [row for row in due if _told(evidence, line, row)])
    for where, lines in stated.items():
        told = [row for row in _own(evidence, lines[0]) if _told(evidence, lines[0], row)]
        left_out = [row for row in told if not any(_settles(line, row) for line in lines)]
        if left_out:
            offices = "/".join(sorted({str(row["clr_optins"]) for row in left_out}))
            yield Broken(
                Both(f"{where}：本方记录全部对账", f"{where}: every record of one's own is compared"),
                Both(f"没有对账到{offices}的记录", f"nothing was asked of {offices}, where records of its own are"),
                tuple(line.seq for line in lines),
            )


def _where(line: Line) -> str:
    """Pharmacy and day, or first and last day."""
    days = dict.fromkeys((line.sent("stmt_begndate"), line.sent("stmt_enddate")))
    return f"{line.raw['org']}/{'…'.join(days)}"


def _compared(line: Line, due: list[Json], heard_of: list[Json]) -> Finding:
    told, told_fen = int(line.sent("fixmedins_setl_cnt")), fen_of(line.rows("data")[0], "medfee_sumamt")
    if any(told in _counts(rows) and told_fen == _sum_fen(rows) for rows in (due, heard_of)):
        return Held((line.seq,))
    count, fen = _counts(due)[0], _sum_fen(due)
    return Broken(
        Both(f"{_where(line)}：{count}笔，{fen}分", f"{_where(line)}: {count} records, {fen} fen"),
        Both(f"上报{told}笔，{told_fen}分", f"{told} records and {told_fen} fen were sent"),
        (line.seq,),
    )


def _counts(rows: list[Json]) -> tuple[int, int]:
    """Purchases less refunds, never below zero; and the rows."""
    return max(0, sum(int(row["sign"]) for row in rows)), len(rows)


def _sum_fen(rows: list[Json]) -> int:
    return sum(int(row["sign"]) * int(row["split"]["medfee_fen"]) for row in rows)


def _told(evidence: Evidence, statement: Line, row: Json) -> bool:
    """Unless every answer that names it was lost before the statement."""
    names = [line for line in evidence.calls() if any(line.answered(one) == row["setl_id"] for one in _IDS)]
    return not names or any(line.heard and line.seq < statement.seq for line in names)


def _own(evidence: Evidence, line: Line) -> list[Json]:
    """The channel's records that there were when it sent the statement."""
    org, first, last = line.raw["org"], line.sent("stmt_begndate"), line.sent("stmt_enddate")
    return [
        row
        for row in evidence.record["settlements"]
        if row["app_id"] == line.raw["appId"] and row["stas"] != "reversed" and int(row["at_ms"]) <= line.at_ms
        if f"{org}/{first}" <= row["org_day"] <= f"{org}/{last}"
    ]


def _insured(line: Line, row: Json) -> bool:
    return line.sent("insutype") in ("", str(row["bill"]["insutype"]))


def _settles(line: Line, row: Json) -> bool:
    """Whether a statement is for the office a record is settled with: the very one, or its city (``…00``)."""
    asked, office = line.sent("setl_optins"), str(row["clr_optins"])
    return asked == office or (asked.endswith("00") and asked[:4] == office[:4])
