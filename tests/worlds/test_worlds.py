"""Both worlds hold together: people and accounts fit, and the same seed gives the same city."""

import datetime
import hashlib
import re

import pytest

from simulator.domain.ledger import own
from simulator.worlds import ids
from simulator.worlds.city import city
from simulator.worlds.small import small
from simulator.worlds.world import World

BEIJING_DISTRICTS = {f"1101{number:02d}" for number in (1, 2, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19)}


@pytest.fixture(scope="module")
def town() -> World:
    return city(20240701)


@pytest.fixture(scope="module", params=["small", "city"])
def world(request: pytest.FixtureRequest, town: World) -> World:
    return small() if request.param == "small" else town


def balances(world: World) -> dict[str, int]:
    return {person.psn_name: world.openings.get(own(person.psn_no), 0) for person in world.people}


def test_nobody_shares_an_identifier(world: World) -> None:
    for field in ("psn_no", "certno", "card_no", "ec_user_id"):
        values = [getattr(person, field) for person in world.people]
        assert all(values)
        assert len(set(values)) == len(values), field
    codes = [each.fixmedins_code for each in world.institutions]
    assert len(set(codes)) == len(codes)
    assert len({each.uscc for each in world.institutions}) == len(codes)


def test_the_identity_number_says_birthday_and_sex(world: World) -> None:
    for person in world.people:
        assert person.certno.startswith("990000")
        assert person.certno[6:14] == person.brdy.replace("-", "")
        assert person.certno[17] == ids.certno_check(person.certno[:17])
        assert int(person.certno[16]) % 2 == (person.gend == "1")


def test_openings_belong_to_people_with_an_account(world: World) -> None:
    holders = {own(person.psn_no) for person in world.people if person.insutype == "310"}
    assert set(world.openings) <= holders
    assert all(fen > 0 for fen in world.openings.values())


def test_givers_are_other_people_with_an_account(world: World) -> None:
    by_number = {person.psn_no: person for person in world.people}
    for person in world.people:
        assert person.psn_no not in person.givers
        assert len(set(person.givers)) == len(person.givers)
        assert all(by_number[giver].insutype == "310" for giver in person.givers)


def test_pharmacy_codes_name_their_district(world: World) -> None:
    for each in world.institutions:
        assert re.fullmatch(r"P\d{11}", each.fixmedins_code)
        assert each.fixmedins_code[1:7] == each.admdvs
        assert each.admdvs in BEIJING_DISTRICTS
        assert "测试" in each.fixmedins_name


def test_the_small_world_never_changes() -> None:
    assert small() == small()


def test_the_small_world_has_somebody_for_every_case() -> None:
    people = {person.psn_name: person for person in small().people}
    fen = balances(small())
    assert len(people) >= 12
    assert fen["测试甲"] > 100_000 > fen["测试乙"] > fen["测试丙"] == 0
    assert people["测试丁"].insutype == "390"
    assert people["测试丁"].givers == ()
    assert (fen["测试戊"], fen["测试己"], fen["测试辰"]) == (7_960, 5_000, 1)
    assert people["测试丑"].psn_insu_stas == "2"
    assert fen["测试丑"] > 0
    assert not people["测试卯"].insuplc_admdvs.startswith("11")
    assert all(person.note for person in people.values())


def test_the_small_world_has_two_families_in_filing_order() -> None:
    people = {person.psn_name: person for person in small().people}
    names = {person.psn_no: person.psn_name for person in small().people}
    families = {name: [names[giver] for giver in person.givers] for name, person in people.items() if person.givers}
    assert families == {"测试庚": ["测试辛", "测试壬"], "测试癸": ["测试子", "测试卯"]}


def test_the_small_world_has_a_pharmacy_for_every_case() -> None:
    pharmacies = small().institutions
    states = [(each.suspended, each.online) for each in pharmacies]
    assert sorted(states) == [(False, False), (False, True), (False, True), (True, True)]
    assert len({each.admdvs for each in pharmacies if each.online and not each.suspended}) == 2


def test_a_city_has_the_size_asked_for(town: World) -> None:
    assert (len(town.people), len(town.institutions)) == (3_000, 300)
    tiny = city(1, people=1, pharmacies=1)
    assert (len(tiny.people), len(tiny.institutions)) == (1, 1)


@pytest.mark.parametrize(("people", "pharmacies"), [(0, 1), (1, 0), (1, 10_000)])
def test_an_impossible_city_is_refused(people: int, pharmacies: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        city(1, people=people, pharmacies=pharmacies)


def test_the_same_seed_is_the_same_city_and_another_seed_another() -> None:
    assert city(7, people=200, pharmacies=30) == city(7, people=200, pharmacies=30)
    assert city(7, people=200, pharmacies=30).people != city(8, people=200, pharmacies=30).people


def test_a_city_does_not_depend_on_the_day_it_is_built() -> None:
    """The numbers of seed 7 as drawn once; names are left out, for they change with Faker's lists."""
    people = city(7, people=50, pharmacies=1).people
    numbers = ";".join(f"{person.psn_no},{person.certno},{person.insutype}" for person in people)
    assert hashlib.sha256(numbers.encode()).hexdigest()[:16] == "e887f667c1c09b24"


def test_every_district_and_the_development_area_have_pharmacies(town: World) -> None:
    assert {each.admdvs for each in town.institutions} == BEIJING_DISTRICTS
    assert any("经济技术开发区" in each.addr for each in town.institutions)
    assert all(each.online and not each.suspended for each in town.institutions)
    moved = city(1, people=1, development_area="110176").institutions
    assert any(each.admdvs == "110176" for each in moved)


def test_ages_fit_the_kind_of_insured_person(town: World) -> None:
    bounds = {"11": (20, 59), "12": (56, 92), "1402": (1, 5), "1403": (6, 17), "15": (18, 59), "16": (60, 95)}
    for person in town.people:
        born = datetime.date.fromisoformat(person.brdy)
        age = ids.EPOCH.year - born.year - ((ids.EPOCH.month, ids.EPOCH.day) < (born.month, born.day))
        low, high = bounds[person.psn_type]
        assert low <= age <= high


def test_a_city_has_rich_and_poor_and_families(town: World) -> None:
    holders = [person for person in town.people if person.insutype == "310"]
    sums = sorted(town.openings.get(own(person.psn_no), 0) for person in holders)
    assert 0.5 < len(holders) / len(town.people) < 0.9
    assert sums[0] == 0
    assert 10_000 < sums[len(sums) // 2] < 500_000
    assert sums[-1] > 1_000_000
    helped = [person for person in town.people if person.givers]
    assert len(helped) > 300
    assert {len(person.givers) for person in helped} == {1, 2, 3}
