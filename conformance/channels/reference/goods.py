"""Goods leave and come back: what has to be right before a pack is handed over, and when a sale is taken back.

The order of things (order-life 7): paid for certain, complete, scanned, reported with 3505A and accepted row by row;
only then handed over. 3506A only once the goods are physically back. Silence is asked about with 3511, never repeated.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from conformance.channels.reference.calling import for_shop
from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.orders import Order
from conformance.channels.reference.outcomes import Answered, Outcome, Refused, Silent
from conformance.channels.reference.packs import (
    BACK,
    QUARANTINED,
    REPORTING,
    SOLD,
    Pack,
    line_of,
    marked,
    settlement_of,
)
from conformance.channels.reference.parts import Context, Json

INSURED_FROM, ALL_FROM = "2025-07-01", "2026-01-01"
"""No scan, no settlement; then every sale, self-paid ones too (order-life 7)."""


def dispense(ctx: Context, order: Order, scanned: tuple[Pack, ...]) -> Outcome:
    """Report what the shop scanned, and let it go once every row is accepted. Asked again, nothing is sold again."""
    open_ones = [pack for pack in ctx.notebook.packs(order.order) if pack.state == REPORTING]
    if open_ones:
        found = ctx.parts.goods.after_lost_report(ctx, order, open_ones)
        if not isinstance(found, Answered):
            return found
    sold = [pack for pack in ctx.notebook.packs(order.order) if pack.state == SOLD]
    fresh = tuple(pack for pack in scanned if not any(_same(pack, one) for one in sold))
    for rule in ctx.parts.goods.hand_over.values():
        why = rule(ctx, order, (*sold, *fresh))
        if why:
            return Refused(why)
    return ctx.parts.goods.report(ctx, order, fresh) if fresh else Answered({})


def _same(pack: Pack, sold: Pack) -> bool:
    return (pack.med_list_codg, pack.batch) == (sold.med_list_codg, sold.batch)


def standing(ctx: Context, order: Order, packs: tuple[Pack, ...]) -> str:
    """The payment stands for certain, and the shop has not said that it cannot supply."""
    if order.shop:
        return "门店已拒单或缺货，整单退款，货品不得发出"
    belief = ctx.parts.believe(order)
    return "" if ctx.parts.may_ship(order, belief) else "订单未确认已支付，不可发货"


def complete(ctx: Context, order: Order, packs: tuple[Pack, ...]) -> str:
    """Exactly what was settled: never less (order-life 6), never anything else."""
    wanted, given = (
        _counted((x.med_list_codg, x.cnt) for x in order.lines),
        _counted((x.med_list_codg, x.cnt) for x in packs),
    )
    if wanted == given:
        return ""
    return "实发数量与结算不符：缺货须整单退款，由买方重新下单"


def _counted(rows: Iterable[tuple[str, str]]) -> dict[str, Decimal]:
    counted: dict[str, Decimal] = {}
    for code, cnt in rows:
        counted[code] = counted.get(code, Decimal(0)) + Decimal(cnt)
    return counted


def scanned_all(ctx: Context, order: Order, packs: tuple[Pack, ...]) -> str:
    """One code a pack, or any code of a split pack, from the day the duty began."""
    day, insured = datetime19(ctx.now_ms())[:10], bool(settlement_of(order)[0])
    for pack in packs:
        codes, needed = len(set(pack.trace_codes)), 1 if pack.split else Decimal(pack.cnt)
        if pack.no_code or codes == needed or (pack.split and codes):
            continue
        if codes or scan_due(day, insured=insured):
            return f"{line_of(order, pack).name or pack.med_list_codg} 应扫 {needed} 个追溯码，实扫 {codes} 个"
    return ""


def scan_due(day: str, *, insured: bool) -> bool:
    """Whether a sale of that day owes its trace codes."""
    return day >= (INSURED_FROM if insured else ALL_FROM)


def unsold(ctx: Context, order: Order, packs: tuple[Pack, ...]) -> str:
    """A pack has one sale: not one that is sold already, nor one that came back from a buyer's hands."""
    for pack in packs:
        for code in pack.trace_codes:
            for other in ctx.notebook.packs_with(code):
                sold_whole = other.state in (SOLD, REPORTING) and not (other.split and pack.split)
                if other.order != order.order and (sold_whole or other.state == QUARANTINED):
                    return f"追溯码 {code} 已售出或在隔离区，不得再次销售"
    return ""


