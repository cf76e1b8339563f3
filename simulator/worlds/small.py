"""The small world: made by hand, one person or pharmacy per case. All are inventions.

==========  ==========  ================================================================================
person      balance     what for
==========  ==========  ================================================================================
测试甲       5,000.00    rich own account: everything is paid by the account; man
测试乙          20.00    poor own account: account plus cash; woman
测试丙           0.00    own account at zero: cash only
测试丁       (none)      resident (390), has no account of his own and no giver
测试戊          79.60    balance equals a common total to the fen: 2 × 19.80 + 25.00 + 15.00
测试己          50.00    the worked settlement of the specification: 79.60 = 50.00 account + 29.60 cash
测试庚          30.00    first family: own account, then 测试辛, then 测试壬 (filing order)
测试辛         100.00    first giver of 测试庚
测试壬         200.00    second giver of 测试庚; retired
测试癸       (none)      second family: a child of nine (390); 测试子 pays, 测试卯 may not
测试子       1,000.00    giver of 测试癸
测试丑         500.00    insurance suspended: may not settle although there is money
测试寅       3,000.00    retired, civil-servant subsidy; 65 years old
测试卯         800.00    insured in Shanghai: an outsider in Beijing; as a giver he does not share the city
测试辰           0.01    one fen: the smallest account share there is
==========  ==========  ================================================================================

==============  ==========  ================================================================================
pharmacy        district    what for
==============  ==========  ================================================================================
P11010590001    朝阳         admitted to the online purchase
P11010890002    海淀         admitted too, in another district
P11010290003    西城         suspended: nothing settles
P11011590004    大兴         open over the counter, not admitted to the online purchase
==============  ==========  ================================================================================
"""

import datetime
from functools import cache

from simulator.domain.ledger import own
from simulator.domain.records import Institution, Person
from simulator.worlds import ids
from simulator.worlds.world import World

MALE, FEMALE = "1", "2"
BEIJING, SHANGHAI = "110100", "310100"


@cache
def small() -> World:
    """The same world every time."""
    people = _people()
    return World(
        name="small",
        people=people,
        institutions=_pharmacies(),
        openings={own(_number(name)): fen for name, fen in _BALANCES_FEN.items()},
    )


_BALANCES_FEN = {
    "甲": 500_000,
    "乙": 2_000,
    "戊": 7_960,
    "己": 5_000,
    "庚": 3_000,
    "辛": 10_000,
    "壬": 20_000,
    "子": 100_000,
    "丑": 50_000,
    "寅": 300_000,
    "卯": 80_000,
    "辰": 1,
}
"""Accounts not named here begin at zero or do not exist."""

_ORDER = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"


def _number(name: str) -> str:
    return ids.psn_no(_ORDER.index(name) + 1)


def _people() -> tuple[Person, ...]:
    return (
        _person("甲", MALE, "1985-03-12", note="rich own account"),
        _person("乙", FEMALE, "1990-11-05", note="poor own account: account plus cash"),
        _person("丙", MALE, "1996-07-23", note="own account at zero"),
        _person("丁", MALE, "1978-01-30", insutype="390", psn_type="15", note="resident without an account"),
        _person("戊", FEMALE, "1982-09-09", note="balance equals a common total: 79.60"),
        _person("己", MALE, "1975-05-18", note="worked settlement: 50.00 account, 29.60 cash"),
        _person("庚", FEMALE, "1988-02-29", givers="辛壬", note="family: own, then 测试辛, then 测试壬"),
        _person("辛", MALE, "1986-12-01", note="first giver of 测试庚"),
        _person("壬", FEMALE, "1955-04-04", psn_type="12", note="second giver of 测试庚, retired"),
        _person(
            "癸",
            MALE,
            "2015-06-01",
            insutype="390",
            psn_type="1403",
            givers="子卯",
            note="child; mother pays, 测试卯 may not",
        ),
        _person("子", FEMALE, "1987-08-15", note="giver of 测试癸"),
        _person("丑", MALE, "1980-10-10", psn_insu_stas="2", note="insurance suspended"),
        _person("寅", MALE, "1959-03-03", psn_type="12", cvlserv_flag="1", note="retired civil servant"),
        _person("卯", MALE, "1983-06-21", insuplc_admdvs=SHANGHAI, note="insured in Shanghai"),
        _person("辰", FEMALE, "1992-01-17", note="one fen"),
    )


def _person(
    name: str,
    gend: str,
    brdy: str,
    *,
    insutype: str = "310",
    psn_type: str = "11",
    psn_insu_stas: str = "1",
    cvlserv_flag: str = "0",
    insuplc_admdvs: str = BEIJING,
    givers: str = "",
    note: str = "",
) -> Person:
    place = _ORDER.index(name) + 1
    serial = 2 * place + (gend == MALE)
    return Person(
        psn_no=_number(name),
        psn_name=f"测试{name}",
        certno=ids.certno(birthday=datetime.date.fromisoformat(brdy), serial=serial),
        card_no=ids.card_no(place),
        gend=gend,
        brdy=brdy,
        insutype=insutype,
        psn_type=psn_type,
        cvlserv_flag=cvlserv_flag,
        insuplc_admdvs=insuplc_admdvs,
        psn_insu_stas=psn_insu_stas,
        emp_name="" if insutype == "390" else "测试单位",
        ec_user_id=ids.ec_user_id(place),
        givers=tuple(map(_number, givers)),
        note=note,
    )


def _pharmacies() -> tuple[Institution, ...]:
    return (
        _pharmacy(1, "110105", "朝阳", note="admitted to the online purchase"),
        _pharmacy(2, "110108", "海淀", note="admitted to the online purchase"),
        _pharmacy(3, "110102", "西城", suspended=True, note="suspended"),
        _pharmacy(4, "110115", "大兴", online=False, note="not admitted to the online purchase"),
    )


def _pharmacy(
    number: int, admdvs: str, district: str, *, suspended: bool = False, online: bool = True, note: str
) -> Institution:
    return Institution(
        fixmedins_code=ids.pharmacy_code(admdvs, number),
        fixmedins_name=f"测试大药房（{district}店）",
        admdvs=admdvs,
        uscc=ids.uscc(number),
        addr=f"北京市{district}区测试路{number}号",
        suspended=suspended,
        online=online,
        note=note,
    )
