"""The cash desk (house): a third party that collects the buyer's cash share and keeps a book of its own.

It knows nothing of insurance: it takes the amounts the channel names. Delivery and packing ride in the same payment as
``freight_fen`` and never touch a 62xx amount. All amounts are integer fen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from simulator.domain.order_record import Order
from simulator.domain.order_steps import PRESETTLED, SETTLING
from simulator.domain.ports import Unit
from simulator.domain.records import Channel
from simulator.domain.refused import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class CashRefund:
    """One refund of a cash order; ``part`` is ``cash`` or ``freight``."""

    refund_no: str
    part: str
    fen: int
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CashOrder:
    """A cash payment the channel opened for a buyer; ``state``: open, paid, closed."""

    KEY: ClassVar[str] = "cash_key"
    INDEXES: ClassVar[tuple[str, ...]] = ("pay_ord_id",)

    cash_key: str
    """``appId/outTradeNo``."""
    out_trade_no: str
    app_id: str
    pay_ord_id: str
    cash_fen: int
    freight_fen: int
    opened_ms: int
    state: str = "open"
    paid_ms: int = 0
    refunds: tuple[CashRefund, ...] = ()

    def returned(self, part: str) -> int:
        """Fen already given back of one part."""
        return sum(refund.fen for refund in self.refunds if refund.part == part)


def show(order: CashOrder) -> dict[str, Any]:
    """The cash order as the desk answers it."""
    return {
        "outTradeNo": order.out_trade_no, "payOrdId": order.pay_ord_id, "state": order.state,
        "cashFen": order.cash_fen, "freightFen": order.freight_fen,
        "cashRefundedFen": order.returned("cash"), "freightRefundedFen": order.returned("freight"),
    }  # fmt: skip


def _text(body: Mapping[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise Refusal("cash_field", field)
    return value


def _fen(body: Mapping[str, Any], field: str) -> int:
    value = body.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**11:
        raise Refusal("cash_field", field)
    return value


def _known(unit: Unit, channel: Channel, body: Mapping[str, Any]) -> CashOrder:
    order = unit.get(CashOrder, f"{channel.app_id}/{_text(body, 'outTradeNo')}")
    if order is None:
        raise Refusal("cash_unknown", "outTradeNo")
    return order


def open_order(unit: Unit, channel: Channel, body: Mapping[str, Any]) -> dict[str, Any]:
    """Open a payment: ``outTradeNo, payOrdId, cashFen, freightFen``. The same once more is answered the same.

    Raises:
        Refusal: ``cash_field``, ``cash_trade_no_used``, ``cash_nothing``, ``cash_by_centre``.
    """
    number = _text(body, "outTradeNo")
    order = CashOrder(
        cash_key=f"{channel.app_id}/{number}", out_trade_no=number, app_id=channel.app_id,
        pay_ord_id=_text(body, "payOrdId"), cash_fen=_fen(body, "cashFen"), freight_fen=_fen(body, "freightFen"),
        opened_ms=unit.now_ms,
    )  # fmt: skip
    if order.cash_fen + order.freight_fen == 0:
        raise Refusal("cash_nothing", "cashFen")
    if order.cash_fen and by_centre(unit):
        raise Refusal("cash_by_centre", "cashFen")
    standing = unit.get(CashOrder, order.cash_key)
    if standing:
        same = (standing.pay_ord_id, standing.cash_fen, standing.freight_fen)
        if same != (order.pay_ord_id, order.cash_fen, order.freight_fen):
            raise Refusal("cash_trade_no_used", "outTradeNo")
        return show(standing)
    unit.put(order)
    return show(_asked_to_pay(unit, order))


def _asked_to_pay(unit: Unit, order: CashOrder) -> CashOrder:
    """The simulated buyer (switch ``confirm`` = auto) pays: with the confirmation still ahead, or at once after it."""
    paid_for = unit.get(Order, order.pay_ord_id)
    if unit.switches.confirm != "auto" or paid_for is None:
        return order
    if paid_for.ord_stas in (PRESETTLED, SETTLING):
        unit.put(replace(paid_for, auto_ms=unit.now_ms))
        return order
    return collect(unit, order) if paid_for.paid_ms else order


def query(unit: Unit, channel: Channel, body: Mapping[str, Any]) -> dict[str, Any]:
    """State and refunds of ``outTradeNo``."""
    return show(_known(unit, channel, body))


def refund(unit: Unit, channel: Channel, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give back ``fen`` of ``part`` under ``refundNo``; the same once more changes nothing.

    Raises:
        Refusal: ``cash_field``, ``cash_unknown``, ``cash_not_paid``, ``cash_too_much``, ``cash_refund_no_used``,
            ``cash_desk_down``.
    """
    order = _known(unit, channel, body)
    part, fen, number = _text(body, "part"), _fen(body, "fen"), _text(body, "refundNo")
    if part not in ("cash", "freight") or fen == 0:
        raise Refusal("cash_field", "part" if fen else "fen")
    for done in order.refunds:
        if done.refund_no == number:
            if (done.part, done.fen) != (part, fen):
                raise Refusal("cash_refund_no_used", "refundNo")
            return show(order)
    if order.state != "paid":
        raise Refusal("cash_not_paid", "outTradeNo", state=order.state)
    if order.returned(part) + fen > (order.cash_fen if part == "cash" else order.freight_fen):
        raise Refusal("cash_too_much", "fen")
    if unit.trouble("cash", "refund", out_trade_no=order.out_trade_no):
        raise Refusal("cash_desk_down", "outTradeNo")
    order = given_back(order, number, part, fen, unit.now_ms)
    unit.put(order)
    return show(order)


