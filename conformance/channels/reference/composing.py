"""What the channel says, message by message. Every scalar of sealed content is a non-empty string: the safe profile
on which all known signers agree (online-payment 2.5). Amounts come from ``schemas.amount``, times are Beijing time.

Times that belong to a payment are those of its beginning, so that a repeat says exactly the same again.
"""

from collections.abc import Mapping
from typing import Any, Final

from conformance.channels.reference.orders import Line, Order, Payer
from conformance.channels.reference.settings import Settings
from schemas.amount import to_text
from simulator.wire.timestamps import digits14

Json = dict[str, Any]

PHARMACY_PURCHASE: Final = "41"
ONLINE_PURCHASE: Final = "07"
MOBILE_PAYMENT: Final = "04107"
BY_ITEM: Final = "01"
E_VOUCHER: Final = "01"
BUYING_MEDICINE: Final = "02121"


def datetime19(ms: int) -> str:
    """``yyyy-MM-dd HH:mm:ss``."""
    d = digits14(ms)
    return f"{d[:4]}-{d[4:6]}-{d[6:8]} {d[8:10]}:{d[10:12]}:{d[12:]}"


def auth_query(settings: Settings, order: Order, now_ms: int) -> Json:
    """Ask whether the buyer has consented; the institution's and the channel's appId stand side by side."""
    assert order.consent is not None
    app_id = settings.credentials.app_id
    return {
        "reqBizNo": order.consent.req_biz_no, "userId": order.user, "orgCodg": order.org, "orgAppId": app_id,
        "onlineDrugChnlAppId": app_id, "olBizTypeCode": MOBILE_PAYMENT,
    }  # fmt: skip


def person(settings: Settings, order: Order, now_ms: int) -> Json:
    """1101 by consent (online) or by what the person showed at the counter."""
    if order.sale:
        shown = {"mdtrt_cert_type": order.sale.mdtrt_cert_type, "mdtrt_cert_no": order.sale.mdtrt_cert_no}
        return {"data": shown | ({"card_sn": order.sale.card_sn} if order.sale.card_sn else {})}
    assert order.consent is not None
    return {"data": {"mdtrt_cert_type": E_VOUCHER, "mdtrt_cert_no": order.consent.pay_auth_no}}


def upload(settings: Settings, order: Order, now_ms: int) -> Json:
    """6201: the basket. Delivery and packing are not medicine and never a line of it."""
    payer, payment = _payer(order), order.payment
    return {
        "orgCodg": order.org, "medOrgOrd": payment.med_org_ord, "rxCircFlag": _circulated(order),
        "insutype": payer.insutype, "psnNo": payer.psn_no, "begntime": datetime19(payment.begun_ms),
        "idNo": payer.certno, "userName": payer.psn_name, "idType": payer.psn_cert_type,
        "payAuthNo": payment.pay_auth_no,
        "insuCode": payer.insuplc_admdvs, "insuplcAdmdvs": payer.insuplc_admdvs, "iptOtpNo": payment.med_org_ord,
        "medType": PHARMACY_PURCHASE, "feeType": ONLINE_PURCHASE, "medfeeSumamt": to_text(order.total_fen),
        "acctUsedFlag": order.acct_used_flag, "psnSetlway": BY_ITEM, "chrgBchno": payment.chrg_bchno,
        "mdtrtCertType": E_VOUCHER, "uldLatlnt": settings.uld_latlnt,
        "feedetailList": [_sealed_line(order, number, line) for number, line in enumerate(order.lines, 1)],
    }  # fmt: skip


def _circulated(order: Order) -> str:
    return "1" if order.rx else "0"


def _sealed_line(order: Order, number: int, line: Line) -> Json:
    on_rx = line.rx_flag != "0" and order.rx is not None
    said = {
        "feedetlSn": str(number), "chrgBchno": order.payment.chrg_bchno, "rxCircFlag": "1" if on_rx else "0",
        "feeOcurTime": datetime19(order.payment.begun_ms), "medListCodg": line.med_list_codg,
        "medinsListCodg": line.own_code or line.med_list_codg, "detItemFeeSumamt": to_text(line.fen), "cnt": line.cnt,
        "pric": line.pric, "medType": PHARMACY_PURCHASE,
    }  # fmt: skip
    return said | ({"rxno": order.rx.hi_rxno} if on_rx and order.rx else {})


def pay_order(settings: Settings, order: Order, now_ms: int) -> Json:
    """6202: price and freeze the split."""
    payment = order.payment
    said = {
        "payAuthNo": payment.pay_auth_no, "payOrdId": payment.pay_ord_id, "payToken": payment.pay_token,
        "orgCodg": order.org, "orgBizSer": payment.biz_ser, "chrgBchno": payment.chrg_bchno,
        "feeType": ONLINE_PURCHASE,
    }  # fmt: skip
    return said | ({"mdtrtId": payment.mdtrt_id} if payment.mdtrt_id else {})


