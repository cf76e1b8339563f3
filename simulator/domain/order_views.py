"""A payment order as the answers and notices of the pay centre print it: amounts as decimal text."""

from typing import Any

from schemas.amount import to_text
from simulator.domain.bill import Split
from simulator.domain.moment import SECOND_MS, stamp14
from simulator.domain.order_record import Order
from simulator.domain.order_steps import SAVED
from simulator.domain.ports import Unit

REFUNDING, REFUNDING_MS = "17", 60 * SECOND_MS
"""How long 6301 shows a refund as running (switch ``state_17``, house)."""
_BESIDE_THE_TABLE = ("othFeeAmt", "selfAcctPay", "acctMulaidPay", "orgCode")
"""What live clients read in 6302 and the table does not print (order-life 9.18)."""


def amounts(split: Split) -> dict[str, str]:
    """``feeSumamt = ownPayAmt + psnAcctPay + fundPay``; ``psnAcctPay = selfAcctPay + acctMulaidPay`` (1.4)."""
    return {
        "feeSumamt": to_text(split.medfee_fen), "ownPayAmt": to_text(split.cash_fen),
        "psnAcctPay": to_text(split.acct_fen), "fundPay": to_text(split.fund_fen),
        "othFeeAmt": "0.00", "selfAcctPay": to_text(split.own_fen), "acctMulaidPay": to_text(split.aid_fen),
    }  # fmt: skip


def result(unit: Unit, order: Order) -> dict[str, Any]:
    """What 6301 answers: original amounts in every state from 1 on, none in 0 (order-life, notes to section 4)."""
    told: dict[str, Any] = {
        "payOrdId": order.pay_ord_id, "ordStas": _shown(unit, order), "medOrgOrd": order.med_org_ord,
        "orgCodg": order.org_codg, "orgName": order.org_name, "callType": unit.switches.call_type,
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


def _shown(unit: Unit, order: Order) -> str:
    """The state, or 17 while a refund is shown as running."""
    moved = [refund.at_ms for refund in order.refunds if refund.ref_status != "FAIL"]
    running = unit.switches.state_17 and bool(moved) and unit.now_ms - moved[-1] < REFUNDING_MS
    return REFUNDING if running else order.ord_stas


def paid_notice(unit: Unit, order: Order) -> dict[str, Any]:
    """The body of 6302 for a paid order; its fields and their spelling are switches (order-life 9.18)."""
    assert order.split is not None
    told = result(unit, order) | {"orgCode": order.org_codg, "hiChrgTime": stamp14(order.paid_ms)[8:]}
    told |= {"hiDocSn": order.setl_id or order.pay_ord_id, "hiRgstSn": order.mdtrt_id}
    del told["orgCodg"]
    if unit.switches.notice_fields != "with_state":
        del told["ordStas"]
    if unit.switches.notice_fields == "printed":
        told = {name: value for name, value in told.items() if name not in _BESIDE_THE_TABLE}
    if unit.switches.own_pay_spelling != "ownPayAmt":
        told["ownpayAmt"] = told["ownPayAmt"]
    if unit.switches.own_pay_spelling == "ownpayAmt":
        del told["ownPayAmt"]
    return told


def sync_notice(order: Order, thd_pay_type: str) -> dict[str, Any]:
    """The body of 6204. ``thdPayType`` has no published dictionary: who collects the cash share, house."""
    assert order.split is not None
    told = amounts(order.split)
    return {
        "payOrdId": order.pay_ord_id, "medOrgOrd": order.med_org_ord, "feeSumamt": told["feeSumamt"],
        "ownPayAmt": told["ownPayAmt"], "psnAcctPay": told["psnAcctPay"], "fundPay": told["fundPay"],
        "thdPayType": thd_pay_type,
    }  # fmt: skip
