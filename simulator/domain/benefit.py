"""The pooled outpatient fund at a pharmacy: deductible, share and cap of a calendar year (4.5).

The formula is the specification's; which city pays how much to whom is data of the city, and house.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from simulator.domain.moment import date10
from simulator.domain.money import share_fen
from simulator.domain.ports import Unit
from simulator.domain.rules import Benefit

PLACES = COUNTER, OUTPATIENT, ONLINE = "counter", "outpatient", "online"
"""Where a purchase is settled: 2101 and 2102, 2206 and 2207, 6202."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulated:
    """What one person has used of a fund in one year: the sum over purchases that still stand."""

    KEY: ClassVar[str] = "cum_key"
    INDEXES: ClassVar[tuple[str, ...]] = ("psn_no",)

    cum_key: str
    """``psn_no/year/fund_pay_type``."""
    psn_no: str
    year: str
    fund_pay_type: str
    dedc_fen: int = 0
    """Deductible borne."""
    fund_fen: int = 0
    """Paid by the fund."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """The fund's part of one purchase, with what it was worked out from."""

    fund_pay_type: str
    year: str
    dedc_fen: int
    """``act_pay_dedc``."""
    ratio_bp: int
    """``pool_prop_selfpay``."""
    limit_fen: int
    """``crt_payb_lmt_amt``: what the fund could still pay this year before this purchase."""
    fund_fen: int
    """``hifp_pay``."""


def rule(unit: Unit, *, insutype: str, med_type: str, place: str) -> Benefit | None:
    """The benefit a purchase of that kind has at that place, if any."""
    chosen = unit.switches.pool
    places = {"shop": (COUNTER, OUTPATIENT), "none": ()}.get(chosen, unit.city.pool_at)
    if place not in places:
        return None
    return next(
        (one for one in unit.city.benefits if one.insutype == insutype and med_type in one.med_types),
        None,
    )


def anywhere(unit: Unit, *, insutype: str, med_type: str) -> Benefit | None:
    """The benefit a purchase of that kind has at some place, if any."""
    found = (rule(unit, insutype=insutype, med_type=med_type, place=place) for place in PLACES)
    return next((one for one in found if one), None)


def used(unit: Unit, psn_no: str, fund_pay_type: str) -> Accumulated:
    """What a person has used of a fund in the year of now; zeros when nothing."""
    return _read(unit, psn_no, _year(unit), fund_pay_type)


def pooled(unit: Unit, *, psn_no: str, insutype: str, med_type: str, place: str, scope_fen: int) -> Pooled | None:
    """``hifp_pay = round((inscp_scp_amt − act_pay_dedc) × ratio, 2)``, at most what is left of the year's cap.

    None where there is no benefit: accounts and cash then pay everything.
    """
    benefit = rule(unit, insutype=insutype, med_type=med_type, place=place)
    if benefit is None:
        return None
    before = used(unit, psn_no, benefit.fund_pay_type)
    dedc_fen = min(scope_fen, max(benefit.deductible_fen - before.dedc_fen, 0))
    limit_fen = max(benefit.cap_fen - before.fund_fen, 0)
    return Pooled(
        fund_pay_type=benefit.fund_pay_type, year=before.year, dedc_fen=dedc_fen, ratio_bp=benefit.ratio_bp,
        limit_fen=limit_fen, fund_fen=min(share_fen(scope_fen - dedc_fen, benefit.ratio_bp), limit_fen),
    )  # fmt: skip


def count(unit: Unit, psn_no: str, part: Pooled | None, sign: int = 1) -> None:
    """Add a purchase to its own year, or (sign −1) take it out again, whatever year it is now."""
    if part is None:
        return
    before = _read(unit, psn_no, part.year, part.fund_pay_type)
    unit.put(
        replace(
            before,
            dedc_fen=before.dedc_fen + sign * part.dedc_fen,
            fund_fen=before.fund_fen + sign * part.fund_fen,
        )
    )


def stands(frozen: Pooled | None, now: Pooled | None) -> bool:
    """Whether the fund would still pay a part frozen earlier: same year and rule, and enough left of the cap."""
    if frozen is None or now is None:
        return frozen is now
    return replace(frozen, limit_fen=now.limit_fen) == now


def _read(unit: Unit, psn_no: str, year: str, fund_pay_type: str) -> Accumulated:
    key = f"{psn_no}/{year}/{fund_pay_type}"
    return unit.get(Accumulated, key) or Accumulated(cum_key=key, psn_no=psn_no, year=year, fund_pay_type=fund_pay_type)


def _year(unit: Unit) -> str:
    return date10(unit.now_ms)[:4]
