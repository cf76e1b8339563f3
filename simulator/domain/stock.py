"""3501 to 3507 and their A forms: each row is taken or refused by itself (institution-interfaces.md 6, 9.11)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from simulator.domain import goods as records
from simulator.domain import sales, trace_rules, trace_uses
from simulator.domain.drugcode import NO_CODE
from simulator.domain.goods import KINDS, Goods, Report
from simulator.domain.moment import datetime19, read
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal

INBOUND = ("101", "103", "106", "108", "110")
"""``inv_chg_type`` that bring goods in; all others take them out (section 8)."""
_NO_STOCK_LEFT = "3501"
"""A count may find nothing; every other row is about something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row: ``refusal``, or the serial it is kept under and what supervision was told."""

    row: Mapping[str, Any]
    """As it arrived."""
    refusal: Refusal | None = None
    goods_no: str = ""
    notes: tuple[str, ...] = ()


def take(
    unit: Unit, infno: str, fixmedins_code: str, rows: Iterable[Mapping[str, Any]], *, envelope: Mapping[str, Any]
) -> list[Outcome]:
    """Take rows one after the other; a bad one changes nothing and does not hinder the next."""
    outcomes: list[Outcome] = []
    for row in rows:
        told = records.report(infno, fixmedins_code, row, envelope=envelope)
        no = _objection(unit, told)
        if no:
            outcomes.append(Outcome(row=row, refusal=no))
            continue
        goods = records.store(unit, told)
        notes = tuple(alert.text for alert in _move_codes(unit, told, goods))
        outcomes.append(Outcome(row=row, goods_no=goods.goods_no, notes=notes))
    return outcomes


def _objection(unit: Unit, told: Report) -> Refusal | None:
    code, cnt = told.text("med_list_codg"), Decimal(told.cnt)
    if code != NO_CODE and unit.get(Drug, code) is None:
        return Refusal("unknown_drug", "med_list_codg", code=code)
    if cnt < 0 or (cnt == 0 and told.infno != _NO_STOCK_LEFT):
        return Refusal("not_positive", KINDS[told.infno].cnt, value=told.cnt)
    for field in (KINDS[told.infno].when, "manu_date", "expy_end"):
        if not _exists(told.text(field)):
            return Refusal("no_such_date", field, value=told.text(field))
    made, ends = told.text("manu_date"), told.text("expy_end")
    if made and ends and ends < made:
        return Refusal("dates_reversed", "expy_end", begin=made, end=ends)
    earlier = next((one for one in unit.find(Goods, "content", told.content) if one.vali), None)
    if earlier:
        kept = datetime19(earlier.at_ms)
        return Refusal("goods_repeated", "fixmedins_bchno", at=kept, value=earlier.goods_no)
    further = _FURTHER.get(told.infno)
    return further(unit, told) if further else None


def _exists(date: str) -> bool:
    try:
        return not date or read(date) > 0
    except ValueError:
        return False


def _purchase_return_objection(unit: Unit, told: Report) -> Refusal | None:
    """A purchase that is named must be one of this institution; what was bought before it reported is not known."""
    number = told.text("medins_prod_purc_no")
    bought = unit.get(Goods, number) if number else None
    known = bought and bought.vali and (bought.fixmedins_code, bought.infno) == (told.fixmedins_code, "3503")
    return None if not number or known else Refusal("purchase_unknown", "medins_prod_purc_no", value=number)


_FURTHER: Mapping[str, Callable[[Unit, Report], Refusal | None]] = {
    "3504": _purchase_return_objection, "3505": sales.sale_objection, "3506": sales.return_objection,
}  # fmt: skip


def _move_codes(unit: Unit, told: Report, goods: Goods) -> list[trace_uses.TraceAlert]:
    if told.infno == "3505":
        return trace_rules.sell(unit, sales.parting(told), goods_no=goods.goods_no)
    about = {
        "fixmedins_code": told.fixmedins_code, "med_list_codg": told.text("med_list_codg"),
        "goods_no": goods.goods_no,
    }  # fmt: skip
    if told.infno == "3506":
        trace_uses.take_back(unit, told.scans, mdtrt_sn=told.text("mdtrt_sn"), **about)
        return []
    inward = told.infno in ("3501", "3503") or told.text("inv_chg_type") in INBOUND
    return trace_uses.move(unit, trace_uses.IN if inward else trace_uses.OUT, told.scans, **about)


def remove(unit: Unit, fixmedins_code: str, rows: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    """3507: what a batch reported under one ``inv_data_type`` no longer stands, nor what it said of codes."""
    outcomes: list[Outcome] = []
    for row in rows:
        batch, data_type = str(row["fixmedins_bchno"]), str(row["inv_data_type"])
        live = [
            one
            for one in unit.find(Goods, "batch", f"{fixmedins_code}/{batch}")
            if one.vali and KINDS[one.infno].data_type == data_type
        ]
        for one in live:
            unit.put(replace(one, vali=False))
            trace_uses.forget(unit, one.goods_no)
        refusal = None if live else Refusal("goods_unknown", "fixmedins_bchno", value=batch)
        outcomes.append(Outcome(row=row, refusal=refusal))
    return outcomes
