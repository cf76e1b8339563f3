"""Mistakes about goods that leave and come back: unpaid, short, unreported, untied, unscanned, sold twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import goods, packs
from conformance.channels.reference.orders import Order
from conformance.channels.reference.outcomes import Answered, Outcome
from conformance.channels.reference.packs import BACK, Pack
from conformance.channels.reference.parts import Context, Parts
from conformance.channels.reference.settings import Settings

Json = dict[str, Any]
RowChange = Callable[[Json], Json]

UNSOLD: Final = frozenset({
    "trace/report/taken-before-hand-over", "trace/report/one-sale-a-pack", "stock/sale/insured-rows-stand",
    "shop/shortage/never-less-than-settled",
})  # fmt: skip
"""What a good day of goods looks like, for channels whose reports the platform does not take."""


def without(parts: Parts, rule: str) -> Parts:
    """The channel that does not know one rule of handing over."""
    kept = {name: one for name, one in parts.goods.hand_over.items() if name != rule}
    return replace(parts, goods=replace(parts.goods, hand_over=kept))


def saying(parts: Parts, change: RowChange) -> Parts:
    """The channel whose sale rows are changed before they leave."""

    def row(settings: Settings, order: Order, pack: Pack) -> Json:
        return change(packs.sale_row(settings, order, pack))

    return replace(parts, goods=replace(parts.goods, sale_row=row))


def _hands_over_first(parts: Parts) -> Parts:
    """The report goes out, and nobody waits for what comes of it."""

    def report(ctx: Context, order: Order, fresh: tuple[Pack, ...]) -> Outcome:
        goods.report(ctx, order, fresh)
        return Answered({})

    return replace(parts, goods=replace(parts.goods, report=report))


def _reports_again(parts: Parts) -> Parts:
    """No answer means that nothing was taken."""

    def forget(ctx: Context, order: Order, lost: list[Pack]) -> Outcome:
        for pack in lost:
            ctx.notebook.drop_pack(pack.pack_no)
        return Answered({})

    return replace(parts, goods=replace(parts.goods, after_lost_report=forget))


def _scans_before_its_day(parts: Parts) -> Parts:
    def always(ctx: Context, order: Order, scanned: tuple[Pack, ...]) -> str:
        bare = [pack for pack in scanned if not pack.trace_codes and not pack.no_code]
        return "未扫追溯码" if bare else goods.scanned_all(ctx, order, scanned)

    rules = {**parts.goods.hand_over, "scanned": always}
    return replace(parts, goods=replace(parts.goods, hand_over=rules))


def _untied(row: Json) -> Json:
    return {**{k: v for k, v in row.items() if k != "setl_id"}, "mdtrt_sn": row["rtal_docno"], "MDTRT_SETL_TYPE": "2"}


def _makes_codes_up(parts: Parts) -> Parts:
    def virtual(ctx: Context, order: Order, pack: Pack) -> tuple[str, ...]:
        return ("81111111111111111111",)

    return replace(parts, goods=replace(parts.goods, virtual_codes=virtual))


def _loses_codes_on_the_way_back(parts: Parts) -> Parts:
    def row(settings: Settings, order: Order, pack: Pack) -> Json:
        return {**packs.return_row(settings, order, pack), "drugtracinfo": []}

    return replace(parts, goods=replace(parts.goods, return_row=row))


def _takes_nothing_back(parts: Parts) -> Parts:
    return replace(parts, goods=replace(parts.goods, may_take_back=lambda order, received: "不登记退货"))


def _takes_back_on_paper(parts: Parts) -> Parts:
    return replace(parts, goods=replace(parts.goods, may_take_back=lambda order, received: ""))


LEAVES_UNPAID = Mutant(
    name="leaves-unpaid",
    zh="不看支付状态就扫码出库",
    en="lets scanned goods go without looking at the payment",
    change=lambda parts: without(parts, "standing"),
    must_break=frozenset({"order/goods/handed-over-only-paid"}),
    may_break=frozenset(
        {
            "shop/refusal/no-sale-is-reported", "stock/sale/insured-rows-stand", "trace/report/tied-to-the-settlement",
            "trace/report/one-sale-a-pack", "trace/report/taken-before-hand-over",
        }
    ),
)  # fmt: skip
SENDS_LESS = Mutant(
    name="sends-less",
    zh="缺货时少发",
    en="sends what is there when something is missing",
    change=lambda parts: without(parts, "complete"),
    must_break=frozenset({"shop/shortage/never-less-than-settled"}),
    may_break=frozenset({"stock/sale/insured-rows-stand", "shop/refusal/no-sale-is-reported"}),
)
HANDS_OVER_FIRST = Mutant(
    name="hands-over-first",
    zh="上报后不等结果就出库",
    en="reports a sale and hands over without waiting for what comes of it",
    change=_hands_over_first,
    must_break=frozenset({"trace/report/refused-row-keeps-goods", "trace/report/taken-before-hand-over"}),
    may_break=UNSOLD - {"trace/report/taken-before-hand-over"},
)
TRUSTS_INFCODE = Mutant(
    name="trusts-infcode",
    zh="只看infcode，不看每行的结果",
    en="reads infcode and no row of the answer",
    change=lambda parts: replace(parts, goods=replace(parts.goods, row_taken=lambda row: True)),
    must_break=frozenset(
        {
            "stock/purchase/refused-row-is-told",
            "trace/report/refused-row-keeps-goods",
            "trace/report/taken-before-hand-over",
        }
    ),
)
REPORTS_AGAIN = Mutant(
    name="reports-again",
    zh="3505A没有应答就直接重报",
    en="reports again at once when 3505A got no answer",
    change=_reports_again,
    must_break=frozenset({"trace/report/lost-report-is-asked-about"}),
    may_break=UNSOLD,
)
UNTIED_SALES = Mutant(
    name="untied-sales",
    zh="销售按自费上报，不带结算ID",
    en="reports insured sales as self-paid, tied to nothing",
    change=lambda parts: saying(parts, _untied),
    must_break=frozenset({"trace/report/tied-to-the-settlement"}),
    may_break=UNSOLD | {"stock/back/same-goods-come-back"},
)
ONE_CODE_A_LINE = Mutant(
    name="one-code-a-line",
    zh="一行只报一个追溯码",
    en="reports one trace code a line, however many packs",
    change=lambda parts: saying(parts, lambda row: {**row, "drugtracinfo": row["drugtracinfo"][:1]}),
    must_break=frozenset({"trace/report/codes-as-scanned"}),
    may_break=UNSOLD | {"stock/back/same-goods-come-back"},
)
NEVER_SPLIT = Mutant(
    name="never-split",
    zh="拆零也报整盒",
    en="reports goods out of an opened pack as whole packs",
    change=lambda parts: saying(parts, lambda row: {**row, "trdn_flag": "0"}),
    must_break=frozenset({"trace/report/opened-pack-is-flagged"}),
    may_break=UNSOLD,
)
ROUNDS_THE_PRICE = Mutant(
    name="rounds-the-price",
    zh="成交单价取到分",
    en="rounds the price of a sale row to the fen",
    change=lambda parts: saying(parts, lambda row: {**row, "finl_trns_pric": row["finl_trns_pric"][:4]}),
    must_break=frozenset({"stock/sale/price-as-charged"}),
)
NEVER_SCANS = Mutant(
    name="never-scans",
    zh="不管追溯码扫没扫都出库",
    en="hands over whatever was or was not scanned",
    change=lambda parts: without(parts, "scanned"),
    must_break=frozenset({"trace/duty/no-scan-no-hand-over"}),
    may_break=frozenset({"trace/duty/codes-for-old-stock", "shop/shortage/never-less-than-settled"}),
)
SCANS_BEFORE_ITS_DAY = Mutant(
    name="scans-before-its-day",
    zh="要求生效之前就拦下无码货品",
    en="holds goods without codes back before the duty began",
    change=_scans_before_its_day,
    must_break=frozenset({"trace/duty/not-before-its-day"}),
)
MAKES_CODES_UP = Mutant(
    name="makes-codes-up",
    zh="无码货品自编追溯码",
    en="makes up codes for stock that has none",
    change=_makes_codes_up,
    must_break=frozenset({"trace/duty/codes-for-old-stock"}),
)
SELLS_ANY_PACK = Mutant(
    name="sells-any-pack",
    zh="扫到已售出的追溯码照样出库",
    en="sells a pack whose code is sold already",
    change=lambda parts: without(parts, "unsold"),
    must_break=frozenset({"trace/pack/sold-pack-stays", "trace/report/one-sale-a-pack"}),
    may_break=frozenset({"trace/pack/used-pack-stays"}),
)
SHELVES_USED_PACKS = Mutant(
    name="shelves-used-packs",
    zh="买方退回的药品重新上架",
    en="puts goods from a buyer's hands back on the shelf",
    change=lambda parts: replace(parts, goods=replace(parts.goods, shelf_after=lambda state: BACK)),
    must_break=frozenset({"trace/pack/used-pack-stays"}),
)
TAKES_BACK_ON_PAPER = Mutant(
    name="takes-back-on-paper",
    zh="货还在路上就登记退货",
    en="books a return while the goods are on the road",
    change=_takes_back_on_paper,
    must_break=frozenset({"stock/back/only-when-back"}),
)
TAKES_NOTHING_BACK = Mutant(
    name="takes-nothing-back",
    zh="退款后不登记退货",
    en="books no return after a refund",
    change=_takes_nothing_back,
    must_break=frozenset({"stock/back/same-goods-come-back", "stock/sale/insured-rows-stand"}),
)
LOSES_CODES_ON_THE_WAY_BACK = Mutant(
    name="loses-codes-on-the-way-back",
    zh="退货登记不带追溯码",
    en="takes goods back without their trace codes",
    change=_loses_codes_on_the_way_back,
    must_break=frozenset({"stock/back/same-goods-come-back"}),
    may_break=frozenset({"trace/report/one-sale-a-pack"}),
)
