"""6203: money goes back to where it came from (order-life.md L30–L42, section 9.4, 9.8, 9.15, 9.16)."""

from dataclasses import dataclass, replace

from simulator.domain.bill import Split
from simulator.domain.cash import give_back_at_centre
from simulator.domain.consent import Consent, EcToken
from simulator.domain.moment import HOUR_MS, MINUTE_MS, SECOND_MS
from simulator.domain.order_record import Order, Refund
from simulator.domain.order_steps import INSURANCE_PAID, allow, next_state
from simulator.domain.payment import give_back, insurance_left
from simulator.domain.portions import portion
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import new_setl_id

FRESH_MS = 10 * MINUTE_MS
"""9.8 ``fresh``: how young a consent to a refund must be."""
SLOW_MS = 15 * SECOND_MS
"""9.4 ``slow``: how long the answer to a refund takes, and how long a repeat is refused as "in process"."""
REVS_MS = HOUR_MS
"""Life of revsToken (online-payment 11)."""


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
    revs_token: str = ""
    """``extData.revsToken`` (9.6)."""

    @property
    def content(self) -> str:
        """Tells a repeat from another refund under the same serial."""
        return f"{self.refd_type}/{self.totl_fen}/{self.acct_fen}/{self.fund_fen}/{self.cash_fen}"


def refund(unit: Unit, order: Order, asked: Asked) -> tuple[Order, Refund]:
    """Carry out a refund, or return the one already carried out under the same serial.

    Raises:
        Refusal: ``refund_serial_used``, ``refund_repeated``, ``refund_running``, of the order's state,
            ``refund_too_late``, of the consent or revsToken, of the amounts.
    """
    for done in order.refunds:
        if done.app_refd_sn == asked.app_refd_sn:
            return order, _repeated(unit, done, asked)
    if asked.revs_token and unit.switches.revs_route:
        return _reverse(unit, order, asked)
    allow(asked.refd_type, order.ord_stas, setl_type=order.setl_type, cash_open=order.cash_open_fen > 0)
    if unit.now_ms - (order.paid_ms or order.created_ms) > unit.switches.refund_window_ms:
        raise Refusal("refund_too_late", "payOrdId", days=unit.switches.refund_days)
    _check_consent(unit, order, asked)
    part = _check_amounts(unit, order, asked)
    return _kept(unit, *_carry_out(unit, order, asked, part))


def answered_late(unit: Unit, done: Refund) -> bool:
    """Whether the answer to this 6203 takes its time (9.4 ``slow``): the refund is done, but nobody is told yet."""
    return unit.switches.repeat_refund == "slow" and done.at_ms == unit.now_ms


def _repeated(unit: Unit, done: Refund, asked: Asked) -> Refund:
    """What a serial that was here before is answered."""
    if done.content != asked.content:
        raise Refusal("refund_serial_used", "appRefdSn", value=asked.app_refd_sn)
    if unit.switches.repeat_refund == "refuse":
        raise Refusal("refund_repeated", "appRefdSn", value=asked.app_refd_sn)
    if unit.switches.repeat_refund == "slow" and unit.now_ms - done.at_ms < SLOW_MS:
        raise Refusal("refund_running", "appRefdSn", value=asked.app_refd_sn)
    return done


def _kept(unit: Unit, order: Order, done: Refund) -> tuple[Order, Refund]:
    order = replace(order, refunds=(*order.refunds, done))
    unit.put(order)
    return order, done


