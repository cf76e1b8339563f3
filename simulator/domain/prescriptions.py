"""The pharmacy's side of an electronic prescription: from the authorisation to the receipt (online-payment.md 11.1).

A prescription serves one sale. The order of calls is the published one; life times and repeats are house.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from simulator.domain.bill import Bill
from simulator.domain.consent import EcToken, good_token, person_by, use_token
from simulator.domain.moment import HOUR_MS, date10, stamp14
from simulator.domain.order_record import Order
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal
from simulator.domain.rx_record import (
    LAPSED,
    ON_THE_WAY,
    PASSED,
    RECEIVED,
    SOLD,
    WITHDRAWN,
    Prescription,
    RxCode,
    step,
)
from simulator.domain.settlement_record import Settlement

EPC_TOKEN_MS = 2 * HOUR_MS
"""House: how long an ``epcToken`` opens a prescription."""
SCANNED_FOR = ("02122", "02121")
"""``code_biz_type``: fetching an outside prescription, buying in a pharmacy."""


def prescription_of(unit: Unit, hi_rxno: str, org_codg: str = "", field: str = "hiRxno") -> Prescription:
    """A prescription this pharmacy was authorised for; another's is as good as unknown.

    Raises:
        Refusal: ``rx_unknown``.
    """
    rx = unit.get(Prescription, hi_rxno)
    if rx is None or (org_codg and rx.fixmedins_code != org_codg):
        raise Refusal("rx_unknown", field, value=hi_rxno)
    return rx


def state_of(unit: Unit, rx: Prescription) -> str:
    """Where it stands now: time lets it lapse, an insurance refund takes its sale back by itself (order-life 7)."""
    if rx.withdrawn:
        return WITHDRAWN
    if rx.state in (SOLD, RECEIVED):
        paid = unit.get(Settlement, rx.setl_id) if rx.setl_id else None
        return rx.state if paid is None or paid.stas == "live" else PASSED
    return LAPSED if unit.now_ms > rx.vali_end_ms else rx.state


def _moved(unit: Unit, rx: Prescription, act: str, **more: Any) -> Prescription:
    moved = replace(rx, state=step(rx.hi_rxno, state_of(unit, rx), act), **more)
    unit.put(moved)
    return moved


def authorise(unit: Unit, rx: Prescription, *, org_codg: str, app_id: str) -> Prescription:
    """A pharmacy may open it from now on, and no other; what another had reviewed is void.

    Raises:
        Refusal: ``rx_step``.
    """
    number = unit.next_number("auth_rxno")
    return _moved(
        unit, rx, "authorise", fixmedins_code=org_codg, app_id=app_id, rx_sign_verify_sn="", rx_chk_biz_sn="",
        auth_rxno=f"AR{stamp14(unit.now_ms)}{number:09d}", epc_token=unit.token(f"epc/{number}", 32),
        token_until_ms=unit.now_ms + EPC_TOKEN_MS,
    )  # fmt: skip


def newest(unit: Unit, asked: Mapping[str, Any], org_codg: str) -> Prescription:
    """7201: the newest prescription of the person at the counter that still may be authorised.

    Raises:
        Refusal: ``rx_reg_sn``, of the token, ``identity_mismatch``, ``rx_none``.
    """
    if not asked.get("ecToken"):
        raise Refusal("rx_reg_sn", "regSn")
    token = unit.get(EcToken, str(asked["ecToken"]))
    if token is None:
        raise Refusal("token_unknown", "ecToken")
    person = person_by(unit, token.psn_no)
    use_token(unit, token.ec_token, person=person, org_codg=org_codg, types=SCANNED_FOR, field="ecToken")
    if (person.certno, person.psn_cert_type, person.psn_name) != (
        asked["certno"],
        asked["psnCertType"],
        asked["psnName"],
    ):
        raise Refusal("identity_mismatch", "certno")
    ours = [rx for rx in unit.find(Prescription, "psn_no", person.psn_no) if _may_be_opened(unit, rx)]
    if not ours:
        raise Refusal("rx_none", "certno")
    return ours[-1]


def _may_be_opened(unit: Unit, rx: Prescription) -> bool:
    return state_of(unit, rx) not in (LAPSED, WITHDRAWN, SOLD, RECEIVED)


def circulated(unit: Unit, hi_rxno: str, auth_circ_biz_sn: str, epc_chnl_id: str) -> Prescription:
    """7202: the prescription its owner authorised online, for this channel.

    Raises:
        Refusal: ``rx_unknown``, ``rx_circulation``.
    """
    rx = prescription_of(unit, hi_rxno)
    if rx.circulated != f"{auth_circ_biz_sn}/{epc_chnl_id}":
        raise Refusal("rx_circulation", "authCircBizSn")
    return rx


def read_code(unit: Unit, epc_qrcd: str) -> Prescription:
    """7203: the prescription behind the code on the person's screen; a code is read once.

    Raises:
        Refusal: ``unknown_qr``, ``qr_used``, ``qr_expired``.
    """
    code = unit.get(RxCode, epc_qrcd)
    if code is None:
        raise Refusal("unknown_qr", "epcQrcd")
    if code.used:
        raise Refusal("qr_used", "epcQrcd")
    if unit.now_ms - code.shown_ms > unit.switches.qr_ms:
        raise Refusal("qr_expired", "epcQrcd", seconds=unit.switches.qr_ms // 1000)
    unit.put(replace(code, used=True))
    return prescription_of(unit, code.hi_rxno)


def download(unit: Unit, *, auth_rxno: str, epc_token: str, org_codg: str) -> Prescription:
    """7204: the prescription an authorisation opens.

    Raises:
        Refusal: ``rx_token``, ``rx_step``.
    """
    for rx in unit.find(Prescription, "auth_rxno", auth_rxno):
        _check_token(unit, rx, epc_token, org_codg)
        return _moved(unit, rx, "download")
    raise Refusal("rx_token", "authRxno")


def _check_token(unit: Unit, rx: Prescription, epc_token: str, org_codg: str) -> None:
    if (rx.epc_token, rx.fixmedins_code) != (epc_token, org_codg) or unit.now_ms > rx.token_until_ms:
        raise Refusal("rx_token", "epcToken")


def verify(unit: Unit, asked: Mapping[str, Any], org_codg: str) -> Prescription:
    """7205: the file is the one the hospital signed.

    Raises:
        Refusal: ``rx_unknown``, ``rx_token``, ``rx_file_differs``, ``rx_step``.
    """
    rx = prescription_of(unit, str(asked["hiRxno"]), org_codg)
    _check_token(unit, rx, str(asked["epcToken"]), org_codg)
    for field, known in (("rxTraceCode", rx.rx_trace_code), ("rxFile", rx.rx_file)):
        if asked[field] != known:
            raise Refusal("rx_file_differs", field)
    serial = rx.rx_sign_verify_sn or f"SV{stamp14(unit.now_ms)}{unit.next_number('rx_verify'):09d}"
    return _moved(unit, rx, "verify", rx_sign_verify_sn=serial)


def review(unit: Unit, asked: Mapping[str, Any], org_codg: str) -> Prescription:
    """7206: the pharmacist, who shows the own e-voucher, lets it pass or refuses it.

    Raises:
        Refusal: ``rx_unknown``, ``rx_token``, ``rx_not_verified``, ``rx_pharmacist``, ``rx_step``.
    """
    rx = prescription_of(unit, str(asked["hiRxno"]), org_codg)
    _check_token(unit, rx, str(asked["epcToken"]), org_codg)
    if asked["rxSignVerifySn"] != rx.rx_sign_verify_sn:
        raise Refusal("rx_not_verified", "rxSignVerifySn")
    if not good_token(
        unit, str(asked["ecToken"]), orgs=(org_codg,), id_type=str(asked["pharCertType"]),
        id_no=str(asked["pharCertno"]), user_name=str(asked["pharName"]),
    ):  # fmt: skip
        raise Refusal("rx_pharmacist", "ecToken")
    serial = f"RC{stamp14(unit.now_ms)}{unit.next_number('rx_review'):09d}"
    return _moved(unit, rx, "pass" if asked["rxChkStasCodg"] == "1" else "refuse", rx_chk_biz_sn=serial)


def sell(unit: Unit, asked: Mapping[str, Any], org_codg: str) -> Prescription:
    """7207: what was handed out for it, under the review that let it pass; insured, a live settlement stands behind it.

    Raises:
        Refusal: ``rx_unknown``, ``rx_review``, ``rx_lines``, ``rx_unsettled``, ``rx_step``.
    """
    rx = prescription_of(unit, str(asked["hiRxno"]), org_codg)
    if asked["rxChkBizSn"] != rx.rx_chk_biz_sn:
        raise Refusal("rx_review", "rxChkBizSn")
    covers(
        rx, ((str(row["medListCodg"]), str(row["drugTotlcnt"])) for row in asked["rxSaleDrugDetl"]), "rxSaleDrugDetl"
    )
    setl_id = ""
    if asked.get("hiFeesetlFlag") == "1":
        setl_id = _settlement(unit, rx)
        if not setl_id:
            raise Refusal("rx_unsettled", "hiFeesetlFlag", value=rx.hi_rxno)
    serial = f"SO{stamp14(unit.now_ms)}{unit.next_number('rx_sale'):09d}"
    return _moved(unit, rx, "sell", sel_stoout_sn=serial, setl_id=setl_id, delv_no="", delv_stas_codg="")


def _settlement(unit: Unit, rx: Prescription) -> str:
    """The live settlement here whose lines name the prescription: an order's, or a counter sale of today."""
    for order in unit.find(Order, "psn_no", rx.psn_no):
        if order.insurance_taken and order.org_codg == rx.fixmedins_code and names(order.bill, rx.hi_rxno):
            return order.setl_id
    for paid in unit.find(Settlement, "org_day", f"{rx.fixmedins_code}/{date10(unit.now_ms)}"):
        if paid.psn_no == rx.psn_no and paid.stas == "live" and paid.sign > 0 and names(paid.bill, rx.hi_rxno):
            return paid.setl_id
    return ""


