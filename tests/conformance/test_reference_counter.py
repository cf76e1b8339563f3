"""The sale at the counter, end to end: known ones are cancelled by 2103, unknown ones reversed by 2601, once."""

import pytest

from tests.conformance.reference_lab import PEOPLE, SHOP, Lab

LOST_BEFORE, LOST_AFTER = "no_answer_before_commit", "no_answer_after_commit"
SPOILT = ("no_answer_after_commit", "http_status_after_commit", "garbled_body")


def sell(lab, who="己", order="S1"):
    """A sale of 79.60 to a person who shows his identity card."""
    shown = {"mdtrt_cert_type": "02", "mdtrt_cert_no": PEOPLE[who].certno}
    return lab.perform("counter_sale", order, org=SHOP, certificate=shown, lines=lab.lines(), acct_used_flag="1")


def test_a_sale_is_paid_at_once():
    lab = Lab()
    told = sell(lab)["ok"]
    assert told["state"] == "paid"
    assert told["setl_id"]
    belief = lab.believe()
    assert (belief["account_fen"], belief["cash_fen"], belief["total_fen"]) == (5000, 2960, 7960)
    assert [line["code"] for line in lab.control("GET", "/lab/journal")["lines"] if line["direction"] == "in"] == [
        "9001", "1101", "2101", "2102",
    ]  # fmt: skip


def test_a_sale_by_e_voucher_works_too():
    lab = Lab()
    token = lab.act("show_code", psn_no=PEOPLE["己"].psn_no)["qr"]
    assert token, "decoding the code is the scanner's business; the sale takes what it yields"
    card = {"mdtrt_cert_type": "03", "mdtrt_cert_no": PEOPLE["己"].card_no, "card_sn": "0001"}
    told = lab.perform("counter_sale", org=SHOP, certificate=card, lines=lab.lines())
    assert told["ok"]["state"] == "paid"


def test_a_known_sale_is_cancelled_by_2103():
    lab = Lab()
    sell(lab)
    assert lab.perform("counter_cancel")["ok"]["state"] == "refunded"
    belief = lab.believe()
    assert (belief["account_fen"], belief["cash_fen"]) == (0, 0)
    assert lab.sent("2601") == []
    assert len(lab.ledger("BACK")) == 1
    assert lab.perform("counter_cancel")["ok"]["state"] == "refunded"
    assert len(lab.sent("2103")) == 1


@pytest.mark.parametrize("fault", SPOILT)
def test_a_sale_whose_answer_is_lost_is_doubt_and_is_reversed_once(fault):
    lab = Lab()
    lab.fault(fault, "2102")
    assert sell(lab)["ok"]["state"] == "in_doubt"
    assert not lab.believe()["may_ship"]
    lab.settle_down()
    assert lab.state() == "cancelled"
    (sale,), (reversal,) = lab.sent("2102"), lab.sent("2601")
    assert reversal["request"]["data"]["omsgid"] == sale["msgid"]
    assert reversal["msgid"] != sale["msgid"]
    assert len(lab.ledger("PAY")) == len(lab.ledger("BACK")) == 1


def test_a_sale_that_never_arrived_cannot_be_reversed_and_goes_to_a_person():
    lab = Lab()
    lab.fault(LOST_BEFORE, "2102")
    sell(lab)
    lab.settle_down()
    assert lab.state() == "manual_review"
    assert len(lab.sent("2601")) == 1
    assert lab.ledger("PAY") == []


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER])
def test_a_reversal_without_an_answer_is_never_repeated(fault):
    lab = Lab()
    lab.fault(LOST_AFTER, "2102")
    lab.fault(fault, "2601")
    sell(lab)
    lab.settle_down()
    assert lab.state() == "manual_review"
    lab.perform("counter_cancel")
    lab.perform("check")
    lab.settle_down()
    assert len(lab.sent("2601")) == 1


def test_a_cancellation_without_an_answer_goes_to_a_person():
    lab = Lab()
    sell(lab)
    lab.fault(LOST_AFTER, "2103")
    assert lab.perform("counter_cancel")["ok"]["state"] == "refunding"
    lab.settle_down()
    assert lab.state() == "manual_review"
    lab.perform("counter_cancel")
    assert len(lab.sent("2103")) == 1


def test_cancelling_a_sale_in_doubt_reverses_it_at_once():
    lab = Lab()
    lab.fault(LOST_AFTER, "2102")
    sell(lab)
    assert lab.perform("counter_cancel")["ok"]["state"] == "cancelled"
    assert lab.sent("2103") == []


def test_after_the_reversal_the_sale_is_made_anew_under_a_new_message_id():
    lab = Lab()
    lab.fault(LOST_AFTER, "2102")
    sell(lab)
    lab.settle_down()
    assert sell(lab)["ok"]["state"] == "paid"
    first, second = lab.sent("2102")
    assert first["msgid"] != second["msgid"]


def test_the_answer_to_a_question_at_the_counter_may_be_lost_without_harm():
    lab = Lab()
    lab.fault(LOST_AFTER, "2101")
    assert sell(lab)["ok"]["state"] == "not_sent"
    lab.settle_down()
    assert lab.state() == "paid"


def test_a_gateway_that_turns_us_away_has_delivered_nothing():
    lab = Lab()
    lab.fault("http_status", "2102", params={"status": 401, "body": '{"code":401,"message":"时间戳过期"}'})
    assert sell(lab)["ok"]["state"] == "not_sent"
    lab.settle_down()
    assert lab.state() == "paid"
    first, second = lab.sent("2102")
    assert first["msgid"] != second["msgid"]
    assert lab.sent("2601") == []


def test_a_refused_sale_is_told():
    lab = Lab()
    assert sell(lab, "丑")["refused"]["reason_zh"]
    assert lab.state() == "failed"


def test_the_same_sale_twice_is_one_sale():
    lab = Lab()
    assert sell(lab) == sell(lab)
    assert len(lab.sent("2102")) == 1


def test_an_altered_settlement_goes_to_a_person():
    lab = Lab()
    lab.fault("altered_amount", "2102")
    sell(lab)
    assert lab.state() == "manual_review"
