"""The plan of a day: who buys what at which pharmacy, when, and what becomes of the order later.

Pure and reproducible: the same profile, seed, number of orders and world give the same plan, on any machine. The
curve is kept exactly (each hour gets its share of the orders); within an hour arrivals are uniform.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from typing import Any

from loadtests.load_profile import MINUTE_MS, Fault, Fees, Profile, ProfileError

HOUR_MS = 60 * MINUTE_MS
OWN, FAMILY, CASH = "1", "2", "0"
"""acctUsedFlag: the buyer's own account, relatives' accounts too, no account at all."""
CANCEL, REFUND, REFUND_DELIVERY = "cancel", "refund", "refund_delivery"
_BEIJING = timezone(timedelta(hours=8))
_EMPLOYEE = "310"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """An insured person as far as a plan needs him; ``has_account``: an account of his own."""

    psn_no: str
    user: str
    has_account: bool
    has_family: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A drug a shop sells online; ``pric`` in yuan text."""

    med_list_codg: str
    name: str
    pric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Where a day is played: buyers, pharmacies and what they sell."""

    buyers: tuple[Buyer, ...]
    orgs: tuple[str, ...]
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One drug of a basket, ``cnt`` and ``pric`` as decimal text."""

    med_list_codg: str
    cnt: str
    pric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One order of the plan. ``undo`` is empty or what is to happen ``undo_after_ms`` after the arrival."""

    number: str
    at_ms: int
    psn_no: str
    user: str
    org: str
    lines: tuple[Line, ...]
    delivery_fen: int
    packing_fen: int
    acct_used_flag: str
    undo: str = ""
    undo_after_ms: int = 0
    channel: int = 0
    """Which of the run's channels takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A fault to arm at that moment: it hits the next message it fits."""

    at_ms: int
    fault: Fault
    seed: int


def town(
    people: Iterable[Mapping[str, Any]], institutions: Iterable[Mapping[str, Any]], drugs: Iterable[Mapping[str, Any]]
) -> Town:
    """The town as the control API lists it: insured people, pharmacies admitted online, drugs that may be sold there.

    Raises:
        ProfileError: nobody to buy, nothing to sell, or nowhere.
    """
    found = Town(
        buyers=tuple(_buyer(one) for one in people if one["psn_insu_stas"] == "1" and one["ec_user_id"]),
        orgs=tuple(one["fixmedins_code"] for one in institutions if one["online"] and not one["suspended"]),
        products=tuple(
            Product(med_list_codg=one["med_list_codg"], name=one["reg_name"], pric=one["price"])
            for one in drugs
            if one["rx_flag"] == "0" and not one["online_barred"] and one["price"] and one["vali_flag"] == "1"
        ),
    )
    if not (found.buyers and found.orgs and found.products):
        raise ProfileError(
            "该世界没有可下单的人、药店或药品", "this world has no buyers, no pharmacies or nothing to sell"
        )
    return found


def midnight_ms(day: str) -> int:
    """Beijing midnight at the beginning of ``yyyy-MM-dd``, milliseconds since the epoch."""
    return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=_BEIJING).timestamp()) * 1000


def plan(
    profile: Profile, places: Town, *, orders: int, seed: int, from_minute: int = 0, minutes: int = 1440
) -> tuple[Planned, ...]:
    """``orders`` orders within the day (or a part of it), in the order of their arrival."""
    rng = random.Random(f"arrivals/{seed}/{orders}/{from_minute}/{minutes}")
    draw = _Draw(profile, places, rng)
    times = _times(profile, rng, orders, from_minute, from_minute + minutes)
    return tuple(draw.order(number, at_ms) for number, at_ms in enumerate(times, 1))


def strikes(profile: Profile, planned: Sequence[Planned], *, seed: int) -> tuple[Strike, ...]:
    """When which fault is armed: as many as the profile's share of the orders, at arrivals drawn at random."""
    rng = random.Random(f"strikes/{seed}/{len(planned)}")
    found = []
    for fault in profile.faults:
        count = (len(planned) * fault.permille + 999) // 1000
        found += [Strike(at_ms=rng.choice(planned).at_ms, fault=fault, seed=rng.randrange(10**6)) for _ in range(count)]
    return tuple(sorted(found, key=lambda strike: strike.at_ms))


def _times(profile: Profile, rng: random.Random, orders: int, from_minute: int, to_minute: int) -> list[int]:
    begin_ms = midnight_ms(profile.day)
    weights = [_density(profile, minute) for minute in range(from_minute, to_minute)]
    counts = apportion(orders, weights if any(weights) else [1] * len(weights))
    times = [
        begin_ms + (from_minute + minute) * MINUTE_MS + rng.randrange(MINUTE_MS)
        for minute, count in enumerate(counts)
        for _ in range(count)
    ]
    return sorted(times)


