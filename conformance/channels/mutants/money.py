"""Wrong amounts: rounded wrongly, put where they do not belong, not given back."""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

from conformance.channels.mutants.collateral import REFUNDS_FAIL, REFUNDS_STOP_SHORT
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing
from conformance.channels.reference.calling import sealed
from conformance.channels.reference.orders import CashRefund, Order
from conformance.channels.reference.outcomes import Answered
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import rest
from schemas.amount import to_text
from schemas.loader import interface
from simulator.wire.timestamps import digits14

Json = dict[str, Any]


def _rounding(how: str) -> Callable[[Parts], Parts]:
    def line_fen(cnt: str, pric: str) -> int:
        return int((Decimal(cnt) * Decimal(pric) * 100).quantize(Decimal(1), rounding=how))

    return lambda parts: replace(parts, line_fen=line_fen)


def _rounds_the_sum(parts: Parts) -> Parts:
    """Adds up unrounded lines and rounds once: the total is not the sum of what the lines say."""

    def upload(settings: Settings, order: Order, now_ms: int) -> Json:
        exact = sum((Decimal(line.cnt) * Decimal(line.pric) for line in order.lines), Decimal(0))
        return {
            **composing.upload(settings, order, now_ms),
            "medfeeSumamt": str(exact.quantize(Decimal("0.01"), ROUND_DOWN)),
        }

    return replace(parts, compose={**parts.compose, "6201": upload})


def _charges_the_total(parts: Parts) -> Parts:
    return replace(parts, to_collect=lambda order: (order.total_fen, order.freight_fen))


def _freight_is_cash_share(parts: Parts) -> Parts:
    def to_collect(order: Order) -> tuple[int, int]:
        cash_fen, freight_fen = parts.to_collect(order)
        return cash_fen + freight_fen, 0

    return replace(parts, to_collect=to_collect)


def _bills_delivery(parts: Parts) -> Parts:
    def upload(settings: Settings, order: Order, now_ms: int) -> Json:
        whole = to_text(order.total_fen + order.freight_fen)
        return {**composing.upload(settings, order, now_ms), "medfeeSumamt": whole}

    return replace(parts, compose={**parts.compose, "6201": upload})


def _keeps_cash(parts: Parts) -> Parts:
    """Declares the cash share as returned in 6203 and leaves it where it is."""
    return replace(parts, steps={**parts.steps, "give_back": rest})


def _keeps_freight(parts: Parts) -> Parts:
    """Gives the cash share back and forgets delivery and packing."""

    def give_back(ctx: Context, order: Order) -> Order:
        cash = order.cash
        if cash is None or cash.cash_fen == cash.cash_back_fen:
            return rest(ctx, order)
        wanted = CashRefund(refund_no=ctx.serial("D"), part="cash", fen=cash.cash_fen - cash.cash_back_fen)
        order = replace(order, cash=replace(cash, refunds=(wanted,)))
        return ctx.keep(replace(order, step="hand_back", due_ms=ctx.now_ms()))

    return replace(parts, steps={**parts.steps, "give_back": give_back})


def _refunds_to_account(parts: Parts) -> Parts:
    """Sends the whole price back to the account, whoever paid it."""

    def refund(settings: Settings, order: Order, now_ms: int) -> Json:
        said = composing.refund(settings, order, now_ms)
        return {**said, "psnAcctRefdAmt": said["totlRefdAmt"], "cashRefdAmt": "0.00", "fundRefdAmt": "0.00"}

    return replace(parts, compose={**parts.compose, "6203": refund})


def _refunds_delivery_at_centre(parts: Parts) -> Parts:
    """Wants delivery money back from the pay centre, which never had it."""

    def hand_back(ctx: Context, order: Order) -> Order:
        assert order.cash is not None
        wanted = next((one for one in order.cash.refunds if not one.done), None)
        if wanted is None or wanted.part != "freight" or order.wish:
            return parts.steps["hand_back"](ctx, order)
        outcome = sealed(ctx, interface("6203"), _cash_only(ctx, order, wanted))
        back_fen = order.cash.freight_back_fen + (wanted.fen if isinstance(outcome, Answered) else 0)
        done = tuple(replace(one, done=True) for one in order.cash.refunds)
        return rest(ctx, replace(order, cash=replace(order.cash, refunds=done, freight_back_fen=back_fen)))

    return replace(parts, steps={**parts.steps, "hand_back": hand_back})


def _cash_only(ctx: Context, order: Order, wanted: CashRefund) -> Json:
    return {
        "payOrdId": order.payment.pay_ord_id, "appRefdSn": wanted.refund_no, "appRefdTime": digits14(ctx.now_ms()),
        "totlRefdAmt": to_text(wanted.fen), "psnAcctRefdAmt": "0.00", "fundRefdAmt": "0.00",
        "cashRefdAmt": to_text(wanted.fen), "refdType": "CASH", "payAuthNo": order.payment.pay_auth_no,
    }  # fmt: skip


