"""Mistakes about what a shop takes in, what it calls its goods, and what a basket may hold."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing, shelf
from conformance.channels.reference.limits import BASKET, within_limits
from conformance.channels.reference.money import line_fen
from conformance.channels.reference.orders import Line, Order
from conformance.channels.reference.outcomes import Answered
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings

Json = dict[str, Any]
CAPS = {"ZA04BAP9017010199018": "36.00"}
"""What the channel below believes to be the highest price it may ask."""


def _lot_for_batch(parts: Parts) -> Parts:
    def row(opter_name: str, goods: Json, at: str) -> Json:
        return shelf.purchase_row(opter_name, {**goods, "lot": goods["batch"]}, at)

    return replace(parts, goods=replace(parts.goods, purchase_row=row))


def _corrects_on_top(parts: Parts) -> Parts:
    return replace(parts, goods=replace(parts.goods, remove_first=lambda ctx, org, batches: Answered({})))


def basket_without(parts: Parts, rule: str) -> Parts:
    """The channel that does not know one rule of baskets."""
    kept = {name: one for name, one in BASKET.items() if name != rule}
    return replace(parts, goods=replace(parts.goods, basket=kept))


def _catalogue_code_on_line(parts: Parts) -> Parts:
    def upload(settings: Settings, order: Order, now_ms: int) -> Json:
        plain = replace(order, lines=tuple(replace(line, own_code="") for line in order.lines))
        return composing.upload(settings, plain, now_ms)

    return replace(parts, compose={**parts.compose, "6201": upload})


def _limits_each_order(parts: Parts) -> Parts:
    """Looks at the basket before it, and at no other."""

    def alone(ctx: Context, order: Order) -> str:
        over = [line.name for line in order.lines if 0 < line.day_limit < Decimal(line.cnt)]
        return f"{over[0]} 超过限购" if over else ""

    return replace(parts, goods=replace(parts.goods, basket={**BASKET, "limits": alone}))


def _limits_for_ever(parts: Parts) -> Parts:
    """Whatever was bought on any day counts."""

    def ever(ctx: Context, order: Order) -> str:
        first = min((one.created_ms for one in ctx.notebook.orders()), default=order.created_ms)
        return within_limits(ctx, replace(order, created_ms=first))

    return replace(parts, goods=replace(parts.goods, basket={**BASKET, "limits": ever}))


def _cuts_to_the_cap(parts: Parts) -> Parts:
    """What is above the limit is sold at the limit, and nobody is told."""

    def cut(line: Line) -> Line:
        pric = CAPS.get(line.med_list_codg, line.pric)
        return replace(line, pric=pric, fen=line_fen(line.cnt, pric))

    def begin(ctx: Context, order: Order) -> Order:
        lines = tuple(cut(line) for line in order.lines)
        return parts.begin(ctx, replace(order, lines=lines, total_fen=sum(line.fen for line in lines)))

    return replace(parts, begin=begin)


def _till_drops_codes(parts: Parts) -> Parts:
    def sale(settings: Settings, order: Order, now_ms: int) -> Json:
        bare = replace(order, lines=tuple(replace(line, trace_codes=None) for line in order.lines))
        return composing.sale(settings, bare, now_ms)

    return replace(parts, compose={**parts.compose, "2102": sale})


LOT_FOR_BATCH = Mutant(
    name="lot-for-batch",
    zh="采购上报把批次流水号当作生产批号",
    en="reports its own batch number as the maker's lot",
    change=_lot_for_batch,
    must_break=frozenset({"stock/purchase/rows-as-received"}),
)
REPORTS_PURCHASES_AGAIN = Mutant(
    name="reports-purchases-again",
    zh="3503A没有应答就直接重报",
    en="reports again at once when 3503A got no answer",
    change=lambda parts: replace(parts, goods=replace(parts.goods, after_lost_purchase=shelf.send)),
    must_break=frozenset({"stock/purchase/lost-report-is-asked-about"}),
)
CORRECTS_ON_TOP = Mutant(
    name="corrects-on-top",
    zh="更正时不删除原记录",
    en="corrects a purchase without removing what was reported",
    change=_corrects_on_top,
    must_break=frozenset({"stock/purchase/removed-before-corrected"}),
)
SELLS_UNMAPPED = Mutant(
    name="sells-unmapped",
    zh="本店编码未对照就上传费用",
    en="bills under a code that is not mapped",
    change=lambda parts: basket_without(parts, "mapped"),
    must_break=frozenset({"drugcoding/mapping/mapped-before-sale"}),
)
CATALOGUE_CODE_ON_LINE = Mutant(
    name="catalogue-code-on-line",
    zh="明细不带本店编码",
    en="sends the national code where the shop's own belongs",
    change=_catalogue_code_on_line,
    must_break=frozenset({"drugcoding/mapping/own-code-on-the-line"}),
)
TAKES_ANY_MAPPING = Mutant(
    name="takes-any-mapping",
    zh="目录对照被拒也当作成功",
    en="takes a refused mapping for a good one",
    change=lambda parts: replace(parts, goods=replace(parts.goods, mapping_stands=lambda outcome: True)),
    must_break=frozenset({"drugcoding/mapping/refused-mapping-is-told", "drugcoding/mapping/mapped-before-sale"}),
)
LIMITS_EACH_ORDER = Mutant(
    name="limits-each-order",
    zh="限购只看单行单笔，不合并计算",
    en="limits each line by itself, however many lines and orders a day has",
    change=_limits_each_order,
    must_break=frozenset({"drugcoding/limit/day-limit-holds"}),
)
LIMITS_FOR_EVER = Mutant(
    name="limits-for-ever",
    zh="限购不按日重新计数",
    en="counts a day's limit over all days",
    change=_limits_for_ever,
    must_break=frozenset({"drugcoding/limit/next-day-is-free"}),
)
CUTS_TO_THE_CAP = Mutant(
    name="cuts-to-the-cap",
    zh="超过限价的药品擅自按限价上传",
    en="sells at the price limit what is above it, and tells nobody",
    change=_cuts_to_the_cap,
    must_break=frozenset({"drugcoding/limit/price-is-never-changed"}),
    may_break=frozenset({
        "amount/bill/price-known-to-the-fen", "amount/bill/total-is-sum-of-lines", "amount/coupon/cuts-what-is-billed",
        "stock/sale/price-as-charged",
    }),
)  # fmt: skip
TILL_DROPS_CODES = Mutant(
    name="till-drops-codes",
    zh="2102不带收银台扫到的追溯码",
    en="leaves the codes the till scanned out of 2102",
    change=_till_drops_codes,
    must_break=frozenset({"trace/till/every-code-in-2102"}),
)
TILL_SELLS_UNSCANNED = Mutant(
    name="till-sells-unscanned",
    zh="柜台漏扫也结算",
    en="settles at the counter what was not scanned",
    change=lambda parts: basket_without(parts, "scanned"),
    must_break=frozenset({"trace/till/no-scan-no-settlement"}),
)
