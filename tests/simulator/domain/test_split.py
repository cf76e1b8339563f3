"""A bill is divided as section 4.5 of the specification says, to the fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.domain import bill as bills
from simulator.domain.bill import Split
from simulator.domain.money import product_fen, share_fen
from simulator.domain.records import Person
from simulator.domain.refused import Refusal
from tests.simulator.domain.scene import BUYER, DRUGS, GIVER, SECOND_GIVER, Scene, bill

CODES = [drug.med_list_codg for drug in DRUGS if drug.rx_flag == "0" and not drug.online_barred]
WORKED = (("A", "2", "19.80"), ("B", "1", "25.00"), ("C", "1", "15.00"))


def divided(scene: Scene, *lines: tuple[str, str, str], flag: str = "1") -> Split:
    person = scene.unit.get(Person, BUYER)
    assert person is not None
    basket = bill(*lines, flag=flag)
    return bills.split(
        scene.unit, basket, person, bills.drugs(scene.unit, basket, online=True, field_name="medListCodg")
    )


def test_the_worked_case_of_the_specification_comes_out_to_the_fen() -> None:
    split = divided(Scene(), *WORKED)
    parts = [split.total(part) for part in ("fulamt_ownpay_fen", "overlmt_fen", "preselfpay_fen", "inscp_scp_fen")]
    assert (split.medfee_fen, parts) == (7960, [1500, 0, 250, 6210])
    assert (split.fund_fen, split.acct_fen, split.cash_fen) == (0, 5000, 2960)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(("CAP", "3", "12.50"), (0, 750, 300, 2700), id="above the limit, then ten per cent of the rest"),
        pytest.param(("CAP", "1", "10.00"), (0, 0, 100, 900), id="at the limit"),
        pytest.param(("CAP", "3", "10.3350"), (0, 101, 300, 2700), id="half a fen of excess is rounded up"),
        pytest.param(("C", "1", "12.34"), (1234, 0, 0, 0), id="third class is all self-paid"),
        pytest.param(("LADIES", "1", "9.00"), (900, 0, 0, 0), id="a restriction not met makes the line self-paid"),
        pytest.param(("A", "3", "0.3350"), (0, 0, 0, 101), id="a half-fen product rounds up"),
    ],
)
def test_a_line_is_divided_by_class_limit_and_restriction(
    line: tuple[str, str, str], expected: tuple[int, ...]
) -> None:
    (row,) = divided(Scene(), line).lines
    assert (row.fulamt_ownpay_fen, row.overlmt_fen, row.preselfpay_fen, row.inscp_scp_fen) == expected


def test_a_restriction_that_is_met_changes_nothing() -> None:
    scene = Scene()
    scene.change(scene.unit.get(Person, BUYER), gend="2")
    (row,) = divided(scene, ("LADIES", "1", "9.00")).lines
    assert (row.fulamt_ownpay_fen, row.memo) == (0, "")


def test_givers_pay_in_filing_order_after_the_own_account() -> None:
    scene = Scene()
    scene.fund(GIVER, 1_000)
    scene.fund(SECOND_GIVER, 9_000)
    split = divided(scene, *WORKED, flag="2")
    assert split.own_fen == 5_000
    assert [(share.psn_no, share.fen) for share in split.aid] == [(GIVER, 1_000), (SECOND_GIVER, 1_960)]
    assert split.cash_fen == 0


def test_givers_stay_out_unless_asked_for_and_insured_in_the_same_city() -> None:
    scene = Scene()
    scene.fund(GIVER, 1_000)
    assert divided(scene, *WORKED, flag="1").aid == ()
    scene.change(scene.unit.get(Person, GIVER), insuplc_admdvs="310100")
    assert divided(scene, *WORKED, flag="2").aid == ()


def test_without_the_account_everything_is_cash() -> None:
    split = divided(Scene(), *WORKED, flag="0")
    assert (split.acct_fen, split.cash_fen) == (0, 7960)


@given(
    lines=some.lists(
        some.tuples(
            some.sampled_from(CODES),
            some.decimals(min_value="0.01", max_value="99", places=4).map(str),
            some.decimals(min_value="0.01", max_value="999", places=6).map(str),
        ),
        min_size=1,
        max_size=8,
    ),
    own=some.integers(min_value=0, max_value=200_000),
    aid=some.integers(min_value=0, max_value=50_000),
    flag=some.sampled_from(["0", "1", "2"]),
)
def test_every_part_adds_up_for_any_basket(lines: list[tuple[str, str, str]], own: int, aid: int, flag: str) -> None:
    scene = Scene()
    scene.fund(BUYER, own)
    scene.fund(GIVER, aid)
    split = divided(scene, *lines, flag=flag)
    for row in split.lines:
        assert row.amount_fen == row.fulamt_ownpay_fen + row.overlmt_fen + row.preselfpay_fen + row.inscp_scp_fen
        assert min(row.fulamt_ownpay_fen, row.overlmt_fen, row.preselfpay_fen, row.inscp_scp_fen) >= 0
    assert split.medfee_fen == split.fund_fen + split.acct_fen + split.cash_fen == split.total("amount_fen")
    assert 0 <= split.own_fen <= own
    assert 0 <= split.aid_fen <= (aid if flag == "2" else 0)


@pytest.mark.parametrize(
    ("cnt", "pric", "fen"), [("3", "0.335", 101), ("1", "0.005", 1), ("1", "0.0049", 0), ("2.5", "3.33", 833)]
)
def test_products_round_half_up(cnt: str, pric: str, fen: int) -> None:
    assert product_fen(cnt, pric) == fen


def test_shares_round_half_up() -> None:
    assert [share_fen(fen, 1_000) for fen in (5, 4, 15)] == [1, 0, 2]


@pytest.mark.parametrize(
    ("code", "rule"),
    [("NOWHERE", "unknown_drug"), ("RX", "otc_only"), ("BARRED", "barred_online")],
)
def test_an_online_basket_refuses_what_may_not_be_sold_so(code: str, rule: str) -> None:
    scene = Scene()
    with pytest.raises(Refusal) as refused:
        bills.drugs(scene.unit, bill((code, "1", "1.00")), online=True, field_name="medListCodg")
    assert (refused.value.rule, refused.value.field) == (rule, "medListCodg")
    if code != "NOWHERE":
        assert bills.drugs(scene.unit, bill((code, "1", "1.00")), online=False, field_name="med_list_codg")
