"""Leaning on protections and habits of the platform that nobody promised."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import REFUNDS_FAIL
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.calling import framed, fresh_msgid
from conformance.channels.reference.composing import sign_in
from conformance.channels.reference.orders import Order
from conformance.channels.reference.outcomes import Answered, Outcome
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.walking import after_silence, rest
from schemas.loader import interface

Json = dict[str, Any]
DEAD = ("12", "13", "15")
MINUTE_MS = 60_000


def _renews_no_sign_in(parts: Parts) -> Parts:
    return replace(parts, signed_out=lambda why: False)


def _signs_in_once_for_ever(parts: Parts) -> Parts:
    """The number of the first day is the number."""

    def signed(ctx: Context, org: str) -> str | Outcome:
        if held := ctx.notebook.sign_no(org, "ever"):
            return held
        outcome = framed(ctx, interface("9001"), org, sign_in(ctx.settings), msgid=fresh_msgid(ctx, org))
        if not isinstance(outcome, Answered):
            return outcome
        sign_no = str(outcome.data["signinoutb"]["sign_no"])
        ctx.notebook.keep_sign_no(org, "ever", sign_no)
        return sign_no

    return replace(parts, signed_in=signed)


def _repeats_withdrawal(parts: Parts) -> Parts:
    return replace(
        parts, after_silence=lambda order, code: "withdraw" if code == "6401" else after_silence(order, code)
    )


def _drops_lost_withdrawal(parts: Parts) -> Parts:
    """Withdrawn or not: nobody looks again."""
    return replace(
        parts, steps={**parts.steps, "drop": rest},
        after_silence=lambda order, code: "drop" if code == "6401" else after_silence(order, code),
    )  # fmt: skip


def _revives_the_dead(parts: Parts) -> Parts:
    """A pay order that lapsed or failed is simply placed again."""

    def ask(ctx: Context, order: Order) -> Order:
        told = parts.steps["ask"](ctx, order)
        gone = told.end in ("cancelled", "failed") and told.payment.ord_stas in DEAD and not order.wish
        return ctx.keep(replace(told, end="", step="place", due_ms=ctx.now_ms())) if gone else told

    return replace(parts, steps={**parts.steps, "ask": ask})


def _keeps_lapsed_open(parts: Parts) -> Parts:
    """What nobody cancelled cannot be cancelled: the buyer is still asked to pay."""

    def told(order: Order) -> Belief:
        lapsed = order.end == "cancelled" and order.payment.ord_stas == "12" and not order.wish
        return Belief(state="not_paid") if lapsed else believe(order)

    return replace(parts, believe=told)


def _running_is_failed(parts: Parts) -> Parts:
    """A refund without an answer is sent again at once; when that is refused, the refund has failed."""

    def refund(ctx: Context, order: Order) -> Order:
        told = parts.steps["refund"](ctx, order)
        refused = order.refund is not None and told.step == "refund_consent"
        return rest(ctx, replace(told, wish="", refund=None)) if refused else told

    return replace(
        parts, steps={**parts.steps, "refund": refund},
        after_silence=lambda order, code: "refund" if code == "6203" else after_silence(order, code),
    )  # fmt: skip


def _forgets_refused_refund(parts: Parts) -> Parts:
    def forget(ctx: Context, order: Order) -> Order:
        return rest(ctx, replace(order, wish="", refund=None, consent=None))

    return replace(parts, steps={**parts.steps, "refund_consent": forget})


def _tries_lapsed_consent_again(parts: Parts) -> Parts:
    """6202 refused for its consent: once more, perhaps it works."""

    def place(ctx: Context, order: Order) -> Order:
        told = parts.steps["place"](ctx, order)
        refused = told.step == "consent" and order.payment.tries_6202 < ctx.settings.max_6202 - 1
        return ctx.keep(replace(told, consent=order.consent, step="place")) if refused and order.consent else told

    return replace(parts, steps={**parts.steps, "place": place})


def _gives_up_on_consent(parts: Parts) -> Parts:
    return replace(parts, consent_over=lambda why: False)


def _repeats_what_was_refused(parts: Parts) -> Parts:
    """A refused 6201 is sent again every minute: the platform will come round."""

    def upload(ctx: Context, order: Order) -> Order:
        told = parts.steps["upload"](ctx, order)
        if told.end != "failed" or order.tries >= 5:
            return told
        again = replace(told, end="", why="", step="upload", tries=order.tries + 1)
        return ctx.keep(replace(again, due_ms=ctx.now_ms() + MINUTE_MS))

    return replace(parts, steps={**parts.steps, "upload": upload})


def _known_is_done(parts: Parts) -> Parts:
    """The platform knows the order number already, so the order must have gone through."""
    gone_through = "平台已有此单"

    def upload(ctx: Context, order: Order) -> Order:
        told = parts.steps["upload"](ctx, order)
        known = order.pending == "6201" and told.end == "failed"
        return ctx.keep(replace(told, why=gone_through)) if known else told

    def belief(order: Order) -> Belief:
        done = order.end == "failed" and order.why == gone_through
        return Belief(state="paid", account_fen=order.total_fen) if done else believe(order)

    return replace(parts, steps={**parts.steps, "upload": upload}, believe=belief)


RENEWS_NO_SIGN_IN = Mutant(
    name="renews-no-sign-in",
    zh="签到失效后不再签到，业务直接失败",
    en="does not sign in again when the sign-in is over",
    change=_renews_no_sign_in,
    must_break=frozenset({"session/renewal/ended-sign-in-is-renewed", "session/renewal/sales-go-on-after-renewal"}),
)
SIGNS_IN_ONCE_FOR_EVER = Mutant(
    name="signs-in-once-for-ever",
    zh="签到一次后一直使用同一签到编号",
    en="goes on with the sign-in of the first day for ever",
    change=_signs_in_once_for_ever,
    must_break=frozenset({"day/cut/signs-in-anew", "session/renewal/each-day-signs-in-anew"}),
    may_break=frozenset(
        {"reconciliation/books/each-record-on-the-platforms-day", "reconciliation/others/others-are-not-adopted"}
    ),
)
REPEATS_WITHDRAWAL = Mutant(
    name="repeats-withdrawal",
    zh="6401无应答，不查询就重发",
    en="repeats an unanswered 6401 without asking",
    change=_repeats_withdrawal,
    must_break=frozenset({"unknown/undo/lost-withdrawal-is-asked-about"}),
)
DROPS_LOST_WITHDRAWAL = Mutant(
    name="drops-lost-withdrawal",
    zh="6401无应答后不再过问",
    en="never looks at an order again whose withdrawal got no answer",
    change=_drops_lost_withdrawal,
    must_break=frozenset({"unknown/undo/lost-withdrawal-ends-cancelled"}),
)
REVIVES_THE_DEAD = Mutant(
    name="revives-the-dead",
    zh="对已撤销或失败的支付订单再次下单",
    en="places a pay order again that lapsed or failed",
    change=_revives_the_dead,
    must_break=frozenset({"unknown/undo/dead-order-is-not-placed"}),
    may_break=frozenset({"order/refused/stays-refused"}),
)
KEEPS_LAPSED_OPEN = Mutant(
    name="keeps-lapsed-open",
    zh="平台已撤销的订单仍让买方付款",
    en="tells the buyer to pay an order that the platform let lapse",
    change=_keeps_lapsed_open,
    must_break=frozenset({"unknown/undo/lapsed-order-is-not-open"}),
)
RUNNING_IS_FAILED = Mutant(
    name="running-refund-is-failed",
    zh="退款处理中重发被拒，当作退款失败",
    en="takes a refund in process for a failed one",
    change=_running_is_failed,
    must_break=frozenset({"concurrency/repeats/running-refund-is-not-failed"}),
    may_break=REFUNDS_FAIL
    | {"belief/ledger/never-wrong", "refund/refund/declared-cash-is-returned", "refund/crash/asked-about-first"},
)
FORGETS_REFUSED_REFUND = Mutant(
    name="forgets-refused-refund",
    zh="退款被拒后不了了之",
    en="forgets a refund that was refused",
    change=_forgets_refused_refund,
    must_break=frozenset({"refund/late/late-refund-goes-to-a-person"}),
    may_break=frozenset(
        {
            "refund/consent/buyer-is-asked",
            "refund/consent/goes-on-after-consent",
            "refund/consent/open-until-consented",
        }
    ),
)
TRIES_LAPSED_CONSENT_AGAIN = Mutant(
    name="tries-lapsed-consent-again",
    zh="6202以授权失效被拒后，用同一授权再试",
    en="tries a consent again with which 6202 was refused",
    change=_tries_lapsed_consent_again,
    must_break=frozenset({"consent/hard/refused-consent-is-renewed"}),
    may_break=frozenset({"consent/hard/same-order-goes-on-after-refusal"}),
)
GIVES_UP_ON_CONSENT = Mutant(
    name="gives-up-on-consent",
    zh="授权失效被拒后放弃订单，不再请买方授权",
    en="gives an order up whose consent has lapsed, and asks the buyer no more",
    change=_gives_up_on_consent,
    must_break=frozenset({"consent/hard/same-order-goes-on-after-refusal"}),
)
REPEATS_WHAT_WAS_REFUSED = Mutant(
    name="repeats-what-was-refused",
    zh="6201被拒后每分钟原样重发",
    en="sends a refused 6201 again every minute",
    change=_repeats_what_was_refused,
    must_break=frozenset({"retry/refusals/refused-is-not-repeated"}),
)
KNOWN_IS_DONE = Mutant(
    name="known-is-done",
    zh="重发6201被以已存在拒绝，当作已支付",
    en="takes a repeat refused as already there for a payment",
    change=_known_is_done,
    must_break=frozenset({"concurrency/repeats/refused-repeat-proves-nothing"}),
)
