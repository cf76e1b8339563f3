"""The sale at the counter: 1101, 2101, 2102; 2103 to take it back; 2601 for a lost answer, once.

The message id of 2102 is written down before it leaves: it is the only handle on a settlement nobody told us about.
"""

from dataclasses import replace
from typing import Final

from conformance.channels.reference.calling import call, for_shop, fresh_msgid
from conformance.channels.reference.orders import Order, Sale, Split
from conformance.channels.reference.outcomes import Answered, Outcome, Refused, Undelivered
from conformance.channels.reference.parts import Context, Json
from conformance.channels.reference.walking import (
    finish,
    go,
    later,
    manual,
    rest,
    retry_after_ms,
    tell,
    unanswered,
)
from schemas.amount import AmountError, to_fen

E_VOUCHER: Final = "01"


def first_step(shown: Sale) -> str:
    """What the scanner read off a phone has to be decoded; a card or an identity number is what it is."""
    return "decode" if shown.mdtrt_cert_type == E_VOUCHER else "identify"


def decode(ctx: Context, order: Order) -> Order:
    """6101, once: a code is good for one reading, and a lost answer cannot be asked for again."""
    outcome = ctx.parts.read_code(ctx, order)
    if isinstance(outcome, Answered):
        token = outcome.data["OutData"]["ecToken"]
        return go(ctx, order.selling(mdtrt_cert_no=token), "identify")
    return finish(ctx, order, "failed", "未能读取电子凭证，请参保人重新出示二维码")


def read_code(ctx: Context, order: Order) -> Outcome:
    """Ask what a code says, for buying medicine at this pharmacy."""
    return for_shop(ctx, "6101", order.org, ctx.compose("6101", order))


def quote(ctx: Context, order: Order) -> Order:
    """2101: what the buyer will have to pay in cash. It moves nothing, so a lost answer is asked for again."""
    outcome = call(ctx, "2101", order)
    if isinstance(outcome, Refused):
        return finish(ctx, order, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    try:
        split = _own_split(ctx, order, outcome.data)
    except AmountError as fault:
        return finish(ctx, order, "failed", f"2101 应答金额不符：{fault}")
    msgid = fresh_msgid(ctx, order.org)
    return go(ctx, order.selling(quoted=split, msgid=msgid), "sell")


def sell(ctx: Context, order: Order) -> Order:
    """2102 under the message id that is already in the notebook."""
    assert order.sale is not None
    order, outcome = tell(ctx, order, "2102", msgid=order.sale.msgid)
    if isinstance(outcome, Refused):
        return finish(ctx, replace(order, pending=""), "failed", outcome.why)
    if isinstance(outcome, Undelivered):
        fresh = order.selling(msgid=fresh_msgid(ctx, order.org))
        return unanswered(ctx, fresh, outcome, again="sell")
    if not isinstance(outcome, Answered):
        return unanswered(ctx, order, outcome, again="sell")
    return _sold(ctx, replace(order, pending=""), outcome.data)


def _sold(ctx: Context, order: Order, data: Json) -> Order:
    settled = data["setlinfo"]
    try:
        split = _own_split(ctx, order, data)
    except AmountError as fault:
        return manual(ctx, order, f"2102 应答金额不符：{fault}", frozen=True)
    order = order.selling(
        setl_id=settled["setl_id"], mdtrt_id=settled["mdtrt_id"], settled=settled["setl_time"], split=split,
        fund_sum_fen=to_fen(settled["fund_pay_sumamt"]),
    )  # fmt: skip
    assert order.sale is not None
    if order.sale.quoted != split:
        return manual(ctx, order, "2102 的结算金额与预结算不一致", frozen=True)
    return rest(ctx, order)


def _own_split(ctx: Context, order: Order, data: Json) -> Split:
    split = ctx.parts.read_sale(data["setlinfo"])
    if split.total_fen != order.total_fen:
        raise AmountError(f"{split.total_fen} fen answered, {order.total_fen} fen sold")
    return split


def reverse(ctx: Context, order: Order) -> Order:
    """2601 for the lost 2102. Its refusal proves nothing, its silence even less: either way a person looks."""
    assert order.sale is not None
    if not ctx.parts.may_reverse(order):
        return manual(ctx, order, "冲正已提交过一次，不重复提交，请凭对账核对")
    order = order.selling(reversals=order.sale.reversals + 1)
    order, outcome = tell(ctx, order, "2601")
    if isinstance(outcome, Answered):
        return finish(ctx, order, "reversed", "结算结果未知，已冲正")
    if isinstance(outcome, Undelivered):
        again = order.selling(reversals=0)
        return later(ctx, replace(again, pending="2102", step="reverse"), outcome.retry_after_ms)
    if isinstance(outcome, Refused):
        return manual(ctx, order, f"冲正被拒：{outcome.why}")
    return unanswered(ctx, order, outcome, again="reverse")


def may_reverse(order: Order) -> bool:
    """2601 goes out once for one message id."""
    return order.sale is not None and order.sale.reversals == 0


def cancel_sale(ctx: Context, order: Order) -> Order:
    """2103 for a sale whose settlement we know."""
    msgid = fresh_msgid(ctx, order.org)
    order, outcome = tell(ctx, order.selling(undo_msgid=msgid), "2103", msgid=msgid)
    if isinstance(outcome, Answered):
        negative = outcome.data["setlinfo"]
        order = order.selling(undo_setl_id=negative["setl_id"], undone=negative["setl_time"])
        return finish(ctx, order, "refunded", "柜台销售已撤销")
    if isinstance(outcome, Undelivered):
        return unanswered(ctx, order, outcome, again="cancel_sale")
    if isinstance(outcome, Refused):
        return manual(ctx, replace(order, pending=""), f"结算撤销被拒：{outcome.why}")
    return unanswered(ctx, order, outcome, again="cancel_sale")


def stop(ctx: Context, order: Order) -> Order:
    """No message undoes an undo: what came of a 2601 or 2103 without an answer, only a person can find out."""
    return manual(ctx, order, f"{order.pending} 结果未知，不重复提交，请凭对账核对")
