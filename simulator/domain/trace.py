"""Drug trace codes: every use of a pack, and what a sale may do with it (coding.md 3, order-life 7).

A code's state is read off its uses, never stored: in stock, sold, out, or unknown. A sale that came with a settlement
and was never reported by 3505 ends with that settlement; one that was reported ends with 3506 or 3507.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from simulator.domain.bill import Bill, Line
from simulator.domain.drugcode import trace_flags, trace_prefix
from simulator.domain.moment import date10, stamp14
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal
from simulator.domain.scans import Scan
from simulator.domain.settlement_record import Settlement

IN, OUT, SALE, RETURN = "in", "out", "sale", "return"
INSURED_FROM, ALL_FROM = "2025-07-01", "2026-01-01"
"""No scan, no settlement; then every sale, self-paid ones too (order-life 7)."""
TRACED_LISTS = ("101", "104")
"""House: herbal pieces, granules, services and consumables carry no drug trace code."""
_WIDEST = 100
"""Characters of a code in 2102, the widest place it is sent in."""

ALERTS = {
    "format": "追溯码 {code} 不是以8开头的20位数字",
    "prefix": "追溯码 {code} 的前7位与药品未对照",
    "repeat": "追溯码 {code} 重复使用，不影响结算，已记录监管",
    "elsewhere": "追溯码 {code} 此前在其他机构入库",
    "out": "追溯码 {code} 此前已出库",
    "sold": "追溯码 {code} 已销售，不计入库存",
}
"""What supervision is told of, and nothing is refused for (3505A: repeats do not block, they are recorded)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceUse:
    """One thing that happened to a pack: ``in``, ``out``, ``sale``, ``return``."""

    KEY: ClassVar[str] = "use_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("drug_trac_codg", "fixmedins_code", "goods_no")

    use_no: str
    drug_trac_codg: str
    kind: str
    fixmedins_code: str
    med_list_codg: str
    at_ms: int
    trdn_flag: str = "0"
    setl_id: str = ""
    mdtrt_sn: str = ""
    feedetl_sn: str = ""
    goods_no: str = ""
    """The 35xx row that reported it; empty for a code that so far only 2102 or 6201 named."""
    with_settlement: bool = False
    """It came with a settlement first."""
    vali: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualCode:
    """A code 3592B handed out for goods that have none: for one sale of one drug of one institution."""

    KEY: ClassVar[str] = "drug_trac_codg"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    drug_trac_codg: str
    fixmedins_code: str
    med_list_codg: str
    fixmedins_hilist_id: str
    fixmedins_bchno: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceAlert:
    """Something supervision looks at; ``kind`` is a key of ``ALERTS``, ``ref`` the setl_id or the row's serial."""

    KEY: ClassVar[str] = "alert_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("drug_trac_codg",)

    alert_no: str
    kind: str
    drug_trac_codg: str
    fixmedins_code: str
    med_list_codg: str
    ref: str
    at_ms: int

    @property
    def text(self) -> str:
        """What it says, in Chinese."""
        return ALERTS[self.kind].format(code=self.drug_trac_codg)


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
    drug = unit.get(Drug, parting.med_list_codg)
    if not owed(unit, insured=parting.insured) or (drug and drug.list_type not in TRACED_LISTS):
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
    sold = (use for use in _uses(unit, code) if use.kind == SALE and not _takes_over(parting, use))
    return Refusal("trace_virtual_used", parting.field, value=code) if code in taken or any(sold) else None


def _repeats(parting: Parting, scan: Scan, last: TraceUse | None) -> bool:
    return last is not None and last.kind == SALE and scan.trdn_flag != "1" and not _takes_over(parting, last)


def _takes_over(parting: Parting, last: TraceUse) -> bool:
    return parting.reported and last.kind == SALE and not last.goods_no and last.setl_id == parting.setl_id != ""


def last_use(unit: Unit, code: str) -> TraceUse | None:
    """What the pack's state follows from: its latest use that still stands."""
    uses = _uses(unit, code)
    return uses[-1] if uses else None


def _uses(unit: Unit, code: str) -> list[TraceUse]:
    return [use for use in unit.find(TraceUse, "drug_trac_codg", code) if stands(unit, use)]


def stands(unit: Unit, use: TraceUse) -> bool:
    """Whether a use counts: not deleted by 3507, and not ended with the settlement it came with."""
    if not use.vali or use.goods_no or not use.with_settlement:
        return use.vali
    settlement = unit.get(Settlement, use.setl_id)
    return settlement is not None and settlement.stas == "live"


