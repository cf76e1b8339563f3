"""Mistakes of the inbox."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import inbox
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.notebook import Notebook
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.sealing import by_any
from conformance.channels.reference.settings import Settings
from simulator.wire.envelope import Opened
from simulator.wire.errors import WireError

Json = dict[str, Any]


def _matched(ctx: Context, raw: bytes) -> tuple[Order | None, Json, str]:
    """The sound first half of taking a notice: verified, and an order of ours."""
    try:
        data = by_any(ctx.parts.open_notice, ctx.parts.keys(ctx.settings, ctx.now_ms()), raw).data or {}
    except WireError as fault:
        return None, {}, fault.message
    order, why = inbox.match(ctx, data)
    return order, data, why


def _counts_copies(parts: Parts) -> Parts:
    """Every copy of a notice is another payment."""

    def take(ctx: Context, raw: bytes) -> bytes:
        order, data, why = _matched(ctx, raw)
        if order is None or why:
            return inbox.acknowledge(ctx, success=False, message=why)
        ctx.notebook.note(f"copy/{ctx.notebook.next_number('copy')}", order.order, data, ctx.now_ms())
        return inbox.acknowledge(ctx, success=True, message="已收妥")

    def told(order: Order) -> Belief:
        belief, copies = believe(order), max(1, order.notices)
        return replace(belief, account_fen=belief.account_fen * copies, fund_fen=belief.fund_fen * copies)

    return replace(parts, take_notice=take, believe=told)


def _answers_bare(parts: Parts) -> Parts:
    """Whatever it would answer under seal, it answers in clear."""

    def take(ctx: Context, raw: bytes) -> bytes:
        bare = replace(ctx, settings=replace(ctx.settings, sealed=False))
        return parts.take_notice(replace(bare, parts=replace(parts, open_notice=_as_sealed(ctx, parts))), raw)

    return replace(parts, take_notice=take)


def _as_sealed(ctx: Context, parts: Parts) -> Callable[[Settings, bytes], Opened]:
    return lambda settings, raw: parts.open_notice(ctx.settings, raw)


def _acknowledges_first(parts: Parts) -> Parts:
    """Acknowledges, keeps the notice in memory and writes it down when there is time; it relies on notices alone."""
    held: WeakKeyDictionary[Notebook, list[tuple[Order, Json]]] = WeakKeyDictionary()

    def take(ctx: Context, raw: bytes) -> bytes:
        order, data, why = _matched(ctx, raw)
        if order is None or why:
            return inbox.acknowledge(ctx, success=False, message=why)
        held.setdefault(ctx.notebook, []).append((order, data))
        return inbox.acknowledge(ctx, success=True, message="已收妥")

    def heed(ctx: Context) -> int:
        for order, data in held.pop(ctx.notebook, []):
            inbox.store(ctx, order, data)
        return parts.heed(ctx)

    return replace(parts, take_notice=take, heed=heed, watch=lambda order: False)


def _never_asks(parts: Parts) -> Parts:
    """Waits for the notice and asks nobody meanwhile."""
    return replace(parts, watch=lambda order: False)


def _never_acknowledges(parts: Parts) -> Parts:
    """Stores every notice and answers none with success."""

    def take(ctx: Context, raw: bytes) -> bytes:
        parts.take_notice(ctx, raw)
        return inbox.acknowledge(ctx, success=False, message="处理中")

    return replace(parts, take_notice=take)


def _turns_copies_away(parts: Parts) -> Parts:
    """Answers a notice it already has with success false."""

    def take(ctx: Context, raw: bytes) -> bytes:
        order, data, why = _matched(ctx, raw)
        if order is not None and not why and not inbox.store(ctx, order, data):
            return inbox.acknowledge(ctx, success=False, message="重复通知")
        return parts.take_notice(ctx, raw)

    return replace(parts, take_notice=take)


def _acknowledges_anything(parts: Parts) -> Parts:
    """Well signed is well: acknowledges before it looks whether the order is its own."""

    def take(ctx: Context, raw: bytes) -> bytes:
        order, data, _ = _matched(ctx, raw)
        if data and order is None:
            return inbox.acknowledge(ctx, success=True, message="已收妥")
        return parts.take_notice(ctx, raw)

    return replace(parts, take_notice=take)


COUNTS_COPIES = Mutant(
    name="counts-copies",
    zh="重复的通知重复入账",
    en="counts a repeated notice as another payment",
    change=_counts_copies,
    must_break=frozenset({"notice/inbox/duplicate-counts-once", "storm/storm/copies-count-once"}),
    may_break=frozenset({"cashier/page/cash-at-the-centre-counts"}),
)
ACKNOWLEDGES_FIRST = Mutant(
    name="acknowledges-first",
    zh="先确认通知，后保存",
    en="acknowledges a notice before it is stored",
    change=_acknowledges_first,
    must_break=frozenset({"notice/inbox/acknowledged-means-stored"}),
    may_break=frozenset(
        {
            "belief/ledger/never-wrong",
            "belief/stranded/stranded-cash-goes-to-a-person",
            "notice/inbox/asks-without-notice",
        }
    ),
)
NEVER_ASKS = Mutant(
    name="never-asks",
    zh="只等通知，从不查询",
    en="relies on the notice alone and never asks",
    change=_never_asks,
    must_break=frozenset({"notice/inbox/asks-without-notice"}),
    may_break=frozenset({"belief/ledger/never-wrong", "belief/stranded/stranded-cash-goes-to-a-person"}),
)
NEVER_ACKNOWLEDGES = Mutant(
    name="never-acknowledges",
    zh="收到通知总答失败",
    en="answers success false to every notice",
    change=_never_acknowledges,
    must_break=frozenset({"notice/inbox/genuine-notice-is-acknowledged"}),
    may_break=frozenset(
        {
            "keys/rotation/old-key-is-good-in-its-grace",
            "notice/early/early-notice-ends-paid",
            "notice/early/early-notice-is-acknowledged",
            "wire/dialects/either-spelling-is-read",
            "city/edition/one-spelling-is-enough",
            "cashier/page/order-notice-is-acknowledged",
        }
    ),
)
TURNS_COPIES_AWAY = Mutant(
    name="turns-copies-away",
    zh="重复的通知答失败",
    en="answers success false to a notice it already has",
    change=_turns_copies_away,
    must_break=frozenset({"notice/inbox/duplicate-is-acknowledged", "storm/storm/genuine-ones-are-acknowledged"}),
)
ANSWERS_BARE = Mutant(
    name="answers-bare",
    zh="对通知的应答不加密、不签名",
    en="answers notices in clear and unsigned",
    change=_answers_bare,
    must_break=frozenset({"notice/inbox/answer-is-sealed"}),
    may_break=frozenset({"keys/rotation/retired-key-is-refused"}),
)
ACKNOWLEDGES_ANYTHING = Mutant(
    name="acknowledges-anything",
    zh="验签通过的通知一律确认，不看是不是自己的订单",
    en="acknowledges every well-signed notice, of whatever order",
    change=_acknowledges_anything,
    must_break=frozenset({"notice/strangers/unknown-order-is-not-acknowledged"}),
)
