"""The terse control fills a prescription: fetched in one go, told of once it is reviewed, reported before it leaves."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from conformance.channels.controls.driving import Declined, Impossible
from conformance.channels.controls.terse import prescribing as saying
from conformance.channels.controls.terse.errand import Errands, Later, Over, Said
from conformance.channels.controls.terse.sheet import Row
from conformance.channels.controls.wire import Json
from conformance.channels.reference.outcomes import Answered, Refused

FETCHED = ("authRxno", "epcToken", "rxTraceCode", "rxFile", "rxSignVerifySn", "prescribed")


def prepare(do: Errands, row: Row) -> None:
    """Everything that comes before the buyer's consent: 7202, 7204, 7205, and 7206 once a pharmacist has decided.

    Raises:
        Later, Over: see there.
    """
    if row.wish:
        raise Over("cancelled", "审方之前取消")
    try:
        if "rxSignVerifySn" not in row.rx:
            fetch(do, row)
        if "review" not in row.rx:
            raise Later
        row.rx["rxChkBizSn"] = _reviewed(do, row)
    except Said as no:
        raise Over("not_paid", str(no)) from no
    if not row.rx["review"]["passed"]:
        raise Over("cancelled", "药师审核未通过")


def fetch(do: Errands, row: Row) -> None:
    """Authorised, read, verified."""
    row.rx |= _some(do.answer(row, do.wire.send("7202", saying.authorise(do, row))), "authRxno", "epcToken")
    told = do.answer(row, do.wire.send("7204", saying.own(do, row)))
    row.rx |= _some(told, "rxTraceCode", "rxFile")
    row.rx["prescribed"] = [[line["medListCodg"], str(line["drugCnt"])] for line in told["rxDetlList"]]
    row.rx |= _some(do.answer(row, do.wire.send("7205", saying.verify(row))), "rxSignVerifySn")
    left = {code: Decimal(cnt) for code, cnt in row.rx["prescribed"]}
    for line in row.basket:
        if line.get("rx_flag") == "1":
            left[line["med_list_codg"]] = left.get(line["med_list_codg"], Decimal(0)) - Decimal(line["cnt"])
    if any(cnt < 0 for cnt in left.values()):
        raise Over("not_paid", "超出处方")


def _reviewed(do: Errands, row: Row) -> str:
    """7206. Without an answer the prescription is fetched anew before it is said again: nothing was paid yet."""
    outcome = do.wire.send("7206", saying.reviewed(do, row))
    if not isinstance(outcome, Answered | Refused):
        for name in FETCHED:
            row.rx.pop(name, None)
    return str(do.answer(row, outcome)["rxChkBizSn"])


def review(do: Errands, row: Row, body: Mapping[str, Any]) -> None:
    """The pharmacist has decided, and shows who he is.

    Raises:
        Declined: there is nothing to decide, or the code is not his.
    """
    if row.shut or "rxSignVerifySn" not in row.rx or "review" in row.rx:
        raise Declined("没有待审核的处方")
    who = body["pharmacist"]
    outcome = do.frame(row, "6101", saying.scan(do, row, who["qr"]))
    told = outcome.data["OutData"] if isinstance(outcome, Answered) else {}
    if (told.get("idNo"), told.get("idType")) != (who["certno"], who["cert_type"]):
        raise Declined("药师扫码未成功")
    row.rx["review"] = {"who": who, "ecToken": told["ecToken"], "passed": body["passed"], "opinion": body["opinion"]}


def leave(do: Errands, row: Row) -> None:
    """7207 before anything leaves; one whose answer is missing is withdrawn first (7208).

    Raises:
        Declined: it is not reported yet.
    """
    if "selStooutSn" in row.rx:
        return
    if row.rx.get("reported"):
        undone = do.wire.send("7208", saying.withdraw(row))
        if not isinstance(undone, Answered | Refused):
            raise Declined("出库结果未知")
    row.rx["reported"] = True
    do.sheet.save(row)
    outcome = do.wire.send("7207", saying.dispensed(do, row))
    if not isinstance(outcome, Answered):
        raise Declined("出库尚未上报成功")
    row.rx["selStooutSn"] = str(outcome.data["selStooutSn"])
    do.sheet.save(row)


def carry(do: Errands, row: Row, code: str, status: str) -> None:
    """7209 while it is on its way, 7210 when it is there.

    Raises:
        Declined: nothing is on its way, or the platform says no.
        Impossible: no answer.
    """
    if "selStooutSn" not in row.rx:
        raise Declined("没有已出库的处方药")
    row.rx["delvNo"] = row.rx.get("delvNo") or do.number(row, "L")
    do.sheet.save(row)
    content = saying.carried(do, row, status) if code == "7209" else saying.received(do, row)
    outcome = do.wire.send(code, content)
    if isinstance(outcome, Refused):
        raise Declined(outcome.why)
    if not isinstance(outcome, Answered):
        raise Impossible("没有应答")


def _some(told: Json, *names: str) -> Json:
    return {name: str(told[name]) for name in names}
