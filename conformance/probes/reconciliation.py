"""Rules of statements (3202): one's own records, each on the day of the platform's time."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.oracle.amounts import fen_of

Json = Mapping[str, Any]


def own_records_of_the_day(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The totals of each 3202 are those of this channel's own records at that pharmacy on that day."""
    for line in evidence.calls("3202"):
        day = f"{line.raw['org']}/{line.sent('stmt_begndate')}"
        signs = [
            (int(row["sign"]), int(row["split"]["medfee_fen"]))
            for row in evidence.record["settlements"]
            if row["org_day"] == day and row["app_id"] == line.raw["appId"] and row["stas"] != "reversed"
        ]
        due = (max(0, sum(sign for sign, _ in signs)), sum(sign * fen for sign, fen in signs))
        sent = line.rows("data")[0]
        told = (int(line.sent("fixmedins_setl_cnt")), fen_of(sent, "medfee_sumamt"))
        if told == due:
            yield Held((line.seq,))
        else:
            yield Broken(
                Both(f"{day}：{due[0]}笔，{due[1]}分", f"{day}: {due[0]} records, {due[1]} fen"),
                Both(f"上报{told[0]}笔，{told[1]}分", f"{told[0]} records and {told[1]} fen were sent"),
                (line.seq,),
            )