def names(bill: Bill, hi_rxno: str) -> bool:
    """Whether a line of the bill is filled on that prescription."""
    return any(line.rxno == hi_rxno for line in bill.lines)


def covers(rx: Prescription, sold: Iterable[tuple[str, str]], field: str) -> None:
    """Only what was prescribed, and no more of it.

    Raises:
        Refusal: ``rx_lines``.
    """
    left: dict[str, Decimal] = {}
    for line in rx.lines:
        left[line.med_list_codg] = left.get(line.med_list_codg, Decimal(0)) + line.cnt
    for code, cnt in sold:
        left[code] = left.get(code, Decimal(0)) - Decimal(cnt)
        if left[code] < 0:
            raise Refusal("rx_lines", field, code=code, value=rx.hi_rxno)


def undo_sale(unit: Unit, asked: Mapping[str, Any], org_codg: str) -> Prescription:
    """7208: the sale is taken back; the review still stands.

    Raises:
        Refusal: ``rx_unknown``, ``rx_sale``, ``rx_step``.
    """
    rx = prescription_of(unit, str(asked["hiRxno"]), org_codg)
    named = asked.get("selStooutSn")
    if named and named != rx.sel_stoout_sn:
        raise Refusal("rx_sale", "selStooutSn", value=named)
    return _moved(unit, rx, "undo", sel_stoout_sn="", setl_id="")


