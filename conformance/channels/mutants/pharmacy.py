"""Prescriptions filled the wrong way."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import dispensing
from conformance.channels.reference.calling import call
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Parts, Step
from conformance.channels.reference.walking import go, rest


def _with(**steps: Callable[[Step], Step]) -> Callable[[Parts], Parts]:
    """The same channel with some of its steps done another way."""

    def change(parts: Parts) -> Parts:
        return replace(parts, steps={**parts.steps, **{name: of(parts.steps[name]) for name, of in steps.items()}})

    return change


def _straight_on(fetch: Step) -> Step:
    def step(ctx: Context, order: Order) -> Order:
        order = fetch(ctx, order)
        return go(ctx, order, "consent") if not order.step and not order.end else order

    return step


def _unheeded(review: Step) -> Step:
    def step(ctx: Context, order: Order) -> Order:
        order = review(ctx, order)
        refused = order.end == "failed" and order.rx is not None and bool(order.rx.rx_chk_biz_sn)
        return go(ctx, replace(order, end="", why=""), "consent") if refused else order

    return step


def _unverified(fetch: Step) -> Step:
    def step(ctx: Context, order: Order) -> Order:
        order = fetch(ctx, order)
        return ctx.keep(replace(order, rx=replace(order.rx, rx_sign_verify_sn="SV0"))) if order.rx else order

    return step


def _untold(step: Step) -> Step:
    def silent(ctx: Context, order: Order) -> Order:
        assert order.rx is not None
        return rest(ctx, replace(order, rx=replace(order.rx, sel_stoout_sn=order.rx.sel_stoout_sn or "-")))

    return silent


def _too_early(review: Step) -> Step:
    """The shop books the goods out as soon as the pharmacist has signed."""

    def step(ctx: Context, order: Order) -> Order:
        order = review(ctx, order)
        if order.rx and order.rx.rx_chk_biz_sn and order.rx.passed:
            call(ctx, "7207", order)
        return order

    return step


def _resigned(dispense: Step) -> Step:
    """What was reported once is not reported again."""

    def step(ctx: Context, order: Order) -> Order:
        assert order.rx is not None
        return rest(ctx, order) if order.rx.dispensing else dispense(ctx, replace(order, step="rx_dispense"))

    return step


def _uncompared(fetch: Step) -> Step:
    return partial(dispensing.fetch, compared=lambda order, rx: "")


SKIPS_REVIEW = Mutant(
    name="skips-review",
    zh="处方药不等药师审核就上传费用",
    en="uploads prescription medicine without waiting for the pharmacist",
    change=_with(rx_fetch=_straight_on),
    must_break=frozenset({"prescription/flow/review-before-upload"}),
)
HEEDS_NO_PHARMACIST = Mutant(
    name="heeds-no-pharmacist",
    zh="药师审核不通过仍继续售卖",
    en="sells what the pharmacist refused",
    change=_with(rx_review=_unheeded),
    must_break=frozenset({"prescription/flow/refused-review-stops"}),
)
VERIFIES_NO_ORIGINAL = Mutant(
    name="verifies-no-original",
    zh="7206填写自编的核验流水号",
    en="names a verification in 7206 that it made up",
    change=_with(rx_fetch=_unverified),
    must_break=frozenset({"prescription/flow/original-is-verified"}),
)
READS_NO_PRESCRIPTION = Mutant(
    name="reads-no-prescription",
    zh="不比较购物篮与处方",
    en="compares no basket with its prescription",
    change=_with(rx_fetch=_uncompared),
    must_break=frozenset({"prescription/flow/only-what-was-prescribed"}),
)
DISPENSES_SILENTLY = Mutant(
    name="dispenses-silently",
    zh="处方药出库不上报",
    en="hands out prescription medicine and reports nothing",
    change=_with(rx_dispense=_untold),
    must_break=frozenset({"prescription/flow/dispensing-is-reported"}),
    may_break=frozenset({"prescription/flow/delivery-is-told"}),
)
DISPENSES_UNPAID = Mutant(
    name="dispenses-unpaid",
    zh="药师一签字就上报出库，不等支付",
    en="reports the dispensing as soon as the pharmacist has signed, before anybody paid",
    change=_with(rx_review=_too_early),
    must_break=frozenset({"prescription/flow/dispensed-only-when-paid"}),
)
REPORTS_ONCE = Mutant(
    name="reports-dispensing-once",
    zh="7207应答丢失后不再处理",
    en="leaves a 7207 alone whose answer was lost",
    change=_with(rx_dispense=_resigned),
    must_break=frozenset({"prescription/flow/lost-dispensing-is-cleared"}),
)
SILENT_COURIER = Mutant(
    name="silent-courier",
    zh="处方药的配送与签收都不告知平台",
    en="tells the platform neither of the delivery nor of the receipt",
    change=_with(rx_deliver=_untold, rx_receive=_untold),
    must_break=frozenset({"prescription/flow/delivery-is-told"}),
)
