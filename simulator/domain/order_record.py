"""A payment order of the pay centre, its refunds, and how a channel may refer to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simulator.domain.bill import Bill, Split
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One 6203 that was carried out or tried; never changed afterwards (9.4)."""

    app_refd_sn: str
    refd_sn: str
    refd_type: str
    content: str
    """What was asked, for telling a repeat from another refund under the same serial."""
    ref_status: str
    at_ms: int
    hi_fefd_sn: str = ""
    acct_fen: int = 0
    fund_fen: int = 0
    cash_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A payment order; ``ord_stas`` follows ``order_steps.STEPS`` and nothing else."""

    KEY: ClassVar[str] = "pay_ord_id"
    INDEXES: ClassVar[tuple[str, ...]] = ("org_ord", "due_ms", "auto_ms", "psn_no")

    pay_ord_id: str
    pay_token: str
    ord_stas: str
    app_id: str
    org_codg: str
    org_name: str
    med_org_ord: str
    org_ord: str
    """``orgCodg/medOrgOrd``."""
    psn_no: str
    id_no: str
    user_name: str
    id_type: str
    mdtrt_id: str
    ipt_otp_no: str
    fee_type: str
    chrg_bchno: str
    bill: Bill
    content: str
    """Digest of what was uploaded, for telling a repeated 6201 from a changed one (9.2)."""
    created_ms: int
    due_ms: int
    """When time alone will move this order on; 0 for never."""
    auto_ms: int = 0
    """When the simulated buyer confirms (switch ``confirm`` = auto); 0 for never."""
    pay_auth_no: str = ""
    ec_token: str = ""
    split: Split | None = None
    biz_sers: tuple[str, ...] = ()
    placed_ms: int = 0
    """When the split that stands was made."""
    held: bool = False
    """What insurance will pay is in suspense: from 6202 on by switch, or because the core is silent."""
    setl_id: str = ""
    transfer_id: str = ""
    setl_type: str = ""
    revs_token: str = ""
    paid_ms: int = 0
    """Platform time of the PAY (or of the end of a CASH order): traceTime."""
    cash_taken_fen: int = 0
    cash_back_fen: int = 0
    insurance_back_ms: int = 0
    parts_back: tuple[Split, ...] = ()
    """Parts of the insurance money that went back before the whole did (switch ``partial_hi``)."""
    reason: str = ""
    """Why an order failed, in words of the refusal table."""
    refunds: tuple[Refund, ...] = ()

    @property
    def cash_open_fen(self) -> int:
        """Cash share still held of the buyer's, as declared to the pay centre."""
        return self.cash_taken_fen - self.cash_back_fen

    @property
    def insurance_taken(self) -> bool:
        """Whether a PAY stands without its BACK."""
        return bool(self.transfer_id) and not self.insurance_back_ms


def order_of(unit: Unit, app_id: str, pay_ord_id: str) -> Order:
    """An order of this channel; another channel's is as good as unknown.

    Raises:
        Refusal: ``unknown_order``.
    """
    order = unit.get(Order, pay_ord_id)
    if order is None or order.app_id != app_id:
        raise Refusal("unknown_order", "payOrdId")
    return order


def named_order(unit: Unit, app_id: str, data: Mapping[str, Any]) -> Order:
    """An order named with its token and identity, as 6301 and 6401 do; any mismatch is answered like an unknown order.

    Raises:
        Refusal: ``unknown_order``.
    """
    order = order_of(unit, app_id, str(data["payOrdId"]))
    told = (data["payToken"], data["orgCodg"], data["idNo"], data["userName"], data["idType"])
    if told != (order.pay_token, order.org_codg, order.id_no, order.user_name, order.id_type):
        raise Refusal("unknown_order", "payOrdId")
    return order
