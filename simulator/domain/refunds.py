"""6203: money goes back to where it came from (order-life.md L30–L42, section 9.4, 9.8, 9.15, 9.16)."""

from dataclasses import dataclass, replace

from simulator.domain.consent import Consent, EcToken
from simulator.domain.moment import MINUTE_MS
from simulator.domain.order_record import Order, Refund
from simulator.domain.order_steps import allow, next_state
from simulator.domain.payment import give_back
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import new_setl_id

FRESH_MS = 10 * MINUTE_MS
"""9.8 ``fresh``: how young a consent to a refund must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What 6203 says, parsed; a part that was not sent is None."""

    app_refd_sn: str
    refd_type: str
    totl_fen: int
    acct_fen: int | None
    fund_fen: int | None
    cash_fen: int | None
    ec_token: str
    pay_auth_no: str

    @property
    def content(self) -> str:
        """Tells a repeat from another refund under the same serial."""
        return f"{self.refd_type}/{self.totl_fen}/{self.acct_fen}/{self.fund_fen}/{self.cash_fen}"


def refund(unit: Unit, order: Order, asked: Asked) -> tuple[Order, Refund]:
    """Carry out a refund, or return the one already carried out under the same serial.

    Raises:
        Refusal: ``refund_serial_used``, ``refund_repeated``, of the order's state, ``refund_too_late``,
            of the consent, of the amounts.
    """
    for done in order.refunds:
        if done.app_refd_sn == asked.app_refd_sn:
            if done.content != asked.content:
                raise Refusal("refund_serial_used", "appRefdSn", value=asked.app_refd_sn)
            if unit.switches.repeat_refund == "refuse":
                raise Refusal("refund_repeated", "appRefdSn", value=asked.app_refd_sn)
            return order, done
    allow(asked.refd_type, order.ord_stas, setl_type=order.setl_type, cash_open=order.cash_open_fen > 0)
    if unit.now_ms - (order.paid_ms or order.created_ms) > unit.switches.refund_window_ms:
        raise Refusal("refund_too_late", "payOrdId", days=unit.switches.refund_days)
    _check_consent(unit, order, asked)
    _check_amounts(order, asked)
    order, done = _carry_out(unit, order, asked)
    order = replace(order, refunds=(*order.refunds, done))
    unit.put(order)
    return order, done


def _check_consent(unit: Unit, order: Order, asked: Asked) -> None:
    """The stored value of the same order at any age, or (switch) a young consent of the same person."""
    given = asked.ec_token or asked.pay_auth_no
    field = "ecToken" if asked.ec_token else "payAuthNo"
    if not given:
        raise Refusal("refund_consent_missing", "ecToken")
    if unit.switches.refund_consent == "stored":
        if given not in (order.pay_auth_no, order.ec_token):
            raise Refusal("refund_consent_foreign", field)
        return
    consent = unit.get(Consent, given)
    token = unit.get(EcToken, given)
    owner, issued_ms = (
        (consent.psn_no, consent.issued_ms) if consent else (token.psn_no, token.issued_ms) if token else ("", 0)
    )
    if owner != order.psn_no:
        raise Refusal("refund_consent_foreign", field)
    if unit.now_ms - issued_ms > FRESH_MS or issued_ms <= order.paid_ms:
        raise Refusal("refund_consent_old", field, minutes=FRESH_MS // MINUTE_MS)


def _check_amounts(order: Order, asked: Asked) -> None:
    """ALL: every part as settled (or unsaid); HI: the insurance parts; CASH: up to what is still held (1.5, 9.16)."""
    split = order.split
    assert split is not None
    parts = {"psnAcctRefdAmt": asked.acct_fen, "fundRefdAmt": asked.fund_fen, "cashRefdAmt": asked.cash_fen}
    whole = {
        "psnAcctRefdAmt": split.acct_fen,
        "fundRefdAmt": split.fund_fen,
        "cashRefdAmt": order.cash_taken_fen,
    }
    if asked.refd_type == "ALL":
        expected = dict(whole)
    elif asked.refd_type == "HI":
        expected = whole | {"cashRefdAmt": 0}
    else:
        expected = {"psnAcctRefdAmt": 0, "fundRefdAmt": 0, "cashRefdAmt": asked.cash_fen or 0}
        if not 0 < (asked.cash_fen or 0) <= order.cash_open_fen:
            raise Refusal("refund_amount", "cashRefdAmt", expected_fen=order.cash_open_fen)
    for field, fen in parts.items():
        if fen is not None and fen != expected[field]:
            raise Refusal("refund_amount", field, expected_fen=expected[field])
    if asked.totl_fen not in (sum(expected.values()), split.medfee_fen):
        raise Refusal("refund_amount", "totlRefdAmt", expected_fen=sum(expected.values()))


def _carry_out(unit: Unit, order: Order, asked: Asked) -> tuple[Order, Refund]:
    split = order.split
    assert split is not None
    trouble = unit.trouble("refund", "6203", pay_ord_id=order.pay_ord_id, app_refd_sn=asked.app_refd_sn)
    insured = asked.refd_type in ("ALL", "HI") and order.insurance_taken and trouble != "refund_insurance_fails"
    cash_asked = (
        order.cash_open_fen if asked.refd_type == "ALL" else (asked.cash_fen or 0) if asked.refd_type == "CASH" else 0
    )
    cash_fen = 0 if trouble == "refund_cash_fails" else cash_asked
    status = _status(order, asked, insured=insured, cash_asked=cash_asked, cash_fen=cash_fen)
    done = Refund(
        app_refd_sn=asked.app_refd_sn, refd_sn=f"RFD{unit.next_number('refd_sn'):012d}", refd_type=asked.refd_type,
        content=asked.content, ref_status=status, at_ms=unit.now_ms,
        hi_fefd_sn=new_setl_id(unit) if insured else "",
        acct_fen=split.acct_fen if insured else 0, fund_fen=split.fund_fen if insured else 0, cash_fen=cash_fen,
    )  # fmt: skip
    if done.ref_status == "FAIL":
        return order, done
    event = _event(order, insured=insured, cash_fen=cash_fen)
    order = replace(order, ord_stas=next_state(order.ord_stas, event), cash_back_fen=order.cash_back_fen + cash_fen)
    return (give_back(unit, order, setl_id=done.hi_fefd_sn) if insured else order), done


def _status(order: Order, asked: Asked, *, insured: bool, cash_asked: int, cash_fen: int) -> str:
    """SUCC, FAIL when nothing moved, EXP when one side of ALL failed (1.5)."""
    insurance_wanted = asked.refd_type in ("ALL", "HI") and order.insurance_taken
    missing = (insurance_wanted and not insured) or cash_fen < cash_asked
    if not missing:
        return "SUCC"
    return "EXP" if insured or cash_fen else "FAIL"


def _event(order: Order, *, insured: bool, cash_fen: int) -> str:
    """The row of section 4 that fits what moved."""
    cash_left = order.cash_open_fen - cash_fen > 0
    insurance_left = order.insurance_taken and not insured
    if insured and cash_fen:
        return "all"
    if insured:
        return "hi" if cash_left else "hi_last"
    if cash_left:
        return "cash_part"
    return "cash_rest" if insurance_left else "cash_last"
