"""A split and a settlement as ``setlinfo``, ``setldetail`` and ``detlcutinfo`` print them (4.2, 4.3, 4.5)."""

from typing import Any

from schemas.amount import to_text
from schemas.loader import dictionary
from simulator.domain import ledger
from simulator.domain.bill import Bill, LineSplit, Split, age_years
from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.records import Person
from simulator.domain.rules import Switches
from simulator.domain.settlement_record import Settlement

Json = dict[str, Any]

ZERO_FUNDS = ("cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay")
"""Funds that pay nothing at a pharmacy; printed as zero (1.4: empty numeric is 0)."""
ACCOUNT_FUND = "310200"
CLR_PHARMACY = "41"
CANCEL_NAMES = {
    "2103": {"provincial": ("psn_part_amt", "psn_cash_pay"), "base": ("psn_pay", "cash_payamt")},
    "2208": {"provincial": ("psn_part_amt", "pdn_cash_pay"), "base": ("psn_part_amt", "psn_cash_pay")},
}
"""What a cancellation calls the person's part and its cash by edition (0.1, 4.6); ``both`` sends all of them."""


def ratio(basis_points: int) -> str:
    """A share as 0–1 with four decimals."""
    return f"{basis_points // 10_000}.{basis_points % 10_000:04d}"


def fund_sum_fen(split: Split, switches: Switches) -> int:
    """``fund_pay_sumamt``; whether it contains the account is regional (4.5). House: psn_part_amt is as ever."""
    return split.fund_fen + (split.acct_fen if switches.fund_pay_sum == "with_account" else 0)


def money(split: Split, switches: Switches, sign: int = 1) -> Json:
    """The amounts of ``setlinfo``; a cancellation prints them negative (identities 1–4 hold either way)."""

    def told(fen: int) -> str:
        return to_text(sign * fen)

    part = split.pooled
    funds = [name for name in ZERO_FUNDS if switches.late_fields or name != "hifdm_pay"]
    return {
        "medfee_sumamt": told(split.medfee_fen),
        "fulamt_ownpay_amt": told(split.total("fulamt_ownpay_fen")),
        "overlmt_selfpay": told(split.total("overlmt_fen")),
        "preselfpay_amt": told(split.total("preselfpay_fen")),
        "inscp_scp_amt": told(split.total("inscp_scp_fen")),
        "act_pay_dedc": told(part.dedc_fen if part else 0),
        "hifp_pay": told(split.fund_fen),
        "pool_prop_selfpay": ratio(part.ratio_bp if part else 0),
        **dict.fromkeys(funds, "0.00"),
        "fund_pay_sumamt": told(fund_sum_fen(split, switches)),
        "psn_part_amt": told(split.medfee_fen - split.fund_fen),
        "acct_pay": told(split.acct_fen),
        "psn_cash_pay": told(split.cash_fen),
        "acct_mulaid_pay": told(split.aid_fen),
    }


def setlinfo(
    person: Person, bill: Bill, split: Split, switches: Switches, *,
    mdtrt_id: str, at_ms: int, balance_fen: int, msgid: str, clr_type: str = CLR_PHARMACY,
) -> Json:  # fmt: skip
    """``setlinfo`` of 2101 and, with a ``setl_id`` added, of 2102; ``balc`` is the balance after it."""
    told = {
        "mdtrt_id": mdtrt_id, "psn_no": person.psn_no, "psn_name": person.psn_name,
        "psn_cert_type": person.psn_cert_type, "certno": person.certno, "gend": person.gend, "naty": person.naty,
        "brdy": person.brdy, "age": str(age_years(person, at_ms)), "insutype": bill.insutype,
        "psn_type": person.psn_type, "cvlserv_flag": person.cvlserv_flag, "setl_time": datetime19(at_ms),
        "med_type": bill.med_type, **money(split, switches), "balc": to_text(balance_fen), "medins_setl_id": msgid,
        "clr_optins": person.insuplc_admdvs, "clr_way": "1", "clr_type": clr_type,
        switches.ext_field: _extension(split),
    }  # fmt: skip
    return told | ({"hosp_part_amt": "0.00"} if switches.late_fields else {})


def _extension(split: Split) -> str:
    """House: what the fund could still pay this year; regional platforms tell such balances here (2.3)."""
    part = split.pooled
    return f'{{"hifp_left":"{to_text(part.limit_fen - part.fund_fen)}"}}' if part else ""


def cancellation(unit: Unit, negative: Settlement, *, infno: str) -> Json:
    """``setlinfo`` of 2103 and 2208: all amounts negative, a setl_id of its own, the balance risen again (4.3)."""
    switches = unit.switches
    told = {
        "mdtrt_id": negative.mdtrt_id, "setl_id": negative.setl_id, "clr_optins": negative.clr_optins,
        "setl_time": datetime19(negative.at_ms), **money(negative.split, switches, sign=-1),
        "balc": to_text(unit.balance(ledger.own(negative.psn_no))), "medins_setl_id": negative.medins_setl_id,
    }  # fmt: skip
    part, cash = told.pop("psn_part_amt"), told.pop("psn_cash_pay")
    names = CANCEL_NAMES[infno]
    for edition in names if switches.cancel_fields == "both" else (switches.cancel_fields,):
        told |= dict(zip(names[edition], (part, cash), strict=True))
    return told


def setldetail(split: Split, sign: int = 1) -> list[Json]:
    """One row per fund; the personal account's row stands outside the sum of the real funds (identity 7)."""
    scope, part = sign * split.total("inscp_scp_fen"), split.pooled
    rows = [(part.fund_pay_type, part.limit_fen, part.fund_fen)] if part else []
    rows.append((ACCOUNT_FUND, max(split.balance_before_fen, 0), split.acct_fen))
    return [
        {
            "fund_pay_type": fund, "fund_pay_type_name": dictionary("fund_pay_type")[fund],
            "inscp_scp_amt": to_text(scope), "crt_payb_lmt_amt": to_text(limit_fen),
            "fund_payamt": to_text(sign * fen),
        }
        for fund, limit_fen, fen in rows
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
