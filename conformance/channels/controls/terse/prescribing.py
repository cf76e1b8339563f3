"""The terse control's messages about a prescription: required fields alone."""

from conformance.channels.controls.terse.errand import Errands
from conformance.channels.controls.terse.sheet import Row
from conformance.channels.controls.wire import Json, datetime19, line_fen
from schemas.amount import to_text

COURIER = {"0": "待配送", "1": "配送中", "2": "配送完成", "3": "配送取消", "4": "配送异常"}


def authorise(do: Errands, row: Row) -> Json:
    """7202."""
    app_id = do.outside.settings.credentials.app_id
    said = {"hiRxno": row.rx["hi_rxno"], "authCircBizSn": row.rx["auth_circ_biz_sn"], "epcChnlId": app_id}
    return {**said, "fixmedinsCode": row.org, **_terminal(do, row)}


def own(do: Errands, row: Row) -> Json:
    """7204."""
    known = {"epcToken": row.rx["epcToken"], "authRxno": row.rx["authRxno"]}
    return {**known, "fixmedinsCode": row.org, **_terminal(do, row)}


def verify(row: Row) -> Json:
    """7205."""
    names = ("rxTraceCode", "rxFile", "epcToken")
    return {"hiRxno": row.rx["hi_rxno"], "fixmedinsCode": row.org, **{name: row.rx[name] for name in names}}


def scan(do: Errands, row: Row, qr: str) -> Json:
    """6101, for the pharmacist's code."""
    settings = do.outside.settings
    return {"InData": {
        "orgId": row.org, "businessType": "02122", "operatorId": settings.opter, "operatorName": settings.opter_name,
        "officeId": "2", "officeName": "处方药柜", "qrCode": qr,
    }}  # fmt: skip


def reviewed(do: Errands, row: Row) -> Json:
    """7206."""
    word, who = row.rx["review"], row.rx["review"]["who"]
    return {
        "hiRxno": row.rx["hi_rxno"], "epcToken": row.rx["epcToken"], "ecToken": word["ecToken"], **_shop(do, row),
        "pharCertType": who["cert_type"], "pharCertno": who["certno"], "pharName": who["name"],
        "pharCode": who["code"], "rxChkOpnn": word["opinion"], "rxChkStasCodg": "1" if word["passed"] else "0",
        "rxChkTime": datetime19(do.wire.now_ms()), "rxSignVerifySn": row.rx["rxSignVerifySn"],
    }  # fmt: skip


def dispensed(do: Errands, row: Row) -> Json:
    """7207."""
    at = datetime19(do.wire.now_ms())
    return {
        "hiRxno": row.rx["hi_rxno"], **_shop(do, row), "rxChkBizSn": row.rx["rxChkBizSn"], "hiFeesetlFlag": "1",
        "rxSaleDrugDetl": [
            {
                "rtalDocno": row.med_org_ord, "stooutTime": at, "medListCodg": line["med_list_codg"],
                "medinsListCodg": line.get("own_code") or line["med_list_codg"], "drugGenname": line["name"],
                "drugSpec": "盒装", "drugTotlcnt": line["cnt"], "drugTotlcntEmp": "盒",
                "drugSumamt": to_text(line_fen(line)),
            }
            for line in row.basket
            if line.get("rx_flag") == "1"
        ],
    }  # fmt: skip


def withdraw(row: Row) -> Json:
    """7208."""
    return {"hiRxno": row.rx["hi_rxno"], "fixmedinsCode": row.org, "hiFeesetlFlag": "1"}


def carried(do: Errands, row: Row, status: str) -> Json:
    """7209."""
    return {
        "hiRxno": row.rx["hi_rxno"], "delvNo": row.rx["delvNo"], "delvAddr": "收货地址", "delvEntpName": "本店",
        "delvStasCodg": status, "delvStasName": COURIER[status], "delvStasTime": datetime19(do.wire.now_ms()),
        "delvConner": "收货人", **_shop(do, row),
    }  # fmt: skip


def received(do: Errands, row: Row) -> Json:
    """7210."""
    return {
        "hiRxno": row.rx["hi_rxno"], "delvNo": row.rx["delvNo"], "delverCertType": "99", "delverCertno": "0001",
        "delverName": "送货人", "delvStasTime": datetime19(do.wire.now_ms()), "chkWayCodg": "1",
    }  # fmt: skip


def _shop(do: Errands, row: Row) -> Json:
    return {"fixmedinsCode": row.org, "fixmedinsName": do.outside.settings.shops[row.org].fixmedins_name}


def _terminal(do: Errands, row: Row) -> Json:
    settings = do.outside.settings
    return {
        "ipInfo": "127.0.0.1", "devInfo": "till", "opter": settings.opter, "opterName": settings.opter_name,
        "optinsNo": row.org,
    }  # fmt: skip
