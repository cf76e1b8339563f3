"""9001 and 9002: who is signed in where, and whether a message may pass on it (order-life 9.10)."""

from dataclasses import dataclass, replace
from typing import ClassVar

from simulator.domain.moment import HOUR_MS, date10
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One sign-in of an operator at an institution."""

    KEY: ClassVar[str] = "sign_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("desk",)
    WATCHED: ClassVar[bool] = True
    """Asked for at every message of an institution, changed once a day."""

    sign_no: str
    desk: str
    """``fixmedins_code/opter``."""
    at_ms: int
    out_ms: int = 0


def sign_in(unit: Unit, org: str, opter: str) -> SignIn:
    """A new number; earlier ones of the day stay good unless the switch says newest only."""
    signed = SignIn(
        sign_no=f"{date10(unit.now_ms).replace('-', '')}{unit.next_number('sign_no'):08d}", desk=f"{org}/{opter}",
        at_ms=unit.now_ms,
    )  # fmt: skip
    unit.put(signed)
    return signed


def sign_out(unit: Unit, org: str, opter: str, sign_no: str) -> SignIn:
    """End a sign-in of the same day.

    Raises:
        Refusal: ``sign_no_invalid``.
    """
    signed = unit.get(SignIn, sign_no)
    if signed is None or signed.desk != f"{org}/{opter}" or not _live(unit, signed):
        raise Refusal("sign_no_invalid", "sign_no", value=sign_no)
    signed = replace(signed, out_ms=unit.now_ms)
    unit.put(signed)
    return signed


def expire(unit: Unit, org: str, opter: str) -> None:
    """The centre ends every sign-in of an operator by itself."""
    for signed in unit.find(SignIn, "desk", f"{org}/{opter}"):
        if _live(unit, signed):
            unit.put(replace(signed, out_ms=unit.now_ms))


def check(unit: Unit, org: str, opter: str, sign_no: str) -> None:
    """Let a message pass if its operator is signed in; an empty number passes on any live sign-in of the operator.

    Where the switch is off, everybody passes.

    Raises:
        Refusal: ``not_signed_in``, ``sign_no_invalid``.
    """
    if unit.switches.sign_in == "off":
        return
    live = [signed for signed in unit.find(SignIn, "desk", f"{org}/{opter}") if _live(unit, signed)]
    if not live or (not sign_no and unit.switches.sign_in == "required"):
        raise Refusal("not_signed_in", "sign_no", opter=opter)
    good = live[-1:] if unit.switches.sign_in == "newest" else live
    if sign_no and sign_no not in [signed.sign_no for signed in good]:
        raise Refusal("sign_no_invalid", "sign_no", value=sign_no)


def _live(unit: Unit, signed: SignIn) -> bool:
    if signed.out_ms or date10(signed.at_ms) != date10(unit.now_ms):
        return False
    return unit.switches.sign_in != "hour" or unit.now_ms - signed.at_ms <= HOUR_MS
