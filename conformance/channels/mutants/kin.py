"""Mistakes about whose money it is: relatives, residents, and what 1101 said of a person."""

from dataclasses import replace
from typing import Any

from conformance.channels.mutants.collateral import NOTHING_ENDS_WELL
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.orders import COUNTER, Order, Payer, Payment
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import finish, go
from schemas.amount import to_fen

Json = dict[str, Any]


def _draws_on_relatives(parts: Parts) -> Parts:
    """Relatives' accounts are asked to pay whatever the buyer chose."""

    def upload(settings: Settings, order: Order, now_ms: int) -> Json:
        return {**composing.upload(settings, order, now_ms), "acctUsedFlag": "2"}

    return replace(parts, compose={**parts.compose, "6201": upload})


def _wants_own_account(parts: Parts) -> Parts:
    """Whoever has no account of his own is sent away, relatives or not."""

    def identify(ctx: Context, order: Order) -> Order:
        told = parts.steps["identify"](ctx, order)
        resident = told.payer is not None and told.payer.insutype == "390" and told.rail != COUNTER
        return finish(ctx, told, "failed", "没有个人账户") if resident else told

    return replace(parts, steps={**parts.steps, "identify": identify})


def _counts_own_share_only(parts: Parts) -> Parts:
    """What relatives paid is nobody's account money: neither told to the buyer nor asked back."""

    def learn(order: Order, data: Json) -> Order:
        split = order.payment.split
        unread = {name: value for name, value in data.items() if name != "feeSumamt"}
        told = parts.learn(order, unread if split else data)
        aid_fen = to_fen(data.get("acctMulaidPay") or "0")
        if split is None or not aid_fen or split.other_fen:
            return told
        return told.paying(split=replace(split, account_fen=split.account_fen - aid_fen, other_fen=aid_fen))

    return replace(parts, learn=learn)


def _trusts_the_quote(parts: Parts) -> Parts:
    """A split that relatives cover to the fen is as good as paid."""

    def told(order: Order) -> Belief:
        split, belief = order.payment.split, believe(order)
        covered = split is not None and split.cash_fen == 0 and order.acct_used_flag == "2"
        quoted = covered and order.payment.ord_stas in ("1", "2", "15")
        return replace(belief, state="paid") if quoted else belief

    return replace(parts, believe=told)


def _orders_again(parts: Parts) -> Parts:
    """The core refused; perhaps it will not the next time."""

    def ask(ctx: Context, order: Order) -> Order:
        told = parts.steps["ask"](ctx, order)
        if told.payment.ord_stas != "15" or told.earlier:
            return told
        earlier = (*told.earlier, told.payment.pay_ord_id)
        return go(ctx, replace(told, earlier=earlier, payment=Payment(), cash=None, end="", why=""), "upload")

    return replace(parts, steps={**parts.steps, "ask": ask})


def _payer_is(parts: Parts, change: Any) -> Parts:
    """Identifies soundly and then writes something else down."""

    def identify(ctx: Context, order: Order) -> Order:
        told = parts.steps["identify"](ctx, order)
        return ctx.keep(replace(told, payer=change(ctx, told, told.payer))) if told.payer else told

    return replace(parts, steps={**parts.steps, "identify": identify})


def _everybody_employed(parts: Parts) -> Parts:
    return _payer_is(parts, lambda ctx, order, payer: replace(payer, insutype="310"))


def _insured_where_sold(parts: Parts) -> Parts:
    def moved(ctx: Context, order: Order, payer: Payer) -> Payer:
        return replace(payer, insuplc_admdvs=ctx.settings.shops[order.org].admdvs)

    return _payer_is(parts, moved)


def _remembers_payers(parts: Parts) -> Parts:
    """A buyer identified once is known for ever, whatever became of his insurance since."""

    def identify(ctx: Context, order: Order) -> Order:
        known = [one.payer for one in ctx.notebook.orders() if one.user == order.user and one.payer]
        if order.rail == COUNTER or not known or order.payment.pay_ord_id:
            return parts.steps["identify"](ctx, order)
        return go(ctx, replace(order, payer=known[0]), "upload")

    return replace(parts, steps={**parts.steps, "identify": identify})


def _bills_suspended(parts: Parts) -> Parts:
    """Whatever 1101 says of his insurance, the platform will know best whether it settles."""

    def identify(ctx: Context, order: Order) -> Order:
        told = parts.steps["identify"](ctx, order)
        known = [one.payer for one in ctx.notebook.orders() if one.user == order.user and one.payer]
        turned_away = told.end == "failed" and told.payer is None and bool(known)
        return go(ctx, replace(told, payer=known[0], end="", why=""), "upload") if turned_away else told

    return replace(parts, steps={**parts.steps, "identify": identify})


