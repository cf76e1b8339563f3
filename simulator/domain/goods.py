"""What a pharmacy reports of its goods: counts, changes, purchases, sales and returns (institution-interfaces.md 6)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simulator.domain.moment import stamp14
from simulator.domain.ports import Unit
from simulator.domain.scans import Scan, of_row

COUNT, CHANGE, PURCHASE, SALE = "1", "2", "3", "4"
"""``inv_data_type`` of 3507."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Of a 35xx code: its ``inv_data_type``, the letters of its serials, its quantity and its time."""

    data_type: str
    letters: str
    cnt: str
    when: str


KINDS: Mapping[str, Kind] = {
    "3501": Kind(COUNT, "INV", "inv_cnt", "invdate"),
    "3502": Kind(CHANGE, "CHG", "cnt", "inv_chg_time"),
    "3503": Kind(PURCHASE, "PUR", "purc_retn_cnt", "purc_retn_stoin_time"),
    "3504": Kind(PURCHASE, "PUR", "purc_retn_cnt", "purc_retn_stoin_time"),
    "3505": Kind(SALE, "SEL", "sel_retn_cnt", "sel_retn_time"),
    "3506": Kind(SALE, "SEL", "sel_retn_cnt", "sel_retn_time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One accepted row of 3501 to 3506 (or of an A form); ``vali`` turns false when 3507 deletes it."""

    KEY: ClassVar[str] = "goods_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("batch", "listed", "visit", "content")

    goods_no: str
    """The serial the platform gives: medins_prod_inv_no, …_inv_chg_no, …_purc_no, …_sel_no."""
    infno: str
    """Without the A of a batch."""
    fixmedins_code: str
    batch: str
    """``fixmedins_code/fixmedins_bchno``."""
    listed: str
    """``fixmedins_code/fixmedins_hilist_id``."""
    visit: str
    """``fixmedins_code/mdtrt_sn`` of a sale or its return."""
    content: str
    row: dict[str, str]
    """The texts of the row under their wire names; numbers with their printed digits."""
    opter: str
    opter_name: str
    at_ms: int
    vali: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A row as it arrives, parsed."""

    infno: str
    fixmedins_code: str
    row: dict[str, str]
    scans: tuple[Scan, ...]
    opter: str
    opter_name: str

    def text(self, field: str) -> str:
        """A field of the row; empty when it was not sent."""
        return self.row.get(field, "")

    @property
    def cnt(self) -> str:
        """The quantity, as printed."""
        return self.text(KINDS[self.infno].cnt)

    @property
    def content(self) -> str:
        """Digest that tells a repeated row from another one."""
        told = (self.infno, self.fixmedins_code, sorted(self.row.items()), self.scans)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    @property
    def visit(self) -> str:
        """``fixmedins_code/mdtrt_sn``; empty for what is no sale."""
        return f"{self.fixmedins_code}/{self.text('mdtrt_sn')}" if self.text("mdtrt_sn") else ""


def report(infno: str, fixmedins_code: str, row: Mapping[str, Any], *, envelope: Mapping[str, Any]) -> Report:
    """Read a row; ``envelope`` names the operator. Child nodes other than the codes are left aside."""
    texts = {name: str(value) for name, value in row.items() if isinstance(value, str | int) or _number(value)}
    return Report(
        infno=infno.rstrip("A"), fixmedins_code=fixmedins_code, row={k: v for k, v in texts.items() if v},
        scans=of_row(row), opter=str(envelope.get("opter") or ""), opter_name=str(envelope.get("opter_name") or ""),
    )  # fmt: skip


def _number(value: object) -> bool:
    return value is not None and not isinstance(value, list | Mapping)


def store(unit: Unit, told: Report) -> Goods:
    """Keep a row under a new serial of 30 characters."""
    kind = KINDS[told.infno]
    number = unit.next_number(f"goods_{kind.letters}")
    goods = Goods(
        goods_no=f"{unit.city.admdvs}{kind.letters}{stamp14(unit.now_ms)}{number:07d}", infno=told.infno,
        fixmedins_code=told.fixmedins_code, batch=f"{told.fixmedins_code}/{told.text('fixmedins_bchno')}",
        listed=f"{told.fixmedins_code}/{told.text('fixmedins_hilist_id')}", visit=told.visit, content=told.content,
        row=told.row, opter=told.opter, opter_name=told.opter_name, at_ms=unit.now_ms,
    )  # fmt: skip
    unit.put(goods)
    return goods


def of_visit(unit: Unit, visit: str, infno: str) -> list[Goods]:
    """The live rows of a visit: its sales (3505) or its returns (3506)."""
    return [goods for goods in unit.find(Goods, "visit", visit) if goods.vali and goods.infno == infno] if visit else []
