"""Filling a prescription: fetched and verified, reviewed by a pharmacist, dispensed after payment, brought to the door.

Before the review has passed nothing is uploaded to the pay centre. Fetching moves no money and may be done over, so
whatever goes unanswered before 6201 is fetched anew. A dispensing whose answer is lost is taken back and told again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from conformance.channels.reference.calling import call, for_shop
from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.orders import Order
from conformance.channels.reference.outcomes import Answered, Outcome, Refused
from conformance.channels.reference.parts import Context, Json
from conformance.channels.reference.prescription import Pharmacist, Rx
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.walking import finish, go, later, rest, retry_after_ms
from schemas.amount import to_text

PASSED, REFUSED = "1", "0"
DELIVERED: Final = "2"
STATUS_NAMES: Final[Mapping[str, str]] = {
    "0": "待配送", "1": "配送中", "2": "配送完成", "3": "配送取消", "4": "配送异常",
}  # fmt: skip


def beyond(order: Order, rx: Rx) -> str:
    """Why the basket may not be filled on this prescription; empty when it may."""
    left = {code: Decimal(cnt) for code, cnt in rx.lines}
    for line in order.lines:
        if line.rx_flag == "0":
            continue
        left[line.med_list_codg] = left.get(line.med_list_codg, Decimal(0)) - Decimal(line.cnt)
        if left[line.med_list_codg] < 0:
            return f"{line.name or line.med_list_codg} 不在处方内或超出处方数量"
    return ""


def fetch(ctx: Context, order: Order, *, compared: Callable[[Order, Rx], str] = beyond) -> Order:
    """7202, 7204, 7205: authorised, read, and verified to be what the hospital signed."""
    for code, keep in (("7202", _authorised), ("7204", _downloaded), ("7205", _verified)):
        outcome = call(ctx, code, order)
        if isinstance(outcome, Refused):
            return finish(ctx, order, "failed", outcome.why)
        if not isinstance(outcome, Answered):
            return later(ctx, replace(order, step="rx_fetch"), retry_after_ms(outcome))
        order = ctx.keep(replace(order, rx=keep(_rx(order), outcome.data)))
    why = compared(order, _rx(order))
    if why:
        return finish(ctx, order, "failed", why)
    return go(ctx, order, "rx_review") if _rx(order).pharmacist else rest(ctx, order)


def _authorised(rx: Rx, data: Json) -> Rx:
    return replace(rx, auth_rxno=str(data["authRxno"]), epc_token=str(data["epcToken"]))


def _downloaded(rx: Rx, data: Json) -> Rx:
    lines = tuple((str(row["medListCodg"]), str(row["drugCnt"])) for row in data["rxDetlList"])
    return replace(rx, lines=lines, rx_trace_code=str(data["rxTraceCode"]), rx_file=str(data["rxFile"]))


def _verified(rx: Rx, data: Json) -> Rx:
    return replace(rx, rx_sign_verify_sn=str(data["rxSignVerifySn"]))


def scan(ctx: Context, order: Order, *, name: str, cert_type: str, certno: str, code: str, qr: str) -> Pharmacist | str:
    """6101: the pharmacist shows the own e-voucher; or why the code could not be read (a code is read once)."""
    outcome = for_shop(ctx, "6101", order.org, pharmacist_code(ctx.settings, order.org, qr))
    if not isinstance(outcome, Answered):
        return outcome.why
    told = outcome.data["OutData"]
    if (told["idNo"], told["idType"]) != (certno, cert_type):
        return "扫码得到的不是该药师"
    return Pharmacist(name=name, cert_type=cert_type, certno=certno, code=code, ec_token=str(told["ecToken"]))


def review(ctx: Context, order: Order) -> Order:
    """7206. Passed, the buyer is asked for consent; refused, the order is over before anything was sent to be paid."""
    order = ctx.keep(replace(order, step="rx_fetch", due_ms=ctx.now_ms()))
    outcome = call(ctx, "7206", order)
    if isinstance(outcome, Refused):
        return finish(ctx, order, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return later(ctx, order, retry_after_ms(outcome))
    rx = replace(_rx(order), rx_chk_biz_sn=str(outcome.data["rxChkBizSn"]))
    order = replace(order, rx=rx)
    return go(ctx, order, "consent") if rx.passed else finish(ctx, order, "failed", f"药师审核未通过：{rx.opinion}")


def dispense(ctx: Context, order: Order) -> Order:
    """7207, before anything leaves the shop. One that was sent already and not answered is withdrawn first (7208)."""
    rx = _rx(order)
    if rx.dispensing and not rx.sel_stoout_sn:
        outcome = call(ctx, "7208", order)
        if not isinstance(outcome, Answered | Refused):
            return _dispense_later(ctx, order, outcome)
    order = ctx.keep(replace(order, rx=replace(rx, dispensing=True)))
    outcome = call(ctx, "7207", order)
    if isinstance(outcome, Refused):
        return rest(ctx, order)
    if not isinstance(outcome, Answered):
        return _dispense_later(ctx, order, outcome)
    return rest(ctx, replace(order, rx=replace(_rx(order), sel_stoout_sn=str(outcome.data["selStooutSn"]))))


def _dispense_later(ctx: Context, order: Order, outcome: Outcome) -> Order:
    return later(ctx, replace(order, step="rx_dispense"), retry_after_ms(outcome))


def deliver(ctx: Context, order: Order) -> Order:
    """7209: how far the courier is; the same step told twice is one step."""
    outcome = call(ctx, "7209", order)
    if isinstance(outcome, Answered | Refused):
        return rest(ctx, order)
    return later(ctx, replace(order, step="rx_deliver"), retry_after_ms(outcome))


def receive(ctx: Context, order: Order) -> Order:
    """7210: the buyer has it."""
    outcome = call(ctx, "7210", order)
    if isinstance(outcome, Answered | Refused):
        return rest(ctx, order)
    return later(ctx, replace(order, step="rx_receive"), retry_after_ms(outcome))


def _rx(order: Order) -> Rx:
    assert order.rx is not None
    return order.rx


def _here(settings: Settings, order: Order) -> Json:
    return {"fixmedinsCode": order.org, "fixmedinsName": settings.shops[order.org].fixmedins_name}


def _terminal(settings: Settings, order: Order) -> Json:
    return {
        "ipInfo": "127.0.0.1", "devInfo": "server", "opter": settings.opter, "opterName": settings.opter_name,
        "optinsNo": order.org,
    }  # fmt: skip


def online_authorisation(settings: Settings, order: Order, now_ms: int) -> Json:
    """7202: the buyer authorised us in the storefront."""
    rx = _rx(order)
    return {
        "hiRxno": rx.hi_rxno, "fixmedinsCode": order.org, "authCircBizSn": rx.auth_circ_biz_sn,
        "epcChnlId": settings.credentials.app_id, **_terminal(settings, order),
    }  # fmt: skip


def download(settings: Settings, order: Order, now_ms: int) -> Json:
    """7204."""
    rx = _rx(order)
    own = {"epcToken": rx.epc_token, "authRxno": rx.auth_rxno, "fixmedinsCode": order.org}
    return own | _terminal(settings, order)


def verification(settings: Settings, order: Order, now_ms: int) -> Json:
    """7205: the file exactly as 7204 brought it."""
    rx = _rx(order)
    return {
        "hiRxno": rx.hi_rxno, "fixmedinsCode": order.org, "rxTraceCode": rx.rx_trace_code, "rxFile": rx.rx_file,
        "epcToken": rx.epc_token,
    }  # fmt: skip


def pharmacist_code(settings: Settings, org: str, qr: str) -> Json:
    """6101: the code off the pharmacist's phone, for fetching an outside prescription."""
    return {
        "InData": {
            "orgId": org, "businessType": "02122", "operatorId": settings.opter,
            "operatorName": settings.opter_name, "officeId": "1", "officeName": "药店", "qrCode": qr,
        }
    }  # fmt: skip


