"""The second opinion: worked amounts, identities, and the truth of a buyer's money."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.oracle.amounts import Parts, basket_fen, centre_identities, counter_identities, parts, product_fen
from conformance.oracle.audit import audit
from conformance.oracle.books import imbalances, truth_of, unmirrored
from tests.conformance.written import (
    BASKET,
    BUYER,
    DRUG,
    about,
    books,
    desk_row,
    evidence,
    moved,
    order_row,
    said,
    sale_row,
)

SPLIT = {
    "feeSumamt": "79.60",
    "ownPayAmt": "29.60",
    "psnAcctPay": "50.00",
    "fundPay": "0.00",
    "selfAcctPay": "50.00",
    "acctMulaidPay": "0.00",
}
SETLINFO = {
    "medfee_sumamt": "79.60",
    "fulamt_ownpay_amt": "15.00",
    "overlmt_selfpay": "0.00",
    "preselfpay_amt": "2.50",
    "inscp_scp_amt": "62.10",
    "fund_pay_sumamt": "0.00",
    "psn_part_amt": "79.60",
    "acct_pay": "50.00",
    "psn_cash_pay": "29.60",
    "hifp_pay": "0.00",
}


def drug(lv: str = "01", bp: int = 0, cap: str = "", **more: Any) -> dict[str, Any]:
    return {"chrgitm_lv": lv, "selfpay_bp": bp, "pric_uplmt": cap, "restrictions": [], **more}


@pytest.mark.parametrize(
    ("cnt", "pric", "fen"),
    [
        ("2", "15.80", 3160),
        ("3", "0.3350", 101),
        ("5", "0.1150", 58),
        ("1", "1.2450", 125),
        ("1", "2.6750", 268),
        ("0.5", "0.01", 1),
        ("1", "0.0049", 0),
    ],
)
def test_a_line_is_rounded_half_up(cnt: str, pric: str, fen: int) -> None:
    assert product_fen(cnt, pric) == fen


def test_lines_are_rounded_before_they_are_added() -> None:
    assert basket_fen([{"cnt": "3", "pric": "0.3350"}] * 2) == 202


@pytest.mark.parametrize(
    ("row", "cnt", "pric", "expected"),
    [
        (drug(), "2", "19.80", Parts(fulamt_fen=0, overlmt_fen=0, preself_fen=0, inscp_fen=3960)),
        (drug("02", 1000), "1", "25.00", Parts(fulamt_fen=0, overlmt_fen=0, preself_fen=250, inscp_fen=2250)),
        (drug("03", 10_000), "1", "15.00", Parts(fulamt_fen=1500, overlmt_fen=0, preself_fen=0, inscp_fen=0)),
        (
            drug("02", 1000, "36.00"),
            "1",
            "38.60",
            Parts(fulamt_fen=0, overlmt_fen=260, preself_fen=360, inscp_fen=3240),
        ),
        (drug("01", 0, "40.00"), "1", "38.60", Parts(fulamt_fen=0, overlmt_fen=0, preself_fen=0, inscp_fen=3860)),
    ],
)
def test_a_line_is_split_as_the_worked_cases_say(row: dict[str, Any], cnt: str, pric: str, expected: Parts) -> None:
    assert parts(row, cnt, pric) == expected


def test_a_drug_with_payment_restrictions_is_left_to_the_platform() -> None:
    assert parts(drug(restrictions=[{"kind": "sex", "value": "2"}]), "1", "10.00") is None


@given(
    fen=st.integers(1, 10**7),
    cnt=st.integers(1, 50),
    bp=st.integers(0, 10_000),
    lv=st.sampled_from(["01", "02", "03"]),
    cap=st.one_of(st.just(""), st.integers(1, 10**7).map(lambda n: f"{n // 100}.{n % 100:02d}")),
)
def test_the_four_parts_always_add_up_to_the_line(fen: int, cnt: int, bp: int, lv: str, cap: str) -> None:
    price = f"{fen // 100}.{fen % 100:02d}"
    split = parts(drug(lv, bp, cap), str(cnt), price)
    assert split is not None
    shares = (split.fulamt_fen, split.overlmt_fen, split.preself_fen, split.inscp_fen)
    assert sum(shares) == fen * cnt
    assert min(shares) >= 0


@pytest.mark.parametrize(
    ("node", "missed"),
    [
        (SPLIT, 0),
        ({}, 0),
        ({**SPLIT, "ownPayAmt": "29.61"}, 1),
        ({**SPLIT, "selfAcctPay": "49.00"}, 1),
        ({**SPLIT, "othFeeAmt": "1.00"}, 1),
        ({**SPLIT, "fundPay": "x"}, 1),
        ({"ordStas": "0", "feeSumamt": ""}, 0),
    ],
)
def test_what_does_not_add_up_at_the_centre_is_told(node: dict[str, Any], missed: int) -> None:
    assert len(centre_identities(node)) == missed


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({}, 0),
        ({"psn_cash_pay": "29.61"}, 1),
        ({"medfee_sumamt": "79.61"}, 2),
        ({"hifp_pay": "1.00"}, 1),
        ({"fund_pay_sumamt": "50.00"}, 0),
    ],
)
def test_what_does_not_add_up_at_the_counter_is_told(change: dict[str, str], missed: int) -> None:
    assert len(counter_identities({**SETLINFO, **change})) == missed


def test_another_editions_names_add_up_as_well() -> None:
    other = {name: value for name, value in SETLINFO.items() if name not in ("psn_part_amt", "psn_cash_pay")}
    assert counter_identities({**other, "psn_pay": "79.60", "cash_payamt": "29.60"}) == []


PAY, BACK = moved("PAY", 2000), moved("BACK", 2000)


@pytest.mark.parametrize(
    ("rows", "bought", "taken", "ever", "returned"),
    [
        ({"orders": [order_row()], "transfers": [PAY]}, True, 2000, True, False),
        ({"orders": [order_row()], "transfers": [PAY], "cash": [desk_row(1160, 600)]}, True, 3760, True, False),
        (
            {"orders": [order_row()], "transfers": [PAY], "cash": [desk_row(0, 600, back=(("freight", 600),))]},
            True,
            2000,
            True,
            True,
        ),
        ({"orders": [order_row(stas="7")], "transfers": [PAY, BACK]}, False, 0, True, True),
        (
            {"orders": [order_row(stas="8")], "transfers": [PAY, BACK], "cash": [desk_row(1160)]},
            False,
            1160,
            True,
            True,
        ),
        (
            {"orders": [order_row(stas="9")], "transfers": [PAY], "cash": [desk_row(1160, back=(("cash", 1160),))]},
            False,
            2000,
            True,
            True,
        ),
        ({"orders": [order_row()], "cash": [desk_row(3160)]}, True, 3160, True, False),
        ({"orders": [order_row(stas="1")]}, False, 0, False, False),
        ({"orders": [order_row(stas="14")], "transfers": [moved("HOLD", 2000)]}, False, 2000, False, False),
        ({"orders": [order_row(stas="15")], "cash": [desk_row(1160, back=(("cash", 1160),))]}, False, 0, True, True),
        ({"settlements": [sale_row()], "transfers": [moved("PAY", 2000, ref="S1")]}, True, 2000, True, False),
        ({"transfers": [moved("OPEN", 2000)]}, False, 0, False, False),
    ],
)
def test_truth_is_read_from_the_books(
    rows: dict[str, Any], bought: bool, taken: int, ever: bool, returned: bool
) -> None:
    now = truth_of(BUYER, books(**rows))
    assert (now.bought, now.taken_fen, now.ever_paid, now.returned) == (bought, taken, ever, returned)


def test_a_relatives_money_counts_for_the_order_it_paid() -> None:
    """The giver's account moves under the order's number, although the giver is not the buyer."""
    aid = {**PAY, "postings": [{"account": "own:GIVER", "fen": -2000}, {"account": "due:O1", "fen": 2000}]}
    assert truth_of(BUYER, books(orders=[order_row()], transfers=[aid])).account_fen == 2000


def test_a_transfer_that_does_not_sum_to_zero_is_found() -> None:
    lame = {**PAY, "transfer_id": "T9", "postings": [{"account": "own:P1", "fen": -1}]}
    assert imbalances([PAY, lame]) == ["T9"]


def test_a_back_that_does_not_mirror_its_pay_is_found() -> None:
    half = moved("BACK", 1000, transfer_id="T9")
    assert unmirrored([PAY, BACK], []) == []
    assert unmirrored([PAY, half], []) == ["T9"]
    assert (
        unmirrored([moved("PAY", 5, ref="S1"), moved("BACK", 5, ref="S2")], [{"setl_id": "S2", "refers_to": "S1"}])
        == []
    )


def audited(*lines: dict[str, Any], **more: Any) -> list[str]:
    return [both.en for both in audit(evidence(*lines, **more))]


def test_a_sound_record_has_nothing_to_say() -> None:
    assert audited(about(1, "6202", told=SPLIT)) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({**said(1, "6202"), "error": "KeyError: x"}, "failed on its own account"),
        (about(1, "6202", told={**SPLIT, "ownPayAmt": "1.00"}), "does not add up"),
        (said(1, "2102", told={"setlinfo": {**SETLINFO, "acct_pay": "1.00"}}), "does not add up"),
        (
            said(
                1,
                "2102",
                sent={"drugdetail": [{"feedetl_sn": "1", "med_list_codg": DRUG}]},
                told={"detlcutinfo": [{"feedetl_sn": "1", "cnt": "2", "pric": "15.80", "fulamt_ownpay_amt": "31.60"}]},
            ),
            "feedetl_sn 1",
        ),
    ],
)
def test_the_platforms_own_faults_are_found(line: dict[str, Any], words: str) -> None:
    assert words in "".join(audited(line, drugs={DRUG: drug("02", 1000)}))


def test_what_a_fault_bent_on_purpose_is_not_the_platforms_mistake() -> None:
    assert audited(about(1, "6301", told={**SPLIT, "ownPayAmt": "1.00"}, fault="altered_amount")) == []


def test_balances_are_held_against_their_postings() -> None:
    record = evidence(rows={"transfers": [PAY]}, accounts={"own:P1": -2000, "due:O1": 1999})
    assert [both.en for both in audit(record)] == ["balance of due:O1 differs from its postings"]


def test_the_written_basket_costs_what_the_tables_say() -> None:
    assert basket_fen(BASKET) == 3160
