"""The sound parts, put together: the one place that says how a channel ought to behave."""

from collections.abc import Mapping
from typing import Final

from conformance.channels.reference import (
    beliefs,
    books,
    calling,
    composing,
    counter,
    dispensing,
    inbox,
    money,
    online,
    orders,
    reconciling,
    refunds,
    sealing,
    settings,
    unknown,
    walking,
)
from conformance.channels.reference.goods_sound import SOUND_GOODS
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Parts, Step

STEPS: Final[Mapping[str, Step]] = {
    "consent": online.consent, "identify": online.identify, "upload": online.upload, "place": online.place,
    "cash": online.open_cash, "ask": unknown.ask, "desk": unknown.ask_desk, "withdraw": refunds.withdraw,
    "refund": refunds.refund, "refund_consent": refunds.refund_consent, "give_back": refunds.give_back,
    "hand_back": refunds.hand_back, "decode": counter.decode, "quote": counter.quote, "sell": counter.sell,
    "reverse": counter.reverse, "cancel_sale": counter.cancel_sale, "stop": counter.stop,
    "rx_fetch": dispensing.fetch, "rx_review": dispensing.review, "rx_dispense": dispensing.dispense,
    "rx_deliver": dispensing.deliver, "rx_receive": dispensing.receive,
}  # fmt: skip
"""``Order.step`` → what it does."""


def begin(ctx: Context, order: Order) -> Order:
    """Take an order on: write it down, then walk."""
    return walking.walk(ctx, ctx.keep(order))


def msgid(org: str, fresh: str) -> str:
    """Every institution message has an id of its own."""
    return fresh


def no_crash(point: str) -> None:
    """Nothing happens at any point."""


SOUND: Final = Parts(
    keys=settings.in_force,
    compose={**composing.SAYS, **dispensing.SAYS},
    address=sealing.address,
    seal=sealing.seal,
    sign_at_gateway=sealing.sign_at_gateway,
    open_answer=sealing.open_answer,
    open_notice=sealing.open_notice,
    misfit=sealing.misfit,
    read_code=counter.read_code,
    read_sale=money.read_setlinfo,
    line_fen=money.line_fen,
    spread=money.spread,
    to_collect=money.to_collect,
    med_org_ord=online.med_org_ord,
    biz_ser=online.biz_ser,
    app_refd_sn=refunds.app_refd_sn,
    msgid=msgid,
    signed_in=calling.signed_in,
    signed_out=calling.signed_out,
    own_rows=books.own_rows,
    judge_row=reconciling.judge_row,
    reconcile=reconciling.reconcile,
    after_upload=online.after_upload,
    stands=orders.stands,
    admit=online.admit,
    consent=online.consent_for,
    consent_over=online.consent_over,
    note_before=walking.note_before,
    after_silence=walking.after_silence,
    next_wait_ms=walking.next_wait_ms,
    pause_ms=max,
    watch=online.watch,
    learn=unknown.learn,
    choose_undo=refunds.choose_undo,
    may_reverse=counter.may_reverse,
    refund_needs=refunds.refund_needs,
    refund_next=refunds.refund_next,
    goods=SOUND_GOODS,
    take_notice=inbox.take_notice,
    heed=inbox.heed,
    heed_notice=inbox.heed_notice,
    believe=beliefs.believe,
    shown=beliefs.shown,
    may_ship=beliefs.may_ship,
    needs_person=beliefs.needs_person,
    crash=no_crash,
    steps=STEPS,
    begin=begin,
)
