"""An online order as one procedure, entered again from the top each time there is a reason to."""

from conformance.channels.controls.terse import books, filling, saying
from conformance.channels.controls.terse.errand import Errands, Later, Over, Said
from conformance.channels.controls.terse.sheet import Row
from conformance.channels.controls.wire import TAKEN, Json, insured, split_of
from schemas.amount import AmountError

FRESH_MS = 8 * 60_000


def go_on(do: Errands, row: Row) -> None:
    """Whatever is next, until the order rests.

    Raises:
        Later, Over: see there.
    """
    if row.rx and "rxChkBizSn" not in row.rx:
        filling.prepare(do, row)
    if not row.pay_ord_id:
        open_order(do, row)
    elif row.unheard or row.cashier or row.state not in ("0", ""):
        ask(do, row)
    give_fee_back(do, row)
    while act(do, row):
        pass


def open_order(do: Errands, row: Row) -> None:
    """Consent, 1101, 6201."""
    if row.wish and not row.unheard:
        raise Over("cancelled", "提交前取消")
    agree(do, row)
    try:
        if not row.payer:
            found = insured(do.answer(row, do.frame(row, "1101", saying.person(row))))
            if found is None:
                raise Over("not_paid", "未参保")
            row.payer = found
        if not row.med_org_ord:
            row.med_org_ord, row.batch, row.begun = do.number(row, "Z"), do.number(row, "Y"), do.wire.now_ms()
        told = do.change(row, "6201", saying.upload(row, do.outside.settings.uld_latlnt))
    except Said as no:
        raise Over("not_paid", str(no)) from no
    more = told.get("extData")
    row.visit = str(told.get("mdtrtId") or (more.get("mdtrtId") if isinstance(more, dict) else "") or row.med_org_ord)
    row.pay_ord_id, row.pay_token, row.state = told["payOrdId"], told["payToken"], "0"
    row.word, row.cashier = "not_paid", str(told.get("cashierUrl") or "")
    do.sheet.save(row)


def agree(do: Errands, row: Row) -> None:
    """The buyer's consent: the one there is while it is fresh, else a new one."""
    if row.consent and do.wire.now_ms() - row.consent_at <= FRESH_MS:
        return
    row.question, row.consent = row.question or do.number(row, "X"), ""
    do.sheet.save(row)
    asked = saying.consent(row, do.outside.settings.credentials.app_id)
    try:
        told = do.answer(row, do.wire.send("house.auth.query", asked))
    except Said as no:
        raise Over("manual_review" if row.for_refund else "not_paid", str(no)) from no
    if told["authStas"] != "1":
        row.consent_url = str(told.get("authUrl") or "")
        raise Later
    row.consent, row.consent_at, row.question = str(told["payAuthNo"]), do.wire.now_ms(), ""
    row.naps = 0


def ask(do: Errands, row: Row) -> None:
    """6301, once."""
    row.word = row.word if row.word in ("paid", "refunding") else "in_doubt"
    try:
        told = do.answer(row, do.wire.send("6301", saying.about(row)))
    except Said as no:
        raise Later from no
    row.unheard = ""
    learn(row, told)
    row.naps = 0 if row.state not in ("1", "2", "14") else row.naps


def learn(row: Row, told: Json) -> None:
    """What the platform says. Other amounts than before are for a person."""
    state = str(told["ordStas"])
    try:
        split = split_of(told) or row.split
    except AmountError as fault:
        raise Over("manual_review", "金额不平") from fault
    if split and (split["total"] != row.total or (row.split and row.split != split)):
        raise Over("manual_review", "金额与下单时不同")
    row.state, row.split = state, split
    row.kind = str(told.get("setlType") or row.kind)
    row.setl_id = str(told.get("hiDocSn") or row.setl_id)
    if row.setl_id and split and told.get("traceTime"):
        books.sold(
            row, at=told["traceTime"], setl_id=row.setl_id, visit=str(told.get("hiRgstSn") or row.visit),
            fund=split["fund"], account=split["account"], cash=split["total"] - split["fund"] - split["account"],
        )  # fmt: skip


def act(do: Errands, row: Row) -> bool:
    """One move from the state the order is in; whether another may follow."""
    state = row.state
    settled = state in TAKEN or (state == "3" and row.kind == "CASH")
    if state == "0" or (state == "1" and (row.wish or not row.split)):
        forward = await_buyer if row.cashier else place
        return withdraw(do, row) if row.wish else forward(do, row)
    if state == "1":
        return await_buyer(do, row)
    if settled:
        row.wish = "" if row.wish == "drop" else row.wish
        return refund(do, row) if row.wish else paid(do, row)
    if state in ("7", "12", "13", "15"):
        return finished(do, row)
    if state in ("2", "3", "14"):
        row.word = "in_doubt"
        raise Later
    raise Over("manual_review", f"订单状态{state}")


