"""The online order from the basket to the frozen split: consent, 1101, 6201, 6202, and the cash desk opened.

From there the buyer confirms on the e-voucher page, and ``unknown.py`` finds out what came of it.
"""

from dataclasses import replace

from conformance.channels.reference.calling import call, cash_desk
from conformance.channels.reference.money import read_split
from conformance.channels.reference.orders import (
    COUNTER,
    TO_GIVE_UP,
    Cash,
    Consent,
    Order,
    Payer,
)
from conformance.channels.reference.outcomes import Answered, Refused
from conformance.channels.reference.parts import Context, Json
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import (
    finish,
    go,
    later,
    manual,
    reason,
    retry_after_ms,
    tell,
    unanswered,
)
from schemas.amount import AmountError

INSURED = "1"


def admit(order: Order) -> str:
    """Our own rule before anything is sent: online, medicine is sold over the counter or on a prescription we hold."""
    for line in order.lines:
        name = line.name or line.med_list_codg
        if line.rx_flag == "1" and order.rx is None:
            return f"{name} 为处方药，没有电子处方不能线上购买"
        if line.online_barred:
            return f"{name} 属于网络禁售药品"
    return ""


def consent_for(settings: Settings, order: Order, now_ms: int) -> Consent | None:
    """This order's own consent, while it is fresh; a stale one is asked for anew."""
    held = order.consent
    fresh = held is not None and held.pay_auth_no and now_ms - held.at_ms <= settings.consent_life_ms
    return held if fresh else None


