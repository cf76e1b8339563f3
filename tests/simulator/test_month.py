"""A month of one pharmacy in virtual time: each morning yesterday is reconciled, once with a sale gone missing.

The pharmacy knows only what it was answered; the platform counts on its own days. One answer is lost on the 17th, one
order is confirmed before midnight and refunded after it, and sales are cancelled days later.
"""

from collections import Counter
from datetime import date, timedelta

from schemas.amount import to_fen
from tests.simulator.shop import Shop, a_platform
from tests.simulator.till import Till

FIRST, LAST = date(2024, 7, 1), date(2024, 7, 31)
LOST_ON, LATE_ON = date(2024, 7, 17), date(2024, 7, 23)


def morning(till: Till, day: date, time: str = "09:00:00") -> None:
    till.shop.act("/clock", {"to": f"{day} {time}"})
    till.shop.sign_in()


def trade(till: Till, day: date) -> None:
    """Sales at the counter and online, a few taken back."""
    shop = till.shop
    buyers = [shop.person(name) for name in ("测试甲", "测试寅", "测试乙")]
    sold = [till.sell(buyers[number % 3], packs=1 + number % 2) for number in range(1 + day.day % 3)]
    orders = [till.order(buyers[0], packs=1) for _ in range(day.day % 2)]
    if day.day % 5 == 0:
        till.take_back(sold[0])
    if day.day % 7 == 0 and orders:
        till.refund(orders[0])
    if day == LOST_ON:
        till.sell(buyers[1], packs=3, lost=True)


def settle_the_difference(till: Till, day: str) -> None:
    """What a pharmacy does about unequal totals: the list, the row only the centre has, 2601 with its message id."""
    rows = till.details(day)
    missing = [row for row in rows if row["stmt_rslt"] != "000000"]
    assert [row["stmt_rslt"] for row in missing] == ["000101"] and len(rows) > 1
    (row,) = missing
    assert row["setl_id"] == row["mdtrt_id"] == "null" and row["medfee"] == "59.40"
    till.must("2601", {"data": {"psn_no": row["psn_no"], "omsgid": row["msgid"], "oinfno": "2102"}})


def test_a_month_is_reconciled_day_by_day_and_as_a_whole() -> None:
    till = Till(Shop(a_platform(), courier="manual", start=f"{FIRST} 08:00:00"))
    found: Counter[str] = Counter()
    late = None
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        morning(till, day)
        if late is not None:
            till.refund(late)
            late = None
        if offset:
            yesterday = str(day - timedelta(days=1))
            told = till.statement(yesterday)["stmt_rslt"]
            found[told] += 1
            if told != "000000":
                settle_the_difference(till, yesterday)
                assert till.statement(yesterday)["stmt_rslt"] == "000000"
        trade(till, day)
        if day == LATE_ON:
            till.shop.act("/clock", {"to": f"{day} 23:59:59"})
            late = till.order()
    assert found == {"000000": 29, "000101": 1}
    whole = till.statement(str(FIRST), str(LAST))
    assert whole["stmt_rslt"] == "000000"
    rows = till.details(str(FIRST), str(LAST))
    assert {row["stmt_rslt"] for row in rows} == {"000000"}
    assert Counter(row["refd_setl_flag"] for row in rows)["1"] >= 8
    in_balance(till)


def in_balance(till: Till) -> None:
    """What insurance owes the pharmacy is what its books say, to the fen, and nothing was lost on the way."""
    accounts = till.shop.act("/ledger", method="GET")["accounts"]
    insured = sum(to_fen(row[4]) + to_fen(row[5]) for row in till.between(str(FIRST), str(LAST)))
    assert accounts[f"due:{till.shop.org}"] == insured
    assert sum(accounts.values()) == 0