HAND_OVER: Final = {"standing": standing, "complete": complete, "scanned": scanned_all, "unsold": unsold}
"""What must be right before a pack is handed over, in this order."""


def report(ctx: Context, order: Order, fresh: tuple[Pack, ...]) -> Outcome:
    """3505A for packs not reported yet; every row has a result of its own."""
    coded = _coded(ctx, order, fresh)
    if not isinstance(coded, list):
        return coded
    outcome = _send(ctx, order, coded)
    if isinstance(outcome, Silent):
        outcome = ctx.parts.goods.after_lost_report(ctx, order, coded)
        lost = [pack for pack in coded if not _is_sold(ctx, pack)]
        if isinstance(outcome, Answered) and lost:
            outcome = _send(ctx, order, lost)
    return outcome


def _is_sold(ctx: Context, pack: Pack) -> bool:
    return any(one.pack_no == pack.pack_no and one.state == SOLD for one in ctx.notebook.packs(pack.order))


def _send(ctx: Context, order: Order, packs: list[Pack]) -> Outcome:
    for pack in packs:
        ctx.notebook.keep_pack(pack)
    rows = [ctx.parts.goods.sale_row(ctx.settings, order, pack) for pack in packs]
    outcome = for_shop(ctx, "3505A", order.org, {"selinfoDetail": rows})
    if isinstance(outcome, Answered):
        return _read(ctx, packs, outcome.data["selinfoDetail"])
    if not isinstance(outcome, Silent):
        _drop(ctx, packs)
    return outcome


def _read(ctx: Context, packs: list[Pack], rows: list[Json]) -> Outcome:
    refused = []
    for pack in packs:
        row: Json = next((row for row in rows if _about(row, pack)), {})
        if ctx.parts.goods.row_taken(row):
            ctx.notebook.keep_pack(marked(pack, state=SOLD, sel_no=str(row.get("medins_prod_sel_no") or "")))
        else:
            _drop(ctx, [pack])
            refused.append(str(row.get("msgRslt") or "平台未返回该行结果"))
    return Refused("；".join(refused)) if refused else Answered({})


def _about(row: Json, pack: Pack) -> bool:
    return (row.get("med_list_codg"), row.get("fixmedins_bchno")) == (pack.med_list_codg, pack.batch)


def row_taken(row: Mapping[str, object]) -> bool:
    """``infcode`` 0 says the message was read; only ``retRslt`` 1 says the row was taken (institution-interfaces 6)."""
    return row.get("retRslt") == "1"


def _drop(ctx: Context, packs: Iterable[Pack]) -> None:
    for pack in packs:
        ctx.notebook.drop_pack(pack.pack_no)


def _coded(ctx: Context, order: Order, fresh: tuple[Pack, ...]) -> "list[Pack] | Outcome":
    """The packs ready to be reported: numbered, dated, and old stock under virtual codes (3592B)."""
    at, coded = datetime19(ctx.now_ms()), []
    for pack in fresh:
        codes: tuple[str, ...] | Outcome = pack.trace_codes
        if pack.no_code and not pack.trace_codes:
            codes = ctx.parts.goods.virtual_codes(ctx, order, pack)
        if not isinstance(codes, tuple):
            return codes
        number = f"{order.order}/{ctx.notebook.next_number('pack')}"
        coded.append(marked(pack, pack_no=number, trace_codes=codes, sold_at=at, state=REPORTING))
    return coded


