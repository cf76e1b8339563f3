"""Reconciliation of a day at one pharmacy: 3201, then 9101, 3202 and 9102, and every row judged by itself.

The platform's totals are those of the whole pharmacy, its counter and every other channel included (order-life 8.9):
equal totals prove nothing and unequal ones accuse nobody. Only rows do, and of those only our own are our business.
"""

from base64 import b64encode
from dataclasses import replace
from typing import Final

from conformance.channels.reference import books
from conformance.channels.reference.books import CENTRE_MORE, EQUAL, OURS_ONLY, Result, Row, Tally
from conformance.channels.reference.calling import fetched, for_shop
from conformance.channels.reference.orders import COUNTER, Order
from conformance.channels.reference.outcomes import Answered, Outcome, Silent
from conformance.channels.reference.parts import Context, Json
from conformance.channels.reference.walking import finish, go, manual, walk
from schemas.amount import to_text

CLR_TYPE: Final = "41"
"""Pharmacy purchases."""
SCHEMES: Final = ("310", "390")
"""Employees and residents: asked for even where we have nothing, or what we lost would never be found."""


def reconcile(ctx: Context, org: str, day: str) -> Tally | Outcome:
    """Compare a day (``yyyy-MM-dd``) and act on what differs."""
    rows = ctx.parts.own_rows(ctx.notebook.orders(), org, day)
    for insutype in sorted({*SCHEMES, *(row.insutype for row in rows)}):
        of_scheme = [row for row in rows if row.insutype == insutype]
        told = for_shop(ctx, "3201", org, _totals(ctx, org, day, of_scheme, insutype))
        if not isinstance(told, Answered):
            return told
    results = detailed(ctx, org, day, rows)
    if not isinstance(results, list):
        return results
    return _acted(ctx, org, rows, results)


def detailed(ctx: Context, org: str, day: str, rows: list[Row]) -> list[Result] | Outcome:
    """The platform's verdicts, row by row; a list that cannot be read, or misses rows of ours, is no answer."""
    name = f"{org}_{day}"
    upload = {
        "in": b64encode(books.packed(name, rows)).decode(), "filename": f"{name}.zip", "fixmedins_code": org
    }  # fmt: skip
    kept = for_shop(ctx, "9101", org, {"fsUploadIn": upload})
    if not isinstance(kept, Answered):
        return kept
    told = for_shop(ctx, "3202", org, _header(ctx, org, day, rows, str(kept.data["file_qury_no"])))
    if not isinstance(told, Answered):
        return told
    file = told.data["fileinfo"]
    wanted = {"file_qury_no": file["file_qury_no"], "filename": file["filename"], "fixmedins_code": org}
    raw = fetched(ctx, org, {"fsDownloadIn": wanted})
    if not isinstance(raw, bytes):
        return raw
    try:
        results = books.unpacked(raw)
    except ValueError as fault:
        return Silent(f"3202 结果文件无法读取：{fault}")
    missing = {row.setl_id for row in rows} - {result.setl_id for result in results}
    return Silent(f"3202 结果文件缺少 {len(missing)} 条本方记录") if missing else results


def _totals(ctx: Context, org: str, day: str, rows: list[Row], insutype: str) -> Json:
    return {
        "data": {
            "insutype": insutype, **_shared(ctx, org, day, rows),
            "acct_pay": to_text(sum(row.acct_fen for row in rows)),
        }
    }  # fmt: skip


def _header(ctx: Context, org: str, day: str, rows: list[Row], file_qury_no: str) -> Json:
    return {
        "data": {
            **_shared(ctx, org, day, rows), "file_qury_no": file_qury_no, "refd_setl_flag": "1",
            "cash_payamt": to_text(sum(row.cash_fen for row in rows)),
        }
    }  # fmt: skip


def _shared(ctx: Context, org: str, day: str, rows: list[Row]) -> Json:
    city = f"{ctx.settings.shops[org].admdvs[:4]}00"
    return {
        "clr_type": CLR_TYPE, "setl_optins": city, "stmt_begndate": day, "stmt_enddate": day,
        "medfee_sumamt": to_text(sum(row.medfee_fen for row in rows)),
        "fund_pay_sumamt": to_text(sum(row.fund_fen for row in rows)),
        "fixmedins_setl_cnt": str(books.count(rows)), "fixmedins_refd_setl_flag": "1",
    }  # fmt: skip


