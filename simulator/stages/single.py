"""One address for all operations, told apart by transType (online-payment 1.1 V-C, switch ``pay_frame`` = single).

Regional platforms of 2020 and 2021 spoke so. What is published of them is mapped to the numbered interfaces: uploading,
withdrawing, refunding, reading a code. The fields of ``hos.query.insu`` and of the answers of ``iot.gain.ec.qrcode``
are not published, so those operations are refused by name; for placing and asking (6202, 6301) no operation is named
at all, so the numbered addresses stay open beside this one.
"""

from collections.abc import Mapping
from typing import Any, Final

from schemas.loader import InterfaceSchema, interfaces
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches

PATH: Final = "/pmc/api"
UPLOAD: Final = "hos.upload.fee"
OPERATIONS: Final[Mapping[str, str]] = {
    UPLOAD: "6201", "hos.revoke.order": "6401", "hos.refund.setl": "6203", "ec.query": "ec.query",
}  # fmt: skip
"""transType → interface. The older forms of 6401 and 6203 are not published: they are taken to be the newer ones."""
UNPUBLISHED: Final = (
    "hos.query.insu", "iot.gain.ec.qrcode", "iot.medical.settle.notify", "ec.gen.index",
)  # fmt: skip
_SHOWN = 40
_PHARMACY = "P"
_DEFAULTS: Final = {"psnSetlway": "01", "mdtrtCertType": "01", "uldLatlnt": "0,0"}
"""What the older body lacks and the newer one demands: settled by item, e-voucher, an installation's ``0,0``."""
_RENAMED: Final = {
    "feeSumamt": "medfeeSumamt", "rgstSn": "iptOtpNo", "rgstDeptName": "deptName", "drDeptCodg": "deptCode",
}  # fmt: skip
_LINE: Final = {
    "rxDetlNo": "feedetlSn", "hiItem": "medListCodg", "itemNo": "medinsListCodg", "itemPric": "pric",
    "itemCnt": "cnt", "itemAmt": "detItemFeeSumamt", "itemName": "medListName", "itemSpec": "medListSpc",
    "drName": "bilgDrName", "rsDeptCodg": "bilgDeptCodg", "rsDept": "bilgDeptName", "drutDays": "prdDays",
}  # fmt: skip

Json = dict[str, Any]


def schema_of(trans_type: str, switches: Switches) -> InterfaceSchema:
    """The interface behind an operation.

    Raises:
        Refusal: ``unknown_interface``, ``operation_unpublished``.
    """
    if switches.pay_frame == "single" and trans_type in UNPUBLISHED:
        raise Refusal("operation_unpublished", "transType", value=trans_type)
    if switches.pay_frame != "single" or trans_type not in OPERATIONS:
        raise Refusal("unknown_interface", "transType", value=trans_type[:_SHOWN])
    return interfaces()[OPERATIONS[trans_type]]


def newer(trans_type: str, data: Mapping[str, Any]) -> tuple[Json, list[str]]:
    """The data under the names of the numbered interface, and notes on what has no place there."""
    if trans_type != UPLOAD or "feedetailList" in data:
        return dict(data), []
    told: Json = {_RENAMED.get(name, name): value for name, value in data.items() if name not in ("rxList", "diseList")}
    begun = _time(data.get("chrgDate"), data.get("chrgTime"))
    for name, value in (*_DEFAULTS.items(), ("begntime", begun)):
        told.setdefault(name, value)
    told.setdefault("chrgBchno", told.get("medOrgOrd"))
    told.setdefault("feeType", "07" if str(told.get("orgCodg", "")).startswith(_PHARMACY) else "01")
    rows = data.get("rxList")
    told["feedetailList"] = [_line(row, told) for row in rows] if isinstance(rows, list) else rows
    return told, ["diseList has no place in an upload of medicine"] if data.get("diseList") else []


def _line(row: object, told: Json) -> object:
    if not isinstance(row, Mapping):
        return row
    line: Json = {
        _LINE.get(str(name), str(name)): value for name, value in row.items() if name not in ("rxDate", "drCertNo")
    }
    own = {"chrgBchno": told["chrgBchno"], "medType": told.get("medType"), "rxCircFlag": "0"}
    return {**own, "feeOcurTime": _time(row.get("rxDate"), None) or told.get("begntime"), **line}


def _time(date: object, time: object) -> str:
    """``yyyy-MM-dd HH:mm:ss`` of a date and a time with or without their dashes and colons; empty when it is none."""
    digits = "".join(letter for letter in f"{date or ''}{time or ''}" if letter.isdigit())
    if len(digits) == 8:
        digits += "000000"
    if len(digits) != 14:
        return ""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"