def given_back(order: CashOrder, refund_no: str, part: str, fen: int, at_ms: int) -> CashOrder:
    """The order with one more refund in its book."""
    return replace(order, refunds=(*order.refunds, CashRefund(refund_no=refund_no, part=part, fen=fen, at_ms=at_ms)))


def waiting(unit: Unit, pay_ord_id: str) -> CashOrder | None:
    """The payment the buyer would make now, if the channel opened one."""
    return next((order for order in unit.find(CashOrder, "pay_ord_id", pay_ord_id) if order.state == "open"), None)


def collect(unit: Unit, order: CashOrder) -> CashOrder:
    """The buyer pays."""
    order = replace(order, state="paid", paid_ms=unit.now_ms)
    unit.put(order)
    return order


def by_centre(unit: Unit) -> bool:
    """Whether the centre collects the cash share itself, and so gives it back itself (switch ``cash_by``)."""
    chosen = unit.switches.cash_by
    return chosen == "centre" or (chosen == "mode" and unit.switches.mode == "cashier")


def ready(unit: Unit, pay_ord_id: str, cash_fen: int) -> bool:
    """Whether the cash share can be paid now: there is none, the centre asks for it, or the channel does."""
    return not cash_fen or by_centre(unit) or waiting(unit, pay_ord_id) is not None


def asked(unit: Unit, pay_ord_id: str, cash_fen: int) -> bool:
    """Whether the buyer is asked for any money now: a cash share of the centre's, or a payment the channel opened."""
    return bool(cash_fen and by_centre(unit)) or waiting(unit, pay_ord_id) is not None


def take(unit: Unit, order: Order, cash_fen: int) -> None:
    """The buyer pays what he is asked for: to the centre its cash share, to the channel what it opened."""
    opened = waiting(unit, order.pay_ord_id)
    if opened:
        collect(unit, opened)
    if cash_fen and by_centre(unit):
        unit.put(
            CashOrder(
                cash_key=_centre_key(order.pay_ord_id), out_trade_no=order.pay_ord_id, app_id="",
                pay_ord_id=order.pay_ord_id, cash_fen=cash_fen, freight_fen=0, opened_ms=unit.now_ms, state="paid",
                paid_ms=unit.now_ms,
            )
        )  # fmt: skip


def give_back_at_centre(unit: Unit, pay_ord_id: str, fen: int, refund_no: str) -> None:
    """CASH−: of a cash share the centre collected; of one the channel collected, the channel must see to it itself."""
    order = unit.get(CashOrder, _centre_key(pay_ord_id))
    if order and fen:
        unit.put(given_back(order, refund_no, "cash", fen, unit.now_ms))


def return_all(unit: Unit, pay_ord_id: str) -> None:
    """L13: everything taken in the payments of an order goes back, freight too."""
    for order in unit.find(CashOrder, "pay_ord_id", pay_ord_id):
        if order.state == "paid":
            for part, fen in (("cash", order.cash_fen), ("freight", order.freight_fen)):
                if fen:
                    order = given_back(order, f"centre-{part}", part, fen, unit.now_ms)
            unit.put(order)


def _centre_key(pay_ord_id: str) -> str:
    """No channel's key: those begin with an appId."""
    return f"centre/{pay_ord_id}"


DESK: Mapping[str, Callable[[Unit, Channel, dict[str, Any]], dict[str, Any]]] = {
    "open": open_order, "query": query, "refund": refund,
}  # fmt: skip
"""What a channel may ask of the desk, by the last part of the path."""
