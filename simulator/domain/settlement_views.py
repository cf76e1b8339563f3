"""A split and a settlement as ``setlinfo``, ``setldetail`` and ``detlcutinfo`` print them (4.2, 4.3, 4.5)."""

from typing import Any

from schemas.amount import to_text
from simulator.domain.bill import Bill, LineSplit, Split, age_years
from simulator.domain.moment import datetime19
from simulator.domain.records import Person

Json = dict[str, Any]

ZERO_FUNDS = ("cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay")
"""Funds that pay nothing in a plain pharmacy purchase; printed as zero (1.4: empty numeric is 0)."""
ACCOUNT_FUND = "310200"
CLR_PHARMACY = "41"


def ratio(basis_points: int) -> str:
    """A share as 0–1 with four decimals."""
    return f"{basis_points // 10_000}.{basis_points % 10_000:04d}"


def money(split: Split, sign: int = 1) -> Json:
    """The amounts of ``setlinfo``; a cancellation prints them negative (identities 1–4 hold either way)."""

    def told(fen: int) -> str:
        return to_text(sign * fen)

    return {
        "medfee_sumamt": told(split.medfee_fen),
        "fulamt_ownpay_amt": told(split.total("fulamt_ownpay_fen")),
        "overlmt_selfpay": told(split.total("overlmt_fen")),
        "preselfpay_amt": told(split.total("preselfpay_fen")),
        "inscp_scp_amt": told(split.total("inscp_scp_fen")),
        "act_pay_dedc": "0.00",
        "hifp_pay": told(split.fund_fen),
        "pool_prop_selfpay": ratio(0),
        **dict.fromkeys(ZERO_FUNDS, "0.00"),
        "fund_pay_sumamt": told(split.fund_fen),
        "psn_part_amt": told(split.medfee_fen - split.fund_fen),
        "acct_pay": told(split.acct_fen),
        "psn_cash_pay": told(split.cash_fen),
        "acct_mulaid_pay": told(split.aid_fen),
    }


def setlinfo(
    person: Person, bill: Bill, split: Split, *, mdtrt_id: str, at_ms: int, balance_fen: int, msgid: str
) -> Json:
    """``setlinfo`` of 2101 and, with a ``setl_id`` added, of 2102; ``balc`` is the balance after it."""
    return {
        "mdtrt_id": mdtrt_id, "psn_no": person.psn_no, "psn_name": person.psn_name,
        "psn_cert_type": person.psn_cert_type, "certno": person.certno, "gend": person.gend, "naty": person.naty,
        "brdy": person.brdy, "age": str(age_years(person, at_ms)), "insutype": bill.insutype,
        "psn_type": person.psn_type, "cvlserv_flag": person.cvlserv_flag, "setl_time": datetime19(at_ms),
        "med_type": bill.med_type, **money(split), "balc": to_text(balance_fen), "medins_setl_id": msgid,
        "clr_optins": person.insuplc_admdvs, "clr_way": "1", "clr_type": CLR_PHARMACY, "hosp_part_amt": "0.00",
    }  # fmt: skip


def setldetail(split: Split, sign: int = 1) -> list[Json]:
    """One row per fund; the personal account's row stands outside fund_pay_sumamt (identity 7)."""
    return [
        {
            "fund_pay_type": ACCOUNT_FUND, "fund_pay_type_name": "城镇职工基本医疗保险个人账户基金",
            "inscp_scp_amt": to_text(sign * split.total("inscp_scp_fen")),
            "crt_payb_lmt_amt": to_text(max(split.balance_before_fen, 0)),
            "fund_payamt": to_text(sign * split.acct_fen),
        }
    ]  # fmt: skip


def detlcutinfo(split: Split) -> list[Json]:
    """One row per drug line."""
    return [_line(line) for line in split.lines]


def _line(line: LineSplit) -> Json:
    return {
        "feedetl_sn": line.feedetl_sn, "det_item_fee_sumamt": to_text(line.amount_fen), "cnt": line.cnt,
        "pric": line.pric, "pric_uplmt_amt": line.pric_uplmt, "selfpay_prop": ratio(line.selfpay_bp),
        "fulamt_ownpay_amt": to_text(line.fulamt_ownpay_fen), "overlmt_amt": to_text(line.overlmt_fen),
        "preselfpay_amt": to_text(line.preselfpay_fen), "inscp_scp_amt": to_text(line.inscp_scp_fen),
        "chrgitm_lv": line.chrgitm_lv, "med_chrgitm_type": line.med_chrgitm_type,
        "bas_medn_flag": line.bas_medn_flag, "hi_nego_drug_flag": "0", "chld_medc_flag": "0",
        "list_sp_item_flag": "0", "drt_reim_flag": "0", "memo": line.memo,
    }  # fmt: skip