def _reverse(unit: Unit, order: Order, asked: Asked) -> tuple[Order, Refund]:
    """L24: the institution's own settlement failed; its hour-long authority takes the insurance payment back."""
    field = "extData.revsToken"
    if asked.revs_token != order.revs_token:
        raise Refusal("revs_token_wrong", field)
    if asked.refd_type != "HI":
        raise Refusal("revs_hi_only", "refdType")
    if order.ord_stas != INSURANCE_PAID:
        raise Refusal("revs_state", "payOrdId", ord_stas=order.ord_stas)
    if unit.now_ms - order.paid_ms > REVS_MS:
        raise Refusal("revs_token_expired", field, minutes=REVS_MS // MINUTE_MS)
    part = _check_amounts(unit, order, asked)
    return _kept(unit, *_carry_out(unit, order, asked, part, event="reverse"))


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


def _check_amounts(unit: Unit, order: Order, asked: Asked) -> Split:
    """ALL: every part as settled (or unsaid); HI: the insurance parts; CASH: up to what is still held (1.5, 9.16).

    Returns the part of the insurance money that is meant.
    """
    left = insurance_left(order)
    part = _part(unit, left, asked)
    cash_fen = {"ALL": order.cash_taken_fen, "HI": 0, "CASH": asked.cash_fen or 0}[asked.refd_type]
    if asked.refd_type == "CASH" and not 0 < cash_fen <= order.cash_open_fen:
        raise Refusal("refund_amount", "cashRefdAmt", expected_fen=order.cash_open_fen)
    insured = (0, 0) if asked.refd_type == "CASH" else (part.acct_fen, part.fund_fen)
    expected = {"psnAcctRefdAmt": insured[0], "fundRefdAmt": insured[1], "cashRefdAmt": cash_fen}
    said = {"psnAcctRefdAmt": asked.acct_fen, "fundRefdAmt": asked.fund_fen, "cashRefdAmt": asked.cash_fen}
    for field, fen in said.items():
        if fen is not None and fen != expected[field]:
            raise Refusal("refund_amount", field, expected_fen=expected[field])
    readings = _readings(unit, order, sum(expected.values()), whole=asked.refd_type == "ALL")
    if asked.totl_fen not in readings:
        raise Refusal("refund_amount", "totlRefdAmt", expected_fen=readings[0])
    return part


def _part(unit: Unit, left: Split, asked: Asked) -> Split:
    """All insurance money that is left; where the city allows it, 6203 HI may name less (switch ``partial_hi``)."""
    acct_fen = left.acct_fen if asked.acct_fen is None else asked.acct_fen
    fund_fen = left.fund_fen if asked.fund_fen is None else asked.fund_fen
    allowed = unit.switches.partial_hi == "city" and unit.city.partial_hi and asked.refd_type == "HI"
    fits = 0 <= acct_fen <= left.acct_fen and 0 <= fund_fen <= left.fund_fen and acct_fen + fund_fen > 0
    return portion(left, acct_fen=acct_fen, fund_fen=fund_fen) if allowed and fits else left


def _readings(unit: Unit, order: Order, parts_fen: int, *, whole: bool) -> tuple[int, ...]:
    """What totlRefdAmt may say (9.16): the sum of the parts, or the total of the original record."""
    split = order.split
    assert split is not None
    reading = unit.switches.totl_refd
    if whole and not order.parts_back:
        return parts_fen, split.medfee_fen
    return {"parts": (parts_fen,), "original": (split.medfee_fen,)}.get(reading, (parts_fen, split.medfee_fen))


def _carry_out(unit: Unit, order: Order, asked: Asked, part: Split, event: str = "") -> tuple[Order, Refund]:
    trouble = unit.trouble("refund", "6203", pay_ord_id=order.pay_ord_id, app_refd_sn=asked.app_refd_sn)
    insured = asked.refd_type in ("ALL", "HI") and order.insurance_taken and trouble != "refund_insurance_fails"
    cash_asked = {"ALL": order.cash_open_fen, "HI": 0, "CASH": asked.cash_fen or 0}[asked.refd_type]
    cash_fen = 0 if trouble == "refund_cash_fails" else cash_asked
    done = Refund(
        app_refd_sn=asked.app_refd_sn, refd_sn=f"RFD{unit.next_number('refd_sn'):012d}", refd_type=asked.refd_type,
        content=asked.content, at_ms=unit.now_ms,
        ref_status=_status(order, asked, insured=insured, cash_asked=cash_asked, cash_fen=cash_fen),
        hi_fefd_sn=new_setl_id(unit) if insured else "",
        acct_fen=part.acct_fen if insured else 0, fund_fen=part.fund_fen if insured else 0, cash_fen=cash_fen,
    )  # fmt: skip
    if done.ref_status == "FAIL":
        return order, done
    give_back_at_centre(unit, order.pay_ord_id, cash_fen, done.refd_sn)
    if not (insured and part != insurance_left(order)):
        event = event or _event(order, insured=insured, cash_fen=cash_fen)
        order = replace(order, ord_stas=next_state(order.ord_stas, event))
    order = replace(order, cash_back_fen=order.cash_back_fen + cash_fen)
    return (give_back(unit, order, setl_id=done.hi_fefd_sn, part=part) if insured else order), done


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