def sell(unit: Unit, parting: Parting, *, goods_no: str = "") -> list[TraceAlert]:
    """Tie the codes to the sale; what is odd about them is noted, not refused."""
    alerts: list[TraceAlert] = []
    for scan in parting.scans:
        code, last = scan.drug_trac_codg, last_use(unit, scan.drug_trac_codg)
        for kind in _odd(unit, parting, scan, last):
            ref = goods_no or parting.setl_id
            alerts.append(_alert(unit, kind, code, parting.fixmedins_code, parting.med_list_codg, ref))
        if last and _takes_over(parting, last):
            unit.put(replace(last, goods_no=goods_no))
        else:
            unit.put(
                _use(
                    unit, SALE, scan, fixmedins_code=parting.fixmedins_code, med_list_codg=parting.med_list_codg,
                    setl_id=parting.setl_id, mdtrt_sn=parting.mdtrt_sn, feedetl_sn=parting.feedetl_sn,
                    goods_no=goods_no, with_settlement=not parting.reported,
                )
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


def move(
    unit: Unit, kind: str, scans: Iterable[Scan], *, fixmedins_code: str, med_list_codg: str, goods_no: str
) -> list[TraceAlert]:
    """Packs come into a shop or leave it without a sale (3501, 3502A); a sold pack stays sold and is noted."""
    alerts: list[TraceAlert] = []
    for scan in scans:
        last = last_use(unit, scan.drug_trac_codg)
        elsewhere = last and last.kind == IN and last.fixmedins_code != fixmedins_code
        odd = "sold" if last and last.kind == SALE else "elsewhere" if elsewhere else ""
        if odd:
            alerts.append(_alert(unit, odd, scan.drug_trac_codg, fixmedins_code, med_list_codg, goods_no))
        if odd != "sold":
            unit.put(
                _use(unit, kind, scan, fixmedins_code=fixmedins_code, med_list_codg=med_list_codg, goods_no=goods_no)
            )
    return alerts


def return_objection(unit: Unit, scans: Iterable[Scan], *, fixmedins_code: str, mdtrt_sn: str) -> Refusal | None:
    """Why these codes cannot come back: only what this shop reported as sold in this visit can (3506)."""
    for scan in scans:
        uses = _uses(unit, scan.drug_trac_codg)
        here = (use for use in uses if (use.fixmedins_code, use.mdtrt_sn) == (fixmedins_code, mdtrt_sn))
        if not any(use.kind == SALE and use.goods_no for use in here) or uses[-1].kind != SALE:
            return Refusal("trace_not_sold", "drugtracinfo", value=scan.drug_trac_codg)
    return None


def take_back(
    unit: Unit, scans: Iterable[Scan], *, fixmedins_code: str, med_list_codg: str, mdtrt_sn: str, goods_no: str
) -> None:
    """Returned packs are in stock again."""
    for scan in scans:
        unit.put(
            _use(unit, RETURN, scan, fixmedins_code=fixmedins_code, med_list_codg=med_list_codg, mdtrt_sn=mdtrt_sn,
                 goods_no=goods_no)
        )  # fmt: skip


def forget(unit: Unit, goods_no: str) -> None:
    """A row was deleted (3507): what it said of codes no longer stands; what a settlement said still does."""
    for use in unit.find(TraceUse, "goods_no", goods_no):
        unit.put(replace(use, goods_no="") if use.with_settlement else replace(use, vali=False))


def issue_virtual(
    unit: Unit, *, fixmedins_code: str, med_list_codg: str, fixmedins_hilist_id: str, fixmedins_bchno: str
) -> VirtualCode:
    """3592B: a one-off code. House: its form is not published; 29 characters fit the fields it is sent in."""
    virtual = VirtualCode(
        drug_trac_codg=f"X{unit.city.admdvs}{stamp14(unit.now_ms)}{unit.next_number('virtual_code'):08d}",
        fixmedins_code=fixmedins_code, med_list_codg=med_list_codg, fixmedins_hilist_id=fixmedins_hilist_id,
        fixmedins_bchno=fixmedins_bchno, at_ms=unit.now_ms,
    )  # fmt: skip
    unit.put(virtual)
    return virtual


def _use(unit: Unit, kind: str, scan: Scan, **known: Any) -> TraceUse:
    return TraceUse(
        use_no=f"U{unit.next_number('trace_use'):012d}", drug_trac_codg=scan.drug_trac_codg, kind=kind,
        at_ms=unit.now_ms, trdn_flag=scan.trdn_flag, **known,
    )  # fmt: skip


def _alert(unit: Unit, kind: str, code: str, fixmedins_code: str, med_list_codg: str, ref: str) -> TraceAlert:
    alert = TraceAlert(
        alert_no=f"A{unit.next_number('trace_alert'):012d}", kind=kind, drug_trac_codg=code,
        fixmedins_code=fixmedins_code, med_list_codg=med_list_codg, ref=ref, at_ms=unit.now_ms,
    )  # fmt: skip
    unit.put(alert)
    return alert
