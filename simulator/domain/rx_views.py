"""A prescription as the answers of 7201 to 7204 and 7211 show it."""

from typing import Any

from simulator.domain.moment import DAY_MS, at, datetime19
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Person
from simulator.domain.rx_record import Prescription, RxLine

Json = dict[str, Any]

_DEPARTMENT = "全科医学科"
_COURSE_DAYS = 7
_DIAGNOSIS = ("J06.900", "急性上呼吸道感染")
"""House: the hospital we play prescribes for a common cold, whatever the medicine."""


def opened(rx: Prescription) -> Json:
    """What every authorisation yields."""
    return {"authRxno": rx.auth_rxno, "epcToken": rx.epc_token, "expiresIn": datetime19(rx.token_until_ms)}


def offered(rx: Prescription) -> Json:
    """What 7201 tells of a prescription beside its token."""
    return {
        **opened(rx), "fixmedinsCode": rx.hospital, "fixmedinsName": rx.hospital_name, "deptName": _DEPARTMENT,
        "prscTime": datetime19(rx.prsc_ms), "valiEndTime": datetime19(rx.vali_end_ms), "rxExraAttrCode": "03",
        "rxExraAttrName": "其他",
    }  # fmt: skip


def shown(unit: Unit, rx: Prescription) -> Json:
    """The whole prescription (7204)."""
    person = unit.get(Person, rx.psn_no)
    assert person is not None
    code, name = _DIAGNOSIS
    return {
        "hiRxno": rx.hi_rxno, "rxTraceCode": rx.rx_trace_code, "fixmedinsCode": rx.hospital,
        "fixmedinsName": rx.hospital_name, "prscTime": datetime19(rx.prsc_ms), "prscDeptName": _DEPARTMENT,
        "valiEndTime": datetime19(rx.vali_end_ms), "rxTypeCode": "1", "rxTypeName": "门诊西药", "longRxFlag": "0",
        "rxFile": rx.rx_file, "fileSuffix": "pdf",
        "rxDetlList": [_line(unit, rx, line) for line in rx.lines],
        "rxOtpinfo": {
            "medType": "11", "otpIptFlag": "1", "patnName": person.psn_name, "gend": person.gend,
            "patnAge": str(at(unit.now_ms).year - int(person.brdy[:4])), "maindiagCode": code, "maindiagName": name,
        },
        "rxDiseList": [
            {"diagType": "1", "maindiagFlag": "1", "diagSrtNo": "1", "diagCode": code, "diagName": name},
        ],
    }  # fmt: skip


def _line(unit: Unit, rx: Prescription, line: RxLine) -> Json:
    drug = unit.get(Drug, line.med_list_codg)
    assert drug is not None
    packs = f"{line.cnt:f}"
    return {
        "medListCodg": line.med_list_codg, "drugGenname": drug.reg_name, "drugProdname": drug.reg_name,
        "drugDosform": drug.dosform[:30], "drugSpec": drug.spec[:40], "prdrName": drug.maker[:100], "otcFlag": "0",
        "medcWayCodg": "1", "medcWayDscr": "口服", "medcBegntime": datetime19(rx.prsc_ms),
        "medcEndtime": datetime19(rx.prsc_ms + _COURSE_DAYS * DAY_MS), "medcDays": str(_COURSE_DAYS), "drugCnt": packs,
        "drugDosunt": "盒", "drugTotlcnt": packs, "drugTotlcntEmp": "盒", "takeDrugFlag": "1",
    }  # fmt: skip


def dispensable(drug: Drug) -> Json:
    """A row of 7211."""
    insured = "1" if drug.chrgitm_lv in ("01", "02") else "0"
    return {
        "medListCodg": drug.med_list_codg, "genname": drug.reg_name[:100], "regName": drug.reg_name,
        "listType": drug.list_type, "specName": drug.spec or "无", "prdrName": drug.maker or "无",
        "aprvno": drug.aprvno, "dosformName": drug.dosform or "无",
        "dualchnlFlag": "0", "oppoolFlag": insured, "chrgitmLv": drug.chrgitm_lv,
    }  # fmt: skip
