"""What the channel believes, as a table; and the money it computes, for any basket."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.channels.reference.beliefs import believe, may_ship
from conformance.channels.reference.money import line_fen, read_split, to_collect
from conformance.channels.reference.orders import Cash, Order, Payment, Refund, Sale, Split
from conformance.channels.reference.refunds import choose_undo
from schemas.amount import AmountError, to_text

SPLIT = Split(total_fen=7960, cash_fen=2960, account_fen=5000, fund_fen=0)


def order(state, *, freight_fen=0, cash=None, setl_type="", **more):
    """An online order whose payment is in a state, with the cash desk asked in that state."""
    asked = Cash(out_trade_no="T", cash_fen=2960, freight_fen=freight_fen, state=cash, asked_in=state) if cash else None
    payment = Payment(med_org_ord="M", pay_ord_id="ORD", ord_stas=state, setl_type=setl_type, split=SPLIT)
    return Order(
        order="S", rail="online", org="P", lines=(), total_fen=7960, created_ms=0, delivery_fen=freight_fen,
        payment=payment, cash=asked, **more,
    )  # fmt: skip


TABLE = [
    ("0", None, "not_paid", "6401"), ("1", "open", "not_paid", "6401"), ("2", "open", "in_doubt", "wait"),
    ("3", "paid", "in_doubt", "wait"), ("4", "open", "in_doubt", "6203"), ("4", "paid", "paid", "6203"),
    ("4", None, "in_doubt", "6203"), ("5", "paid", "paid", "6203"), ("6", "paid", "paid", "6203"),
    ("7", None, "refunded", "none"), ("7", "paid", "refunding", "none"), ("8", "paid", "partly_refunded", "none"),
    ("9", None, "partly_refunded", "none"), ("10", "paid", "partly_refunded", "none"),
    ("11", "paid", "partly_refunded", "none"), ("12", None, "cancelled", "none"), ("13", None, "cancelled", "none"),
    ("13", "paid", "refunding", "none"), ("14", "paid", "in_doubt", "wait"), ("15", None, "failed", "none"),
    ("16", "paid", "manual_review", "wait"), ("17", None, "in_doubt", "wait"), ("99", None, "in_doubt", "wait"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "cash", "belief", "undo"), TABLE)
def test_each_state_has_one_belief_and_one_way_out(state, cash, belief, undo):
    """order-life 3 and 6."""
    one = order(state, cash=cash)
    assert believe(one).state == belief
    assert choose_undo(one) == undo
    assert may_ship(one, believe(one)) is (belief == "paid" or state == "10")


def test_a_cash_order_is_paid_in_state_3():
    assert believe(order("3", cash="paid", setl_type="CASH")).state == "paid"
    assert choose_undo(order("3", cash="paid", setl_type="CASH")) == "6203"


@pytest.mark.parametrize(
    ("changes", "belief"),
    [
        ({"pending": "6201"}, "in_doubt"), ({"pending": "6202"}, "in_doubt"), ({"pending": "6401"}, "in_doubt"),
        ({"pending": "6203"}, "refunding"), ({"unsure": True}, "in_doubt"), ({"end": "failed"}, "failed"),
        ({"end": "cancelled"}, "cancelled"), ({"end": "manual"}, "manual_review"), ({}, "not_paid"),
    ],
)  # fmt: skip
def test_a_message_without_an_answer_is_doubt(changes, belief):
    assert believe(order("1", **changes)).state == belief


def test_a_refund_that_succeeded_is_under_way_until_6301_says_so():
    one = order("6", cash="paid", refund=Refund(app_refd_sn="R", at_ms=0, pay_auth_no="A", status="SUCC"))
    assert believe(one).state == "refunding"


def test_amounts_are_what_is_held_now():
    held = believe(order("6", freight_fen=600, cash="paid"))
    assert (held.account_fen, held.fund_fen, held.cash_fen) == (5000, 0, 3560)
    after = believe(order("8", freight_fen=600, cash="paid"))
    assert (after.account_fen, after.fund_fen, after.cash_fen) == (0, 0, 3560)
    unpaid = believe(order("1", freight_fen=600, cash="open"))
    assert (unpaid.account_fen, unpaid.fund_fen, unpaid.cash_fen) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "sale", "belief"),
    [
        ({}, {}, "not_sent"), ({"pending": "2102"}, {}, "in_doubt"), ({}, {"setl_id": "1"}, "paid"),
        ({"pending": "2601"}, {}, "in_doubt"), ({"pending": "2103"}, {"setl_id": "1"}, "refunding"),
        ({"end": "reversed"}, {}, "cancelled"), ({"end": "refunded"}, {"setl_id": "1"}, "refunded"),
        ({"end": "manual"}, {}, "manual_review"), ({"end": "failed"}, {}, "failed"),
    ],
)  # fmt: skip
def test_a_counter_sale_is_believed_by_its_own_table(changes, sale, belief):
    shown = Sale(mdtrt_cert_type="02", mdtrt_cert_no="9", split=SPLIT, **sale)
    one = Order(order="S", rail="counter", org="P", lines=(), total_fen=7960, created_ms=0, sale=shown, **changes)
    assert believe(one).state == belief
    taken = believe(one).account_fen
    assert taken == (5000 if belief in ("paid", "refunding") else 0)


@pytest.mark.parametrize(
    ("cnt", "pric", "fen"),
    [
        ("2", "19.80", 3960), ("3", "0.3350", 101), ("5", "0.1150", 58), ("1", "1.2450", 125), ("1", "2.6750", 268),
        ("0.5", "0.01", 1), ("0.4", "0.01", 0), ("1", "0.005", 1), ("9999", "99999.999999", 99989999999),
    ],
)  # fmt: skip
def test_lines_are_rounded_half_up(cnt, pric, fen):
    assert line_fen(cnt, pric) == fen


@given(st.decimals("0.0001", "9999", places=4, allow_nan=False), st.decimals("0", "99999", places=6, allow_nan=False))
def test_a_line_is_never_off_by_more_than_half_a_fen(cnt, pric):
    exact = cnt * pric * 100
    assert abs(exact - line_fen(str(cnt), str(pric))) <= Decimal("0.5")
    assert line_fen(str(cnt), str(pric)) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


FEN = st.integers(0, 10**9)


@given(FEN, FEN, FEN, FEN)
def test_a_split_that_adds_up_is_read_and_any_other_is_not(cash_fen, account_fen, fund_fen, other_fen):
    total_fen = cash_fen + account_fen + fund_fen + other_fen
    told = {
        "feeSumamt": to_text(total_fen), "ownPayAmt": to_text(cash_fen), "psnAcctPay": to_text(account_fen),
        "fundPay": to_text(fund_fen), "othFeeAmt": to_text(other_fen),
    }  # fmt: skip
    assert read_split(told) == Split(
        total_fen=total_fen, cash_fen=cash_fen, account_fen=account_fen, fund_fen=fund_fen, other_fen=other_fen
    )
    with pytest.raises(AmountError):
        read_split({**told, "feeSumamt": to_text(total_fen + 1)})


def test_an_answer_without_amounts_has_no_split():
    assert read_split({"ordStas": "0"}) is None
    assert read_split({"feeSumamt": ""}) is None


def test_freight_stays_beside_the_cash_share():
    assert to_collect(order("1", freight_fen=600)) == (2960, 600)
