"""Reading from the wire what an institution says of its records (3201, 3202), and printing verdicts (5.1, 5.2)."""

from collections.abc import Mapping
from typing import Any

from schemas.amount import to_text
from simulator.domain.baskets import fen, text
from simulator.domain.date_range import span
from simulator.domain.ports import Unit
from simulator.domain.reconciliation import EQUAL, Scope, Totals

REFUND_FLAGS = ("refd_setl_flag", "REFD_SETL_FLAG", "fixmedins_refd_setl_flag")
"""Editions differ in which they have: refunds are in the totals unless every flag that was sent says 0 (house)."""


def scope(unit: Unit, data: Mapping[str, Any], org: str) -> Scope:
    """Which records a statement is about.

    Raises:
        Refusal: ``date_range`` names the field.
    """
    first_ms, last_ms = span(unit, data, "stmt_begndate", "stmt_enddate")
    flags = [flag for name in REFUND_FLAGS if (flag := text(data, name))]
    return Scope(
        org=org, setl_optins=text(data, "setl_optins"), first_ms=first_ms, last_ms=last_ms,
        clr_type=text(data, "clr_type"), insutype=text(data, "insutype"),
        refunds=unit.switches.stmt_refunds == "always" or not flags or "1" in flags,
    )  # fmt: skip


def totals(data: Mapping[str, Any], *, acct_fen: int) -> Totals:
    """The totals of a statement; ``acct_fen`` apart, which 3202 does not state.

    Raises:
        Refusal: ``schema_miss`` names the field.
    """
    return Totals(
        medfee_fen=fen(data, "medfee_sumamt"), fund_fen=fen(data, "fund_pay_sumamt"), acct_fen=acct_fen,
        count=int(text(data, "fixmedins_setl_cnt")),
    )  # fmt: skip


def printed(unit: Unit, verdict: str) -> str:
    """A verdict as the switch ``stmt_rslt`` prints it."""
    if unit.switches.stmt_rslt == "flags":
        return "0" if verdict == EQUAL else "1"
    return verdict


def described(verdict: str, ours: Totals) -> str:
    """``stmt_rslt_dscr``: what the centre has."""
    word = "平" if verdict == EQUAL else "不平"
    return (
        f"{word}，中心结算 {ours.count} 笔，医疗费总额 {to_text(ours.medfee_fen)}，"
        f"基金支付 {to_text(ours.fund_fen)}，个人账户支付 {to_text(ours.acct_fen)}"
    )