def about_order(settings: Settings, order: Order, now_ms: int) -> Json:
    """6301 and 6401: the same six fields."""
    payer, payment = _payer(order), order.payment
    return {
        "payOrdId": payment.pay_ord_id, "orgCodg": order.org, "payToken": payment.pay_token, "idNo": payer.certno,
        "userName": payer.psn_name, "idType": payer.psn_cert_type,
    }  # fmt: skip


def refund(settings: Settings, order: Order, now_ms: int) -> Json:
    """6203 for the whole order, every part as it was settled; freight is the cash desk's business."""
    split, asked = order.payment.split, order.refund
    assert split is not None
    assert asked is not None
    return {
        "payOrdId": order.payment.pay_ord_id, "appRefdSn": asked.app_refd_sn, "appRefdTime": digits14(asked.at_ms),
        "totlRefdAmt": to_text(split.total_fen), "psnAcctRefdAmt": to_text(split.account_fen),
        "fundRefdAmt": to_text(split.fund_fen), "cashRefdAmt": to_text(split.cash_fen), "refdType": "ALL",
        "payAuthNo": asked.pay_auth_no,
    }  # fmt: skip


def sign_in(settings: Settings) -> Json:
    """9001."""
    return {"signIn": {"opter_no": settings.opter, "mac": "00-00-00-00-00-01", "ip": "127.0.0.1"}}


def code(settings: Settings, order: Order, now_ms: int) -> Json:
    """6101: what the scanner read, for buying medicine."""
    assert order.sale is not None
    return {
        "InData": {
            "orgId": order.org, "businessType": BUYING_MEDICINE, "operatorId": settings.opter,
            "operatorName": settings.opter_name, "officeId": "01", "officeName": "药房",
            "qrCode": order.sale.mdtrt_cert_no,
        }
    }  # fmt: skip


def sale(settings: Settings, order: Order, now_ms: int) -> Json:
    """2101 and 2102: the basket at the counter."""
    payer, shown = _payer(order), order.sale
    assert shown is not None
    return {
        "druginfo": {
            "psn_no": payer.psn_no, "mdtrt_cert_type": shown.mdtrt_cert_type, "mdtrt_cert_no": shown.mdtrt_cert_no,
            "card_sn": shown.card_sn, "psn_cert_type": payer.psn_cert_type, "certno": payer.certno,
            "psn_type": payer.psn_type, "psn_name": payer.psn_name, "begntime": datetime19(order.created_ms),
            "medfee_sumamt": to_text(order.total_fen), "insutype": payer.insutype,
            "acct_used_flag": order.acct_used_flag, "med_type": PHARMACY_PURCHASE,
        },
        "drugdetail": [_counter_line(order, number, line) for number, line in enumerate(order.lines, 1)],
    }  # fmt: skip


def _counter_line(order: Order, number: int, line: Line) -> Json:
    said: Json = {
        "feedetl_sn": str(number), "rx_circ_flag": "0", "fee_ocur_time": datetime19(order.created_ms),
        "med_list_codg": line.med_list_codg, "medins_list_codg": line.own_code or line.med_list_codg,
        "det_item_fee_sumamt": to_text(line.fen), "cnt": line.cnt, "pric": line.pric,
    }  # fmt: skip
    codes = [{"feedetl_sn": str(number), "drug_trac_codg": code, "trdn_flag": "0"} for code in line.trace_codes or ()]
    return said | ({"durg_trac_info": codes} if codes else {})


def cancel_sale(settings: Settings, order: Order, now_ms: int) -> Json:
    """2103: take a sale back whose settlement we know."""
    sold = order.sale
    assert sold is not None
    return {"data": {"setl_id": sold.setl_id, "mdtrt_id": sold.mdtrt_id, "psn_no": _payer(order).psn_no}}


def reverse(settings: Settings, order: Order, now_ms: int) -> Json:
    """2601: undo a 2102 whose answer we never got, by its message id."""
    sold = order.sale
    assert sold is not None
    return {"data": {"psn_no": _payer(order).psn_no, "omsgid": sold.msgid, "oinfno": "2102"}}


def _payer(order: Order) -> Payer:
    assert order.payer is not None
    return order.payer


SAYS: Final[Mapping[str, Any]] = {
    "house.auth.query": auth_query, "1101": person, "6201": upload, "6202": pay_order, "6301": about_order,
    "6401": about_order, "6203": refund, "6101": code, "2101": sale, "2102": sale, "2103": cancel_sale,
    "2601": reverse,
}  # fmt: skip
"""Interface code → who writes its content."""
