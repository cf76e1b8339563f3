"""Plans: reproducible, on the curve, within the shares, and only of what may be sold."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests import arrivals
from loadtests.arrivals import (
    CANCEL,
    CASH,
    FAMILY,
    HOUR_MS,
    OWN,
    REFUND,
    REFUND_DELIVERY,
    apportion,
    midnight_ms,
    plan,
    strikes,
)
from loadtests.load_profile import Burst, ProfileError, Window, load
from tests.loadtests.towns import drugs, people, shops, small_town

PROFILE = load("beijing-launch-day")
TOWN = small_town()
DAY = plan(PROFILE, TOWN, orders=2_000, seed=7)


def test_the_same_seed_makes_the_same_day_on_any_machine() -> None:
    assert plan(PROFILE, TOWN, orders=2_000, seed=7) == DAY
    assert plan(PROFILE, TOWN, orders=2_000, seed=8) != DAY
    digest = sha256(repr(plan(PROFILE, TOWN, orders=20, seed=7)[0]).encode()).hexdigest()
    assert digest == sha256(repr(plan(PROFILE, TOWN, orders=20, seed=7)[0]).encode()).hexdigest()


def test_orders_come_in_the_order_of_time_and_are_numbered() -> None:
    assert [one.at_ms for one in DAY] == sorted(one.at_ms for one in DAY)
    assert len({one.number for one in DAY}) == len(DAY) == 2_000


def test_each_hour_has_exactly_its_share() -> None:
    begin_ms = arrivals.midnight_ms(PROFILE.day)
    counted = Counter((one.at_ms - begin_ms) // HOUR_MS for one in DAY)
    assert [counted[hour] for hour in range(24)] == [2 * permille for permille in PROFILE.permille_by_hour]


def test_midnight_is_beijings() -> None:
    assert arrivals.midnight_ms("2024-07-01") == 1_719_763_200_000
    assert arrivals.clock_text(1_719_763_200_000 + 9 * HOUR_MS) == "09:00"


def test_a_part_of_the_day_stays_within_it() -> None:
    rush = plan(PROFILE, TOWN, orders=300, seed=7, from_minute=600, minutes=10)
    begin_ms = arrivals.midnight_ms(PROFILE.day) + 600 * 60_000
    assert len(rush) == 300
    assert all(begin_ms <= one.at_ms < begin_ms + 10 * 60_000 for one in rush)


def test_only_what_may_be_sold_online_is_bought_where_it_may_be_sold() -> None:
    assert {line.med_list_codg for one in DAY for line in one.lines} == {"X1", "X2"}
    assert {"S000", "S001"}.isdisjoint(one.org for one in DAY)
    assert "P039" not in {one.psn_no for one in DAY}


def test_no_drug_is_twice_in_a_basket() -> None:
    for one in DAY:
        codes = [line.med_list_codg for line in one.lines]
        assert len(codes) == len(set(codes))


def test_relatives_pay_for_those_who_have_relatives_and_no_account() -> None:
    family = {one.psn_no for one in DAY if one.acct_used_flag == FAMILY}
    others = {one.psn_no for one in DAY if one.acct_used_flag != FAMILY}
    assert family and all(int(psn_no[1:]) % 5 == 0 for psn_no in family)
    assert family.isdisjoint(others)


def near(count: int, permille: int) -> bool:
    """Within what 2,000 draws may stray."""
    return abs(count - len(DAY) * permille // 1000) <= 45


def test_the_shares_are_those_of_the_profile() -> None:
    flags = Counter(one.acct_used_flag for one in DAY)
    assert near(flags[FAMILY], PROFILE.family_permille) and near(flags[CASH], PROFILE.cash_permille) and flags[OWN]
    undone = Counter(one.undo for one in DAY)
    assert near(undone[CANCEL], PROFILE.cancel_permille)
    assert near(undone[REFUND], PROFILE.refund_permille)
    assert near(undone[REFUND_DELIVERY], PROFILE.delivery_refund_permille)
    waits = [one.undo_after_ms for one in DAY if one.undo in (REFUND, REFUND_DELIVERY)]
    assert min(waits) >= PROFILE.undo_from_ms and max(waits) <= PROFILE.undo_to_ms


def test_the_busiest_tenth_of_the_pharmacies_gets_its_share() -> None:
    counted = Counter(one.org for one in DAY).most_common()
    tenth = len(TOWN.orgs) // 10
    assert near(sum(count for _, count in counted[:tenth]), PROFILE.busy_tenth_permille)


def test_popular_drugs_sell_more() -> None:
    counted = Counter(line.med_list_codg for one in DAY for line in one.lines)
    assert counted["X1"] > counted["X2"]


def test_faults_are_as_many_as_the_profile_says_and_spread_over_the_day() -> None:
    armed = strikes(PROFILE, DAY, seed=7)
    counted = Counter(strike.fault.name for strike in armed)
    assert counted["duplicate_notice"] == 10 and counted["connection_reset"] == 12
    assert [strike.at_ms for strike in armed] == sorted(strike.at_ms for strike in armed)
    assert len({strike.at_ms // HOUR_MS for strike in armed}) > 5
    assert strikes(PROFILE, DAY, seed=7) == armed


def test_a_profile_without_faults_arms_none() -> None:
    assert strikes(replace(PROFILE, faults=()), DAY, seed=7) == ()


@pytest.mark.parametrize("empty", ["people", "shops", "drugs"])
def test_a_world_without_buyers_shops_or_goods_is_refused(empty: str) -> None:
    with pytest.raises(ProfileError):
        arrivals.town(
            [] if empty == "people" else people(),
            [] if empty == "shops" else shops(),
            [] if empty == "drugs" else drugs(),
        )


@given(st.integers(0, 10_000), st.lists(st.integers(0, 100), min_size=1).filter(any))
def test_apportioning_loses_and_invents_nothing(count: int, weights: list[int]) -> None:
    parts = apportion(count, weights)
    total = sum(weights)
    assert sum(parts) == count
    assert all(abs(part * total - count * weight) < 2 * total for part, weight in zip(parts, weights, strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_a_burst_makes_its_minutes_denser_and_keeps_the_total() -> None:
    burst = Burst(window=Window(from_minute=600, minutes=30), times=10)
    swollen = replace(load("beijing-launch-day"), bursts=(burst,))
    planned = plan(swollen, small_town(), orders=1_000, seed=1, from_minute=540, minutes=120)
    assert len(planned) == 1_000
    begin_ms = midnight_ms(swollen.day) + 600 * 60_000
    inside = sum(begin_ms <= order.at_ms < begin_ms + 30 * 60_000 for order in planned)
    assert 700 < inside < 800, "3/4: thirty minutes ten times as dense, ninety as they were"


def test_orders_divide_over_the_channels_by_weight() -> None:
    two = replace(load("beijing-launch-day"), channel_weights=(60, 40))
    taken = [order.channel for order in plan(two, small_town(), orders=1_000, seed=1)]
    assert 550 < taken.count(0) < 650 and set(taken) == {0, 1}
