"""Amounts worked out again from catalogue facts (institution-interfaces.md 4.5). All results are integer fen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from schemas.amount import AmountError, to_fen

Json = Mapping[str, Any]
_CENT = Decimal("0.01")
SELF_PAID = "03"
"""chrgitm_lv 丙: the whole line is the buyer's."""


def yuan_fen(yuan: Decimal) -> int:
    """Yuan to fen, half a fen rounded away from zero."""
    return to_fen(yuan.quantize(_CENT, rounding=ROUND_HALF_UP))


def product_fen(cnt: str, pric: str) -> int:
    """``round(cnt × pric, 2)``: what a line costs (identity 5)."""
    return yuan_fen(Decimal(cnt) * Decimal(pric))


def basket_fen(lines: Iterable[Json]) -> int:
    """What the medicines of a basket cost: the sum of its rounded lines."""
    return sum(product_fen(str(line["cnt"]), str(line["pric"])) for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One line as insurance sees it; the four add up to the line."""

    fulamt_fen: int
    overlmt_fen: int
    preself_fen: int
    inscp_fen: int


def parts(drug: Json, cnt: str, pric: str) -> Parts | None:
    """The four parts of a line, or None for a drug with payment restrictions, which depend on the buyer."""
    if drug.get("restrictions"):
        return None
    whole = product_fen(cnt, pric)
    if drug["chrgitm_lv"] == SELF_PAID:
        return Parts(fulamt_fen=whole, overlmt_fen=0, preself_fen=0, inscp_fen=0)
    cap = str(drug.get("pric_uplmt") or "")
    above = max(Decimal(pric) - Decimal(cap), Decimal(0)) if cap else Decimal(0)
    over = min(whole, yuan_fen(above * Decimal(cnt)))
    first = yuan_fen(Decimal(whole - over) * int(drug["selfpay_bp"]) / 1_000_000)
    return Parts(fulamt_fen=0, overlmt_fen=over, preself_fen=first, inscp_fen=whole - over - first)


def fen_of(node: Json, *names: str) -> int:
    """An amount of an answer under its first name present; an absent or empty one is zero."""
    for name in names:
        value = node.get(name)
        if value not in (None, ""):
            return to_fen(value)
    return 0


def centre_identities(node: Json) -> list[str]:
    """What does not add up in an answer of 6202, 6301 or in 6302 (online-payment 1.4); empty when all does."""
    if node.get("feeSumamt") in (None, ""):
        return []
    try:
        whole, cash = fen_of(node, "feeSumamt"), fen_of(node, "ownPayAmt", "ownpayAmt")
        account, fund, other = (fen_of(node, name) for name in ("psnAcctPay", "fundPay", "othFeeAmt"))
        own, aid = fen_of(node, "selfAcctPay"), fen_of(node, "acctMulaidPay")
    except AmountError as fault:
        return [str(fault)]
    missed = []
    if whole != cash + account + fund + other:
        missed.append(
            f"feeSumamt {whole} != ownPayAmt {cash} + psnAcctPay {account} + fundPay {fund} + othFeeAmt {other}"
        )
    if "selfAcctPay" in node and account != own + aid:
        missed.append(f"psnAcctPay {account} != selfAcctPay {own} + acctMulaidPay {aid}")
    return missed


_FUNDS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay")
_PARTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
_SPELLINGS = {
    "psn_part_amt": ("psn_part_amt", "psn_pay"),
    "psn_cash_pay": ("psn_cash_pay", "pdn_cash_pay", "cash_payamt"),
}
"""The editions print the person's parts under different names."""


def counter_identities(setlinfo: Json) -> list[str]:
    """What does not add up in ``setlinfo`` of 2101, 2102 or 2103 (4.5 identities 1 to 4).

    Some regions count the account share into ``fund_pay_sumamt``; both readings add up.
    """
    names = (*_FUNDS, *_PARTS, "medfee_sumamt", "fund_pay_sumamt", "hosp_part_amt", "acct_pay", *_SPELLINGS)
    try:
        amount = {name: fen_of(setlinfo, *_SPELLINGS.get(name, (name,))) for name in names}
    except AmountError as fault:
        return [str(fault)]
    funds = sum(amount[name] for name in _FUNDS)
    told = amount["fund_pay_sumamt"]
    fund = funds if told == funds + amount["acct_pay"] else told
    sums = {
        "medfee_sumamt = fund_pay_sumamt + psn_part_amt + hosp_part_amt": (
            amount["medfee_sumamt"] - fund - amount["psn_part_amt"] - amount["hosp_part_amt"]
        ),
        "psn_part_amt = acct_pay + psn_cash_pay": amount["psn_part_amt"] - amount["acct_pay"] - amount["psn_cash_pay"],
        "fund_pay_sumamt = the sum of its funds": fund - funds,
        "medfee_sumamt = the sum of its four parts": amount["medfee_sumamt"] - sum(amount[name] for name in _PARTS),
    }
    return [f"{identity}: {off} fen off" for identity, off in sums.items() if off]
