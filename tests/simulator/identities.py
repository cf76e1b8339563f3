"""The identities of institution-interfaces 4.5 and online-payment 1.4, over any settlement reply of the platform."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from schemas.amount import to_fen

Json = Mapping[str, Any]

FUNDS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay")
PARTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
LINE_PARTS = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
PERSON_PART = ("psn_part_amt", "psn_pay")
CASH = ("psn_cash_pay", "pdn_cash_pay", "cash_payamt")
NOT_FUNDS = ("310200", "999996")
"""Rows of setldetail outside the sum of the funds: the account, the hospital (identity 7)."""


def identities(reply: Json, *, with_account: bool = False, before_fen: int | None = None) -> None:
    """Assert all that holds in one reply (its ``output``, or the clear ``data`` of 6202, 6301 and 6302).

    ``with_account``: fund_pay_sumamt contains the account (Guangdong). ``before_fen``: the balance before it, where
    identity 8 is to be checked.
    """
    if "feeSumamt" in reply:
        centre(reply)
        reply = {"setlinfo": (reply.get("extData") or {}).get("preSetl")}
    if reply.get("setlinfo"):
        counter(reply["setlinfo"], with_account=with_account, before_fen=before_fen)
        funds(reply["setlinfo"], reply.get("setldetail"))
        lines(reply["setlinfo"], reply.get("detlcutinfo"))


def amount(node: Json, *names: str) -> int:
    """An amount in fen under the first name that is there; zero when none is."""
    return next((to_fen(node[name]) for name in names if node.get(name) not in (None, "")), 0)


def counter(setlinfo: Json, *, with_account: bool, before_fen: int | None) -> None:
    """Identities 1 to 4, 6 and 8; every name an edition has for one amount says the same."""
    whole, account = amount(setlinfo, "medfee_sumamt"), amount(setlinfo, "acct_pay")
    told_fund, extra = amount(setlinfo, "fund_pay_sumamt"), account if with_account else 0
    person, cash = amount(setlinfo, *PERSON_PART), amount(setlinfo, *CASH)
    assert whole == told_fund - extra + person + amount(setlinfo, "hosp_part_amt"), "identity 1"
    assert person == account + cash, "identity 2"
    assert told_fund - extra == sum(amount(setlinfo, name) for name in FUNDS), "identity 3"
    assert whole == sum(amount(setlinfo, name) for name in PARTS), "identity 4"
    assert abs(amount(setlinfo, "acct_mulaid_pay")) <= abs(account), "identity 6"
    for names in (PERSON_PART, CASH):
        assert len({setlinfo[name] for name in names if name in setlinfo}) == 1, names
    if before_fen is not None:
        assert amount(setlinfo, "balc") == before_fen - account + amount(setlinfo, "acct_mulaid_pay"), "identity 8"
    assert len({told >= 0 for told in (whole, told_fund, person, account, cash) if told}) <= 1, "one sign"


def funds(setlinfo: Json, rows: Sequence[Json] | None) -> None:
    """Identity 7, and the pooled fund's formula with its half-up rounding and its cap."""
    if rows is None:
        return
    real = [row for row in rows if row["fund_pay_type"] not in NOT_FUNDS]
    assert sum(amount(row, "fund_payamt") for row in real) == sum(amount(setlinfo, name) for name in FUNDS), (
        "identity 7"
    )
    assert [amount(row, "fund_payamt") for row in rows if row["fund_pay_type"] == "310200"] == [
        amount(setlinfo, "acct_pay")
    ]
    for row in real:
        base = abs(amount(setlinfo, "inscp_scp_amt")) - abs(amount(setlinfo, "act_pay_dedc"))
        share = Decimal(base) * Decimal(setlinfo["pool_prop_selfpay"])
        due = min(int(share.quantize(Decimal(1), ROUND_HALF_UP)), amount(row, "crt_payb_lmt_amt"))
        assert abs(amount(row, "fund_payamt")) == due, "the fund's formula"


def lines(setlinfo: Json, rows: Sequence[Json] | None) -> None:
    """Identity 5: every line is rounded and divided without remainder, and the lines add up to the header."""
    if rows is None:
        return
    for row in rows:
        whole = amount(row, "det_item_fee_sumamt")
        product = Decimal(str(row["cnt"])) * Decimal(str(row["pric"])) * 100
        assert whole == int(product.quantize(Decimal(1), ROUND_HALF_UP)), "identity 5"
        assert whole == sum(amount(row, name) for name in LINE_PARTS), "identity 5"
    for name, part in (("medfee_sumamt", "det_item_fee_sumamt"), *zip(PARTS, LINE_PARTS, strict=True)):
        assert amount(setlinfo, name) == sum(amount(row, part) for row in rows), name


def centre(reply: Json) -> None:
    """``feeSumamt = ownPayAmt + psnAcctPay + fundPay + othFeeAmt``; ``psnAcctPay = selfAcctPay + acctMulaidPay``."""
    account = amount(reply, "psnAcctPay")
    cash = amount(reply, "ownPayAmt", "ownpayAmt")
    assert amount(reply, "feeSumamt") == cash + account + amount(reply, "fundPay") + amount(reply, "othFeeAmt")
    assert account == amount(reply, "selfAcctPay") + amount(reply, "acctMulaidPay")
    assert len({reply[name] for name in ("ownPayAmt", "ownpayAmt") if name in reply}) == 1
