"""What probes about goods read out of a record: the reported rows with their results, and what each hand-over was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from conformance.evidence import Asked, Evidence, Line

Json = Mapping[str, Any]

SALES, RETURNS = ("3505", "3505A"), ("3506", "3506A")


@dataclass(frozen=True, slots=True)
class Reported:
    """One row of a report, and what the platform made of it."""

    line: Line
    row: Json
    taken: bool

    @property
    def drug(self) -> str:
        """The catalogue code."""
        return str(self.row.get("med_list_codg", ""))

    @property
    def batch(self) -> str:
        """``fixmedins_bchno``."""
        return str(self.row.get("fixmedins_bchno", ""))

    @property
    def setl_id(self) -> str:
        """The settlement it names; empty when it names none."""
        return str(self.row.get("setl_id") or "")

    @property
    def codes(self) -> tuple[str, ...]:
        """The trace codes it carries."""
        node = self.row.get("drugtracinfo") or []
        rows = node if isinstance(node, list) else [node]
        return tuple(str(one.get("drug_trac_codg")) for one in rows if one.get("drug_trac_codg"))

    @property
    def cnt(self) -> Decimal:
        """How much of it."""
        return Decimal(str(self.row["sel_retn_cnt"]))

    @property
    def split(self) -> bool:
        """Said to come out of an opened pack."""
        return str(self.row.get("trdn_flag", "")) == "1"


def reported(evidence: Evidence, codes: Sequence[str] = SALES) -> list[Reported]:
    """Every row of these interfaces in order; a row without its own result was taken if the message was."""
    return [one for line in evidence.calls(*codes) for one in _rows(line)]


def _rows(line: Line) -> Iterator[Reported]:
    told = line.raw.get("answer") or {}
    results: list[Json] = told.get("selinfoDetail") or []
    failed = [(row.get("med_list_codg"), row.get("fixmedins_bchno")) for row in told.get("selinfoErrDetail") or ()]
    for row in (*line.rows("selinfoDetail"), *line.rows("selinfo")):
        own = (row.get("med_list_codg"), row.get("fixmedins_bchno"))
        result: Json = next((x for x in results if (x.get("med_list_codg"), x.get("fixmedins_bchno")) == own), {})
        result = result or told.get("result") or {}
        refused = str(result.get("retRslt", "1")) == "0" or own in failed
        yield Reported(line, row, line.accepted and not refused)


def goods_of(line: Line) -> set[tuple[str, str]]:
    """Drug and batch of every row of a report of sales or purchases, in either form."""
    nodes = ("selinfoDetail", "selinfo", "purcinfoDetail", "purcinfo")
    rows = [row for node in nodes for row in line.rows(node)]
    return {(str(row.get("med_list_codg", "")), str(row.get("fixmedins_bchno", ""))) for row in rows}


@dataclass(frozen=True, slots=True)
class HandOver:
    """One time the shop wanted to hand goods over."""

    asked: Asked
    since: int
    """The last journal line before it was asked."""

    @property
    def order(self) -> str:
        """The shop order."""
        return self.asked.order

    @property
    def left(self) -> bool:
        """The channel let the goods go."""
        return self.asked.kind == "ok"

    @property
    def packs(self) -> Sequence[Json]:
        """What was scanned."""
        packs: Sequence[Json] = self.asked.raw["body"]["packs"]
        return packs

    def rows(self, evidence: Evidence) -> list[Reported]:
        """What was reported meanwhile."""
        return [one for one in reported(evidence) if self.since < one.line.seq <= self.asked.after_seq]


def hand_overs(evidence: Evidence) -> list[HandOver]:
    """Every attempt the channel can do, in order; one that it does not know as a task is none."""
    found, since = [], 0
    for asked in evidence.asked():
        if asked.task == "dispense" and asked.kind != "unsupported":
            found.append(HandOver(asked, since))
        since = asked.after_seq
    return found


def window(evidence: Evidence, task: str) -> Iterator[tuple[Asked, int]]:
    """Each time a task was asked, with the last journal line before it."""
    since = 0
    for asked in evidence.asked():
        if asked.task == task and asked.kind != "unsupported":
            yield asked, since
        since = asked.after_seq


def settlements_of(evidence: Evidence, order: str) -> list[Json]:
    """What insurance paid for the buyer of an order, live or cancelled since."""
    buyer = evidence.orders()[order]["psn_no"]
    return [row for row in evidence.record["settlements"] if row["psn_no"] == buyer and int(row.get("sign", 1)) > 0]


def scanned_codes(packs: Sequence[Json]) -> set[str]:
    """Every trace code the shop scanned."""
    return {str(code) for pack in packs for code in pack.get("trace_codes", ())}


def counted(rows: Sequence[Json]) -> dict[str, Decimal]:
    """How much of each drug."""
    total: dict[str, Decimal] = {}
    for row in rows:
        code = str(row["med_list_codg"])
        total[code] = total.get(code, Decimal(0)) + Decimal(str(row["cnt"]))
    return total
