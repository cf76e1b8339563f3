"""The seeded city: as many invented people and pharmacies as asked for. The only door for Faker.

Names and streets come from Faker's zh_CN lists (never its company names: some are real), numbers from
``simulator.worlds.ids``. Nothing depends on today's date: ages are counted from ``ids.EPOCH``. Another
release of Faker may draw other names from the same seed. The shares below are house: no published figure
says how balances or families are spread.
"""

import datetime
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simulator.domain.ledger import own
from simulator.domain.records import Institution, Person
from simulator.worlds import ids
from simulator.worlds.world import World

BEIJING = "110100"

_DISTRICTS = (
    ("110101", "东城区", 16),
    ("110102", "西城区", 20),
    ("110105", "朝阳区", 52),
    ("110106", "丰台区", 32),
    ("110107", "石景山区", 11),
    ("110108", "海淀区", 44),
    ("110109", "门头沟区", 6),
    ("110111", "房山区", 16),
    ("110112", "通州区", 22),
    ("110113", "顺义区", 16),
    ("110114", "昌平区", 24),
    ("110115", "大兴区", 16),
    ("110116", "怀柔区", 5),
    ("110117", "平谷区", 5),
    ("110118", "密云区", 5),
    ("110119", "延庆区", 4),
)
"""Divisions of Beijing and a house weight, roughly by population."""
_DEVELOPMENT_AREA = ("经济技术开发区", 6)

_BALANCES_YUAN = (
    (6, 0, 0),
    (14, 1, 50),
    (25, 50, 500),
    (30, 500, 3_000),
    (18, 3_000, 10_000),
    (7, 10_000, 60_000),
)
"""Share in percent, and the bounds of the balance of an employee's or pensioner's own account."""
_GIVERS = ((35, 0), (40, 1), (20, 2), (5, 3))
"""Share in percent, and how many relatives' accounts a resident (390) has been filed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A kind of insured person: its share in percent, its codes, and its ages on ``ids.EPOCH``."""

    share: int
    insutype: str
    psn_type: str
    age_from: int
    age_to: int


_GROUPS = (
    _Group(share=56, insutype="310", psn_type="11", age_from=20, age_to=59),
    _Group(share=18, insutype="310", psn_type="12", age_from=56, age_to=92),
    _Group(share=5, insutype="390", psn_type="1402", age_from=1, age_to=5),
    _Group(share=10, insutype="390", psn_type="1403", age_from=6, age_to=17),
    _Group(share=5, insutype="390", psn_type="15", age_from=18, age_to=59),
    _Group(share=6, insutype="390", psn_type="16", age_from=60, age_to=95),
)


def city(seed: int, *, people: int = 3000, pharmacies: int = 300, development_area: str = "110115") -> World:
    """A Beijing of that size; the same arguments give the same world.

    Every pharmacy is open and admitted to the online purchase: exceptions are the small world's business.
    ``development_area``: the division code of the development area; its own one is not published (house
    default).

    Raises:
        ValueError: fewer than one pharmacy or person, or more pharmacies than the codes can number.
    """
    if people < 1 or not 1 <= pharmacies <= 9_999:
        raise ValueError("a city needs at least one person and 1 to 9999 pharmacies")
    draw = _Draw(seed)
    insured = [draw.person() for _ in range(people)]
    openings = {own(person.psn_no): draw.balance_fen() for person in insured if person.insutype == "310"}
    return World(
        name=f"city-{seed}",
        people=_with_givers(insured, draw.rng),
        institutions=_pharmacies(draw, pharmacies, development_area),
        openings={account: fen for account, fen in openings.items() if fen},
    )


class _Draw:
    """One seeded source for everything random."""

    def __init__(self, seed: int) -> None:
        # Not above: its import searches a thousand folders, a tenth of a second, and most rooms have no city.
        from faker import Faker

        self.rng = random.Random(seed)
        self.ids = ids.Ids(self.rng)
        self.fake = Faker("zh_CN")
        self.fake.seed_instance(seed)

    def person(self) -> Person:
        group = self.rng.choices(_GROUPS, weights=[each.share for each in _GROUPS])[0]
        male = self.rng.randrange(2) == 1
        birthday = self._birthday(group)
        return Person(
            psn_no=self.ids.psn_no(),
            psn_name=self.fake.name_male() if male else self.fake.name_female(),
            certno=self.ids.certno(birthday=birthday, male=male),
            card_no=self.ids.card_no(),
            gend="1" if male else "2",
            brdy=birthday.isoformat(),
            insutype=group.insutype,
            psn_type=group.psn_type,
            insuplc_admdvs=BEIJING,
            emp_name=f"测试{self.fake.last_name()}记单位" if group.psn_type == "11" else "",
            ec_user_id=self.ids.ec_user_id(),
        )

    def _birthday(self, group: _Group) -> datetime.date:
        age = self.rng.randint(group.age_from, group.age_to)
        year_begins = ids.EPOCH.replace(year=ids.EPOCH.year - age - 1)
        return year_begins + datetime.timedelta(days=self.rng.randint(1, 365))

    def balance_fen(self) -> int:
        _, low, high = self.rng.choices(_BALANCES_YUAN, weights=[row[0] for row in _BALANCES_YUAN])[0]
        return self.rng.randint(low * 100, high * 100)

    def pharmacy(self, number: int, admdvs: str, district: str) -> Institution:
        return Institution(
            fixmedins_code=ids.pharmacy_code(admdvs, number),
            fixmedins_name=f"测试{self.fake.last_name()}氏大药房（{district}{number:04d}店）",
            admdvs=admdvs,
            uscc=ids.uscc(number),
            addr=f"北京市{district}{self.fake.street_address()}",
        )


def _with_givers(insured: Sequence[Person], rng: random.Random) -> tuple[Person, ...]:
    """File relatives' accounts for those who have none of their own; nobody gives to himself."""
    holders = [person.psn_no for person in insured if person.insutype == "310"]
    return tuple(
        person if person.insutype == "310" else replace(person, givers=_givers(holders, rng)) for person in insured
    )


def _givers(holders: Sequence[str], rng: random.Random) -> tuple[str, ...]:
    count = rng.choices(_GIVERS, weights=[row[0] for row in _GIVERS])[0][1]
    return tuple(rng.sample(holders, min(count, len(holders))))


def _pharmacies(draw: _Draw, count: int, development_area: str) -> tuple[Institution, ...]:
    name, weight = _DEVELOPMENT_AREA
    areas = [*_DISTRICTS, (development_area, name, weight)]
    shares = _apportion(count, {place: area[2] for place, area in enumerate(areas)})
    found: list[Institution] = []
    for place, (admdvs, district, _) in enumerate(areas):
        for _ in range(shares[place]):
            found.append(draw.pharmacy(len(found) + 1, admdvs, district))
    return tuple(found)


def _apportion(count: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Split ``count`` by weight: whole parts first, the rest to the largest remainders."""
    total = sum(weights.values())
    parts = {place: count * weight // total for place, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda place: (-(count * weights[place] % total), place))
    for place in by_remainder[: count - sum(parts.values())]:
        parts[place] += 1
    return parts
