"""The terse control's messages: required fields, and null where a table allows it."""

from conformance.channels.controls.terse.sheet import Row
from conformance.channels.controls.wire import (
    E_VOUCHER,
    MEDICINE,
    MOBILE,
    ONLINE,
    OPERATOR,
    Facts,
    Json,
    datetime19,
    line_fen,
)
from conformance.channels.reference.settings import Settings
from schemas.amount import to_text
from simulator.wire.timestamps import digits14


def consent(row: Row, app_id: str) -> Json:
    """house.auth.query."""
    return {
        "reqBizNo": row.question, "userId": row.user, "orgCodg": row.org, "orgAppId": app_id,
        "onlineDrugChnlAppId": app_id, "olBizTypeCode": MOBILE,
    }  # fmt: skip


def person(row: Row) -> Json:
    """1101."""
    return {"data": row.shown or {"mdtrt_cert_type": E_VOUCHER, "mdtrt_cert_no": row.consent}}


def upload(row: Row, position: str) -> Json:
    """6201."""
    at = datetime19(row.begun)
    return {
        "orgCodg": row.org, "psnNo": row.payer["psn_no"], "insutype": row.payer["insutype"],
        "medOrgOrd": row.med_org_ord, "begntime": at, "idNo": row.payer["certno"], "userName": row.payer["psn_name"],
        "idType": row.payer["psn_cert_type"], "payAuthNo": row.consent, "insuCode": row.payer["insuplc_admdvs"],
        "iptOtpNo": row.med_org_ord, "medType": MEDICINE, "feeType": ONLINE, "medfeeSumamt": to_text(row.total),
        "acctUsedFlag": row.flag, "psnSetlway": "01", "chrgBchno": row.batch, "mdtrtCertType": E_VOUCHER,
        "uldLatlnt": position, **({"rxCircFlag": "1"} if row.rx else {}),
        "feedetailList": [
            {
                "feedetlSn": str(place), "chrgBchno": row.batch, "feeOcurTime": at, **_circulated(row, line),
                "medListCodg": line["med_list_codg"], "medinsListCodg": line.get("own_code") or line["med_list_codg"],
                "detItemFeeSumamt": to_text(line_fen(line)), "cnt": line["cnt"], "pric": line["pric"],
                "medType": MEDICINE,
            }
            for place, line in enumerate(row.basket, 101)
        ],
    }  # fmt: skip


def _circulated(row: Row, line: Json) -> Json:
    """Whether a line is sold on the prescription, and on which."""
    on = bool(row.rx) and line.get("rx_flag") == "1"
    return {"rxCircFlag": "1", "rxno": row.rx["hi_rxno"]} if on else {"rxCircFlag": "0"}


def place(row: Row, serial: str) -> Json:
    """6202."""
    return {
        "payAuthNo": row.consent, "payOrdId": row.pay_ord_id, "payToken": row.pay_token, "orgCodg": row.org,
        "orgBizSer": serial, "chrgBchno": row.batch, "feeType": ONLINE, "mdtrtId": row.visit,
    }  # fmt: skip


def about(row: Row) -> Json:
    """6301 and 6401."""
    return {
        "payOrdId": row.pay_ord_id, "orgCodg": row.org, "payToken": row.pay_token, "idNo": row.payer["certno"],
        "userName": row.payer["psn_name"], "idType": row.payer["psn_cert_type"],
    }  # fmt: skip


def refund(row: Row) -> Json:
    """6203 for everything at once; the insurer knows its own parts."""
    return {
        "payOrdId": row.pay_ord_id, "appRefdSn": row.refund_sn, "appRefdTime": digits14(row.refund_at),
        "totlRefdAmt": to_text(row.split["total"]), "cashRefdAmt": to_text(row.split["cash"]), "refdType": "ALL",
        "payAuthNo": row.consent,
    }  # fmt: skip


def sign_in() -> Json:
    """9001."""
    return {"signIn": {"opter_no": OPERATOR, "mac": "0A-0A-0A-0A-0A-0A", "ip": "127.0.0.1"}}


def scan(row: Row, settings: Settings, code: str) -> Json:
    """6101, for a settlement: its token serves the sale as one for buying medicine would (order-life 9.9)."""
    return {"InData": {
        "orgId": row.org, "businessType": "01301", "operatorId": settings.opter, "operatorName": settings.opter_name,
        "officeId": "1", "officeName": "收款台", "qrCode": code,
    }}  # fmt: skip


def sale(row: Row) -> Json:
    """2101 and 2102."""
    names = ("psn_no", "psn_name", "certno", "psn_cert_type", "psn_type", "insutype")
    at = datetime19(row.made)
    return {
        "druginfo": {
            **{name: row.payer[name] for name in names}, **row.shown, "begntime": at,
            "medfee_sumamt": to_text(row.total), "acct_used_flag": row.flag, "med_type": MEDICINE,
        },
        "drugdetail": [
            {
                "feedetl_sn": str(place), "rx_circ_flag": "0", "fee_ocur_time": at,
                "med_list_codg": line["med_list_codg"],
                "medins_list_codg": line.get("own_code") or line["med_list_codg"],
                "det_item_fee_sumamt": to_text(line_fen(line)), "cnt": line["cnt"], "pric": line["pric"],
            }
            for place, line in enumerate(row.basket, 101)
        ],
    }  # fmt: skip


def file(org: str, name: str, content: list[int]) -> Json:
    """9101."""
    return {"fsUploadIn": {"in": content, "filename": f"{name}.zip", "fixmedins_code": org}}


def statement(day: str, office: str, file_qury_no: str, totals: Facts) -> Json:
    """3202, of one day and one office."""
    return {"data": {
        "setl_optins": office, "file_qury_no": file_qury_no, "stmt_begndate": day, "stmt_enddate": day, **totals,
        "clr_type": MEDICINE, "fixmedins_refd_setl_flag": "1",
    }}  # fmt: skip


def fetch(org: str, file: Facts) -> Json:
    """9102."""
    return {"fsDownloadIn": {
        "file_qury_no": file["file_qury_no"], "filename": file["filename"], "fixmedins_code": org,
    }}  # fmt: skip
