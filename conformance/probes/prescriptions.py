"""Rules of filling a prescription: what comes before what, and that everything is told."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Asked, Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]
PASSED, REFUSED = "1", "0"
PAID = ("4", "5", "6")
"""ordStas in which a sound channel knows the insurance money to be taken."""


def _uploads(evidence: Evidence) -> Iterator[tuple[str, Line]]:
    """Every prescription a 6201 was filled on, with that message."""
    for line in evidence.calls("6201"):
        for number in sorted({str(row.get("rxno") or "") for row in line.rows("feedetailList")} - {""}):
            yield number, line


def _reviews(evidence: Evidence, hi_rxno: str, verdict: str) -> list[Line]:
    return [
        line
        for line in evidence.calls("7206")
        if line.sent("hiRxno") == hi_rxno and line.sent("rxChkStasCodg") == verdict and line.accepted
    ]


@on_the_wire
def reviewed_first(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A basket is uploaded only after the channel has heard that the pharmacist's review was taken."""
    for hi_rxno, upload in _uploads(evidence):
        heard = [line.seq for line in _reviews(evidence, hi_rxno, PASSED) if line.heard and line.seq < upload.seq]
        if heard:
            yield Held((heard[-1], upload.seq))
        else:
            yield Broken(
                Both("先由药师审核通过并收到7206的应答", "a review that passed and was answered (7206) first"),
                Both("6201之前没有", "none before 6201"),
                (upload.seq,),
            )


@on_the_wire
def refusal_stops(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What the pharmacist refused is not bought."""
    for review in evidence.calls("7206"):
        if review.sent("rxChkStasCodg") != REFUSED or not review.accepted:
            continue
        later = [up.seq for number, up in _uploads(evidence) if number == review.sent("hiRxno") and up.seq > review.seq]
        if later:
            yield Broken(
                Both("审核不通过，不再上传", "refused by the pharmacist, so not uploaded"),
                Both("仍上传了6201", "6201 was sent all the same"),
                (review.seq, *later),
            )
        else:
            yield Held((review.seq,))


@on_the_wire
def verified_first(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The review names the verification (7205) of the very file that was downloaded."""
    for review in evidence.calls("7206"):
        serial = review.sent("rxSignVerifySn")
        proofs = [
            line.seq
            for line in evidence.calls("7205")
            if line.accepted and line.heard and line.seq < review.seq and line.answered("rxSignVerifySn") == serial
        ]
        if proofs:
            yield Held((proofs[-1], review.seq))
        else:
            yield Broken(
                Both("先用7205核验处方原件", "the original verified with 7205 first"),
                Both(
                    f"7206所用的流水号{serial or '（空）'}不出自核验",
                    f"{serial or 'nothing'} comes from no verification",
                ),
                (review.seq,),
            )


def stays_within(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A basket that holds more than was prescribed is stopped by the channel itself."""
    for fact in evidence.orders().values():
        given = {str(row["med_list_codg"]): int(row["cnt"]) for row in fact.get("prescribed", ())}
        over = [
            line for line in fact["lines"] if int(line["cnt"]) > given.get(str(line["med_list_codg"]), int(line["cnt"]))
        ]
        if not over:
            continue
        number = str(fact["prescription"]["hi_rxno"])
        sent = [up.seq for one, up in _uploads(evidence) if one == number]
        if sent:
            yield Broken(
                Both("超出处方的购物篮由渠道自行拦下", "the channel stops a basket that goes beyond the prescription"),
                Both("上传了6201", "6201 was sent"),
                tuple(sent),
            )
        elif evidence.calls("7204"):
            yield Held(tuple(line.seq for line in evidence.calls("7204")))


def dispensing_reported(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Before the goods leave, 7207 has reported them under the serial of the review."""
    for asked in evidence.asked("perform", "ship"):
        rx = evidence.orders().get(asked.order, {}).get("prescription")
        if rx is None or asked.kind != "ok":
            continue
        serials = {line.answered("rxChkBizSn") for line in _reviews(evidence, str(rx["hi_rxno"]), PASSED)}
        told = [
            line.seq
            for line in evidence.calls("7207")
            if line.accepted and line.heard and line.seq <= asked.after_seq and line.sent("rxChkBizSn") in serials
        ]
        if told:
            yield Held((told[-1],))
        else:
            yield Broken(
                Both("发货之前7207已上报并得到应答", "7207 reported and answered before the goods leave"),
                Both("发货时没有", "not when they left"),
                _seqs(evidence.calls("7207")),
            )


def dispensed_when_paid(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """7207 follows the certain knowledge that insurance has paid (6301)."""
    for sale in evidence.calls("7207"):
        known = [
            line.seq
            for line in evidence.calls("6301")
            if line.heard and line.seq < sale.seq and line.answered("ordStas") in PAID
        ]
        if known:
            yield Held((known[-1], sale.seq))
        else:
            yield Broken(
                Both("确知已支付后才上报出库", "dispensing reported only once payment is known"),
                Both("7207之前没有", "not known before 7207"),
                (sale.seq,),
            )


def lost_dispensing_cleared(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A dispensing whose answer was lost ends as one dispensing the channel knows the serial of."""
    lost = [line for line in evidence.calls("7207") if line.accepted and not line.heard]
    if not lost:
        return
    last = [line for line in evidence.calls("7207", "7208") if line.accepted][-1]
    if last.code == "7207" and last.heard:
        yield Held((lost[0].seq, last.seq))
    else:
        yield Broken(
            Both("撤销后重新上报，得到出库流水号", "withdrawn and reported again, until its serial is known"),
            Both(f"停在{last.code}", f"left at {last.code}"),
            (lost[0].seq, last.seq),
        )


def courier_told(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Every step of the courier is told with 7209, the receipt with 7210."""
    for asked in evidence.asked("perform"):
        if asked.kind != "ok" or asked.task not in ("deliver", "receive"):
            continue
        told = _told(evidence, asked)
        if told:
            yield Held((told[-1].seq,))
        else:
            yield Broken(
                Both("配送状态用7209、签收用7210告知", "each step told with 7209, the receipt with 7210"),
                Both(f"{asked.task}没有告知", f"{asked.task} was not told"),
                _seqs(evidence.calls("7209", "7210")),
            )


def _told(evidence: Evidence, asked: Asked) -> list[Line]:
    if asked.task == "receive":
        return [line for line in evidence.calls("7210") if line.accepted and line.seq <= asked.after_seq]
    status = str(asked.raw["body"]["delv_stas_codg"])
    calls = [line for line in evidence.calls("7209") if line.sent("delvStasCodg") == status]
    return [line for line in calls if line.accepted and line.seq <= asked.after_seq]


def _seqs(lines: list[Line]) -> tuple[int, ...]:
    return tuple(line.seq for line in lines)
