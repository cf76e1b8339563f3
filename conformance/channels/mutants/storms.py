"""Mistakes that show when several things go wrong at once, and frames read in one dialect only."""

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from conformance.channels.mutants.collateral import REFUNDS_FAIL
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.mutants.trust import decrypted
from conformance.channels.reference import inbox, sealing
from conformance.channels.reference.money import read_split
from conformance.channels.reference.notebook import Notebook
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import after_silence
from schemas.loader import InterfaceSchema
from simulator.wire.envelope import Opened
from simulator.wire.errors import WireError

Json = dict[str, Any]
SLOW_MS = 180_000


def _trusts_known_senders(parts: Parts) -> Parts:
    """An order whose notice was verified once needs no further look at signatures."""
    verified: WeakKeyDictionary[Notebook, set[str]] = WeakKeyDictionary()

    def take(ctx: Context, raw: bytes) -> bytes:
        number = str((decrypted(ctx.settings, raw).data or {}).get("payOrdId", ""))
        known = verified.setdefault(ctx.notebook, set())
        if number in known:
            return inbox.acknowledge(ctx, success=True, message="重复通知")
        answer = parts.take_notice(ctx, raw)
        if inbox_said_yes(ctx, answer):
            known.add(number)
        return answer

    return replace(parts, take_notice=take)


def inbox_said_yes(ctx: Context, answer: bytes) -> bool:
    """Whether an answer of our own inbox acknowledges."""
    return bool((decrypted(ctx.settings, answer).data or {}).get("success"))


def _believes_anybody_in_doubt(parts: Parts) -> Parts:
    """While an answer is missing, any word about the order is welcome."""

    def take(ctx: Context, raw: bytes) -> bytes:
        data = decrypted(ctx.settings, raw).data or {}
        order, why = inbox.match(ctx, data)
        if order is None or why or order.pending != "6202":
            return parts.take_notice(ctx, raw)
        split = read_split(data)
        paid = order.paying(ord_stas="6", split=split, setl_id=str(data.get("hiDocSn", "")))
        cash = replace(order.cash, state="paid", asked_in="6") if order.cash else None
        ctx.keep(replace(paid, cash=cash, delivery_fen=0, pending="", unsure=False, step="", due_ms=0))
        return inbox.acknowledge(ctx, success=True, message="已收妥")

    return replace(parts, take_notice=take)


def _early_is_unknown(parts: Parts) -> Parts:
    """A notice about an order whose 6202 is still on its way is answered: not yet."""

    def take(ctx: Context, raw: bytes) -> bytes:
        try:
            data = sealing.by_any(parts.open_notice, parts.keys(ctx.settings, ctx.now_ms()), raw).data or {}
        except WireError:
            return parts.take_notice(ctx, raw)
        order = ctx.notebook.order_by_payment(str(data.get("payOrdId", "")))
        if order is not None and order.pending == "6202":
            return inbox.acknowledge(ctx, success=False, message="订单处理中")
        return parts.take_notice(ctx, raw)

    return replace(parts, take_notice=take)


def _refunds_anew(parts: Parts) -> Parts:
    """A refund without an answer is sent again at once, as a refund of its own."""
    return replace(
        parts, app_refd_sn=lambda order, fresh: fresh,
        after_silence=lambda order, code: "refund" if code == "6203" else after_silence(order, code),
    )  # fmt: skip


def _reads_one_spelling(parts: Parts) -> Parts:
    """The printed table says ownpayAmt, so nothing else is read."""

    def notice(settings: Settings, raw: bytes) -> Opened:
        read = parts.open_notice(settings, raw)
        return replace(read, data={name: value for name, value in (read.data or {}).items() if name != "ownPayAmt"})

    return replace(parts, open_notice=notice)


def _reads_upper_case(parts: Parts) -> Parts:
    """Digits of a cipher are capitals."""

    def answer(settings: Settings, raw: bytes) -> Opened:
        read = parts.open_answer(settings, raw)
        if "lower_case_hex" in read.notes:
            raise WireError("bad_encoding", field="encData", wanted="hex")
        return read

    return replace(parts, open_answer=answer)


def _slow_clock(parts: Parts) -> Parts:
    """The clock of the server is three minutes behind."""

    def seal(settings: Settings, interface: InterfaceSchema, data: Json, now_ms: int) -> bytes:
        return sealing.seal(settings, interface, data, now_ms - SLOW_MS)

    return replace(parts, seal=seal)


TRUSTS_KNOWN_SENDERS = Mutant(
    name="trusts-known-senders",
    zh="同一订单的通知验过一次签，之后不再验签",
    en="does not verify another notice about an order whose notice it verified once",
    change=_trusts_known_senders,
    must_break=frozenset({"storm/storm/forgery-between-is-turned-away"}),
)
BELIEVES_ANYBODY_IN_DOUBT = Mutant(
    name="believes-anybody-in-doubt",
    zh="结果未知时，未验签的支付通知也采信",
    en="believes an unverified notice while an answer is missing",
    change=_believes_anybody_in_doubt,
    must_break=frozenset({"storm/storm/no-word-but-the-platforms", "storm/storm/unpaid-ends-unpaid"}),
)
EARLY_IS_UNKNOWN = Mutant(
    name="early-is-unknown",
    zh="6202应答之前的通知一律答false",
    en="answers success false to a notice that comes before the answer of 6202",
    change=_early_is_unknown,
    must_break=frozenset({"notice/early/early-notice-is-acknowledged", "notice/early/early-notice-ends-paid"}),
)
REFUNDS_ANEW = Mutant(
    name="refunds-anew",
    zh="6203无应答，立即换号再退一次",
    en="sends an unanswered refund again at once under a new serial",
    change=_refunds_anew,
    must_break=frozenset({"storm/storm/refund-goes-out-once"}),
    may_break=REFUNDS_FAIL
    | {
        "concurrency/repeats/running-refund-is-not-failed",
        "refund/refund/declared-cash-is-returned",
        "refund/refund/refund-ends-refunded",
        "refund/refund/same-refund-serial-again",
        "refund/crash/asked-about-first",
    },
)
READS_ONE_SPELLING = Mutant(
    name="reads-one-spelling",
    zh="通知只认ownpayAmt一种写法",
    en="reads one spelling of the cash field of notices",
    change=_reads_one_spelling,
    must_break=frozenset({"wire/dialects/either-spelling-is-read"}),
    may_break=frozenset({"cashier/page/order-notice-is-acknowledged"}),
)
READS_UPPER_CASE = Mutant(
    name="reads-upper-case",
    zh="只认大写十六进制密文",
    en="reads upper-case cipher alone",
    change=_reads_upper_case,
    must_break=frozenset({"wire/dialects/either-case-is-read"}),
)
SLOW_CLOCK = Mutant(
    name="slow-clock",
    zh="时钟慢三分钟",
    en="has a clock three minutes behind",
    change=_slow_clock,
    must_break=frozenset({"wire/dialects/clock-within-two-minutes"}),
    may_break=frozenset({"wire/dialects/either-case-is-read"}),
)
