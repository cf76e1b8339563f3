"""Visits, settlements and fee lines as 5201, 5203 and 5204 print them (7.1)."""

from typing import Any

from schemas.amount import to_text
from simulator.domain import ledger
from simulator.domain.bill import Line, LineSplit, age_years
from simulator.domain.institutions import level
from simulator.domain.moment import date10, datetime19
from simulator.domain.past import PastVisit
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Institution, Person
from simulator.domain.settlement_record import Settlement
from simulator.domain.settlement_views import money, ratio

Json = dict[str, Any]

AT_INSTITUTION = "2"
"""``pay_loc``: settled at an institution."""
UNNAMED = "其他"
"""A dosage form the catalogue does not name."""
NAME_CHARS = 100


def _about(person: Person, at_ms: int) -> Json:
    return {
        "psn_no": person.psn_no, "psn_name": person.psn_name, "psn_cert_type": person.psn_cert_type,
        "certno": person.certno, "gend": person.gend, "naty": person.naty, "brdy": person.brdy,
        "age": str(age_years(person, at_ms)), "psn_type": person.psn_type, "cvlserv_flag": person.cvlserv_flag,
        "emp_name": person.emp_name,
    }  # fmt: skip


def visit(person: Person, told: PastVisit) -> Json:
    """One row of ``mdtrtinfo``; what belongs to a hospital stay is left out."""
    return _about(person, told.begin_ms) | {
        "mdtrt_id": told.mdtrt_id, "insutype": told.insutype, "med_type": told.med_type,
        "begntime": datetime19(told.begin_ms), "endtime": datetime19(told.end_ms),
        "insu_optins": person.insuplc_admdvs, "mdtrt_cert_type": told.mdtrt_cert_type, "ipt_otp_no": told.ipt_otp_no,
        "dise_codg": told.dise_codg, "dise_name": told.dise_name, "opt_time": datetime19(told.begin_ms),
    }  # fmt: skip


def settlement(unit: Unit, person: Person, shop: Institution, paid: Settlement) -> Json:
    """``setlinfo`` of 5203: the person's parts are called psn_pay and cash_payamt here; a refund prints negative."""
    amounts = money(paid.split, unit.switches, sign=paid.sign)
    amounts["psn_pay"], amounts["cash_payamt"] = amounts.pop("psn_part_amt"), amounts.pop("psn_cash_pay")
    amounts.pop("hifdm_pay", None)
    day, moment = date10(paid.at_ms), datetime19(paid.at_ms)
    return _about(person, paid.at_ms) | amounts | {
        "setl_id": paid.setl_id, "mdtrt_id": paid.mdtrt_id, "insutype": paid.bill.insutype,
        "insu_optins": paid.clr_optins, "pay_loc": AT_INSTITUTION, "fixmedins_code": shop.fixmedins_code,
        "fixmedins_name": shop.fixmedins_name, "hosp_lv": level(shop), "fixmedins_poolarea": shop.admdvs,
        "begndate": day, "enddate": day, "setl_time": moment, "med_type": paid.bill.med_type,
        "clr_type": paid.clr_type, "clr_way": "1",
        "clr_optins": paid.clr_optins, "balc": to_text(_balance_fen(unit, paid)),
        "medins_setl_id": paid.medins_setl_id, "refd_setl_flag": "1" if paid.sign < 0 else "0", "year": day[:4],
        "opt_time": moment,
    }  # fmt: skip


def _balance_fen(unit: Unit, paid: Settlement) -> int:
    """The own account right after a purchase; of a refund the balance of now, which is all that is known (house)."""
    if paid.sign < 0:
        return unit.balance(ledger.own(paid.psn_no))
    return paid.split.balance_before_fen - paid.split.own_fen


def fee_lines(unit: Unit, paid: Settlement) -> list[Json]:
    """The rows of 5204; of a refund quantity and amounts are negative, the price stays (4.5)."""
    pairs = zip(paid.bill.lines, paid.split.lines, strict=True)
    return [_fee_line(unit, paid, line, split) for line, split in pairs]


def _fee_line(unit: Unit, paid: Settlement, line: Line, split: LineSplit) -> Json:
    drug = unit.get(Drug, line.med_list_codg)
    name = drug.reg_name if drug else line.med_list_codg

    def told(fen: int) -> str:
        return to_text(paid.sign * fen)

    return {
        "mdtrt_id": paid.mdtrt_id, "setl_id": paid.setl_id, "feedetl_sn": line.feedetl_sn, "rx_drord_no": line.rxno,
        "med_type": paid.bill.med_type, "fee_ocur_time": datetime19(paid.at_ms),
        "cnt": line.cnt if paid.sign > 0 else f"-{line.cnt}", "pric": line.pric,
        "det_item_fee_sumamt": told(line.amount_fen), "pric_uplmt_amt": split.pric_uplmt,
        "selfpay_prop": ratio(split.selfpay_bp), "fulamt_ownpay_amt": told(split.fulamt_ownpay_fen),
        "overlmt_amt": told(split.overlmt_fen), "preselfpay_amt": told(split.preselfpay_fen),
        "inscp_scp_amt": told(split.inscp_scp_fen), "chrgitm_lv": split.chrgitm_lv,
        "hilist_code": line.med_list_codg, "hilist_name": name, "list_type": drug.list_type if drug else "105",
        "med_list_codg": line.med_list_codg, "medins_list_codg": line.medins_list_codg or line.med_list_codg,
        "medins_list_name": name[:NAME_CHARS], "med_chrgitm_type": split.med_chrgitm_type, "prodname": name,
        "spec": drug.spec if drug else "", "dosform_name": (drug.dosform if drug else "") or UNNAMED,
        "bas_medn_flag": split.bas_medn_flag, "memo": split.memo, "opt_time": datetime19(paid.at_ms),
    }  # fmt: skip
