"""The eager control's messages: optional fields filled in, the basket from its last line to its first."""

from conformance.channels.controls.eager.saying_goods import named
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
from schemas.amount import to_text
from simulator.wire.timestamps import digits14


def consent(f: Facts, app_id: str) -> Json:
    """house.auth.query."""
    return {
        "reqBizNo": f["auth_q"], "userId": f["user"], "orgCodg": f["org"], "orgAppId": app_id,
        "onlineDrugChnlAppId": app_id, "olBizTypeCode": MOBILE,
    }  # fmt: skip


def person(f: Facts, now_ms: int) -> Json:
    """1101."""
    shown = f.get("shown") or {"mdtrt_cert_type": E_VOUCHER, "mdtrt_cert_no": f["auth"]}
    return {"data": {**shown, "begntime": datetime19(now_ms)}}


def entitlement(f: Facts, now_ms: int) -> Json:
    """2001."""
    payer = f["payer"]
    return {"data": {
        "psn_no": payer["psn_no"], "insutype": payer["insutype"], "fixmedins_code": f["org"], "med_type": MEDICINE,
        "begntime": datetime19(now_ms),
    }}  # fmt: skip


def upload(f: Facts, position: str) -> Json:
    """6201."""
    payer, at = f["payer"], datetime19(f["begun"])
    return {
        "orgCodg": f["org"], "orgId": f["org"], "medOrgOrd": f["number"], "rxCircFlag": "0", "psnNo": payer["psn_no"],
        "insutype": payer["insutype"], "begntime": at, "endtime": at, "idNo": payer["certno"],
        "userName": payer["psn_name"], "idType": payer["psn_cert_type"], "payAuthNo": f["auth"],
        "insuCode": payer["insuplc_admdvs"], "insuplcAdmdvs": payer["insuplc_admdvs"], "iptOtpNo": f["batch"],
        "medType": MEDICINE, "feeType": ONLINE, "medfeeSumamt": to_text(f["total"]), "acctUsedFlag": f["flag"],
        "psnSetlway": "01", "chrgBchno": f["batch"], "mdtrtCertType": E_VOUCHER, "uldLatlnt": position,
        "midSetlFlag": "0",
        "feedetailList": [_line(f, at, place, line) for place, line in reversed(list(enumerate(f["lines"], 1)))],
    }  # fmt: skip


def _line(f: Facts, at: str, place: int, line: Facts) -> Json:
    return {
        "feedetlSn": f"{f['batch']}-{place:03d}", "psnNo": f["payer"]["psn_no"], "chrgBchno": f["batch"],
        "rxCircFlag": "0", "feeOcurTime": at, "medListCodg": line["med_list_codg"],
        "medinsListCodg": named(line), "detItemFeeSumamt": to_text(line_fen(line)),
        "cnt": line["cnt"], "pric": line["pric"], "medType": MEDICINE,
    }  # fmt: skip


def place(f: Facts, serial: str) -> Json:
    """6202."""
    return {
        "payAuthNo": f["auth"], "payOrdId": f["pay_id"], "payToken": f["token"], "orgCodg": f["org"],
        "orgBizSer": serial, "chrgBchno": f["batch"], "feeType": ONLINE, "mdtrtId": f["visit"],
        "acctUsedFlag": f["flag"],
    }  # fmt: skip


def about(f: Facts) -> Json:
    """6301 and 6401."""
    payer = f["payer"]
    return {
        "payOrdId": f["pay_id"], "orgCodg": f["org"], "payToken": f["token"], "idNo": payer["certno"],
        "userName": payer["psn_name"], "idType": payer["psn_cert_type"],
    }  # fmt: skip


def refund(f: Facts, kind: str) -> Json:
    """6203: insurance first (HI), then the cash share (CASH); an order for cash alone in one go (ALL)."""
    split, asked = f["split"], f["refunds"][kind]
    insurance, cash = kind in ("HI", "ALL"), kind in ("CASH", "ALL")
    account, fund = (split["account"], split["fund"]) if insurance else (0, 0)
    back = split["cash"] if cash else 0
    total = split["total"] if kind == "ALL" else account + fund + back
    return {
        "payOrdId": f["pay_id"], "appRefdSn": asked["number"], "appRefdTime": digits14(asked["at"]),
        "totlRefdAmt": to_text(total), "psnAcctRefdAmt": to_text(account), "fundRefdAmt": to_text(fund),
        "cashRefdAmt": to_text(back), "refdType": kind, "payAuthNo": f["auth"], "expContent": "缺货退款",
    }  # fmt: skip


def sign_in() -> Json:
    """9001."""
    return {"signIn": {"opter_no": OPERATOR, "mac": "02-00-00-00-00-07", "ip": "127.0.0.7"}}


def sale(f: Facts) -> Json:
    """2101 and 2102."""
    payer, at = f["payer"], datetime19(f["created"])
    scanned = [
        {"feedetl_sn": _number(f, place), "drug_trac_codg": code, "trdn_flag": "0"}
        for place, line in enumerate(f["lines"], 1) for code in line.get("trace_codes", ())
    ]  # fmt: skip
    return {
        "druginfo": {
            **{name: payer[name] for name in ("psn_no", "psn_name", "certno", "psn_cert_type", "psn_type", "insutype")},
            **f["shown"], "begntime": at, "medfee_sumamt": to_text(f["total"]), "acct_used_flag": f["flag"],
            "med_type": MEDICINE,
        },
        "drugdetail": [_counter_line(f, at, place, line) for place, line in reversed(list(enumerate(f["lines"], 1)))],
        **({"drug_trac_info": scanned} if scanned else {}),
    }  # fmt: skip


def _number(f: Facts, place: int) -> str:
    return f"{f['batch'][2:]}{place:03d}"


def _counter_line(f: Facts, at: str, place: int, line: Facts) -> Json:
    return {
        "feedetl_sn": _number(f, place), "rx_circ_flag": "0", "fee_ocur_time": at,
        "med_list_codg": line["med_list_codg"], "medins_list_codg": named(line),
        "det_item_fee_sumamt": to_text(line_fen(line)), "cnt": line["cnt"], "pric": line["pric"],
    }  # fmt: skip
