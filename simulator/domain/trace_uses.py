"""Trace codes as the platform remembers them: every use of a pack, virtual codes, alerts (coding.md 3).

A code's state is read off its uses, never stored: in stock, sold, out, or unknown. A sale that came with a settlement
and was never reported by 3505 ends with that settlement; one that was reported ends with 3506 or 3507.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from simulator.domain.moment import stamp14
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.domain.scans import Scan
from simulator.domain.settlement_record import Settlement

IN, OUT, SALE, RETURN = "in", "out", "sale", "return"

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


def last_use(unit: Unit, code: str) -> TraceUse | None:
    """What the pack's state follows from: its latest use that still stands."""
    known = uses(unit, code)
    return known[-1] if known else None


def uses(unit: Unit, code: str) -> list[TraceUse]:
    """All uses of a code that stand, oldest first."""
    return [use for use in unit.find(TraceUse, "drug_trac_codg", code) if stands(unit, use)]


def stands(unit: Unit, use: TraceUse) -> bool:
    """Whether a use counts: not deleted by 3507, and not ended with the settlement it came with."""
    if not use.vali or use.goods_no or not use.with_settlement:
        return use.vali
    settlement = unit.get(Settlement, use.setl_id)
    return settlement is not None and settlement.stas == "live"


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
            alerts.append(note_alert(unit, odd, scan.drug_trac_codg, fixmedins_code, med_list_codg, goods_no))
        if odd != "sold":
            note_use(unit, kind, scan, fixmedins_code=fixmedins_code, med_list_codg=med_list_codg, goods_no=goods_no)
    return alerts


def return_objection(unit: Unit, scans: Iterable[Scan], *, fixmedins_code: str, mdtrt_sn: str) -> Refusal | None:
    """Why these codes cannot come back: only what this shop reported as sold in this visit can (3506)."""
    for scan in scans:
        known = uses(unit, scan.drug_trac_codg)
        here = (use for use in known if (use.fixmedins_code, use.mdtrt_sn) == (fixmedins_code, mdtrt_sn))
        if not any(use.kind == SALE and use.goods_no for use in here) or known[-1].kind != SALE:
            return Refusal("trace_not_sold", "drugtracinfo", value=scan.drug_trac_codg)
    return None


def take_back(
    unit: Unit, scans: Iterable[Scan], *, fixmedins_code: str, med_list_codg: str, mdtrt_sn: str, goods_no: str
) -> None:
    """Returned packs are in stock again."""
    for scan in scans:
        note_use(
            unit, RETURN, scan, fixmedins_code=fixmedins_code, med_list_codg=med_list_codg, mdtrt_sn=mdtrt_sn,
            goods_no=goods_no,
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


def note_use(unit: Unit, kind: str, scan: Scan, **known: Any) -> None:
    """Remember what happens to a pack now; ``known`` are further fields of the use."""
    use = TraceUse(
        use_no=f"U{unit.next_number('trace_use'):012d}", drug_trac_codg=scan.drug_trac_codg, kind=kind,
        at_ms=unit.now_ms, trdn_flag=scan.trdn_flag, **known,
    )  # fmt: skip
    unit.put(use)


def note_alert(unit: Unit, kind: str, code: str, fixmedins_code: str, med_list_codg: str, ref: str) -> TraceAlert:
    """Tell supervision."""
    alert = TraceAlert(
        alert_no=f"A{unit.next_number('trace_alert'):012d}", kind=kind, drug_trac_codg=code,
        fixmedins_code=fixmedins_code, med_list_codg=med_list_codg, ref=ref, at_ms=unit.now_ms,
    )  # fmt: skip
    unit.put(alert)
    return alert
