"""Mistakes with the e-voucher code a person shows at the counter."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing
from conformance.channels.reference.orders import Order
from conformance.channels.reference.outcomes import Answered, Outcome, Silent
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings

Json = dict[str, Any]


def _reads_again(parts: Parts) -> Parts:
    """No answer: then once more."""

    def read(ctx: Context, order: Order) -> Outcome:
        told = parts.read_code(ctx, order)
        return parts.read_code(ctx, order) if isinstance(told, Silent) else told

    return replace(parts, read_code=read)


def _keeps_the_token(parts: Parts) -> Parts:
    """Who showed his code once need not show it again."""

    def read(ctx: Context, order: Order) -> Outcome:
        fact = f"token/{ctx.settings.credentials.app_id}/{order.org}"
        if held := ctx.notebook.fact(fact):
            return Answered({"OutData": {"ecToken": held}})
        told = parts.read_code(ctx, order)
        if isinstance(told, Answered):
            ctx.notebook.keep_fact(fact, str(told.data["OutData"]["ecToken"]))
        return told

    return replace(parts, read_code=read)


def _reads_for_another_business(parts: Parts) -> Parts:
    """Every code is read as if to register a visit."""

    def code(settings: Settings, order: Order, now_ms: int) -> Json:
        said = composing.code(settings, order, now_ms)
        return {"InData": {**said["InData"], "businessType": "01101"}}

    return replace(parts, compose={**parts.compose, "6101": code})


def _gives_up_a_buyer(parts: Parts) -> Parts:
    """A sale whose code could not be read is over for good."""
    return replace(parts, stands=lambda order: parts.stands(order) or (order.sale is not None and bool(order.end)))


READS_AGAIN = Mutant(
    name="reads-again",
    zh="解码无应答时再解同一个码",
    en="reads the same code again when the answer is lost",
    change=_reads_again,
    must_break=frozenset({"evoucher/code/read-once"}),
)
KEEPS_THE_TOKEN = Mutant(
    name="keeps-the-token",
    zh="同一个ecToken用于下一笔结算",
    en="uses an ecToken for the next sale as well",
    change=_keeps_the_token,
    must_break=frozenset({"evoucher/code/one-token-one-sale"}),
)
READS_FOR_ANOTHER_BUSINESS = Mutant(
    name="reads-for-another-business",
    zh="解码时业务类型填挂号",
    en="reads a code as if to register a visit",
    change=_reads_for_another_business,
    must_break=frozenset({"evoucher/code/read-for-buying-medicine"}),
    may_break=frozenset({"evoucher/code/second-code-sells"}),
)
GIVES_UP_A_BUYER = Mutant(
    name="gives-up-a-buyer",
    zh="解码失败的售药不再重做",
    en="does not begin a sale anew whose code could not be read",
    change=_gives_up_a_buyer,
    must_break=frozenset({"evoucher/code/second-code-sells"}),
)