def _density(profile: Profile, minute: int) -> int:
    """How densely orders arrive in a minute of the day, against the other minutes."""
    swollen = [burst.times for burst in profile.bursts if burst.window.holds(minute)]
    return profile.permille_by_hour[minute // 60] * max(swollen, default=1)


def apportion(count: int, weights: Sequence[int]) -> list[int]:
    """Split ``count`` by weight without losing one: each running total is the exact share rounded down."""
    total, given, parts = sum(weights), 0, []
    for running in accumulate(weights):
        share = count * running // total
        parts.append(share - given)
        given = share
    return parts


class _Draw:
    """One seeded source for everything an order is made of."""

    def __init__(self, profile: Profile, places: Town, rng: random.Random) -> None:
        self._profile, self._rng = profile, rng
        self._own = [buyer for buyer in places.buyers if buyer.has_account] or list(places.buyers)
        self._family = [buyer for buyer in places.buyers if buyer.has_family] or self._own
        self._products = places.products
        self._product_weights = list(accumulate(_product_weights(profile, places.products)))
        self._orgs = rng.sample(places.orgs, len(places.orgs))
        self._org_weights = list(accumulate(_org_weights(profile.busy_tenth_permille, len(places.orgs))))

    def order(self, number: int, at_ms: int) -> Planned:
        profile, rng = self._profile, self._rng
        flag, buyer = self._payer()
        undo, after_ms = self._undo()
        return Planned(
            number=f"L{number:07d}", at_ms=at_ms, psn_no=buyer.psn_no, user=buyer.user,
            org=rng.choices(self._orgs, cum_weights=self._org_weights)[0], lines=self._basket(),
            delivery_fen=_fee(rng, profile.delivery), packing_fen=_fee(rng, profile.packing),
            acct_used_flag=flag, undo=undo, undo_after_ms=after_ms, channel=self._channel(),
        )  # fmt: skip

    def _channel(self) -> int:
        """Drawn only where there is a choice, so that the plans of one channel stay what they were."""
        weights = self._profile.channel_weights
        return self._rng.choices(range(len(weights)), weights=weights)[0] if len(weights) > 1 else 0

    def _payer(self) -> tuple[str, Buyer]:
        share = self._rng.randrange(1000)
        if share < self._profile.family_permille:
            return FAMILY, self._rng.choice(self._family)
        flag = CASH if share < self._profile.family_permille + self._profile.cash_permille else OWN
        return flag, self._rng.choice(self._own)

    def _basket(self) -> tuple[Line, ...]:
        rng, profile = self._rng, self._profile
        count = _weighed(rng, profile.line_weights)
        chosen: dict[str, Product] = {}
        while len(chosen) < min(count, len(self._products)):
            product = rng.choices(self._products, cum_weights=self._product_weights)[0]
            chosen[product.med_list_codg] = product
        return tuple(
            Line(med_list_codg=one.med_list_codg, cnt=str(_weighed(rng, profile.pack_weights)), pric=one.pric)
            for one in chosen.values()
        )

    def _undo(self) -> tuple[str, int]:
        profile, share = self._profile, self._rng.randrange(1000)
        after_ms = self._rng.randint(profile.undo_from_ms, profile.undo_to_ms)
        if share < profile.cancel_permille:
            return CANCEL, 0
        share -= profile.cancel_permille
        if share < profile.refund_permille:
            return REFUND, after_ms
        share -= profile.refund_permille
        return (REFUND_DELIVERY, after_ms) if share < profile.delivery_refund_permille else ("", 0)


def _buyer(person: Mapping[str, Any]) -> Buyer:
    return Buyer(
        psn_no=person["psn_no"], user=person["ec_user_id"], has_account=person["insutype"] == _EMPLOYEE,
        has_family=bool(person["givers"]),
    )  # fmt: skip


def _product_weights(profile: Profile, products: Iterable[Product]) -> list[int]:
    popular, weight = profile.popular_names, profile.popular_weight
    return [weight if any(name in product.name for name in popular) else 1 for product in products]


def _org_weights(busy_permille: int, count: int) -> list[int]:
    """The first tenth of the pharmacies share ``busy_permille`` of the orders, the others the rest."""
    busy = max(1, count // 10)
    quiet = count - busy
    if not quiet:
        return [1] * count
    return [max(1, busy_permille * quiet)] * busy + [max(1, (1000 - busy_permille) * busy)] * quiet


def _weighed(rng: random.Random, weights: Sequence[int]) -> int:
    """One, two, three … by weight."""
    return rng.choices(range(1, len(weights) + 1), weights=weights)[0]


def _fee(rng: random.Random, fees: Fees) -> int:
    return rng.choices(fees.fen, weights=fees.weights)[0]


def clock_text(now_ms: int) -> str:
    """Beijing time of day, ``HH:mm``."""
    return datetime.fromtimestamp(now_ms // 1000, _BEIJING).strftime("%H:%M")
