"""What a sale may do with trace codes: the duty by date, repeats, virtual codes (coding.md 3, order-life 7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from simulator.domain.bill import Bill, Line
from simulator.domain.drugcode import trace_flags, trace_prefix
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal
from simulator.domain.scans import Scan
from simulator.domain.settlement_record import Settlement
from simulator.domain.trace_uses import (
    OUT,
    SALE,
    TraceAlert,
    TraceUse,
    VirtualCode,
    last_use,
    note_alert,
    note_use,
    uses,
)

INSURED_FROM, ALL_FROM = "2025-07-01", "2026-01-01"
"""No scan, no settlement; then every sale, self-paid ones too (order-life 7)."""
TRACED_LISTS = ("101", "104")
"""House: herbal pieces, granules, services and consumables carry no drug trace code."""
_WIDEST = 100
"""Characters of a code in 2102, the widest place it is sent in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """Packs of one drug about to leave a shop: how many, with which codes, under which settlement."""

    fixmedins_code: str
    med_list_codg: str
    cnt: str
    scans: tuple[Scan, ...]
    field: str
    setl_id: str = ""
    mdtrt_sn: str = ""
    feedetl_sn: str = ""
    insured: bool = True
    reported: bool = False
    """By 3505: takes over the codes the settlement of the same ``setl_id`` came with."""


def check_bill(unit: Unit, bill: Bill, *, field: str = "drug_trac_codg", duty: bool = True) -> None:
    """Whether a bill may be settled with the codes its lines carry; ``duty`` off: they may follow with 3505.

    Raises:
        Refusal: ``trace_missing``, ``trace_count``, ``trace_repeated``, ``trace_virtual_foreign``,
            ``trace_virtual_used``.
    """
    no = bill_objection(unit, bill, field=field, duty=duty)
    if no:
        raise no


def bill_objection(unit: Unit, bill: Bill, *, field: str = "extData", duty: bool = False) -> Refusal | None:
    """Why a bill may not be settled with the codes its lines carry."""
    return objection(unit, (_parting(bill, line, field) for line in bill.lines), duty=duty)


def sell_bill(unit: Unit, settlement: Settlement) -> None:
    """Tie the codes a settled bill came with to its settlement."""
    for line in settlement.bill.lines:
        if not line.scans:
            continue
        told = _parting(settlement.bill, line, "drug_trac_codg")
        sell(unit, replace(told, setl_id=settlement.setl_id, mdtrt_sn=settlement.mdtrt_id))


def _parting(bill: Bill, line: Line, field: str) -> Parting:
    return Parting(
        fixmedins_code=bill.fixmedins_code, med_list_codg=line.med_list_codg, cnt=line.cnt, scans=line.scans,
        field=field, feedetl_sn=line.feedetl_sn,
    )  # fmt: skip


def objection(unit: Unit, partings: Iterable[Parting], *, duty: bool = True) -> Refusal | None:
    """Why these packs may not be sold with these codes; ``duty`` off: a missing code is no reason."""
    taken: set[str] = set()
    for parting in partings:
        found = _incomplete(unit, parting) if duty else None
        for scan in parting.scans:
            found = found or _barred(unit, parting, scan, taken)
            taken.add(scan.drug_trac_codg)
        if found:
            return found
    return None


def _incomplete(unit: Unit, parting: Parting) -> Refusal | None:
    """House: what the duty asks of a line is one code a pack, or any code of a split pack."""
    if not owed(unit, insured=parting.insured):
        return None
    drug = unit.get(Drug, parting.med_list_codg)
    if drug and drug.list_type not in TRACED_LISTS:
        return None
    name, codes = drug.reg_name if drug else parting.med_list_codg, {scan.drug_trac_codg for scan in parting.scans}
    if not codes:
        return Refusal("trace_missing", parting.field, code=parting.med_list_codg, name=name)
    split = any(scan.trdn_flag == "1" for scan in parting.scans)
    if not split and Decimal(parting.cnt) != len(codes):
        return Refusal("trace_count", parting.field, name=name, cnt=parting.cnt, codes=len(codes))
    return None


def owed(unit: Unit, *, insured: bool) -> bool:
    """Whether a sale of now must carry trace codes (switch ``trace_duty``)."""
    return unit.switches.trace_duty == "dates" and date10(unit.now_ms) >= (INSURED_FROM if insured else ALL_FROM)


def _barred(unit: Unit, parting: Parting, scan: Scan, taken: set[str]) -> Refusal | None:
    code = scan.drug_trac_codg
    virtual = unit.get(VirtualCode, code)
    if virtual:
        return _virtual_barred(unit, parting, virtual, taken)
    if unit.switches.trace_repeat != "refuse" or scan.trdn_flag == "1":
        return None
    repeated = code in taken or _repeats(parting, scan, last_use(unit, code))
    return Refusal("trace_repeated", parting.field, value=code) if repeated else None


def _virtual_barred(unit: Unit, parting: Parting, virtual: VirtualCode, taken: set[str]) -> Refusal | None:
    code = virtual.drug_trac_codg
    if (virtual.fixmedins_code, virtual.med_list_codg) != (parting.fixmedins_code, parting.med_list_codg):
        return Refusal("trace_virtual_foreign", parting.field, value=code)
    sold = (use for use in uses(unit, code) if use.kind == SALE and not _takes_over(parting, use))
    return Refusal("trace_virtual_used", parting.field, value=code) if code in taken or any(sold) else None


def _repeats(parting: Parting, scan: Scan, last: TraceUse | None) -> bool:
    return last is not None and last.kind == SALE and scan.trdn_flag != "1" and not _takes_over(parting, last)


def _takes_over(parting: Parting, last: TraceUse) -> bool:
    return parting.reported and last.kind == SALE and not last.goods_no and last.setl_id == parting.setl_id != ""


def sell(unit: Unit, parting: Parting, *, goods_no: str = "") -> list[TraceAlert]:
    """Tie the codes to the sale; what is odd about them is noted, not refused."""
    alerts: list[TraceAlert] = []
    for scan in parting.scans:
        code, last = scan.drug_trac_codg, last_use(unit, scan.drug_trac_codg)
        for kind in _odd(unit, parting, scan, last):
            ref = goods_no or parting.setl_id
            alerts.append(note_alert(unit, kind, code, parting.fixmedins_code, parting.med_list_codg, ref))
        if last and _takes_over(parting, last):
            unit.put(replace(last, goods_no=goods_no))
        else:
            note_use(
                unit, SALE, scan, fixmedins_code=parting.fixmedins_code, med_list_codg=parting.med_list_codg,
                setl_id=parting.setl_id, mdtrt_sn=parting.mdtrt_sn, feedetl_sn=parting.feedetl_sn, goods_no=goods_no,
                with_settlement=not parting.reported,
            )  # fmt: skip
    return alerts


def _odd(unit: Unit, parting: Parting, scan: Scan, last: TraceUse | None) -> list[str]:
    code, kinds = scan.drug_trac_codg, []
    if unit.get(VirtualCode, code):
        return []
    if last is None or not _takes_over(parting, last):
        drug = unit.get(Drug, parting.med_list_codg)
        if trace_flags(code, max_length=_WIDEST):
            kinds.append("format")
        elif drug and drug.trace_prefix and trace_prefix(code) != drug.trace_prefix:
            kinds.append("prefix")
    if _repeats(parting, scan, last):
        kinds.append("repeat")
    elif last and last.kind == OUT:
        kinds.append("out")
    elif last and last.kind != SALE and last.fixmedins_code != parting.fixmedins_code:
        kinds.append("elsewhere")
    return kinds
