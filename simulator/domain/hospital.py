"""What a hospital and the person do before a pharmacy sees a prescription (house: no channel sends 7101 to 7103)."""

import base64
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from simulator.domain.moment import DAY_MS, stamp14
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Person
from simulator.domain.refused import Refusal
from simulator.domain.rx_record import Prescription, RxCode, RxLine

HOSPITAL, HOSPITAL_NAME = "H11010100001", "测试医院（总院）"
_LONGEST_DAYS = 366
_LONGEST_LIST = 50


def prescribe(unit: Unit, person: Person, lines: object, days: object) -> Prescription:
    """A new prescription of the hospital we play.

    Raises:
        Refusal: ``change_value`` names the field, ``unknown_drug``.
    """
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= _LONGEST_DAYS:
        raise Refusal("change_value", "days")
    if not isinstance(lines, list) or not 1 <= len(lines) <= _LONGEST_LIST:
        raise Refusal("change_value", "lines")
    number = f"RX{unit.city.admdvs}{stamp14(unit.now_ms)}{unit.next_number('hi_rxno'):08d}"
    original = f"%PDF-1.4\n% 测试处方 {number}，没有医疗效力\n%%EOF\n"
    rx = Prescription(
        hi_rxno=number, rx_trace_code=unit.token(f"rx/{number}", 20), psn_no=person.psn_no, hospital=HOSPITAL,
        hospital_name=HOSPITAL_NAME, lines=tuple(_line(unit, line) for line in lines),
        rx_file=base64.b64encode(original.encode()).decode(), prsc_ms=unit.now_ms,
        vali_end_ms=unit.now_ms + days * DAY_MS,
    )  # fmt: skip
    unit.put(rx)
    return rx


def _line(unit: Unit, line: object) -> RxLine:
    if not isinstance(line, dict):
        raise Refusal("change_value", "lines")
    code = str(line.get("med_list_codg", ""))
    if unit.get(Drug, code) is None:
        raise Refusal("unknown_drug", "med_list_codg", code=code)
    try:
        cnt = Decimal(str(line.get("cnt", "1")))
    except InvalidOperation:
        raise Refusal("change_value", "cnt") from None
    if not cnt.is_finite() or not 0 < cnt <= 1_000:
        raise Refusal("change_value", "cnt")
    return RxLine(med_list_codg=code, cnt=cnt)


def withdraw(unit: Unit, hi_rxno: str) -> Prescription:
    """The hospital takes the prescription back, as 7104 would.

    Raises:
        Refusal: ``rx_unknown``.
    """
    rx = unit.get(Prescription, hi_rxno)
    if rx is None:
        raise Refusal("rx_unknown", "hi_rxno", value=hi_rxno)
    rx = replace(rx, withdrawn=True)
    unit.put(rx)
    return rx


def _own(unit: Unit, person: Person, hi_rxno: str) -> Prescription:
    rx = unit.get(Prescription, hi_rxno)
    if rx is None or rx.psn_no != person.psn_no:
        raise Refusal("rx_unknown", "hi_rxno", value=hi_rxno)
    return rx


def circulate(unit: Unit, person: Person, hi_rxno: str, app_id: str) -> str:
    """The person lets a channel fetch it online: ``authCircBizSn`` of 7202.

    Raises:
        Refusal: ``rx_unknown``.
    """
    rx = _own(unit, person, hi_rxno)
    serial = f"AC{stamp14(unit.now_ms)}{unit.next_number('rx_circulation'):09d}"
    unit.put(replace(rx, circulated=f"{serial}/{app_id}"))
    return serial


def show_prescription(unit: Unit, person: Person, hi_rxno: str) -> RxCode:
    """The person opens the prescription's code on the phone.

    Raises:
        Refusal: ``rx_unknown``.
    """
    rx = _own(unit, person, hi_rxno)
    number = unit.next_number("epc_qrcd")
    code = RxCode(epc_qrcd=f"EPC{unit.token(f'epc_qr/{number}', 29)}", hi_rxno=rx.hi_rxno, shown_ms=unit.now_ms)
    unit.put(code)
    return code
