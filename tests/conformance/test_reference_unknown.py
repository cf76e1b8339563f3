"""Answers that never come, come twice, come wrong: what the reference channel does and believes, end to end."""

import pytest

from tests.conformance.reference_lab import PEOPLE, Lab

LOST_BEFORE, LOST_AFTER = "no_answer_before_commit", "no_answer_after_commit"
SPOILT = ("no_answer_after_commit", "http_status_after_commit", "slow", "garbled_body", "wrong_signature")


def msgids(lines):
    """Serials of the 6202 requests among journal lines."""
    return [line["request"]["orgBizSer"] for line in lines]


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_answer_to_6202_is_doubt_then_asked_about_then_certain(fault):
    lab = Lab()
    lab.fault(fault, "6202")
    assert lab.place()["ok"]["state"] == "in_doubt"
    assert not lab.believe()["may_ship"]
    assert lab.sent("6301") == [], "the declared pause comes first"
    lab.advance(2_000)
    lab.jobs()
    assert lab.state() == "not_paid"
    assert len(lab.sent("6202")) == 1, "the split was frozen: asking was enough"
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"
    assert len(lab.ledger("PAY")) == 1


def test_a_6202_that_never_arrived_is_sent_again_under_a_new_serial_once_6301_says_so():
    lab = Lab()
    lab.fault(LOST_BEFORE, "6202")
    assert lab.place()["ok"]["state"] == "in_doubt"
    lab.advance(2_000)
    lab.jobs()
    codes = [line["code"] for line in lab.control("GET", "/lab/journal?limit=1000")["lines"]]
    assert [code for code in codes if code in ("6202", "6301")] == ["6202", "6301", "6202"]
    first, second = msgids(lab.sent("6202"))
    assert first != second
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"


@pytest.mark.parametrize("fault", [LOST_BEFORE, *SPOILT])
def test_a_lost_answer_to_6201_is_repeated_under_the_same_serial(fault):
    lab = Lab()
    lab.fault(fault, "6201")
    assert lab.place()["ok"]["state"] == "in_doubt"
    lab.advance(2_000)
    lab.jobs()
    assert lab.state() == "not_paid"
    assert len({line["request"]["medOrgOrd"] for line in lab.sent("6201") if line["request"]}) == 1
    assert len(lab.control("GET", "/lab/orders")["orders"]) == 1


def test_where_the_platform_refuses_the_repeat_the_order_fails_and_nothing_was_paid():
    lab = Lab(repeat_med_org_ord="refuse")
    lab.fault(LOST_AFTER, "6201")
    lab.place()
    lab.settle_down()
    assert lab.state() == "failed"
    assert lab.ledger("PAY") == []


def test_when_the_questions_go_unanswered_too_the_order_waits_and_then_a_person_decides():
    lab = Lab()
    lab.place()
    lab.confirm()
    lab.fault("no_notice", count=0)
    lab.fault(LOST_BEFORE, "6301", count=0)
    lab.advance(2_000)
    lab.jobs()
    assert lab.state() == "in_doubt", "a question without an answer leaves no certainty"
    lab.settle_down()
    assert lab.state() == "manual_review"
    assert [row["order"] for row in lab.ask("list", {})["ok"]["manual_review"]] == ["S1"]
    assert len(lab.sent("6301")) == 8, "eight declared pauses, then a person"
    lab.control("DELETE", "/lab/faults")
    assert lab.perform("check")["ok"]["state"] == "paid", "whoever asks again may learn the truth"


def test_a_confirmation_whose_notice_is_lost_is_found_by_asking():
    lab = Lab()
    lab.place()
    lab.fault("no_notice", count=0)
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"


def test_retry_after_is_longer_than_our_own_pause_and_is_kept():
    lab = Lab()
    lab.place()
    lab.fault("http_status", "6301", params={"status": 503, "retry_after": "120"})
    lab.advance(2_000)
    lab.jobs()
    before = len(lab.sent("6301"))
    lab.advance(119_000)
    lab.jobs()
    assert len(lab.sent("6301")) == before
    lab.advance(1_000)
    lab.jobs()
    assert len(lab.sent("6301")) == before + 1