def _cash_is_payment(parts: Parts) -> Parts:
    """Once the cash desk has collected, the order is paid, whatever the insurer says."""

    def told(order: Order) -> Belief:
        collected = order.cash is not None and order.cash.state == "paid" and order.payment.ord_stas in ("3", "15")
        return replace(believe(order), state="paid") if collected else believe(order)

    return replace(parts, believe=told)


DRAWS_ON_RELATIVES = Mutant(
    name="draws-on-relatives",
    zh="不问买方，一律动用亲属账户",
    en="draws on relatives' accounts whatever the buyer chose",
    change=_draws_on_relatives,
    must_break=frozenset({"family/aid/buyer-decides-who-pays", "family/aid/only-chosen-purses-open"}),
)
WANTS_OWN_ACCOUNT = Mutant(
    name="wants-own-account",
    zh="没有个人账户的居民一律不接单",
    en="turns residents away because they have no account of their own",
    change=_wants_own_account,
    must_break=frozenset({"family/aid/resident-is-served"}),
)
COUNTS_OWN_SHARE_ONLY = Mutant(
    name="counts-own-share-only",
    zh="亲属支付的部分不算账户支付",
    en="does not count what relatives paid as account money",
    change=_counts_own_share_only,
    must_break=frozenset({"family/aid/relatives-share-is-account-money", "family/aid/everybody-gets-back-his-own"}),
    may_break=frozenset(
        {
            "belief/ledger/right-amounts",
            "storm/storm/copies-count-once",
            "refund/refund/everything-comes-back",
            "refund/refund/original-amounts",
            "wire/answers/changed-amounts-are-frozen",
        }
    ),
)
TRUSTS_THE_QUOTE = Mutant(
    name="trusts-the-quote",
    zh="亲属足额的预结算当作已支付",
    en="takes a split that relatives would cover for a payment",
    change=_trusts_the_quote,
    must_break=frozenset({"family/aid/empty-giver-is-not-paid", "family/aid/quote-lets-no-goods-out"}),
)
ORDERS_AGAIN = Mutant(
    name="orders-again-by-itself",
    zh="核心拒绝后自行重新下单",
    en="orders again by itself after the core refused",
    change=_orders_again,
    must_break=frozenset({"order/refused/stays-refused"}),
    may_break=frozenset({"family/aid/empty-giver-is-not-paid", "order/cap/cut-cap-is-not-paid"}),
)
EVERYBODY_EMPLOYED = Mutant(
    name="everybody-employed",
    zh="险种一律填310",
    en="says 310 for everybody's kind of insurance",
    change=_everybody_employed,
    must_break=frozenset({"person/identity/insured-as-answered"}),
    may_break=frozenset({"family/aid/resident-is-served"}),
)
INSURED_WHERE_SOLD = Mutant(
    name="insured-where-sold",
    zh="参保地一律填药店所在地",
    en="takes the place of the shop for the place of insurance",
    change=_insured_where_sold,
    must_break=frozenset({"person/identity/insured-as-answered", "person/identity/frame-names-place-of-insurance"}),
    may_break=NOTHING_ENDS_WELL,
)
REMEMBERS_PAYERS = Mutant(
    name="remembers-payers",
    zh="同一买方只查一次1101",
    en="asks 1101 once for a buyer and never again",
    change=_remembers_payers,
    must_break=frozenset({"person/identity/asked-for-each-order"}),
)
BILLS_SUSPENDED = Mutant(
    name="bills-suspended",
    zh="参保状态不正常仍上传费用",
    en="uploads fees although 1101 shows the insurance as not in force",
    change=_bills_suspended,
    must_break=frozenset({"person/identity/suspended-is-not-billed"}),
)
CASH_IS_PAYMENT = Mutant(
    name="cash-is-payment",
    zh="收银台收了款就算已支付",
    en="takes an order for paid as soon as the cash desk collected",
    change=_cash_is_payment,
    must_break=frozenset({"order/refused/suspended-shop-is-not-paid", "order/cap/cut-cap-is-not-paid"}),
    may_break=frozenset(
        {"belief/ledger/never-wrong", "belief/ledger/refused-is-not-paid", "order/goods/goods-leave-only-paid"}
    ),
)
