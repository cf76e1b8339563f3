"""The channel's own record of a shop order: what it sent, what it was told, and what it will do next.

One ``Order`` is one shop order. It may come to own several payment orders (each one 6201), of which at most the last
is alive. Records are frozen: a change is a new record, and it counts once the notebook has kept it.
Amounts are fen, times milliseconds since the epoch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.channels.reference import prescription
from conformance.channels.reference.prescription import Rx

ONLINE, COUNTER = "online", "counter"
OVER = ("cancelled", "failed", "reversed")
"""Ends after which nothing of the purchase is left."""
TO_WITHDRAW, TO_REFUND, TO_GIVE_UP = "withdraw", "refund", "give_up"
"""What is wanted of an order: the buyer changed his mind; the goods cannot come; the platform said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One drug of the basket; ``cnt`` and ``pric`` as decimal text, ``pric`` in yuan after every discount."""

    med_list_codg: str
    cnt: str
    pric: str
    fen: int = 0
    """``round(cnt × pric, 2)``, computed by the channel."""
    name: str = ""
    rx_flag: str = "0"
    online_barred: bool = False
    own_code: str = ""
    """What the shop calls it; empty where the shop works with the catalogue's code."""
    day_limit: int = 0
    """Most that one person may buy in a day, in units of ``cnt``; 0: no limit."""
    trace_codes: tuple[str, ...] | None = None
    """Codes the till scanned; None where nobody scans at the till."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The buyer's consent. ``req_biz_no`` is our question's number: asked again, it yields the same answer."""

    req_biz_no: str
    pay_auth_no: str = ""
    auth_url: str = ""
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The insured person as 1101 answered. ``insuplc_admdvs`` goes into every later institution frame."""

    psn_no: str
    psn_name: str
    certno: str
    psn_cert_type: str
    psn_type: str
    insutype: str
    insuplc_admdvs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Who pays how much of the medicines: total = cash + account + fund + other."""

    total_fen: int
    cash_fen: int
    account_fen: int
    fund_fen: int
    other_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment order at the pay centre; all empty before the first 6201 is prepared.

    ``biz_ser`` is the serial of the last 6202, ``tries_6202`` their number.
    """

    med_org_ord: str = ""
    chrg_bchno: str = ""
    begun_ms: int = 0
    pay_ord_id: str = ""
    pay_token: str = ""
    cashier_url: str = ""
    """Where the platform has a cashier of its own: there the buyer orders and pays, and no 6202 is sent."""
    mdtrt_id: str = ""
    pay_auth_no: str = ""
    biz_ser: str = ""
    tries_6202: int = 0
    ord_stas: str = ""
    setl_type: str = ""
    setl_id: str = ""
    settled: str = ""
    """``yyyyMMddHHmmss`` by the platform's clock: the day its books count it on."""
    split: Split | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CashRefund:
    """A refund at the cash desk; ``part`` is ``cash`` or ``freight``. The number is kept for every repeat."""

    refund_no: str
    part: str
    fen: int
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """The cash leg as the desk told us. ``freight_fen`` is delivery and packing, never part of a 62xx amount."""

    out_trade_no: str
    cash_fen: int
    freight_fen: int
    state: str = ""
    """Empty until the desk answered; then ``open``, ``paid`` or ``closed``."""
    cash_back_fen: int = 0
    freight_back_fen: int = 0
    asked_in: str = ""
    """The ordStas in which the desk was last asked: in a newer state its word is stale."""
    refunds: tuple[CashRefund, ...] = ()

    @property
    def held_fen(self) -> int:
        """What the desk holds of the buyer right now."""
        taken = self.cash_fen + self.freight_fen if self.state == "paid" else 0
        return max(0, taken - self.cash_back_fen - self.freight_back_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """The refund of the whole order: one ``app_refd_sn`` for every repeat of it."""

    app_refd_sn: str
    at_ms: int
    pay_auth_no: str
    status: str = ""
    """``SUCC``, ``FAIL`` or ``EXP``; empty while nobody knows."""
    asked_consent: bool = False
    setl_id: str = ""
    """Of the negative record at the insurer."""
    done: str = ""
    """``yyyyMMddHHmmss`` by the platform's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale at the counter. ``msgid`` is kept before 2102 leaves: the only handle on a lost answer."""

    mdtrt_cert_type: str
    mdtrt_cert_no: str
    card_sn: str = ""
    msgid: str = ""
    setl_id: str = ""
    mdtrt_id: str = ""
    settled: str = ""
    """``yyyy-MM-dd HH:mm:ss`` by the platform's clock: the day its books count it on."""
    undo_msgid: str = ""
    """Of 2103, kept before it leaves."""
    undo_setl_id: str = ""
    undone: str = ""
    """When the negative record of 2103 was made."""
    quoted: Split | None = None
    split: Split | None = None
    fund_sum_fen: int = 0
    """``fund_pay_sumamt`` as 2102 printed it, with the account where the region counts it in: what 3202 compares."""
    reversals: int = 0
    """How often 2601 was sent for ``msgid``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A shop order. ``step`` is what comes next and ``due_ms`` when; an empty ``step`` means nothing is left to do.

    ``pending`` is the code of a state-changing message whose answer we do not have.
    ``end`` is set when the channel is done for good: ``cancelled``, ``failed``, ``reversed``, ``refunded`` (a counter
    sale) or ``manual``, with ``why``.
    ``unsure``: our last question about it went unanswered, or a notice hints at something newer than we know.
    ``frozen`` forbids every further step: what we were told does not fit together and a person must decide.
    """

    order: str
    rail: str
    org: str
    lines: tuple[Line, ...]
    total_fen: int
    created_ms: int
    user: str = ""
    acct_used_flag: str = "1"
    delivery_fen: int = 0
    packing_fen: int = 0
    coupon_fen: int = 0
    """Already taken off the lines."""
    step: str = ""
    due_ms: int = 0
    tries: int = 0
    not_before_ms: int = 0
    """Until then the platform wants to be left alone about this order (Retry-After)."""
    pending: str = ""
    wish: str = ""
    end: str = ""
    why: str = ""
    unsure: bool = False
    frozen: bool = False
    notices: int = 0
    """Notices taken for this order; a sound channel draws nothing from their number."""
    consent: Consent | None = None
    payer: Payer | None = None
    payment: Payment = Payment()
    earlier: tuple[str, ...] = ()
    """payOrdId of attempts that ended unpaid."""
    cash: Cash | None = None
    refund: Refund | None = None
    sale: Sale | None = None
    rx: Rx | None = None
    """The prescription it is filled on."""
    shop: str = ""
    """What the shop said once it was paid: ``refused``, ``short``; empty while it means to supply."""

    @property
    def freight_fen(self) -> int:
        """Delivery and packing."""
        return self.delivery_fen + self.packing_fen

    @property
    def split(self) -> Split | None:
        """The split that counts: of the sale at the counter, else of the last payment."""
        return self.sale.split if self.sale else self.payment.split

    def paying(self, **changes: Any) -> "Order":
        """The order with its payment changed."""
        return replace(self, payment=replace(self.payment, **changes))

    def selling(self, **changes: Any) -> "Order":
        """The order with its counter sale changed."""
        assert self.sale is not None
        return replace(self, sale=replace(self.sale, **changes))


def stands(order: Order) -> bool:
    """A button pressed twice is one order: only one that ended with nothing is begun anew."""
    return order.end not in OVER


def read(document: Mapping[str, Any]) -> Order:
    """An order as the notebook kept it."""
    kept = dict(document)
    kept["lines"] = tuple(_line(line) for line in kept["lines"])
    kept["payment"] = Payment(**{**kept["payment"], "split": _split(kept["payment"]["split"])})
    kept["earlier"] = tuple(kept["earlier"])
    kept["consent"] = Consent(**kept["consent"]) if kept["consent"] else None
    kept["payer"] = Payer(**kept["payer"]) if kept["payer"] else None
    kept["refund"] = Refund(**kept["refund"]) if kept["refund"] else None
    kept["cash"] = _cash(kept["cash"]) if kept["cash"] else None
    kept["sale"] = _sale(kept["sale"]) if kept["sale"] else None
    kept["rx"] = prescription.read(kept["rx"])
    return Order(**kept)


def _line(document: Mapping[str, Any]) -> Line:
    codes = document["trace_codes"]
    return Line(**{**document, "trace_codes": None if codes is None else tuple(codes)})


def _split(document: Mapping[str, Any] | None) -> Split | None:
    return Split(**document) if document else None


def _cash(document: Mapping[str, Any]) -> Cash:
    return Cash(**{**document, "refunds": tuple(CashRefund(**refund) for refund in document["refunds"])})


def _sale(document: Mapping[str, Any]) -> Sale:
    return Sale(**{**document, "quoted": _split(document["quoted"]), "split": _split(document["split"])})
