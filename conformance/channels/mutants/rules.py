"""Rules of the trade that are not kept, and channels that do nothing at all but talk."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import NOTHING_ENDS_WELL, SHIPS_UNPAID, TELLS_NO_TRUTH, TOLD_THE_SAME
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.calling import signed_in
from conformance.channels.reference.orders import Order, Payer
from conformance.channels.reference.outcomes import Outcome
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.walking import go
from schemas.loader import InterfaceSchema

Json = dict[str, Any]


def _ships_in_doubt(parts: Parts) -> Parts:
    return replace(parts, may_ship=lambda order, belief: belief.state in ("paid", "in_doubt", "not_paid"))


def _sells_anything(parts: Parts) -> Parts:
    return replace(parts, admit=lambda order: "")


def _bills_strangers(parts: Parts) -> Parts:
    """Skips 1101: the buyer's number at the e-voucher app will do for a person number."""

    def identify(ctx: Context, order: Order) -> Order:
        if order.sale or order.payer:
            return parts.steps["identify"](ctx, order)
        guess = Payer(
            psn_no=order.user, psn_name="未知", certno="000000000000000000", psn_cert_type="01", psn_type="11",
            insutype="310", insuplc_admdvs="110100",
        )  # fmt: skip
        return go(ctx, replace(order, payer=guess), "upload")

    return replace(parts, steps={**parts.steps, "identify": identify})


def _signs_in_each_time(parts: Parts) -> Parts:
    def again(ctx: Context, org: str) -> str | Outcome:
        ctx.notebook.keep_sign_no(org, "", "")
        return signed_in(ctx, org)

    return replace(parts, signed_in=again)


def _never_signs_in(parts: Parts) -> Parts:
    return replace(parts, signed_in=lambda ctx, org: "")


def _loses_the_queue(parts: Parts) -> Parts:
    return replace(parts, needs_person=lambda order, belief: False)


def _shows_numbers(parts: Parts) -> Parts:
    """Shows the user what staff would like to see: whose order it is, and its token."""

    def shown(order: Order, belief: Belief) -> str:
        whose = f"（{order.payer.psn_name} {order.payer.certno}）" if order.payer else ""
        return f"{parts.shown(order, belief)}{whose}"

    return replace(parts, shown=shown)


def _tells_addresses(parts: Parts) -> Parts:
    """Puts the identity number into the address, where every proxy writes it down."""

    def address(interface: InterfaceSchema, data: Json) -> str:
        return f"{interface.path}?idNo={data['idNo']}" if "idNo" in data else interface.path

    return replace(parts, address=address)


def _idle(parts: Parts) -> Parts:
    """Takes orders and does nothing."""

    def begin(ctx: Context, order: Order) -> Order:
        return ctx.keep(replace(order, step="", due_ms=0))

    return replace(parts, begin=begin)


def _always_paid(parts: Parts) -> Parts:
    """Works soundly and says the same whatever happens: paid."""

    def told(order: Order) -> Belief:
        return replace(
            believe(order), state="paid", account_fen=order.total_fen, fund_fen=0, cash_fen=order.freight_fen
        )

    return replace(parts, believe=told)