def consent(ctx: Context, order: Order) -> Order:
    """Ask whether the buyer consented; while he has not, wait for him and ask the same question again."""
    if ctx.parts.consent(ctx.settings, order, ctx.now_ms()):
        return go(ctx, order, "identify")
    asked = order.consent if order.consent and not order.consent.pay_auth_no else Consent(req_biz_no=ctx.serial("A"))
    order = ctx.keep(replace(order, consent=asked))
    outcome = call(ctx, "house.auth.query", order)
    if isinstance(outcome, Refused):
        return finish(ctx, order, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    if outcome.data["authStas"] != "1":
        return later(ctx, replace(order, consent=replace(asked, auth_url=str(outcome.data.get("authUrl", "")))))
    given = replace(asked, pay_auth_no=str(outcome.data["payAuthNo"]), at_ms=ctx.now_ms())
    return go(ctx, replace(order, consent=given), "identify")


def identify(ctx: Context, order: Order) -> Order:
    """1101: who pays, and where he is insured. Asking moves nothing, so a lost answer is simply asked for again."""
    outcome = call(ctx, "1101", order)
    if isinstance(outcome, Refused):
        return finish(ctx, order, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    payer = read_payer(outcome.data)
    if payer is None:
        return finish(ctx, order, "failed", "参保状态异常，不能使用医保支付")
    order = replace(order, payer=payer)
    if order.rail == COUNTER:
        return go(ctx, order, "quote")
    return go(ctx, order, "place" if order.payment.pay_ord_id else "upload")


def read_payer(output: Json) -> Payer | None:
    """The person under the first insurance that is in force, or None."""
    person = output["baseinfo"]
    insured = next((row for row in output["insuinfo"] if row.get("psn_insu_stas", INSURED) == INSURED), None)
    if insured is None:
        return None
    return Payer(
        psn_no=person["psn_no"], psn_name=person["psn_name"], certno=person["certno"],
        psn_cert_type=person["psn_cert_type"], psn_type=insured["psn_type"], insutype=insured["insutype"],
        insuplc_admdvs=insured["insuplc_admdvs"],
    )  # fmt: skip


def upload(ctx: Context, order: Order) -> Order:
    """6201. Without an answer we have no number to ask by: the same upload, under the same serial, once more."""
    given = ctx.parts.consent(ctx.settings, order, ctx.now_ms())
    if given is None:
        return go(ctx, order, "consent")
    order = _begun(ctx, order, given)
    order, outcome = tell(ctx, order, "6201")
    if isinstance(outcome, Refused) and outcome.signed:
        if ctx.parts.consent_over(outcome.why):
            return _consent_anew(ctx, order)
        return finish(ctx, order, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return unanswered(ctx, order, outcome, again="upload")
    data = outcome.data
    extra = data.get("extData")
    visit = data.get("mdtrtId") or (extra.get("mdtrtId") if isinstance(extra, dict) else "") or ""
    order = replace(order, pending="").paying(
        pay_ord_id=data["payOrdId"], pay_token=data["payToken"], mdtrt_id=visit, ord_stas="0",
        cashier_url=str(data.get("cashierUrl") or ""),
    )  # fmt: skip
    return go(ctx, order, "ask" if order.wish else ctx.parts.after_upload(order))


def after_upload(order: Order) -> str:
    """On to 6202; where the platform has a cashier the buyer orders there, and only our own freight is asked for."""
    return "cash" if order.payment.cashier_url else "place"


def _begun(ctx: Context, order: Order, given: Consent) -> Order:
    """The payment to upload: the one whose answer was lost, under its own serial, or a new one."""
    serial = ctx.parts.med_org_ord(order, ctx.serial("M"))
    if order.payment.med_org_ord:
        return order.paying(med_org_ord=serial, pay_auth_no=given.pay_auth_no)
    return order.paying(
        med_org_ord=serial, chrg_bchno=ctx.serial("C"), begun_ms=ctx.now_ms(), pay_auth_no=given.pay_auth_no
    )


def med_org_ord(order: Order, fresh: str) -> str:
    """A repeated 6201 keeps its serial: that is what lets the platform know it again."""
    return order.payment.med_org_ord or fresh


def biz_ser(order: Order, fresh: str) -> str:
    """Every 6202 has a serial of its own."""
    return fresh


def place(ctx: Context, order: Order) -> Order:
    """6202: freeze the split. Any answer but a good one is followed by 6301, never by another 6202."""
    given = ctx.parts.consent(ctx.settings, order, ctx.now_ms())
    if given is None:
        return go(ctx, order, "consent")
    if order.payment.tries_6202 >= ctx.settings.max_6202:
        return go(ctx, replace(order, wish=TO_GIVE_UP, why="多次下单未成功"), "ask")
    order = order.paying(
        biz_ser=ctx.parts.biz_ser(order, ctx.serial("B")), tries_6202=order.payment.tries_6202 + 1,
        pay_auth_no=given.pay_auth_no,
    )  # fmt: skip
    order, outcome = tell(ctx, order, "6202")
    if isinstance(outcome, Refused) and outcome.signed:
        return _place_refused(ctx, order, outcome.why)
    if not isinstance(outcome, Answered):
        return unanswered(ctx, order, outcome, again="place")
    return _placed(ctx, replace(order, pending=""), outcome.data)


def consent_over(why: str) -> bool:
    """Whether a refusal says that the consent has lapsed (9.7). No text names a code for it, so its words decide."""
    return "重新授权" in why


def _consent_anew(ctx: Context, order: Order) -> Order:
    """The buyer is asked again, and the same order goes on."""
    order = replace(order, pending="", consent=Consent(req_biz_no=ctx.serial("A")))
    return go(ctx, order, "consent")


def _place_refused(ctx: Context, order: Order, why: str) -> Order:
    """A refusal is asked about, not believed; meanwhile we know that we shall not go on with this payment."""
    if ctx.parts.consent_over(why):
        return _consent_anew(ctx, order)
    return go(ctx, replace(order, pending="", wish=TO_GIVE_UP, why=why), "ask")


def _placed(ctx: Context, order: Order, data: Json) -> Order:
    try:
        split = read_split(data)
    except AmountError as fault:
        return manual(ctx, order, f"6202 应答金额不平：{fault}", frozen=True)
    if split is None or split.total_fen != order.total_fen:
        return manual(ctx, order, "6202 应答的费用总额与订单不一致", frozen=True)
    order = order.paying(split=split, ord_stas=str(data["ordStas"]))
    return go(ctx, order, "cash")


def open_cash(ctx: Context, order: Order) -> Order:
    """Let the cash desk collect the cash share and the freight; opening twice under one number is opening once."""
    cash_fen, freight_fen = ctx.parts.to_collect(order)
    if cash_fen + freight_fen == 0:
        return await_buyer(ctx, order)
    number = order.cash.out_trade_no if order.cash else ctx.serial("T")
    order = ctx.keep(replace(order, cash=Cash(out_trade_no=number, cash_fen=cash_fen, freight_fen=freight_fen)))
    outcome = cash_desk(
        ctx, "open",
        {"outTradeNo": number, "payOrdId": order.payment.pay_ord_id, "cashFen": cash_fen, "freightFen": freight_fen},
    )  # fmt: skip
    if isinstance(outcome, Refused):
        return go(ctx, replace(order, cash=None, wish=TO_GIVE_UP, why=reason(outcome)), "ask")
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    assert order.cash is not None
    return await_buyer(ctx, replace(order, cash=replace(order.cash, state=str(outcome.data["state"]))))


def await_buyer(ctx: Context, order: Order) -> Order:
    """The buyer confirms elsewhere; the notice will tell, and so will 6301."""
    order = replace(order, step="ask", tries=0)
    if order.payment.ord_stas not in ("1", "2"):
        return go(ctx, order, "ask")
    if not ctx.parts.watch(order):
        return ctx.keep(replace(order, step="", due_ms=0))
    return later(ctx, order)


def watch(order: Order) -> bool:
    """A notice may be lost: keep asking."""
    return True
