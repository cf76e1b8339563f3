"""Dialects are bundles of switches; each switch they set is seen on the wire."""

from typing import Any

import pytest

from conformance.channels.reference.money import read_setlinfo
from simulator import cities, dialects, switchboard
from simulator.assembly import switches_of
from simulator.domain.benefit import PLACES
from simulator.domain.rules import Switches
from simulator.store.store import Room
from tests.simulator.chain import POWDER, Chain, bought, must, opened
from tests.simulator.identities import amount, identities
from tests.simulator.shop import Shop
from tests.simulator.test_bad_input import sale

Json = dict[str, Any]


def test_a_dialect_sets_only_switches_there_are_to_values_they_may_have() -> None:
    assert set(dialects.names()) >= {"national-2021", "hunan-1.1.27", "hubei-2025", "guangdong"}
    for name in dialects.names():
        assert switchboard.check(dict(dialects.load(name)))


def test_every_city_names_a_dialect_there_is_and_pays_where_there_is_such_a_place() -> None:
    for name in cities.names():
        city = cities.load(name)
        assert city.dialect in dialects.names()
        assert set(city.pool_at) <= set(PLACES)
        assert city.mutual_aid_area == city.admdvs[:2]
        for benefit in city.benefits:
            assert 0 < benefit.ratio_bp <= 10_000 and benefit.cap_fen > 0 <= benefit.deductible_fen
            assert "41" not in benefit.med_types and "house" in city.source


def test_an_unknown_dialect_or_city_is_told_with_those_there_are() -> None:
    with pytest.raises(dialects.UnknownDialect, match="guangdong"):
        dialects.load("atlantis")
    with pytest.raises(cities.UnknownCity, match="wuhan"):
        cities.load("atlantis")


def test_a_room_has_the_defaults_under_its_citys_dialect_under_its_own_switches() -> None:
    assert Switches().cancel_fields == "both"
    assert switches_of(Room(name="r", secret="", city="guangzhou")).cancel_fields == "base"
    own = switches_of(Room(name="r", secret="", city="guangzhou", switches={"cancel_fields": "provincial"}))
    assert (own.cancel_fields, own.fund_pay_sum) == ("provincial", "with_account")
    told = opened("guangzhou", qr_ms=1).act("/registration", method="GET")
    assert told["switches"] == {"qr_ms": 1}
    assert (told["in_force"]["qr_ms"], told["in_force"]["ext_field"]) == (1, "expContent")
    assert told["rules"]["dialect"] == "guangdong"


def counter_sale(shop: Shop) -> tuple[Json, Json]:
    """The outputs of a 2102 and of its 2103."""
    settled = must(shop.institution("2102", sale(shop)))
    return settled, must(shop.institution("2103", {"data": named(settled)}))


def chain_sale(shop: Shop) -> tuple[Json, Json]:
    """The outputs of a 2207 and of its 2208."""
    chain = Chain(shop, shop.person()).begin()
    chain.upload()
    settled = chain.settle()
    return settled, chain.cancel(settled)


def named(settled: Json) -> Json:
    return {name: settled["setlinfo"][name] for name in ("setl_id", "mdtrt_id", "psn_no")}


PERSON_NAMES = {"psn_part_amt", "psn_pay", "psn_cash_pay", "pdn_cash_pay", "cash_payamt"}


@pytest.mark.parametrize(
    ("edition", "counter", "chain"),
    [
        ("both", {"psn_part_amt", "psn_pay", "psn_cash_pay", "cash_payamt"},
         {"psn_part_amt", "psn_cash_pay", "pdn_cash_pay"}),
        ("provincial", {"psn_part_amt", "psn_cash_pay"}, {"psn_part_amt", "pdn_cash_pay"}),
        ("base", {"psn_pay", "cash_payamt"}, {"psn_part_amt", "psn_cash_pay"}),
    ],
)  # fmt: skip
def test_a_cancellation_names_the_persons_parts_as_its_edition_does(
    edition: str, counter: set[str], chain: set[str]
) -> None:
    shop = opened(cancel_fields=edition)
    for sold, names in ((counter_sale, counter), (chain_sale, chain)):
        settled, cancelled = sold(shop)
        identities(settled)
        identities(cancelled)
        assert PERSON_NAMES & set(cancelled["setlinfo"]) == names
        assert PERSON_NAMES & set(settled["setlinfo"]) == {"psn_part_amt", "psn_cash_pay"}


@pytest.mark.parametrize("late", [True, False])
def test_fields_added_after_the_base_edition_come_only_with_later_ones(late: bool) -> None:
    shop = opened(late_fields=late)
    counter, chain = counter_sale(shop), chain_sale(shop)
    for reply in (*counter, *chain):
        assert ("hifdm_pay" in reply["setlinfo"]) == late
        identities(reply)
    assert ("hosp_part_amt" in counter[0]["setlinfo"]) == late
    assert all("hosp_part_amt" in reply["setlinfo"] for reply in chain)
    before = shop.placed()["split"]["extData"]["preSetl"]
    assert ("hifdm_pay" in before, "hosp_part_amt" in before) == (late, True)


@pytest.mark.parametrize("name", ["exp_content", "expContent"])
def test_the_extension_field_is_spelt_as_the_edition_spells_it(name: str) -> None:
    shop = opened(ext_field=name)
    chain = Chain(shop, shop.person())
    registered = must(shop.institution("2201", chain.registration()))["data"]
    (other,) = {"exp_content", "expContent"} - {name}
    replies = [bought(shop, shop.person(), POWDER)["setlinfo"], counter_sale(shop)[0]["setlinfo"], registered]
    assert all(name in reply and other not in reply for reply in replies)


@pytest.mark.parametrize("rule", ["funds", "with_account"])
def test_the_fund_total_contains_the_account_or_not_in_every_reply(rule: str) -> None:
    shop = opened(fund_pay_sum=rule)
    replies = [*counter_sale(shop), *chain_sale(shop), {"setlinfo": shop.placed()["split"]["extData"]["preSetl"]}]
    replies.append(must(shop.institution("2101", sale(shop))))
    for reply in replies:
        identities(reply, with_account=rule == "with_account")
        info = reply["setlinfo"]
        contained = amount(info, "acct_pay") if rule == "with_account" else 0
        assert amount(info, "acct_pay") and amount(info, "fund_pay_sumamt") == amount(info, "hifp_pay") + contained


@pytest.mark.parametrize(("city", "spelling"), [("wuhan", "pdn_cash_pay"), ("shenzhen", "psn_cash_pay")])
def test_a_city_speaks_its_dialect(city: str, spelling: str) -> None:
    shop = opened(city)
    _, cancelled = chain_sale(shop)
    assert PERSON_NAMES & set(cancelled["setlinfo"]) == {"psn_part_amt", spelling}


def test_the_fund_total_of_a_query_is_that_of_the_settlement() -> None:
    shop = opened("guangzhou")
    settled = bought(shop, shop.person(), POWDER)
    asked = must(shop.institution("5203", {"data": named(settled)}))["setlinfo"]
    assert asked["fund_pay_sumamt"] == settled["setlinfo"]["fund_pay_sumamt"] != asked["hifp_pay"]


@pytest.mark.parametrize("rule", ["funds", "with_account"])
def test_the_sound_channel_reads_either_fund_total(rule: str) -> None:
    settled, _ = counter_sale(opened(fund_pay_sum=rule))
    split = read_setlinfo(settled["setlinfo"])
    assert (split.fund_fen, split.account_fen, split.cash_fen) == (0, 3_960, 0)