def deliver(unit: Unit, asked: Mapping[str, Any], org_codg: str) -> Prescription:
    """7209: how far the courier is.

    Raises:
        Refusal: ``rx_unknown``, ``rx_step``, ``rx_delivery``.
    """
    rx = prescription_of(unit, str(asked["hiRxno"]), org_codg)
    moved = _moved(unit, rx, "deliver", delv_no=str(asked["delvNo"]), delv_stas_codg=str(asked["delvStasCodg"]))
    same = rx.delv_no in ("", moved.delv_no)
    if moved.delv_stas_codg not in ON_THE_WAY[rx.delv_stas_codg if same else ""]:
        raise Refusal("rx_delivery", "delvStasCodg", value=moved.delv_stas_codg)
    return moved


def receive(unit: Unit, asked: Mapping[str, Any], app_id: str) -> Prescription:
    """7210: the person has it; it carries no institution, so the channel that was authorised must be the one that asks.

    Raises:
        Refusal: ``rx_unknown``, ``rx_delivery``, ``rx_step``.
    """
    rx = prescription_of(unit, str(asked["hiRxno"]))
    if rx.app_id != app_id:
        raise Refusal("rx_unknown", "hiRxno", value=rx.hi_rxno)
    named = asked.get("delvNo")
    if (named and named != rx.delv_no) or (rx.state == SOLD and rx.delv_stas_codg not in ("1", "2")):
        raise Refusal("rx_delivery", "delvNo", value=named or "")
    return _moved(unit, rx, "receive", delv_stas_codg="2")


def check_bill(unit: Unit, bill: Bill, catalogue: Mapping[str, Drug]) -> None:
    """Prescription medicine is bought online on prescriptions of this person that are good now (order-life 7).

    With the switch ``rx_review`` = off, whether 7206 let them pass is the channel's own business.

    Raises:
        Refusal: ``rxno_missing``, ``rx_unknown``, ``rx_not_passed``, ``rx_lines``.
    """
    sold: dict[str, list[tuple[str, str]]] = {}
    for line in bill.lines:
        if catalogue[line.med_list_codg].rx_flag == "0":
            continue
        if not line.rxno:
            raise Refusal("rxno_missing", "rxno")
        sold.setdefault(line.rxno, []).append((line.med_list_codg, line.cnt))
    for number, lines in sold.items():
        rx = prescription_of(unit, number, field="rxno")
        if rx.psn_no != bill.psn_no:
            raise Refusal("rx_unknown", "rxno", value=number)
        _check_passed(unit, rx, bill.fixmedins_code)
        covers(rx, lines, "rxno")


def _check_passed(unit: Unit, rx: Prescription, org_codg: str) -> None:
    state = state_of(unit, rx)
    if unit.switches.rx_review == "off" and state not in (LAPSED, WITHDRAWN, SOLD, RECEIVED):
        return
    if state != PASSED or rx.fixmedins_code != org_codg:
        raise Refusal("rx_not_passed", "rxno", value=rx.hi_rxno)