ROUNDS_HALF_EVEN = Mutant(
    name="rounds-half-even",
    zh="半分按“四舍六入五成双”取舍",
    en="rounds half a fen to the even side",
    change=_rounding(ROUND_HALF_EVEN),
    must_break=frozenset({"amount/bill/line-rounding", "amount/bill/price-known-to-the-fen"}),
    may_break=frozenset({"counter/sale/sale-ends-paid", "order/steps/good-day-ends-paid"}),
)
CUTS_FEN_OFF = Mutant(
    name="cuts-fen-off",
    zh="不足一分直接舍去",
    en="cuts off what is less than a fen",
    change=_rounding(ROUND_DOWN),
    must_break=frozenset({"amount/bill/line-rounding", "amount/bill/price-known-to-the-fen"}),
    may_break=frozenset({"counter/sale/sale-ends-paid", "order/steps/good-day-ends-paid"}),
)
ROUNDS_THE_SUM = Mutant(
    name="rounds-the-sum",
    zh="先合计后取舍，合计不等于各行之和",
    en="rounds the sum instead of the lines",
    change=_rounds_the_sum,
    must_break=frozenset({"amount/bill/total-is-sum-of-lines"}),
    may_break=frozenset({"order/steps/good-day-ends-paid"}),
)
CHARGES_THE_TOTAL = Mutant(
    name="charges-the-total",
    zh="现金收取全部药费而不是自费部分",
    en="collects the whole price in cash instead of the cash share",
    change=_charges_the_total,
    must_break=frozenset({"amount/cash/collect-the-cash-share"}),
    may_break=frozenset(
        {
            "city/edition/delivery-alone-is-collected",
            "amount/coupon/leaves-cash-and-delivery-alone",
            "cashier/page/centre-collects-the-cash-share",
            "order/cap/new-order-new-split",
            "cashier/page/ends-paid",
        }
    ),
)
FREIGHT_IS_CASH_SHARE = Mutant(
    name="freight-is-cash-share",
    zh="配送费并入自费药费收取",
    en="collects delivery as part of the cash share",
    change=_freight_is_cash_share,
    must_break=frozenset({"amount/cash/collect-the-cash-share", "city/edition/delivery-alone-is-collected"}),
    may_break=frozenset(
        {
            "refund/refund/delivery-goes-back-at-the-desk",
            "amount/coupon/leaves-cash-and-delivery-alone",
            "cashier/page/centre-collects-the-cash-share",
            "order/cap/new-order-new-split",
            "cashier/page/ends-paid",
        }
    ),
)
BILLS_DELIVERY = Mutant(
    name="bills-delivery",
    zh="配送费计入医疗费总额",
    en="puts delivery into the medical total of 6201",
    change=_bills_delivery,
    must_break=frozenset({"amount/bill/medicines-only"}),
    may_break=frozenset(
        {
            "amount/bill/total-is-sum-of-lines",
            "order/steps/good-day-ends-paid",
            "keys/rotation/new-platform-key-is-taken",
            "wire/dialects/either-case-is-read",
            "amount/coupon/cuts-line-by-line",
            "amount/coupon/cuts-what-is-billed",
            "cashier/page/ends-paid",
        }
    ),
)
KEEPS_CASH = Mutant(
    name="keeps-cash",
    zh="声明已退自费，却没有在收银台退款",
    en="declares the cash as returned and returns nothing",
    change=_keeps_cash,
    must_break=frozenset({"refund/refund/declared-cash-is-returned", "refund/refund/everything-comes-back"}),
    may_break=REFUNDS_STOP_SHORT | {"belief/ledger/never-left-in-doubt", "shop/refusal/everything-comes-back"},
)
KEEPS_FREIGHT = Mutant(
    name="keeps-freight",
    zh="缺货退款时不退配送费和包装费",
    en="forgets delivery and packing when everything must go back",
    change=_keeps_freight,
    must_break=frozenset({"refund/refund/everything-comes-back", "shop/refusal/everything-comes-back"}),
    may_break=REFUNDS_STOP_SHORT | {"belief/ledger/never-left-in-doubt"},
)
REFUNDS_TO_ACCOUNT = Mutant(
    name="refunds-to-account",
    zh="全部退入个人账户，不按原路",
    en="sends the whole price back to the account, whoever paid it",
    change=_refunds_to_account,
    must_break=frozenset({"refund/refund/original-amounts"}),
    may_break=REFUNDS_FAIL,
)
REFUNDS_DELIVERY_AT_CENTRE = Mutant(
    name="refunds-delivery-at-centre",
    zh="用6203退配送费",
    en="refunds delivery with 6203",
    change=_refunds_delivery_at_centre,
    must_break=frozenset({"refund/refund/delivery-goes-back-at-the-desk"}),
)
