"""A payment order as the answers and notices of the pay centre print it: amounts as decimal text."""

from typing import Any

from schemas.amount import to_text
from simulator.domain.bill import Split
from simulator.domain.moment import stamp14
from simulator.domain.order_record import Order
from simulator.domain.order_steps import SAVED
from simulator.domain.ports import Unit

CALL_TYPE_PAID = "02"
"""6302 prints it as fixed (order-life 9.18)."""


def amounts(split: Split) -> dict[str, str]:
    """``feeSumamt = ownPayAmt + psnAcctPay + fundPay``; ``psnAcctPay = selfAcctPay + acctMulaidPay`` (1.4)."""
    return {
        "feeSumamt": to_text(split.medfee_fen), "ownPayAmt": to_text(split.cash_fen),
        "psnAcctPay": to_text(split.acct_fen), "fundPay": to_text(split.fund_fen),
        "othFeeAmt": "0.00", "selfAcctPay": to_text(split.own_fen), "acctMulaidPay": to_text(split.aid_fen),
    }  # fmt: skip


def result(order: Order) -> dict[str, Any]:
    """What 6301 answers: original amounts in every state from 1 on, none in 0 (order-life, notes to section 4)."""
    told: dict[str, Any] = {
        "payOrdId": order.pay_ord_id, "ordStas": order.ord_stas, "medOrgOrd": order.med_org_ord,
        "orgCodg": order.org_codg, "orgName": order.org_name, "callType": CALL_TYPE_PAID,
    }  # fmt: skip
    if order.ord_stas != SAVED and order.split is not None:
        told |= amounts(order.split)
    if order.paid_ms:
        told |= {
            "setlType": order.setl_type,
            "traceTime": stamp14(order.paid_ms),
            "revsToken": order.revs_token,
        }
        if order.setl_id:
            told |= {"hiDocSn": order.setl_id, "hiRgstSn": order.mdtrt_id}
    return told


def paid_notice(unit: Unit, order: Order) -> dict[str, Any]:
    """The body of 6302 for a paid order, with the cash field spelled as the switch says (order-life 9.18)."""
    assert order.split is not None
    told = result(order) | {"orgCode": order.org_codg, "hiChrgTime": stamp14(order.paid_ms)[8:]}
    told |= {"hiDocSn": order.setl_id or order.pay_ord_id, "hiRgstSn": order.mdtrt_id}
    del told["ordStas"], told["orgCodg"]
    if unit.switches.own_pay_spelling != "ownPayAmt":
        told["ownpayAmt"] = told["ownPayAmt"]
    if unit.switches.own_pay_spelling == "ownpayAmt":
        del told["ownPayAmt"]
    return told
