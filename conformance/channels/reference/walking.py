"""How an order moves: one step at a time, written down before and after every message that changes something.

A step takes the order and returns it with what comes next (``step``) and when (``due_ms``). Waiting is nothing but a
``due_ms`` in the notebook: nobody sleeps, and a process killed meanwhile finds it there.
"""

from collections.abc import Mapping
from dataclasses import replace

from conformance.channels.reference.calling import call
from conformance.channels.reference.orders import COUNTER, TO_WITHDRAW, Order
from conformance.channels.reference.outcomes import Outcome, Refused, Silent, Undelivered
from conformance.channels.reference.parts import Context
from conformance.channels.reference.settings import Settings

AFTER_SILENCE: Mapping[str, str] = {
    "6201": "upload", "6202": "ask", "6401": "ask", "6203": "ask", "2102": "reverse", "2601": "stop", "2103": "stop",
}  # fmt: skip
"""Code that got no answer → what to do next: ask before repeating; 6201 has no number to ask by and is repeated as
it was; at the counter 2601 exists for a lost 2102, and nothing exists for a lost 2601 or 2103."""


def walk(ctx: Context, order: Order) -> Order:
    """Take steps until the order is finished or has to wait.

    While the platform wants to be left alone nobody's hurry counts: not a notice, not a person who asks to check.
    """
    while order.step and order.due_ms <= ctx.now_ms():
        if ctx.now_ms() < order.not_before_ms:
            return ctx.keep(replace(order, due_ms=order.not_before_ms))
        order = ctx.parts.steps[order.step](ctx, order)
    return order


def go(ctx: Context, order: Order, step: str) -> Order:
    """On to the next step, at once; the patience starts anew."""
    return ctx.keep(replace(order, step=step, due_ms=ctx.now_ms(), tries=0))


def rest(ctx: Context, order: Order) -> Order:
    """Nothing left to do."""
    return ctx.keep(replace(order, step="", due_ms=0, tries=0))


def tell(ctx: Context, order: Order, code: str, *, msgid: str = "") -> tuple[Order, Outcome]:
    """Send a state-changing message: note it, with what to do should no answer come; then send it.

    The order that comes back is the noted one: still ``pending``, until the caller writes the answer down.
    """
    noted = replace(order, pending=code, step=ctx.parts.after_silence(order, code))
    noted = ctx.parts.note_before(ctx, replace(noted, due_ms=ctx.now_ms() + _pause_ms(ctx, noted)))
    outcome = call(ctx, code, noted, msgid=msgid)
    ctx.parts.crash(f"after_send:{code}")
    return noted, outcome


def unanswered(ctx: Context, noted: Order, outcome: Outcome, *, again: str) -> Order:
    """A state-changing message without an answer we can trust; ``again`` is its own step.

    Undelivered: it did not happen, so its step is simply due again. Anything else leaves the order in doubt.
    """
    if isinstance(outcome, Undelivered):
        return later(ctx, replace(noted, pending="", step=again), outcome.retry_after_ms)
    return later(ctx, noted, outcome.retry_after_ms if isinstance(outcome, Silent) else 0)


def later(ctx: Context, order: Order, retry_after_ms: int = 0) -> Order:
    """The same step once more after the declared pause, not before the platform wants us back; or a person's turn."""
    wait_ms = ctx.parts.next_wait_ms(ctx.settings, order)
    if wait_ms is None:
        return _exhausted(ctx, order)
    due_ms = ctx.now_ms() + ctx.parts.pause_ms(wait_ms, retry_after_ms)
    left_alone = due_ms if retry_after_ms else order.not_before_ms
    return ctx.keep(replace(order, due_ms=due_ms, not_before_ms=left_alone, tries=order.tries + 1))


def _exhausted(ctx: Context, order: Order) -> Order:
    """The patience is used up: unpaid is withdrawn, never sent is dropped, anything uncertain goes to a person."""
    if order.pending or order.unsure or order.refund or order.rail == COUNTER:
        return manual(ctx, order, f"多次核实仍无结果（{order.pending or order.step}），请人工核对")
    if order.payment.ord_stas in ("0", "1") and not order.wish:
        return go(ctx, replace(order, wish=TO_WITHDRAW, why="超时未支付"), "ask")
    if not order.payment.pay_ord_id:
        return finish(ctx, order, "cancelled", "超时未完成授权或平台无应答，未提交")
    return manual(ctx, order, f"订单状态 {order.payment.ord_stas} 长时间未变，请人工核对")


def manual(ctx: Context, order: Order, why: str, *, frozen: bool = False) -> Order:
    """To a person. ``frozen``: what we were told contradicts itself, not even asking again may change it."""
    return ctx.keep(replace(order, end="manual", why=why, frozen=frozen, step="", due_ms=0, tries=0))


def finish(ctx: Context, order: Order, end: str, why: str) -> Order:
    """Over and certain: ``cancelled``, ``failed`` or ``reversed``."""
    return ctx.keep(replace(order, end=end, why=order.why or why, pending="", step="", due_ms=0, tries=0))


def reason(outcome: Outcome) -> str:
    """What an unhappy outcome says."""
    return outcome.why if isinstance(outcome, Refused | Silent | Undelivered) else ""


def retry_after_ms(outcome: Outcome) -> int:
    """How long the platform wants us to stay away, zero when it did not say."""
    return outcome.retry_after_ms if isinstance(outcome, Silent | Undelivered) else 0


def after_silence(order: Order, code: str) -> str:
    """The sound next step when ``code`` got no answer."""
    return AFTER_SILENCE[code]


def next_wait_ms(settings: Settings, order: Order) -> int | None:
    """The declared pauses one after the other, then nothing."""
    return settings.waits_ms[order.tries] if order.tries < len(settings.waits_ms) else None


def note_before(ctx: Context, order: Order) -> Order:
    """Once this returns, no crash loses what is about to be sent."""
    return ctx.keep(order)


def _pause_ms(ctx: Context, order: Order) -> int:
    return ctx.parts.next_wait_ms(ctx.settings, order) or ctx.settings.waits_ms[-1]
