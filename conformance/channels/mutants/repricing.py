"""A split that is older than the price it was made of."""

from dataclasses import replace
from weakref import WeakKeyDictionary

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.beliefs import Belief, believe
from conformance.channels.reference.notebook import Notebook
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Context, Parts


def _split_is_a_promise(parts: Parts) -> Parts:
    """6202 has promised a split, so the insurer owes it: a confirmed order is paid, whatever the core says later."""

    def told(order: Order) -> Belief:
        promised = order.payment.ord_stas == "15" and order.payment.split is not None
        return replace(believe(order), state="paid") if promised else believe(order)

    return replace(parts, believe=told)


def _collects_the_old_share(parts: Parts) -> Parts:
    """The basket is the same, so the cash share must be: what the first split said is collected for the next order."""
    first: WeakKeyDictionary[Notebook, dict[str, int]] = WeakKeyDictionary()

    def cash(ctx: Context, order: Order) -> Order:
        share, freight = parts.to_collect(order)
        known = first.setdefault(ctx.notebook, {}).setdefault(order.order, share)
        shared = replace(ctx.parts, to_collect=lambda one: (known, freight))
        return parts.steps["cash"](replace(ctx, parts=shared), order)

    return replace(parts, steps={**parts.steps, "cash": cash})


def _places_to_ask(parts: Parts) -> Parts:
    """6202 tells the state as well as 6301 does, so that is how it asks."""

    def ask(ctx: Context, order: Order) -> Order:
        asked = parts.steps["ask"](ctx, order)
        waits = asked.step == "ask" and asked.payment.ord_stas == "1" and not (asked.wish or asked.unsure or asked.end)
        return ctx.keep(replace(asked, step="place")) if waits else asked

    return replace(parts, steps={**parts.steps, "ask": ask})


PLACES_TO_ASK = Mutant(
    name="places-to-ask",
    zh="等待买方确认时用6202代替查询",
    en="sends 6202 again and again to learn how an order stands",
    change=_places_to_ask,
    must_break=frozenset({"order/steps/priced-once"}),
    may_break=frozenset({"retry/patience/busy-platform-is-outlived"}),
)
SPLIT_IS_A_PROMISE = Mutant(
    name="split-is-a-promise",
    zh="6202已给出拆分，核心拒绝也当作已支付",
    en="takes the split of 6202 for a promise and an order the core refused for paid",
    change=_split_is_a_promise,
    must_break=frozenset({"order/cap/cut-cap-is-not-paid", "belief/ledger/never-wrong"}),
    may_break=frozenset(
        {
            "belief/ledger/refused-is-not-paid",
            "family/aid/empty-giver-is-not-paid",
            "family/aid/quote-lets-no-goods-out",
            "order/goods/goods-leave-only-paid",
            "order/refused/suspended-shop-is-not-paid",
        }
    ),
)
COLLECTS_THE_OLD_SHARE = Mutant(
    name="collects-the-old-share",
    zh="重新下单仍按上一单的拆分收自费",
    en="collects for a new order what the split of the refused one said",
    change=_collects_the_old_share,
    must_break=frozenset({"order/cap/new-order-new-split"}),
)