def _acted(ctx: Context, org: str, rows: list[Row], results: list[Result]) -> Tally:
    touched: list[str] = []
    foreign = 0
    for result in results:
        wanted = ctx.parts.judge_row(ctx, org, result)
        order = whose(ctx, org, result)
        foreign += order is None
        if order and wanted:
            touched.append(order.order)
            ACTIONS[wanted](ctx, order, result)
    differing = sum(result.stmt_rslt not in EQUAL for result in results)
    return Tally(rows=len(rows), differing=differing, foreign=foreign, orders=tuple(dict.fromkeys(touched)))


def whose(ctx: Context, org: str, result: Result) -> Order | None:
    """The order of ours a row speaks of: by settlement id, by the id of a message of ours, or, where the shop's own
    till took a purchase back, by the buyer of the one order of ours that stands with exactly those numbers."""
    ours = [order for order in ctx.notebook.orders() if order.org == org]
    for order in ours:
        if result.setl_id and result.setl_id in _ids(order):
            return order
        if result.msgid and result.msgid in _messages(order):
            return order
    standing = [order for order in ours if result.refund and not result.setl_id and _taken_back(order, result)]
    return standing[0] if len(standing) == 1 else None


def _taken_back(order: Order, result: Result) -> bool:
    """Whether a refund made elsewhere can be that of a purchase of ours that we hold to stand."""
    bought = order.payer is not None and order.payer.psn_no == result.psn_no and bool(_ids(order))
    standing = order.end in ("", "manual") and order.split is not None
    return bought and standing and order.split is not None and order.split.total_fen == -result.medfee_fen


def _ids(order: Order) -> tuple[str, ...]:
    sale, refund = order.sale, order.refund
    ids = (sale.setl_id, sale.undo_setl_id) if sale else (order.payment.setl_id, refund.setl_id if refund else "")
    return tuple(one for one in ids if one)


def _messages(order: Order) -> tuple[str, ...]:
    sale = order.sale
    ids = (sale.msgid, sale.undo_msgid) if sale else (order.payment.pay_ord_id,)
    return tuple(one for one in ids if one)


def judge_row(ctx: Context, org: str, result: Result) -> str:
    """What a row asks of us; nothing unless it is our own and differs."""
    order = whose(ctx, org, result)
    if order is None or result.stmt_rslt in EQUAL:
        return ""
    if order.rail != COUNTER:
        return "ask"
    assert order.sale is not None
    if result.stmt_rslt == CENTRE_MORE and result.refund:
        return "undone" if result.msgid == order.sale.undo_msgid and order.pending == "2103" else "person"
    if result.stmt_rslt == CENTRE_MORE and not order.sale.setl_id:
        return "reverse"
    return "person"


def _reverse(ctx: Context, order: Order, result: Result) -> Order:
    """The record is there and nobody was told: the goods did not leave, so 2601. The statement proves that an earlier
    2601 of ours did not happen, and a person ordered this comparison: this one is not blind."""
    fresh = replace(order.selling(reversals=0), pending="2102", end="", why="", frozen=False)
    return walk(ctx, go(ctx, fresh, "reverse"))


def _undone(ctx: Context, order: Order, result: Result) -> Order:
    """The 2103 whose answer was lost did happen."""
    return finish(ctx, replace(order, end="", why=""), "refunded", "对账确认已撤销")


def _ask(ctx: Context, order: Order, result: Result) -> Order:
    """Of an order of the pay centre 6301 tells more than a row does."""
    lifted = replace(order, end="" if order.end == "manual" and not order.frozen else order.end)
    return order if order.frozen else walk(ctx, go(ctx, replace(lifted, unsure=True), "ask"))


def _person(ctx: Context, order: Order, result: Result) -> Order:
    """The books contradict each other: neither is corrected by a machine."""
    said = "中心无此记录" if result.stmt_rslt == OURS_ONLY else "中心的记录与本方不一致"
    return manual(ctx, order, f"对账：{said}，请人工核对", frozen=True)


ACTIONS: Final = {"ask": _ask, "reverse": _reverse, "undone": _undone, "person": _person}
"""What ``judge_row`` asked for → who does it."""
