"""The worked settlements hold for the platform, for the oracle, and on the wire."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.oracle.settlement import Buyer, Due, Fund, contradictions, due
from schemas import jsontext
from schemas.amount import to_fen
from simulator.assembly import record_kinds
from simulator.cities import load
from simulator.domain import benefit, bookings, ledger
from simulator.domain import bill as bills
from simulator.domain.benefit import OUTPATIENT, PLACES, Accumulated
from simulator.domain.bill import Bill, Line, Split
from simulator.domain.moment import read
from simulator.domain.money import product_fen
from simulator.domain.records import Drug, Person, Restriction
from simulator.domain.rules import Benefit, City, Switches
from simulator.domain.settlement_views import detlcutinfo, setldetail, setlinfo
from simulator.domain.world_changes import set_balance
from simulator.store.store import Room, Store
from simulator.store.unit import RoomUnit
from tests.simulator.identities import amount, identities

Json = dict[str, Any]
VECTORS = Path(__file__).parents[2] / "schemas" / "vectors" / "settlements.json"
NOW_MS = read("2026-01-05 09:00:00")
SHOP, BUYER = "P11010590001", "PSN-BUYER"


def worked() -> list[Json]:
    parsed = jsontext.parse(VECTORS.read_bytes())
    assert isinstance(parsed, dict)
    return list(parsed["cases"])


CASES = worked()


def basis_points(share: str) -> int:
    whole, _, digits = share.partition(".")
    return int(whole) * 10_000 + int(digits.ljust(4, "0"))


def drug(code: str, row: Json) -> Drug:
    return Drug(
        med_list_codg=code, reg_name=code, chrgitm_lv=row["chrgitm_lv"], selfpay_bp=basis_points(row["selfpay_prop"]),
        pric_uplmt=row.get("pric_uplmt_amt", ""),
        restrictions=tuple(Restriction(text="限", **one) for one in row.get("restrictions", ())),
    )  # fmt: skip


def city(case: Json) -> City:
    """Beijing with the case's fund, if it has one."""
    fund = case["fund"]
    if fund is None:
        return load("beijing")
    benefit = Benefit(
        insutype=case["buyer"]["insutype"], med_types=(case["med_type"],), fund_pay_type="310102",
        deductible_fen=to_fen(fund["deductible"]), ratio_bp=basis_points(fund["pool_prop_selfpay"]),
        cap_fen=to_fen(fund["cap"]),
    )  # fmt: skip
    return replace(load("beijing"), benefits=(benefit,), pool_at=PLACES)


def register(case: Json) -> tuple[RoomUnit, Person]:
    """A room in which the case is true."""
    store = Store(":memory:", record_kinds())
    room = store.put_room(Room(name="vectors", secret="TEST-ONLY"))
    unit = RoomUnit(store, room, now_ms=NOW_MS, city=city(case), switches=Switches())
    givers = [f"PSN-GIVER-{place}" for place, _ in enumerate(case["givers"])]
    for giver, purse in zip(givers, case["givers"], strict=True):
        unit.put(Person(psn_no=giver, psn_name=giver, certno=giver))
        set_balance(unit, giver, to_fen(purse))
    told = case["buyer"]
    person = Person(
        psn_no=BUYER, psn_name=BUYER, certno=BUYER, insutype=told["insutype"], gend=told["gend"], brdy=told["brdy"],
        givers=tuple(givers),
    )  # fmt: skip
    unit.put(person)
    set_balance(unit, BUYER, to_fen(told["balance"]))
    if fund := case["fund"]:
        dedc_fen, fund_fen = to_fen(fund["deductible_borne"]), to_fen(fund["paid"])
        unit.put(
            Accumulated(
                cum_key=f"{BUYER}/2026/310102",
                psn_no=BUYER,
                year="2026",
                fund_pay_type="310102",
                dedc_fen=dedc_fen,
                fund_fen=fund_fen,
            )
        )
    return unit, person


def basket(case: Json) -> Bill:
    lines = tuple(
        Line(feedetl_sn=str(place), med_list_codg=row["drug"], medins_list_codg="SKU", cnt=row["cnt"],
             pric=row["pric"], amount_fen=product_fen(row["cnt"], row["pric"]))
        for place, row in enumerate(case["lines"], 1)
    )  # fmt: skip
    return Bill(
        fixmedins_code=SHOP, psn_no=BUYER, insutype=case["buyer"]["insutype"], med_type=case["med_type"],
        acct_used_flag=case["acct_used_flag"], total_fen=sum(line.amount_fen for line in lines), lines=lines,
    )  # fmt: skip


def settled(case: Json) -> tuple[Split, Json]:
    """The case as the platform splits it, and as it prints that."""
    unit, person = register(case)
    bill = basket(case)
    split = bills.split(
        unit, bill, person, {code: drug(code, row) for code, row in case["drugs"].items()}, place=OUTPATIENT
    )
    told = setlinfo(
        person, bill, split, unit.switches, mdtrt_id="M", at_ms=NOW_MS, msgid="1",
        balance_fen=split.balance_before_fen - split.own_fen,
    )  # fmt: skip
    return split, {"setlinfo": told, "setldetail": setldetail(split), "detlcutinfo": detlcutinfo(split)}


