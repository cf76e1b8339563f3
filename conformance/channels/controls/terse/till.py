"""The terse control at the counter."""

from conformance.channels.controls.terse import books, saying
from conformance.channels.controls.terse.errand import Errands, Later, Over, Said
from conformance.channels.controls.terse.sheet import Row
from conformance.channels.controls.wire import E_VOUCHER, Json, insured, sale_split
from conformance.channels.reference.outcomes import Answered
from schemas.amount import AmountError, to_fen


def go_on(do: Errands, row: Row) -> None:
    """Sell, undo what was not heard of, or take back.

    Raises:
        Later, Over: see there.
    """
    if row.unheard == "2102":
        reverse(do, row)
    if row.unheard:
        raise Over("manual_review", f"{row.unheard}结果未知")
    if row.setl_id and row.wish:
        take_back(do, row)
    if not row.setl_id:
        sell(do, row)


def sell(do: Errands, row: Row) -> None:
    """6101 for who shows a code; 1101, 2101, 2102."""
    try:
        if row.shown["mdtrt_cert_type"] == E_VOUCHER and not row.shown["mdtrt_cert_no"]:
            decode(do, row)
        row.payer = row.payer or insured(do.answer(row, do.frame(row, "1101", saying.person(row)))) or {}
        if not row.payer:
            raise Over("not_paid", "未参保")
        row.split = _split(row, do.answer(row, do.frame(row, "2101", saying.sale(row))))
        told = _change(do, row, "2102", saying.sale(row), msgid=do.wire.msgid(row.org))
    except Said as no:
        raise Over("not_paid", str(no)) from no
    settled = told["setlinfo"]
    row.setl_id, row.visit, row.word, row.wake = settled["setl_id"], settled["mdtrt_id"], "paid", 0
    quoted, row.split = row.split, _split(row, told)
    books.sold(
        row, at=settled["setl_time"], setl_id=row.setl_id, visit=row.visit, fund=to_fen(settled["fund_pay_sumamt"]),
        account=to_fen(settled["acct_pay"]), cash=to_fen(settled["psn_cash_pay"]),
    )  # fmt: skip
    if quoted != row.split:
        raise Over("manual_review", "与预结算不一致")
    row.account, row.fund, row.cash = row.split["account"], row.split["fund"], row.split["cash"]


def decode(do: Errands, row: Row) -> None:
    """6101 for the code, which is off the sheet before it leaves: whatever comes of it, the next one is a new one."""
    code, row.code = row.code, ""
    do.sheet.save(row)
    outcome = do.frame(row, "6101", saying.scan(row, do.outside.settings, code)) if code else None
    if not isinstance(outcome, Answered):
        raise Over("not_paid", "请重新出示二维码")
    row.shown = {**row.shown, "mdtrt_cert_no": outcome.data["OutData"]["ecToken"]}


def reverse(do: Errands, row: Row) -> None:
    """2601 for the 2102 nobody answered."""
    lost, asked = row.msgid, {"psn_no": row.payer["psn_no"], "omsgid": row.msgid, "oinfno": "2102"}
    try:
        _change(do, row, "2601", {"data": asked}, msgid=do.wire.msgid(row.org))
    except Said as no:
        raise Over("manual_review", f"冲正被拒：{no}") from no
    except Later:
        if not row.unheard:  # it never left
            row.unheard, row.msgid = "2102", lost
        raise
    raise Over("cancelled", "已冲正")


def take_back(do: Errands, row: Row) -> None:
    """2103."""
    asked = {"setl_id": row.setl_id, "mdtrt_id": row.visit, "psn_no": row.payer["psn_no"]}
    try:
        told = _change(do, row, "2103", {"data": asked}, msgid=do.wire.msgid(row.org))
    except Said as no:
        raise Over("manual_review", f"撤销被拒：{no}") from no
    books.returned(row, row.setl_id, told["setlinfo"]["setl_time"])
    row.account = row.fund = row.cash = 0
    raise Over("refunded", "已撤销")


def _change(do: Errands, row: Row, code: str, content: Json, *, msgid: str) -> Json:
    row.unheard, row.word, row.msgid = code, "in_doubt", msgid
    row.wake = do.wire.now_ms() + 20_000
    row.said |= {msgid: code} if code != "2601" else {}
    do.sheet.save(row)
    outcome = do.frame(row, code, content, msgid)
    do.outside.crash(f"after_send:{code}")
    try:
        told = do.answer(row, outcome)
    except Said:
        row.unheard = ""
        raise
    row.unheard = ""
    return told


def _split(row: Row, told: Json) -> Json:
    try:
        split = sale_split(told["setlinfo"])
    except AmountError as fault:
        raise Over("manual_review", "金额不平") from fault
    if split["total"] != row.total:
        raise Over("manual_review", "总额不符")
    return split
