"""The channel as its shop sees it: one method per business task, all of them synchronous.

It owns no server and no thread. ``receive`` is its inbox, ``run_jobs`` its timer, ``clock`` its only idea of time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from conformance.channels.reference import dispensing, goods, shelf
from conformance.channels.reference.beliefs import SHOWN
from conformance.channels.reference.books import Tally
from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.counter import first_step
from conformance.channels.reference.notebook import Notebook
from conformance.channels.reference.orders import (
    COUNTER,
    ONLINE,
    OVER,
    TO_REFUND,
    TO_WITHDRAW,
    CashRefund,
    Line,
    Order,
    Sale,
)
from conformance.channels.reference.outcomes import Answered, Outcome, Refused
from conformance.channels.reference.packs import Pack, Taken
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.prescription import Rx
from conformance.channels.reference.settings import MINUTE_MS, Rotation, Settings
from conformance.channels.reference.sound import SOUND
from conformance.channels.reference.unknown import UNDO_BY
from conformance.channels.reference.walking import finish, go, walk
from simulator.wire.transport import Transport

DAY_MS = 24 * 60 * MINUTE_MS


class Declined(Exception):
    """The channel's own rule says no; nothing was sent. Worded for people."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class UnknownOrder(LookupError):
    """No shop order of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """A shop order as the storefront hands it over; amounts in fen. The channel prices the lines itself."""

    order: str
    org: str
    lines: tuple[Line, ...]
    user: str = ""
    acct_used_flag: str = "1"
    delivery_fen: int = 0
    packing_fen: int = 0
    rx: Rx | None = None
    """The prescription the buyer authorised us to fill."""
    coupon_fen: int = 0
    """Of the shop, for the medicines of the whole order."""


class Channel:
    """The reference channel. Cheap to build; everything it knows is in its notebook."""

    def __init__(
        self,
        settings: Settings,
        transport: Transport,
        notebook: Notebook,
        clock: Callable[[], int],
        parts: Parts = SOUND,
    ) -> None:
        self.context = Context(settings, parts, notebook, transport, clock)

    def place_order(self, basket: Basket) -> Order:
        """Take an online order as far as it goes: to the buyer's consent, to his confirmation, or to a refusal.

        The same order once more is the same order: only one that ended unpaid is begun anew.

        Raises:
            Declined: the basket may not be sold this way.
        """
        standing = self.context.notebook.order(basket.order)
        if standing and self.context.parts.stands(standing):
            return self._walk_now(standing) if standing.step == "consent" else standing
        order = self._fresh(basket, ONLINE, standing)
        why = self.context.parts.admit(order)
        if why:
            raise Declined(why, f"not sold online on insurance money: {why}")
        order, step = self._sellable(order), "rx_fetch" if order.rx else "consent"
        return self.context.parts.begin(self.context, replace(order, step=step, due_ms=order.created_ms))

    def review(self, order_id: str, *, passed: bool, opinion: str, qr: str, **pharmacist: str) -> Order:
        """The pharmacist has looked at the prescription; ``pharmacist``: name, cert_type, certno, code.

        Raises:
            Declined: there is nothing to review, or the pharmacist's code could not be read.
        """
        order = self._known(order_id)
        if order.rx is None or not order.rx.rx_sign_verify_sn or order.rx.rx_chk_biz_sn or order.end:
            raise Declined("没有待审核的处方", "there is no prescription to review")
        who = dispensing.scan(self.context, order, qr=qr, **pharmacist)
        if isinstance(who, str):
            raise Declined(f"药师扫码失败：{who}", f"the pharmacist's code could not be read: {who}")
        rx = replace(order.rx, pharmacist=who, passed=passed, opinion=opinion)
        return self._walk(replace(order, rx=rx), "rx_review")

    def deliver(self, order_id: str, delv_stas_codg: str) -> Order:
        """The courier is one step further; ``delv_stas_codg`` as 7209 has it.

        Raises:
            Declined: there is no prescription medicine on its way.
        """
        order, rx = self._dispensed(order_id)
        rx = replace(rx, delv_no=rx.delv_no or self.context.serial("L"), delv_stas_codg=delv_stas_codg)
        return self._walk(replace(order, rx=rx), "rx_deliver")

    def receive_goods(self, order_id: str) -> Order:
        """The buyer has the goods.

        Raises:
            Declined: there is no prescription medicine on its way.
        """
        return self._walk(self._dispensed(order_id)[0], "rx_receive")

    def _dispensed(self, order_id: str) -> tuple[Order, Rx]:
        order = self._known(order_id)
        if order.rx is None or not order.rx.sel_stoout_sn:
            raise Declined("没有已出库的处方药", "no prescription medicine was dispensed for it")
        return order, order.rx

    def counter_sale(self, basket: Basket, certificate: Sale) -> Order:
        """Sell at the counter: 1101, 2101, 2102."""
        standing = self.context.notebook.order(basket.order)
        if standing and self.context.parts.stands(standing):
            return standing
        order = self._sellable(self._fresh(basket, COUNTER, standing))
        return self.context.parts.begin(
            self.context, replace(order, sale=certificate, step=first_step(certificate), due_ms=order.created_ms)
        )

    def check(self, order_id: str) -> Order:
        """Ask the platform now; also lifts an order a person was given only because nobody answered."""
        order = self._known(order_id)
        if order.step:
            return self._walk_now(order)
        if order.frozen or order.rail == COUNTER or not order.payment.pay_ord_id:
            return order
        return self._walk(replace(order, end="" if order.end == "manual" else order.end), "ask")

    def cancel(self, order_id: str) -> Order:
        """The buyer changed his mind: withdrawn if unpaid, refunded whole if paid, by what the platform says."""
        return self._undo(self._known(order_id), TO_WITHDRAW)

    def refund(self, order_id: str) -> Order:
        """The goods cannot come: all money back, insurance and cash and freight."""
        return self._undo(self._known(order_id), TO_REFUND)

    def refund_delivery(self, order_id: str, fen: int) -> Order:
        """Give back delivery money alone: the cash desk's business, never a 6203.

        Raises:
            Declined: not paid, or more than is left of it.
        """
        order = self._known(order_id)
        cash = order.cash
        if cash is None or self.context.parts.believe(order).state != "paid":
            raise Declined("订单未确认已支付，不能退配送费", "the order is not known to be paid")
        if not 0 < fen <= cash.freight_fen - cash.freight_back_fen:
            raise Declined("超过可退的配送费", "more than is left of the delivery money")
        wanted = CashRefund(refund_no=self.context.serial("D"), part="freight", fen=fen)
        return self._walk(replace(order, cash=replace(cash, refunds=(*cash.refunds, wanted))), "hand_back")

    def ship(self, order_id: str) -> Order:
        """May the goods leave?

        Raises:
            Declined: not as long as the payment is not certain.
        """
        order = self._known(order_id)
        belief = self.context.parts.believe(order)
        if not self.context.parts.may_ship(order, belief):
            raise Declined(f"当前状态（{SHOWN[belief.state]}）不可发货", f"not while the order is {belief.state}")
        if order.rx and not order.rx.sel_stoout_sn:
            order = self._walk(order, "rx_dispense")
            if order.rx is None or not order.rx.sel_stoout_sn:
                raise Declined("处方药出库尚未上报成功，不可发货", "not before its dispensing is reported (7207)")
        return order

    def dispense(self, order_id: str, scanned: tuple[Pack, ...]) -> Order | Outcome:
        """Hand the scanned goods over, once the platform has them as sold; an outcome when nobody knows whether it has.

        Raises:
            Declined: they may not leave, or not as they are.
        """
        order = self._known(order_id)
        return self._handled(order, goods.dispense(self.context, order, scanned))

    def take_back(self, order_id: str, *, received: bool, delivered: bool) -> Order | Outcome:
        """Goods come back to the shop; ``delivered``: they were in the buyer's hands.

        Raises:
            Declined: they are not here yet, or the platform would not have it.
        """
        order = self._known(order_id)
        return self._handled(order, goods.take_back(self.context, order, received=received, delivered=delivered))

    def refuse_by_shop(self, order_id: str) -> Order:
        """The shop will not supply: all money back, and nothing of it leaves any more."""
        return self._stop_supply(order_id, "refused")

    def out_of_stock(self, order_id: str) -> Order:
        """Some of it is not there: the whole order goes back (order-life 6); what remains is a new order."""
        return self._stop_supply(order_id, "short")

    def receive_stock(self, org: str, rows: list[dict[str, Any]], corrects: tuple[str, ...]) -> Taken | Outcome:
        """Goods came in: report them, batch by batch."""
        return shelf.receive(self.context, org, rows, corrects)

    def map_drug(self, org: str, wanted: dict[str, Any]) -> Outcome:
        """Tell the platform what the shop calls a catalogue drug."""
        return shelf.map_drug(self.context, org, wanted)

    def counter_cancel(self, order_id: str) -> Order:
        """Take a counter sale back: 2103 when its settlement is known, 2601 when its answer was lost."""
        return self._undo(self._known(order_id), TO_WITHDRAW)

    def sign_in(self, org: str) -> str | Outcome:
        """Today's sign-in number at a pharmacy, signing in if need be; or how that went wrong."""
        return self.context.parts.signed_in(self.context, org)

    def take_keys(self, rotation: Rotation) -> None:
        """Keys change: what was changed before is settled, the rest holds as announced."""
        known = self.context.parts.keys(self.context.settings, self.context.now_ms())[0]
        self.context = replace(self.context, settings=replace(known, rotation=rotation))

    def reconcile(self, org: str, day: str) -> Tally | Outcome:
        """Compare a day of the platform (``yyyy-MM-dd``) at a pharmacy with our own books, and act on what differs."""
        self.context.parts.heed(self.context)
        return self.context.parts.reconcile(self.context, org, day)

    def reconcile_yesterday(self) -> int:
        """The nightly job: yesterday, at every pharmacy we ever sold for. Returns how many were compared."""
        yesterday = datetime19(self.context.now_ms() - DAY_MS)[:10]
        orgs = sorted({order.org for order in self.context.notebook.orders()})
        return sum(isinstance(self.reconcile(org, yesterday), Tally) for org in orgs)

    def receive(self, raw: bytes) -> bytes:
        """The inbox: a raw notice in, the raw answer out."""
        return self.context.parts.take_notice(self.context, raw)

    def run_jobs(self) -> int:
        """Work off stored notices, then every order whose time has come. Returns how many were looked at."""
        ran = self.context.parts.heed(self.context)
        for order_id in self.context.notebook.due(self.context.now_ms()):
            walk(self.context, self._known(order_id))
            ran += 1
        return ran

    def next_due_ms(self) -> int | None:
        """When ``run_jobs`` has something to do; None when nothing is left."""
        self.context.parts.heed(self.context)
        return self.context.notebook.next_due_ms()

    def believe(self, order_id: str) -> dict[str, Any]:
        """What the channel believes about an order, in the words of the driver contract."""
        return self._told(self._known(order_id))

    def listing(self) -> dict[str, Any]:
        """All orders, and those that wait for a person with the reason why."""
        self.context.parts.heed(self.context)
        orders, parts = self.context.notebook.orders(), self.context.parts
        return {
            "orders": [self._told(order) for order in orders],
            "manual_review": [
                {"order": order.order, "why": order.why}
                for order in orders
                if parts.needs_person(order, parts.believe(order))
            ],
        }

    def _told(self, order: Order) -> dict[str, Any]:
        belief = self.context.parts.believe(order)
        told = {
            "order": order.order, "state": belief.state, "account_fen": belief.account_fen,
            "fund_fen": belief.fund_fen, "cash_fen": belief.cash_fen, "total_fen": order.total_fen,
            "delivery_fen": order.freight_fen, "may_ship": self.context.parts.may_ship(order, belief),
            "shown_zh": self.context.parts.shown(order, belief), "pay_ord_ids": list(_pay_ord_ids(order)),
            "attempts": len(order.earlier) + bool(order.payment.med_org_ord or order.sale),
        }  # fmt: skip
        setl_id = order.sale.setl_id if order.sale else order.payment.setl_id
        return told | ({"setl_id": setl_id} if setl_id else {})

    def _known(self, order_id: str) -> Order:
        """The order, with every notice that came meanwhile taken to heart."""
        self.context.parts.heed(self.context)
        order = self.context.notebook.order(order_id)
        if order is None:
            raise UnknownOrder(order_id)
        return order

    def _fresh(self, basket: Basket, rail: str, standing: Order | None) -> Order:
        priced = self.context.parts.line_fen
        listed = tuple(replace(line, fen=priced(line.cnt, line.pric)) for line in basket.lines)
        lines = self.context.parts.spread(listed, basket.coupon_fen)
        earlier = _pay_ord_ids(standing) if standing else ()
        return Order(
            order=basket.order, rail=rail, org=basket.org, lines=lines, total_fen=sum(line.fen for line in lines),
            created_ms=self.context.now_ms(), user=basket.user, acct_used_flag=basket.acct_used_flag,
            delivery_fen=basket.delivery_fen, packing_fen=basket.packing_fen, coupon_fen=basket.coupon_fen,
            earlier=earlier, rx=basket.rx,
        )  # fmt: skip

    def _handled(self, order: Order, outcome: Outcome) -> Order | Outcome:
        if isinstance(outcome, Refused):
            raise Declined(outcome.why, f"the goods may not move: {outcome.why}")
        return order if isinstance(outcome, Answered) else outcome

    def _stop_supply(self, order_id: str, said: str) -> Order:
        order = self._known(order_id)
        return self._undo(self.context.keep(replace(order, shop=said)), TO_REFUND)

    def _sellable(self, order: Order) -> Order:
        """The basket keeps every rule of goods.

        Raises:
            Declined: it does not; nothing was sent.
        """
        for rule in self.context.parts.goods.basket.values():
            if why := rule(self.context, order):
                raise Declined(why, f"this basket may not be sold: {why}")
        return order

    def _undo(self, order: Order, wish: str) -> Order:
        if order.frozen or (order.rail == COUNTER and order.end == "manual"):
            raise Declined("订单已转人工处理，不能自动退款或取消", "a person must decide about this order")
        if order.end in OVER or order.end == "refunded":
            return order
        if order.rail == COUNTER:
            return self._undo_sale(order)
        if not order.payment.pay_ord_id and not order.pending:
            return finish(self.context, order, "cancelled", "提交前取消")
        order = replace(order, wish=TO_REFUND if TO_REFUND in (wish, order.wish) else wish, end="")
        return self._walk(order, "ask" if order.payment.pay_ord_id else "upload")

    def _undo_sale(self, order: Order) -> Order:
        assert order.sale is not None
        if not order.sale.setl_id and order.pending != "2102":
            return order
        return self._walk(order, UNDO_BY[self.context.parts.choose_undo(order)])

    def _walk(self, order: Order, step: str) -> Order:
        return walk(self.context, go(self.context, order, step))

    def _walk_now(self, order: Order) -> Order:
        return walk(self.context, self.context.keep(replace(order, due_ms=self.context.now_ms())))


def _pay_ord_ids(order: Order) -> tuple[str, ...]:
    return (*order.earlier, order.payment.pay_ord_id) if order.payment.pay_ord_id else order.earlier
