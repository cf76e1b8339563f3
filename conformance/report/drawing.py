"""A scenario as a sequence drawing: rows of who said what to whom, for the page to lay out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance import telling
from conformance.evidence import Asked, Evidence, Line
from conformance.findings import UNSAID, Both
from conformance.report import plain
from conformance.report.words import WAYS
from schemas import loader

Json = Mapping[str, Any]

ACTS = {
    "confirm": Both("确认付款", "confirms"),
    "consent": Both("授权", "consents"),
    "leave": Both("离开确认页", "leaves the page"),
    "wrong_password": Both("输错密码", "mistypes the password"),
    "show_code": Both("出示二维码", "shows a code"),
    "balance": Both("余额变化", "balance changes"),
    "quota": Both("共济额度变化", "a relative's quota changes"),
    "person": Both("参保信息变化", "the insured person's record changes"),
    "institution": Both("药店状态变化", "the pharmacy's standing changes"),
    "drug": Both("药品目录变化", "the drug catalogue changes"),
    "mapping": Both("目录对照变化", "a mapping changes"),
    "chronic_filing": Both("慢特病备案", "a chronic disease is filed"),
    "chosen_institution": Both("选定定点机构", "an institution is chosen"),
    "prescription": Both("医院开出处方", "a hospital prescribes"),
    "prescription_withdrawn": Both("医院撤销处方", "a hospital withdraws a prescription"),
    "till_sale": Both("门店自有收银另售", "the shop's own till sells"),
    "till_cancel": Both("门店自有收银撤销", "the shop's own till takes it back"),
}
"""What the buyer does, and what changes in the world, as a person would say it."""
_CASH = {"cash.open": Both("收银台下单", "cash desk: open"), "cash.query": Both("收银台查询", "cash desk: query"),
         "cash.refund": Both("收银台退款", "cash desk: refund")}  # fmt: skip
_QUIET = frozenset({"hello", "configure", "reset", "list", "clock", "jobs"})
_BELATED = "belated"
WINDOW = 40
"""Rows drawn at most; beyond that only what lies around the marked ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One arrow or note. ``way``: right (channel → platform), left (platform → channel), person, suite."""

    way: str
    label: Both
    seq: int = 0
    note: Both = UNSAID
    tone: str = "ok"
    """``ok``, ``refused``, ``fault``, ``belief``."""
    marked: bool = False


def rows(evidence: Evidence, marked: tuple[int, ...]) -> list[Row]:
    """Everything that happened in order, the lines of a finding marked; the same question asked again is drawn once."""
    told = list(_rows(evidence, frozenset(marked)))
    found = [row for before, row in zip([None, *told], told, strict=False) if row != before]
    if len(found) <= WINDOW:
        return found
    near = [number for number, row in enumerate(found) if row.marked] or [len(found) - 1]
    first = max(0, min(near) - WINDOW // 2)
    return found[first : first + WINDOW]


def told(row: Row) -> Both:
    """A row as one line of text."""
    way, seq = WAYS[row.way], f"#{row.seq} " if row.seq else ""
    return Both(f"{seq}{way.zh}：{row.label.zh} {row.note.zh}", f"{seq}{way.en}: {row.label.en} {row.note.en}")


def _rows(evidence: Evidence, marked: frozenset[int]) -> Iterator[Row]:
    asked = [one for one in evidence.asked() if one.verb not in _QUIET]
    for line in evidence.lines():
        while asked and asked[0].after_seq < line.seq:
            yield _question(asked.pop(0))
        if row := _message(line, line.seq in marked):
            yield row
    yield from map(_question, asked)


def _message(line: Line, marked: bool) -> Row | None:
    if line.direction == "act" and line.surface != _BELATED:
        if line.surface not in ("person", "world"):
            return None
        label = ACTS.get(line.code, Both(line.code, line.code))
        return Row(way="person", label=label, seq=line.seq, tone="refused" if line.rule else "ok", marked=marked)
    way = "left" if line.direction == "out" else "right"
    return Row(way=way, label=_called(line), seq=line.seq, note=_noted(line), tone=_tone(line), marked=marked)


def _called(line: Line) -> Both:
    if line.code in _CASH:
        return _CASH[line.code]
    if line.surface == _BELATED:
        return Both("先前发出的报文", "a message sent before")
    schema = loader.find(line.code)
    return (
        Both(f"{line.code} {schema.title_zh}", f"{line.code} {schema.title_en}")
        if schema
        else Both(line.code, line.code)
    )


def _noted(line: Line) -> Both:
    if line.surface == _BELATED:
        return Both("迟到送达，无人等待应答", "arrives late, nobody waits for its answer")
    if line.fault:
        told = plain.fault(line.fault)
        return Both(f"故障：{told.zh}", f"fault: {told.en}")
    if line.rule:
        refusal = line.raw["refusal"]
        return Both(f"[{line.rule}] {refusal['zh']}", f"[{line.rule}] {refusal['en']}")
    state = line.answered("ordStas")
    if state:
        return Both(f"ordStas {state}", f"ordStas {state}")
    if line.direction == "out":
        return Both("已确认", "acknowledged") if line.acknowledged else Both("未确认", "not acknowledged")
    return UNSAID


def _tone(line: Line) -> str:
    if line.fault:
        return "fault"
    return "refused" if line.rule or line.raw.get("outcome") in ("refused", "error") else "ok"


def _question(asked: Asked) -> Row:
    state = str(asked.answer.get("state", "")) or asked.kind
    told, held = plain.task(asked.task or asked.verb), telling.held(state)
    tone = "belief" if asked.kind == "ok" else "refused"
    return Row(
        way="suite",
        label=Both(f"{told.zh} {asked.order}", f"{told.en} {asked.order}"),
        note=Both(f"→ {held.zh}", f"→ {held.en}"),
        tone=tone,
    )