def second_opinion(case: Json) -> Due:
    """The case as the oracle works it out."""
    told, fund = case["buyer"], case["fund"]
    purses = tuple(map(to_fen, case["givers"])) if case["acct_used_flag"] == "2" else ()
    rule = fund and Fund(
        deductible_fen=to_fen(fund["deductible"]), ratio_bp=basis_points(fund["pool_prop_selfpay"]),
        cap_fen=to_fen(fund["cap"]), borne_fen=to_fen(fund["deductible_borne"]), paid_fen=to_fen(fund["paid"]),
    )  # fmt: skip
    facts = {
        code: {"chrgitm_lv": row["chrgitm_lv"], "selfpay_bp": basis_points(row["selfpay_prop"]),
               "pric_uplmt": row.get("pric_uplmt_amt", ""), "restrictions": row.get("restrictions", ())}
        for code, row in case["drugs"].items()
    }  # fmt: skip
    buyer = Buyer(
        insutype=told["insutype"], gend=told["gend"], brdy=told["brdy"], acct_used_flag=case["acct_used_flag"],
        balance_fen=to_fen(told["balance"]), purses_fen=purses,
    )  # fmt: skip
    rows = [{**row, "med_list_codg": row["drug"]} for row in case["lines"]]
    return due(rows, facts, buyer, day="2026-01-05", fund=rule)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_worked_settlement_comes_out_to_the_fen(case: Json) -> None:
    split, reply = settled(case)
    wanted = case["expected"]
    assert {name: reply["setlinfo"][name] for name in wanted["setlinfo"]} == wanted["setlinfo"]
    names = wanted["detlcutinfo"][0]
    assert [{name: row[name] for name in names} for row in reply["detlcutinfo"]] == wanted["detlcutinfo"]
    paid = {share.psn_no: share.fen for share in split.aid}
    told = [paid.get(f"PSN-GIVER-{place}", 0) for place, _ in enumerate(case["givers"])]
    assert told == [to_fen(text) for text in wanted["givers"]]
    identities(reply, before_fen=split.balance_before_fen)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_oracle_comes_to_the_same_worked_settlement(case: Json) -> None:
    wanted = case["expected"]
    expected = second_opinion(case)
    _, reply = settled(case)
    assert contradictions(expected, reply) == []
    assert contradictions(expected, {**reply, "setlinfo": {**reply["setlinfo"], **wanted["setlinfo"]}}) == []
    assert list(expected.aid_fen) == ([to_fen(text) for text in wanted["givers"]] if expected.aid_fen else [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_oracle_sees_a_single_wrong_fen(case: Json) -> None:
    _, reply = settled(case)
    for name in ("psn_cash_pay", "acct_pay", "hifp_pay", "medfee_sumamt", "inscp_scp_amt", "balc", "act_pay_dedc"):
        wrong = {**reply["setlinfo"], name: f"{amount(reply['setlinfo'], name) + 1}"}
        assert contradictions(second_opinion(case), {**reply, "setlinfo": wrong}), name


@pytest.mark.parametrize(
    "broken",
    [
        {"medfee_sumamt": "79.61"}, {"psn_cash_pay": "10.33"}, {"fund_pay_sumamt": "19.27"}, {"oth_pay": "0.01"},
        {"preselfpay_amt": "2.51"}, {"acct_mulaid_pay": "50.01"}, {"hosp_part_amt": "0.01"}, {"balc": "0.01"},
    ],
    ids=lambda broken: next(iter(broken)),
)  # fmt: skip
def test_the_identities_of_these_tests_fail_on_a_wrong_reply(broken: Json) -> None:
    split, reply = settled(next(case for case in CASES if case["name"] == "fund"))
    identities(reply, before_fen=split.balance_before_fen)
    with pytest.raises(AssertionError):
        identities({**reply, "setlinfo": {**reply["setlinfo"], **broken}}, before_fen=split.balance_before_fen)


def test_a_held_payment_uses_the_year_up_and_gives_it_back() -> None:
    case = next(case for case in CASES if case["name"] == "fund")
    unit, _ = register(case)
    split, _ = settled(case)

    def used() -> tuple[int, int]:
        row = benefit.used(unit, BUYER, "310102")
        return row.dedc_fen, row.fund_fen

    before = {account: unit.balance(account) for account in (ledger.own(BUYER), ledger.pool("110100"))}
    bookings.hold(unit, "O1", split, psn_no=BUYER, org=SHOP)
    assert used() == (10_000, 1_926) and unit.balance(ledger.SUSPENSE) == split.insured_fen
    bookings.release(unit, "O1", split, psn_no=BUYER, org=SHOP)
    assert used() == (7_000, 0) and unit.balance(ledger.SUSPENSE) == 0
    bookings.hold(unit, "O2", split, psn_no=BUYER, org=SHOP)
    bookings.pay_held(unit, "O2", split, org=SHOP)
    assert used() == (10_000, 1_926) and unit.balance(ledger.due(SHOP)) == split.insured_fen
    bookings.give_back(unit, "O2", split, psn_no=BUYER, org=SHOP)
    assert used() == (7_000, 0)
    assert {account: unit.balance(account) for account in before} == before