def virtual_codes(ctx: Context, order: Order, pack: Pack) -> tuple[str, ...] | Outcome:
    """3592B, once for each pack without a code."""
    line, codes = line_of(order, pack), []
    own_code = line.own_code or line.med_list_codg
    asked = {
        "med_list_codg": pack.med_list_codg, "fixmedins_hilist_id": own_code,
        "fixmedins_hilist_name": line.name or own_code, "fixmedins_bchno": pack.batch,
    }  # fmt: skip
    for _ in range(1 if pack.split else int(Decimal(pack.cnt))):
        outcome = for_shop(ctx, "3592B", order.org, {"data": asked})
        if not isinstance(outcome, Answered):
            return outcome
        codes.append(str(outcome.data["result"]["drug_trac_codg"]))
    return tuple(codes)


def after_lost_report(ctx: Context, order: Order, packs: list[Pack]) -> Outcome:
    """3511 for each pack whose report was not answered: what is there is sold, what is not was never taken."""
    for pack in packs:
        line = line_of(order, pack)
        day = pack.sold_at[:10]
        asked = {
            "fixmedins_code": order.org, "medins_list_codg": line.own_code or line.med_list_codg,
            "fixmedins_bchno": pack.batch, "begndate": day, "enddate": day,
        }  # fmt: skip
        outcome = for_shop(ctx, "3511", order.org, {"data": asked})
        if not isinstance(outcome, Answered):
            return outcome
        row = next((row for row in outcome.data["output"] if _is_ours(row, order, pack)), None)
        if row:
            ctx.notebook.keep_pack(marked(pack, state=SOLD, sel_no=str(row.get("medinsProdSelNo") or "")))
        else:
            _drop(ctx, [pack])
    return Answered({})


def _is_ours(row: Json, order: Order, pack: Pack) -> bool:
    told = (row.get("medListCodg"), row.get("selRetnTime"), str(row.get("setlId") or ""))
    return told == (pack.med_list_codg, pack.sold_at, settlement_of(order)[0])


def take_back(ctx: Context, order: Order, *, received: bool, delivered: bool) -> Outcome:
    """3506A for what was reported sold. ``delivered``: it was in the buyer's hands, so it is never sold again."""
    sold = [pack for pack in ctx.notebook.packs(order.order) if pack.state in (SOLD, REPORTING)]
    why = ctx.parts.goods.may_take_back(order, received)
    if why or not sold:
        return Refused(why) if why else Answered({})
    at = datetime19(ctx.now_ms())
    dated = [pack if pack.back_at else marked(pack, back_at=at) for pack in sold]
    for pack in dated:
        ctx.notebook.keep_pack(pack)
    rows = [ctx.parts.goods.return_row(ctx.settings, order, pack) for pack in dated]
    outcome = for_shop(ctx, "3506A", order.org, {"selinfoDetail": rows})
    if not isinstance(outcome, Answered):
        return outcome
    return _taken_back(ctx, dated, outcome.data.get("selinfoErrDetail") or [], QUARANTINED if delivered else BACK)


def _taken_back(ctx: Context, packs: list[Pack], failed: list[Json], state: str) -> Outcome:
    refused = []
    for pack in packs:
        no = next((row for row in failed if _about(row, pack)), None)
        if no:
            refused.append(str(no.get("msgRslt") or "平台未受理退货"))
        else:
            ctx.notebook.keep_pack(marked(pack, state=ctx.parts.goods.shelf_after(state)))
    return Refused("；".join(refused)) if refused else Answered({})


def may_take_back(order: Order, received: bool) -> str:
    """A sale is taken back when the goods are: nothing is booked that is still on the road."""
    return "" if received else "货品尚未实际退回，不登记销售退货"


def shelf_after(state: str) -> str:
    """Where goods go that came back: what was in a buyer's hands stays in quarantine."""
    return state