def test_neither_a_notice_nor_a_person_is_in_more_of_a_hurry_than_retry_after():
    lab = Lab()
    lab.place()
    lab.fault("http_status", "6301", params={"status": 503, "retry_after": "120"})
    lab.perform("check")
    before = len(lab.sent("6301"))
    lab.confirm()
    lab.notices()
    assert lab.perform("check")["ok"]["state"] == "in_doubt"
    assert lab.jobs()["next_due_ms"] == lab.room["now_ms"] + 120_000
    assert len(lab.sent("6301")) == before
    lab.settle_down()
    assert lab.state() == "paid"


def test_amounts_that_differ_between_6202_and_6301_freeze_the_order():
    lab = Lab()
    lab.place()
    lab.fault("altered_amount", "6301", count=0, params={"field": "psnAcctPay", "fen": 100})
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "manual_review"
    assert lab.perform("refund")["refused"]
    assert lab.sent("6203") == []


def test_an_altered_6202_answer_that_does_not_add_up_goes_to_a_person():
    lab = Lab()
    lab.fault("altered_amount", "6202")
    lab.place()
    assert lab.state() == "manual_review"
    assert lab.cash_book() == []


def test_a_core_that_stays_silent_is_doubt_and_then_a_person():
    lab = Lab()
    lab.place()
    lab.fault("core_silent")
    assert lab.confirm()["ordStas"] == "14"
    lab.advance(2_000)
    lab.jobs()
    assert lab.state() == "in_doubt"
    lab.settle_down()
    assert lab.state() == "manual_review"
    lab.act("resolve", pay_ord_id=lab.believe()["pay_ord_ids"][0], settled=True)
    lab.settle_down()
    assert lab.state() == "paid", "the notice that follows makes the channel ask once more"


def test_a_core_that_refuses_fails_the_order_and_the_cash_is_back():
    lab = Lab()
    lab.place(delivery_fen=500)
    lab.fault("core_refuses")
    lab.confirm()
    lab.settle_down()
    belief = lab.believe()
    assert (belief["state"], belief["cash_fen"]) == ("failed", 0)


def test_cash_that_sticks_goes_to_a_person():
    lab = Lab()
    lab.place()
    lab.fault("cash_return_fails")
    assert lab.confirm()["ordStas"] == "16"
    lab.settle_down()
    assert lab.state() == "manual_review"
    assert not lab.believe()["may_ship"]


def test_a_buyer_who_leaves_the_page_may_come_back():
    lab = Lab()
    lab.place()
    lab.act("leave", pay_ord_id=lab.believe()["pay_ord_ids"][0])
    lab.advance(2_000)
    lab.jobs()
    assert lab.state() == "not_paid"
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"


def test_while_the_buyer_is_confirming_the_order_is_in_doubt():
    lab = Lab()
    lab.place()
    lab.act("open", pay_ord_id=lab.believe()["pay_ord_ids"][0])
    lab.perform("check")
    assert lab.state() == "in_doubt"


def test_two_equal_orders_one_paid_and_one_not_are_told_apart():
    lab = Lab()
    for order in ("S1", "S2"):
        lab.fault(LOST_AFTER, "6202")
        lab.place("甲", order)
    lab.advance(2_000)
    lab.jobs()
    lab.confirm("S1")
    lab.settle_down()
    assert (lab.state("S1"), lab.state("S2")) == ("paid", "cancelled")


@pytest.mark.parametrize("code", ["house.auth.query", "1101", "9001"])
def test_questions_that_move_nothing_are_simply_asked_again(code):
    lab = Lab()
    lab.fault(LOST_AFTER, code)
    assert lab.place()["ok"]["state"] == "not_sent"
    lab.advance(2_000)
    lab.jobs()
    assert lab.state() == "not_paid"


def test_balance_gone_between_pre_settlement_and_confirmation_fails_the_order():
    lab = Lab()
    lab.place("甲")
    lab.control("POST", "/lab/world", {"change": "balance", "psn_no": PEOPLE["甲"].psn_no, "fen": 0})
    assert lab.confirm()["ordStas"] == "15"
    lab.settle_down()
    assert lab.state() == "failed"