SHIPS_IN_DOUBT = Mutant(
    name="ships-in-doubt",
    zh="未确认付款就发货",
    en="lets goods leave before the payment is certain",
    change=_ships_in_doubt,
    must_break=frozenset({"order/goods/goods-leave-only-paid", "order/goods/handed-over-only-paid"}),
    may_break=SHIPS_UNPAID
    | {
        "family/aid/quote-lets-no-goods-out",
        "amount/legs/half-paid-goods-stay",
        "cashier/page/goods-wait-for-the-payment",
        "trace/report/tied-to-the-settlement",
    },
)
SELLS_ANYTHING = Mutant(
    name="sells-anything",
    zh="处方药和禁止网售的药品照样上传",
    en="sends prescription and barred medicines all the same",
    change=_sells_anything,
    must_break=frozenset({"order/goods/barred-goods-stay-out"}),
)
BILLS_STRANGERS = Mutant(
    name="bills-strangers",
    zh="不查1101就上传费用",
    en="uploads fees for a person it never asked about",
    change=_bills_strangers,
    must_break=frozenset({"order/steps/identify-before-billing"}),
    may_break=(NOTHING_ENDS_WELL | {"person/identity/asked-for-each-order"})
    | frozenset({"wire/tolerance/extra-field-is-passed-over"}),
)
SIGNS_IN_EACH_TIME = Mutant(
    name="signs-in-each-time",
    zh="每次调用前都签到",
    en="signs in before every call",
    change=_signs_in_each_time,
    must_break=frozenset({"session/sign_in/sign-in-once-a-day"}),
)
NEVER_SIGNS_IN = Mutant(
    name="never-signs-in",
    zh="从不签到",
    en="never signs in",
    change=_never_signs_in,
    must_break=frozenset({"session/sign_in/signed-in-before-business"}),
    may_break=NOTHING_ENDS_WELL
    | {"session/renewal/each-day-signs-in-anew", "session/renewal/ended-sign-in-is-renewed", "day/cut/signs-in-anew"},
)
LOSES_THE_QUEUE = Mutant(
    name="loses-the-queue",
    zh="转人工的订单不在清单中",
    en="puts orders before a person and lists none of them",
    change=_loses_the_queue,
    must_break=frozenset({"belief/ledger/review-is-listed"}),
)
SHOWS_NUMBERS = Mutant(
    name="shows-numbers",
    zh="界面上显示证件号",
    en="shows the identity number to users",
    change=_shows_numbers,
    must_break=frozenset({"privacy/secrets/nothing-shown"}),
)
TELLS_ADDRESSES = Mutant(
    name="tells-addresses",
    zh="证件号写入请求地址",
    en="puts the identity number into the address of a request",
    change=_tells_addresses,
    must_break=frozenset({"privacy/secrets/nothing-in-addresses"}),
)
IDLE = Mutant(
    name="idle",
    zh="接单后什么也不做",
    en="takes orders and does nothing",
    change=_idle,
    must_break=NOTHING_ENDS_WELL,
)
ALWAYS_PAID = Mutant(
    name="always-paid",
    zh="无论如何都说已支付",
    en="says paid whatever happens",
    change=_always_paid,
    must_break=frozenset(
        {
            "belief/ledger/never-wrong",
            "belief/ledger/tells-twins-apart",
            "belief/ledger/refused-is-not-paid",
            "belief/ledger/right-amounts",
            "refund/refund/refund-ends-refunded",
        }
    ),
    may_break=(
        frozenset(
            {
                *TOLD_THE_SAME,
                "reconciliation/books/lost-cancellation-is-learned",
                "reconciliation/books/lost-sale-is-found",
                "load/rush/each-order-its-own-truth",
                "notice/inbox/duplicate-counts-once",
                "notice/inbox/forgery-is-not-believed",
                "notice/inbox/old-notice-overwrites-nothing",
                "order/goods/goods-leave-only-paid",
                "order/goods/handed-over-only-paid",
                "shop/refusal/ends-refunded",
                "trace/report/tied-to-the-settlement",
                "refund/refund/abnormal-end-is-reviewed",
                "refund/refund/not-refunded-before-heard",
                "unknown/order/in-doubt-while-unanswered",
                "unknown/order/never-gives-up-silently",
                "unknown/order/platform-in-doubt-is-in-doubt",
                "wire/answers/changed-amounts-are-frozen",
                "wire/answers/other-orders-answer-is-no-answer",
            }
        )
        | SHIPS_UNPAID
        | TELLS_NO_TRUTH
    )
    | frozenset(
        {
            "belief/stranded/stranded-cash-goes-to-a-person",
            "reconciliation/damaged/damaged-statement-changes-no-belief",
            "unknown/replay/old-answer-is-not-believed",
        }
    ),
)
