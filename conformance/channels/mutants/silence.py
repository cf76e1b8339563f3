"""What people do wrong when an answer does not come."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import CRASH_LOSES_REFUNDS, LOSS_IS_FINAL, NOT_FOUND_OUT, SHIPS_UNPAID
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.orders import Order, Split
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import after_silence, go, next_wait_ms

Json = dict[str, Any]
UNHEARD = ("6201", "6202")


def _new_number(parts: Parts) -> Parts:
    return replace(parts, med_org_ord=lambda order, fresh: fresh)


def _repeat_unasked(parts: Parts) -> Parts:
    return replace(parts, after_silence=lambda order, code: "place" if code == "6202" else after_silence(order, code))


def _refund_unasked(parts: Parts) -> Parts:
    """6202 got no answer: better give the money back, whatever there is of it."""

    def guess(settings: Settings, order: Order, now_ms: int) -> Json:
        whole = order.payment.split or Split(
            total_fen=order.total_fen, cash_fen=0, account_fen=order.total_fen, fund_fen=0
        )
        return composing.refund(settings, order.paying(split=whole), now_ms)

    return replace(
        parts,
        after_silence=lambda order, code: "refund" if code == "6202" else after_silence(order, code),
        compose={**parts.compose, "6203": guess},
        refund_needs=lambda order: "",
    )


def _silence_is_failure(parts: Parts) -> Parts:
    """A time-out is a failure: the order is told to be unpaid, and nobody asks any more."""

    def told(order: Order) -> Belief:
        lost = order.pending in UNHEARD or order.payment.biz_ser == "given up"
        return Belief(state="not_paid") if lost else believe(order)

    def drop(ctx: Context, order: Order) -> Order:
        return ctx.keep(replace(order, step="", due_ms=0, pending="").paying(biz_ser="given up"))

    return replace(
        parts, believe=told, steps={**parts.steps, "drop": drop},
        after_silence=lambda order, code: "drop" if code == "6202" else after_silence(order, code),
    )  # fmt: skip


def _silence_is_success(parts: Parts) -> Parts:
    """A time-out is a success: who would fail to settle a few yuan."""

    def told(order: Order) -> Belief:
        if order.pending == "6202" or (order.unsure and order.payment.ord_stas in ("", "0", "1")):
            return Belief(state="paid", account_fen=order.total_fen)
        return believe(order)

    return replace(parts, believe=told)


def _asks_once(parts: Parts) -> Parts:
    """One unanswered question and the order is left as it is, in doubt for ever."""

    def told(order: Order) -> Belief:
        belief = believe(order)
        return replace(belief, state="in_doubt") if order.end == "manual" and not order.frozen else belief

    def once(settings: Settings, order: Order) -> int | None:
        return None if order.unsure else next_wait_ms(settings, order)

    return replace(parts, believe=told, next_wait_ms=once, needs_person=lambda order, belief: False)


def _storms(parts: Parts) -> Parts:
    """No pause at all between two tries."""
    return replace(parts, next_wait_ms=lambda settings, order: 1 if order.tries < 60 else None)


def _ignores_retry_after(parts: Parts) -> Parts:
    return replace(parts, pause_ms=lambda wait_ms, retry_after_ms: wait_ms)


def _notes_after(parts: Parts) -> Parts:
    """Writes down what it sent only once the answer is there: a crash in between forgets that it sent anything."""
    return replace(parts, note_before=lambda ctx, order: order)


def _forgets_to_go_on(parts: Parts) -> Parts:
    """Notes what it sends, but not when to look at it again: after a crash nobody does."""
    return replace(parts, note_before=lambda ctx, order: ctx.keep(replace(order, due_ms=0)))


def _has_no_patience(parts: Parts) -> Parts:
    """Every hiccup of the platform is a case for a person."""
    return replace(parts, next_wait_ms=lambda settings, order: None if order.pending or order.unsure else 2_000)


def _doubt_is_failure(parts: Parts) -> Parts:
    """State 14, the platform itself does not know, is read as a failed settlement."""

    def learn(order: Order, data: Json) -> Order:
        return parts.learn(order, {**data, "ordStas": "15"} if data["ordStas"] == "14" else data)

    return replace(parts, learn=learn)


def _settles_again(parts: Parts) -> Parts:
    """A counter sale without an answer is simply sold once more."""

    def again(ctx: Context, order: Order) -> Order:
        return go(ctx, replace(order, pending=""), "quote")

    return replace(
        parts, steps={**parts.steps, "again": again},
        after_silence=lambda order, code: "again" if code == "2102" else after_silence(order, code),
    )  # fmt: skip


NEW_ORDER_NUMBER = Mutant(
    name="new-order-number",
    zh="6201无应答，换一个新的medOrgOrd重发",
    en="repeats an unanswered 6201 under a new medOrgOrd",
    change=_new_number,
    must_break=frozenset({"unknown/order/same-order-number-again", "order/steps/one-live-pay-order"}),
    may_break=frozenset(
        {"concurrency/repeats/refused-repeat-proves-nothing", "load/rush/payments-stay-with-their-order"}
    ),
)
REPEATS_UNASKED = Mutant(
    name="repeats-unasked",
    zh="6202无应答，不查询就重发",
    en="repeats an unanswered 6202 without asking 6301 first",
    change=_repeat_unasked,
    must_break=frozenset(
        {
            "unknown/order/ask-before-anything-else",
            "wire/answers/unverified-answer-is-no-answer",
            "wire/answers/cut-off-answer-is-no-answer",
        }
    ),
    may_break=frozenset({"keys/rotation/answer-by-retired-key-is-no-answer", "unknown/order/crash-then-ask"}),
)
REFUNDS_UNASKED = Mutant(
    name="refunds-unasked",
    zh="结果未知就自动退费",
    en="refunds an order whose outcome it does not know",
    change=_refund_unasked,
    must_break=frozenset({"unknown/order/no-blind-undo"}),
    may_break=(
        LOSS_IS_FINAL
        | {
            "keys/rotation/answer-by-retired-key-is-no-answer",
            "storm/storm/unpaid-ends-unpaid",
            "unknown/order/ask-before-anything-else",
            "unknown/order/crash-then-ask",
            "wire/answers/cut-off-answer-is-no-answer",
            "wire/answers/unverified-answer-is-no-answer",
            "keys/rotation/new-platform-key-is-taken",
        }
    )
    | frozenset({"belief/ledger/refused-is-not-paid"}),
)
SILENCE_IS_FAILURE = Mutant(
    name="silence-is-failure",
    zh="超时即判断为未支付",
    en="takes a time-out for a failure and tells the buyer that nothing was paid",
    change=_silence_is_failure,
    must_break=frozenset({"belief/ledger/never-wrong", "unknown/order/in-doubt-while-unanswered"}),
    may_break=LOSS_IS_FINAL | {"storm/storm/no-word-but-the-platforms", "keys/rotation/new-platform-key-is-taken"},
)
SILENCE_IS_SUCCESS = Mutant(
    name="silence-is-success",
    zh="超时即判断为已支付",
    en="takes a time-out for a success",
    change=_silence_is_success,
    must_break=frozenset({"belief/ledger/never-wrong", "unknown/order/in-doubt-while-unanswered"}),
    may_break=frozenset(
        {
            "storm/storm/no-word-but-the-platforms",
            "load/rush/each-order-its-own-truth",
            "trace/report/tied-to-the-settlement",
            "order/goods/goods-leave-only-paid",
            "retry/patience/busy-platform-is-outlived",
            "unknown/order/never-gives-up-silently",
            "wire/answers/changed-amounts-are-frozen",
            "wire/answers/other-orders-answer-is-no-answer",
        }
    )
    | SHIPS_UNPAID
    | {"keys/rotation/new-platform-key-is-taken"},
)
ASKS_ONCE = Mutant(
    name="asks-once",
    zh="查询一次无应答就放弃，也不转人工",
    en="gives up after the first unanswered question and tells nobody",
    change=_asks_once,
    must_break=frozenset({"unknown/order/never-gives-up-silently", "belief/ledger/never-left-in-doubt"}),
    may_break=NOT_FOUND_OUT | {"belief/ledger/review-is-listed"},
)
STORMS = Mutant(
    name="storms",
    zh="无应答时不停顿地重试",
    en="retries without a pause",
    change=_storms,
    must_break=frozenset({"retry/patience/no-storm"}),
    may_break=frozenset({"amount/legs/taken-back-is-cancelled"}),
)
IGNORES_RETRY_AFTER = Mutant(
    name="ignores-retry-after",
    zh="不理会Retry-After",
    en="comes back earlier than Retry-After says",
    change=_ignores_retry_after,
    must_break=frozenset({"retry/patience/retry-after-is-kept"}),
)
NOTES_AFTER = Mutant(
    name="notes-after-sending",
    zh="收到应答后才记录已发送的报文",
    en="writes down what it sent only after the answer",
    change=_notes_after,
    must_break=frozenset({"unknown/order/crash-then-ask", "belief/ledger/never-wrong"}),
    may_break=CRASH_LOSES_REFUNDS,
)
FORGETS_TO_GO_ON = Mutant(
    name="forgets-to-go-on",
    zh="崩溃重启后不再处理未完的订单",
    en="does not go on with unfinished orders after a crash",
    change=_forgets_to_go_on,
    must_break=frozenset({"unknown/order/crash-ends-paid"}),
    may_break=CRASH_LOSES_REFUNDS,
)
HAS_NO_PATIENCE = Mutant(
    name="has-no-patience",
    zh="平台一忙就转人工，不再自动处理",
    en="hands every order the platform was too busy for to a person",
    change=_has_no_patience,
    must_break=frozenset(
        {
            "retry/patience/busy-platform-is-outlived",
            "storm/storm/order-ends-paid-once",
        }
    ),
    may_break=(
        frozenset(
            {
                "concurrency/repeats/running-refund-is-not-failed",
                "keys/rotation/new-platform-key-is-taken",
                "storm/storm/unpaid-ends-unpaid",
                "unknown/undo/lost-withdrawal-ends-cancelled",
                "reconciliation/books/lost-sale-is-found",
                "load/rush/every-buyer-is-served",
                "load/rush/payments-stay-with-their-order",
                "consent/consent/order-goes-on-after-renewal",
                "refund/refund/declared-cash-is-returned",
                "refund/refund/everything-comes-back",
                "refund/refund/refund-ends-refunded",
                "unknown/order/crash-ends-paid",
            }
        )
    )
    | frozenset({"belief/ledger/refused-is-not-paid"}),
)
DOUBT_IS_FAILURE = Mutant(
    name="doubt-is-failure",
    zh="把异常状态14当作结算失败",
    en="reads state 14, in doubt at the platform, as failed",
    change=_doubt_is_failure,
    must_break=frozenset({"unknown/order/platform-in-doubt-is-in-doubt"}),
    may_break=frozenset({"belief/ledger/never-wrong"}),
)
SETTLES_AGAIN = Mutant(
    name="settles-again",
    zh="2102无应答，直接再结算一次",
    en="settles a counter sale again when 2102 got no answer",
    change=_settles_again,
    must_break=frozenset(
        {"counter/sale/not-sold-twice", "order/steps/paid-at-most-once", "storm/storm/sale-is-settled-once"}
    ),
    may_break=frozenset(
        {
            "counter/overtaken/late-original-is-found",
            "counter/overtaken/not-found-proves-nothing",
            "reconciliation/books/lost-sale-is-found",
        }
    ),
)