def review_upload(settings: Settings, order: Order, now_ms: int) -> Json:
    """7206."""
    rx = _rx(order)
    who = rx.pharmacist
    assert who is not None
    return {
        "hiRxno": rx.hi_rxno, "epcToken": rx.epc_token, "ecToken": who.ec_token, **_here(settings, order),
        "pharCertType": who.cert_type, "pharCertno": who.certno, "pharName": who.name, "pharCode": who.code,
        "rxChkOpnn": rx.opinion, "rxChkStasCodg": PASSED if rx.passed else REFUSED, "rxChkTime": datetime19(now_ms),
        "rxSignVerifySn": rx.rx_sign_verify_sn,
    }  # fmt: skip


def dispensing(settings: Settings, order: Order, now_ms: int) -> Json:
    """7207: the prescription medicine of the basket, under the review that let it pass."""
    rx = _rx(order)
    sold = [line for line in order.lines if line.rx_flag != "0"]
    return {
        "hiRxno": rx.hi_rxno, **_here(settings, order), "rxChkBizSn": rx.rx_chk_biz_sn, "hiFeesetlFlag": "1",
        "rxSaleDrugDetl": [
            {
                "rtalDocno": order.payment.med_org_ord, "stooutTime": datetime19(now_ms),
                "medListCodg": line.med_list_codg, "medinsListCodg": line.med_list_codg,
                "drugGenname": line.name or line.med_list_codg, "drugSpec": "见包装", "drugTotlcnt": line.cnt,
                "drugTotlcntEmp": "盒", "drugSumamt": to_text(line.fen),
            }
            for line in sold
        ],
    }  # fmt: skip


def dispensing_withdrawal(settings: Settings, order: Order, now_ms: int) -> Json:
    """7208, of whatever was reported: we may not know its serial."""
    return {"hiRxno": _rx(order).hi_rxno, "fixmedinsCode": order.org, "hiFeesetlFlag": "1"}


def delivery(settings: Settings, order: Order, now_ms: int) -> Json:
    """7209. Who receives is named as the shop knows him, without a telephone number."""
    rx = _rx(order)
    return {
        "hiRxno": rx.hi_rxno, "delvNo": rx.delv_no, "delvAddr": "买方收货地址", "delvEntpName": "门店配送",
        "delvStasCodg": rx.delv_stas_codg, "delvStasName": STATUS_NAMES[rx.delv_stas_codg],
        "delvStasTime": datetime19(now_ms), "delvConner": "买方", **_here(settings, order),
    }  # fmt: skip


def receipt(settings: Settings, order: Order, now_ms: int) -> Json:
    """7210."""
    rx = _rx(order)
    return {
        "hiRxno": rx.hi_rxno, "delvNo": rx.delv_no, "delverCertType": "99", "delverCertno": "0000",
        "delverName": "配送员", "delvStasTime": datetime19(now_ms), "chkWayCodg": "1",
    }  # fmt: skip


SAYS: Final[Mapping[str, Any]] = {
    "7202": online_authorisation, "7204": download, "7205": verification,
    "7206": review_upload, "7207": dispensing, "7208": dispensing_withdrawal, "7209": delivery, "7210": receipt,
}  # fmt: skip
"""Interface code → who writes its content."""
