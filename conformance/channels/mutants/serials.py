"""Numbers used twice, or not kept."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import STATEMENT_TELLS_NOTHING
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing
from conformance.channels.reference.orders import Consent, Order
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import after_silence

Json = dict[str, Any]


def _same_biz_ser(parts: Parts) -> Parts:
    return replace(parts, biz_ser=lambda order, fresh: order.payment.biz_ser or fresh)


def _new_refund_serial(parts: Parts) -> Parts:
    return replace(parts, app_refd_sn=lambda order, fresh: fresh)


def _same_msgid(parts: Parts) -> Parts:
    """The sequence at the end of the message id never moves: two messages of one second share their id."""
    return replace(parts, msgid=lambda org, fresh: f"{fresh[:-4]}0001")


def _wrong_omsgid(parts: Parts) -> Parts:
    """2601 names the message id that will be used next instead of the one whose answer was lost."""

    def reverse(settings: Settings, order: Order, now_ms: int) -> Json:
        said = composing.reverse(settings, order, now_ms)
        omsgid = said["data"]["omsgid"]
        return {"data": {**said["data"], "omsgid": f"{omsgid[:-4]}{(int(omsgid[-4:]) + 1) % 10_000:04d}"}}

    return replace(parts, compose={**parts.compose, "2601": reverse})


def _reverses_again(parts: Parts) -> Parts:
    return replace(
        parts,
        may_reverse=lambda order: order.sale is not None and order.sale.reversals < 4,
        after_silence=lambda order, code: "reverse" if code == "2601" else after_silence(order, code),
    )


def _keeps_lapsed_consent(parts: Parts) -> Parts:
    """A consent once given is taken to be good for ever; when the platform says otherwise, it is tried again."""

    def held(settings: Settings, order: Order, now_ms: int) -> Consent | None:
        return order.consent if order.consent and order.consent.pay_auth_no else None

    def upload(ctx: Context, order: Order) -> Order:
        told = parts.steps["upload"](ctx, order)
        again = told.end == "failed" and told.tries == 0 and order.tries < 3
        return ctx.keep(replace(order, due_ms=ctx.now_ms() + 1, tries=order.tries + 1)) if again else told

    return replace(parts, consent=held, consent_over=lambda why: False, steps={**parts.steps, "upload": upload})


def _shares_consent(parts: Parts) -> Parts:
    """One consent per buyer, used for everything he orders afterwards; new settings are a new day."""
    given: dict[str, Consent] = {}
    in_force: list[Settings] = []

    def of_the_day(settings: Settings) -> dict[str, Consent]:
        if not in_force or in_force[0] is not settings:
            given.clear()
            in_force[:] = [settings]
        return given

    def held(settings: Settings, order: Order, now_ms: int) -> Consent | None:
        own = parts.consent(settings, order, now_ms)
        known = of_the_day(settings)
        return known.setdefault(order.user, own) if own else known.get(order.user)

    def consent(ctx: Context, order: Order) -> Order:
        earlier = of_the_day(ctx.settings).get(order.user)
        return parts.steps["consent"](ctx, replace(order, consent=earlier) if earlier else order)

    steps = {**parts.steps, "consent": consent}
    return replace(parts, consent=held, consent_over=lambda why: False, steps=steps)


REPEATS_BIZ_SER = Mutant(
    name="repeats-biz-ser",
    zh="每次6202都用同一个orgBizSer",
    en="uses one orgBizSer for every 6202 of an order",
    change=_same_biz_ser,
    must_break=frozenset({"order/steps/serial-per-6202"}),
)
NEW_REFUND_SERIAL = Mutant(
    name="new-refund-serial",
    zh="重发6203时换新的appRefdSn",
    en="repeats 6203 under a new appRefdSn",
    change=_new_refund_serial,
    must_break=frozenset({"refund/refund/same-refund-serial-again"}),
)
REPEATS_MSGID = Mutant(
    name="repeats-msgid",
    zh="同一秒内的报文ID相同",
    en="gives two messages of one second the same msgid",
    change=_same_msgid,
    must_break=frozenset({"counter/sale/message-ids-differ"}),
    may_break=frozenset(
        {
            "reconciliation/books/lost-sale-is-found",
            "counter/sale/sale-ends-paid",
            "session/renewal/sales-go-on-after-renewal",
            "trace/duty/not-before-its-day",
        }
    )
    | STATEMENT_TELLS_NOTHING
    | {"reconciliation/others/own-sale-stays-paid", "evoucher/code/second-code-sells"},
)
REVERSES_ANOTHER = Mutant(
    name="reverses-another",
    zh="冲正时omsgid填错",
    en="names the wrong message in 2601",
    change=_wrong_omsgid,
    must_break=frozenset({"counter/sale/reverse-the-lost-message"}),
    may_break=frozenset(
        {
            "reconciliation/books/lost-sale-is-found",
        }
    ),
)
REVERSES_AGAIN = Mutant(
    name="reverses-again",
    zh="2601无应答就一再重发",
    en="repeats an unanswered 2601",
    change=_reverses_again,
    must_break=frozenset({"counter/sale/reverse-once"}),
)
KEEPS_LAPSED_CONSENT = Mutant(
    name="keeps-lapsed-consent",
    zh="授权失效后继续使用",
    en="goes on with a consent that has lapsed",
    change=_keeps_lapsed_consent,
    must_break=frozenset({"consent/consent/lapsed-consent-is-renewed", "consent/consent/order-goes-on-after-renewal"}),
    may_break=frozenset({"retry/refusals/refused-is-not-repeated", "consent/hard/same-order-goes-on-after-refusal"}),
)
SHARES_CONSENT = Mutant(
    name="shares-consent",
    zh="一次授权用于同一买方的多张订单",
    en="uses one consent for several orders of a buyer",
    change=_shares_consent,
    must_break=frozenset({"consent/consent/one-consent-one-order", "shop/shortage/rest-is-a-new-order"}),
    may_break=frozenset(
        {
            "consent/consent/order-goes-on-after-renewal",
            "consent/hard/refused-consent-is-renewed",
            "consent/hard/same-order-goes-on-after-refusal",
        }
    ),
)
