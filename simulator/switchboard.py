"""Which switches a room has and which values each may take; the meaning stands in ``simulator.domain.rules``."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from simulator.domain.rules import Switches
from simulator.misuse import Misuse

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "confirm": ("person", "auto"),
    "settle_at": ("confirm", "order"),
    "mode": ("no_cashier", "cashier"),
    "cash_by": ("mode", "channel", "centre"),
    "legs": ("cash_first", "insurance_first"),
    "answer_6202": ("1", "2"),
    "close": ("at_once", "hold_5"),
    "partial_hi": ("never", "city"),
    "counter_refund": ("refuse", "allow"),
    "msgid": ("refuse", "replay", "blind"),
    "repeat_med_org_ord": ("same", "refuse", "second"),
    "repeat_biz_ser": ("refuse", "replay"),
    "repeat_refund": ("same", "refuse", "slow"),
    "repeat_revoke": ("same", "refuse"),
    "notices": ("schedule", "once", "none", "duplicate", "late", "before", "forged"),
    "rx_review": ("required", "off"),
    "refund_consent": ("stored", "fresh"),
    "sign_in": ("day", "hour", "newest", "required", "off"),
    "consent_spent_by": ("6202", "6201"),
    "totl_refd": ("either", "original", "parts"),
    "otc_fields": ("relaxed", "as_printed"),
    "infcode": ("number", "string"),
    "own_pay_spelling": ("both", "ownpayAmt", "ownPayAmt"),
    "call_type": ("02", "2"),
    "notice_fields": ("live", "printed", "with_state"),
    "pay_frame": ("sealed", "infno", "single"),
    "hex_case": ("upper", "lower"),
    "signed_as": ("numbers", "strings"),
    "trace_node": ("both", "durg_trac_info", "drug_trac_info"),
    "aid": ("draw", "wallet"),
    "pool": ("city", "shop", "none"),
    "fund_pay_sum": ("funds", "with_account"),
    "cancel_fields": ("both", "provincial", "base"),
    "ext_field": ("exp_content", "expContent"),
    "mapping": ("approved", "pending", "required"),
    "trace_repeat": ("alert", "refuse"),
    "trace_duty": ("off", "dates"),
    "trace_before": ("dispatch", "settle"),
    "trace_place": ("either", "line", "root"),
    "medinsinfo": ("row", "list"),
    "stmt_rslt": ("codes", "flags"),
    "stmt_count": ("net", "records"),
    "stmt_refunds": ("as_flagged", "always"),
    "stmt_header": ("checked", "ignored"),
}
"""Closed lists, default first; all other switches are booleans or whole numbers of their default's type."""


def known() -> dict[str, object]:
    """Every switch with its permitted values, or its default where any value of that type will do."""
    defaults = Switches()
    return {one.name: list(CHOICES.get(one.name, ())) or getattr(defaults, one.name) for one in fields(Switches)}


def check(wanted: object) -> dict[str, str | int | bool]:
    """The switches as ordered, if each exists and may have that value.

    Raises:
        Misuse: naming the switch and what it may be.
    """
    if not isinstance(wanted, dict):
        raise Misuse("switches", "switches应为对象", "switches is an object of name and value")
    names = {one.name for one in fields(Switches)}
    for name, value in wanted.items():
        if name not in names:
            listed = ", ".join(sorted(names))
            raise Misuse(f"switches.{name}", f"没有该开关，可用：{listed}", f"no such switch; known: {listed}")
        _check_value(name, value)
    return dict(wanted)


def _check_value(name: str, value: object) -> None:
    default = getattr(Switches(), name)
    choices = CHOICES.get(name)
    if choices is not None:
        if value not in choices:
            listed = ", ".join(choices)
            raise Misuse(f"switches.{name}", f"取值应为：{listed}", f"must be one of: {listed}")
    elif isinstance(default, bool):
        if not isinstance(value, bool):
            raise Misuse(f"switches.{name}", "取值应为true或false", "must be true or false")
    elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Misuse(f"switches.{name}", "取值应为不小于0的整数", "must be a whole number, zero or more")
