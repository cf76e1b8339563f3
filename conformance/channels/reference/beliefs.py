"""What the channel would tell its user about an order: a state of a closed list and the money behind it.

The table is order-life section 3. Only certain knowledge makes a certain belief: an answer we did not get, an
order state we do not know, a cash leg nobody confirmed are all doubt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from conformance.channels.reference.orders import COUNTER, TO_REFUND, TO_WITHDRAW, Order

TAKEN: Final = ("4", "5", "6")
"""The insurance leg is paid; with a cash share the cash leg has a word to say too."""
INSURANCE_HELD: Final = (*TAKEN, "9", "10")
CENTRE_HOLDS_CASH: Final = ("3", *TAKEN, "8", "16")
"""Where a platform with a cashier of its own still holds the cash share it collected."""

OF_STATE: Final[Mapping[str, str]] = {
    "0": "not_paid", "1": "not_paid", "2": "in_doubt", "3": "in_doubt", "4": "paid", "5": "paid", "6": "paid",
    "7": "refunded", "8": "partly_refunded", "9": "partly_refunded", "10": "partly_refunded", "11": "partly_refunded",
    "12": "cancelled", "13": "cancelled", "14": "in_doubt", "15": "failed", "16": "manual_review",
}  # fmt: skip
"""ordStas → belief; a code that is not here (17 and above) is doubt."""

SHOWN: Final[Mapping[str, str]] = {
    "not_sent": "订单待提交，未扣款", "in_doubt": "支付结果确认中，请勿重复支付", "paid": "支付成功",
    "not_paid": "待支付，未扣款", "refunding": "退款处理中", "refunded": "已全额退款", "partly_refunded": "已部分退款",
    "cancelled": "订单已取消，未扣款", "failed": "支付失败，未扣款", "manual_review": "订单异常，客服正在核实",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """State, and what is taken from the buyer right now: account and fund at the insurer, cash (with freight) here."""

    state: str
    account_fen: int = 0
    fund_fen: int = 0
    cash_fen: int = 0


def believe(order: Order) -> Belief:
    """The sound belief."""
    state = _counter_state(order) if order.rail == COUNTER else _online_state(order)
    account_fen, fund_fen, cash_fen = _held(order)
    return Belief(state=state, account_fen=account_fen, fund_fen=fund_fen, cash_fen=cash_fen)


def _online_state(order: Order) -> str:
    if order.end:
        return "manual_review" if order.end == "manual" else order.end
    known = order.payment.ord_stas
    if order.pending == "6203" or (order.refund and order.refund.status == "SUCC" and known in TAKEN):
        return "refunding"
    if order.pending in ("6201", "6202", "6401"):
        return "in_doubt"
    if not known:
        return "not_sent"
    if order.unsure and known in ("0", "1"):
        return "in_doubt"
    return _settled_state(order, known)


def _settled_state(order: Order, known: str) -> str:
    cash_held = order.cash is not None and order.cash.held_fen > 0
    if known in TAKEN or (known == "3" and order.payment.setl_type == "CASH"):
        if order.wish in (TO_REFUND, TO_WITHDRAW):
            return "refunding"
        return "paid" if cash_is_good(order) else "in_doubt"
    if known in ("7", "13") and cash_held:
        return "refunding"
    return OF_STATE.get(known, "in_doubt")


def _counter_state(order: Order) -> str:
    assert order.sale is not None
    if order.end == "manual":
        return "manual_review"
    if order.end:
        return "cancelled" if order.end == "reversed" else order.end
    if order.pending == "2103":
        return "refunding"
    if order.pending:
        return "in_doubt"
    return "paid" if order.sale.setl_id else "not_sent"


def cash_is_good(order: Order) -> bool:
    """No cash was due, or the cash desk itself said, in the present state, that it is paid; of a cash share the
    platform's cashier collects, its setlType tells."""
    payment, due = order.payment, order.freight_fen
    share_fen = payment.split.cash_fen if payment.split else 0
    if payment.cashier_url and share_fen and payment.setl_type not in ("ALL", "CASH"):
        return False
    due += 0 if payment.cashier_url else share_fen
    if due == 0:
        return True
    return order.cash is not None and order.cash.state == "paid" and order.cash.asked_in == order.payment.ord_stas


def _held(order: Order) -> tuple[int, int, int]:
    split = order.split
    if order.sale:
        held = split is not None and order.end in ("", "manual") and bool(order.sale.setl_id)
        return (split.account_fen, split.fund_fen, split.cash_fen) if split and held else (0, 0, 0)
    cash_fen = (order.cash.held_fen if order.cash else 0) + _at_centre(order)
    if split is None or order.payment.ord_stas not in INSURANCE_HELD:
        return 0, 0, cash_fen
    return split.account_fen, split.fund_fen, cash_fen


def _at_centre(order: Order) -> int:
    split = order.payment.split
    held = order.payment.cashier_url and split is not None and order.payment.ord_stas in CENTRE_HOLDS_CASH
    return split.cash_fen if held and split else 0


def shown(order: Order, belief: Belief) -> str:
    """What the user reads: the state in plain words, nothing that identifies anybody."""
    return SHOWN[belief.state]


def needs_person(order: Order, belief: Belief) -> bool:
    """What a person must decide stands in the list he reads."""
    return belief.state == "manual_review"


def may_ship(order: Order, belief: Belief) -> bool:
    """The goods leave only when every leg is certain and nobody wants the money back (order-life 3)."""
    return belief.state == "paid" or (order.payment.ord_stas == "10" and belief.state == "partly_refunded")