def place(do: Errands, row: Row) -> bool:
    """6202; a refusal ends the order, but only once it is withdrawn."""
    agree(do, row)
    if row.placed == 3:
        row.wish = "drop"
        return True
    row.placed += 1
    try:
        learn(row, do.change(row, "6202", saying.place(row, do.number(row, "W"))))
    except Said as no:
        if "授权" in str(no) and row.placed < 3 and not row.wish:
            row.consent = ""
        else:
            row.wish, row.why = row.wish or "drop", str(no)
        ask(do, row)
    return True


def await_buyer(do: Errands, row: Row) -> bool:
    """The desk is opened for the cash that is ours to collect, and then it is the buyer's turn."""
    if owed(row) and not row.desk_asked:
        row.trade = row.trade or do.number(row, "V")
        do.sheet.save(row)
        desk = {
            "outTradeNo": row.trade,
            "payOrdId": row.pay_ord_id,
            "cashFen": share(row),
            "freightFen": row.freight,
        }
        try:
            do.answer(row, do.wire.desk("open", desk))
        except Said as no:
            row.wish, row.why = "drop", str(no)
            return True
        except Later:
            row.desk_asked = 0
            raise
        row.desk_asked = 1
    row.word = "not_paid"
    raise Later


def withdraw(do: Errands, row: Row) -> bool:
    """6401; what is refused is asked about after a while."""
    try:
        do.change(row, "6401", saying.about(row))
    except Said as no:
        row.unheard = "6401"
        raise Later from no
    row.state = "12"
    return True


def paid(do: Errands, row: Row) -> bool:
    """Insurance has paid; the order is paid when the desk has its cash too."""
    if not row.desk_asked and owed(row):
        return await_buyer(do, row)
    held = holding(do, row)
    at_centre = int(row.split["cash"]) if row.cashier else 0
    short = bool(at_centre) and row.kind not in ("ALL", "CASH")
    if short or held < owed(row) - int(row.fee_back.get("done", 0)):
        row.word = "in_doubt"
        raise Later
    row.word, row.wake, row.naps = "paid", 0, 0
    row.account, row.fund, row.cash = row.split["account"], row.split["fund"], held + at_centre
    return False


def refund(do: Errands, row: Row) -> bool:
    """6203 for all of it, under one number for ever; its SUCC is taken at its word."""
    if row.for_refund:
        agree(do, row)
    if not row.refund_sn:
        row.refund_sn, row.refund_at = do.number(row, "R"), do.wire.now_ms()
    try:
        told = do.change(row, "6203", saying.refund(row))
    except Said as no:
        if row.for_refund:
            raise Over("manual_review", f"退款被拒：{no}") from no
        row.for_refund, row.consent = 1, ""
        row.word = "refunding"
        return True
    except Later:
        row.word = "in_doubt"
        raise
    if told["refStatus"] != "SUCC":
        raise Over("manual_review", f"退款结果{told['refStatus']}")
    books.returned(row, row.setl_id, str(told.get("hiTrnsDate") or ""))
    row.state, row.word = "7", "refunding"
    return True


def finished(do: Errands, row: Row) -> bool:
    """Insurance holds nothing any more. Cash goes back after a refund; otherwise nobody should have any."""
    row.account = row.fund = 0
    held = holding(do, row)
    if held and row.state in ("12", "15"):
        row.cash = held
        raise Over("manual_review", "未成交而收银台持有现金")
    if held:
        row.word = "refunding"
        give_back(do, row)
    row.cash = 0
    raise Over("refunded" if row.state == "7" else "cancelled", row.why)


def owed(row: Row) -> int:
    """What the desk has to collect in all."""
    return share(row) + row.freight


def share(row: Row) -> int:
    """The cash share, where it is ours to collect and not the platform's cashier's."""
    return 0 if row.cashier else int(row.split["cash"])


def holding(do: Errands, row: Row) -> int:
    """What the desk says it holds now."""
    if not row.desk_asked:
        return 0
    try:
        told = do.answer(row, do.wire.desk("query", {"outTradeNo": row.trade}))
    except Said:
        return 0
    back = int(told["cashRefundedFen"]) + int(told["freightRefundedFen"])
    return owed(row) - back if told["state"] == "paid" else 0


def give_back(do: Errands, row: Row) -> None:
    """Cash share and freight, each once."""
    row.back_cash, row.back_freight = row.back_cash or do.number(row, "S"), row.back_freight or do.number(row, "T")
    do.sheet.save(row)
    freight = row.freight - int(row.fee_back.get("done", 0))
    for part, fen, number in (("cash", share(row), row.back_cash), ("freight", freight, row.back_freight)):
        if fen:
            _returned(do, row, part, fen, number)


def give_fee_back(do: Errands, row: Row) -> None:
    """Delivery money that was promised back."""
    if row.fee_back and not row.fee_back.get("done"):
        _returned(do, row, "freight", row.fee_back["fen"], row.fee_back["number"])
        row.fee_back = {**row.fee_back, "done": row.fee_back["fen"]}


def _returned(do: Errands, row: Row, part: str, fen: int, number: str) -> None:
    asked = {"outTradeNo": row.trade, "part": part, "fen": fen, "refundNo": number}
    try:
        do.answer(row, do.wire.desk("refund", asked))
    except Said as no:
        raise Over("manual_review", f"收银台：{no}") from no
