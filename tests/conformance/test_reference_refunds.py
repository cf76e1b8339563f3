"""The ways out of an online order, end to end: which undo in which state, and never twice."""

import pytest

from simulator.edge.local import LocalTransport
from simulator.wire.transport import NoAnswer
from tests.conformance.reference_lab import Lab

LOST_BEFORE, LOST_AFTER = "no_answer_before_commit", "no_answer_after_commit"


def paid(**more):
    """A lab with order S1 paid: 50.00 account, 29.60 cash, and freight if asked for."""
    lab = Lab(**more)
    lab.place(delivery_fen=500, packing_fen=100)
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"
    return lab


def nothing_held(lab):
    """Whether channel and cash desk agree that the buyer has everything back."""
    belief = lab.believe()
    back = [sum(refund["fen"] for refund in cash["refunds"]) for cash in lab.cash_book() if cash["state"] == "paid"]
    taken = [cash["cash_fen"] + cash["freight_fen"] for cash in lab.cash_book() if cash["state"] == "paid"]
    return (belief["account_fen"], belief["fund_fen"], belief["cash_fen"]) == (0, 0, 0) and back == taken


def test_a_paid_order_is_refunded_whole_insurance_by_6203_and_cash_at_the_desk():
    lab = paid()
    assert lab.perform("refund", reason="out_of_stock")["ok"]["state"] == "refunded"
    assert nothing_held(lab)
    assert len(lab.ledger("BACK")) == 1
    (refund,) = lab.sent("6203")
    assert (refund["request"]["totlRefdAmt"], refund["request"]["cashRefdAmt"]) == ("79.60", "29.60")
    assert not lab.believe()["may_ship"]
    assert lab.perform("ship")["refused"]["reason_zh"]


def test_an_unpaid_order_is_withdrawn_by_6401():
    lab = Lab()
    lab.place()
    assert lab.perform("cancel")["ok"]["state"] == "cancelled"
    assert lab.sent("6203") == []
    assert len(lab.sent("6401")) == 1


def test_cancelling_a_paid_order_refunds_it():
    lab = paid()
    assert lab.perform("cancel")["ok"]["state"] == "refunded"
    assert lab.sent("6401") == []
    assert nothing_held(lab)


def test_an_order_that_was_never_sent_is_dropped_without_a_message():
    lab = Lab()
    lab.place(consent=False)
    assert lab.perform("cancel")["ok"]["state"] == "cancelled"
    assert lab.sent("6401") == []


def test_refunding_twice_is_refunding_once():
    lab = paid()
    lab.perform("refund")
    assert lab.perform("refund")["ok"]["state"] == "refunded"
    assert lab.perform("cancel")["ok"]["state"] == "refunded"
    assert len(lab.sent("6203")) == len(lab.ledger("BACK")) == 1


@pytest.mark.parametrize("switches", [{}, {"repeat_refund": "refuse"}])
@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER, "garbled_body", "wrong_signature"])
def test_a_lost_answer_to_6203_is_asked_about_and_repeated_under_the_same_serial_if_need_be(fault, switches):
    lab = paid(**switches)
    lab.fault(fault, "6203")
    assert lab.perform("refund")["ok"]["state"] == "refunding"
    lab.settle_down()
    assert lab.state() == "refunded"
    assert nothing_held(lab)
    assert len({line["request"]["appRefdSn"] for line in lab.sent("6203")}) == 1
    assert len(lab.sent("6203")) == (2 if fault == LOST_BEFORE else 1)
    assert len(lab.ledger("BACK")) == 1


@pytest.mark.parametrize("fault", ["refund_cash_fails", "refund_insurance_fails"])
def test_a_half_done_refund_goes_to_a_person_and_is_never_sent_again(fault):
    lab = paid()
    lab.fault(fault)
    assert lab.perform("refund")["ok"]["state"] == "manual_review"
    lab.settle_down()
    assert "refused" in lab.perform("refund")
    assert len(lab.sent("6203")) == 1
    assert lab.state() == "manual_review"


def test_a_cash_desk_that_is_down_is_asked_again_under_the_same_number():
    lab = paid()
    lab.fault("cash_desk_down", count=2)
    assert lab.perform("refund")["ok"]["state"] == "refunding"
    lab.settle_down()
    assert lab.state() == "refunded"
    assert nothing_held(lab)


def test_delivery_money_alone_is_the_cash_desks_business():
    lab = paid()
    assert lab.perform("refund_delivery", fen=500)["ok"]["state"] == "paid"
    assert lab.sent("6203") == []
    assert lab.believe()["cash_fen"] == 2960 + 100
    assert "refused" in lab.perform("refund_delivery", fen=101)
    lab.perform("refund")
    assert nothing_held(lab)


def test_delivery_money_of_an_unpaid_order_is_not_refunded():
    lab = Lab()
    lab.place(delivery_fen=500)
    assert "refused" in lab.perform("refund_delivery", fen=500)


def test_cancelling_while_the_buyer_confirms_waits_and_then_does_what_fits():
    lab = Lab()
    lab.place()
    lab.act("open", pay_ord_id=lab.believe()["pay_ord_ids"][0])
    assert lab.perform("cancel")["ok"]["state"] == "in_doubt"
    assert lab.sent("6401") == []
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "refunded"
    assert nothing_held(lab)


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER])
def test_a_lost_answer_to_6401_is_asked_about(fault):
    lab = Lab()
    lab.place()
    lab.fault(fault, "6401")
    assert lab.perform("cancel")["ok"]["state"] == "in_doubt"
    lab.settle_down()
    assert lab.state() == "cancelled"


def test_cancelling_an_order_in_doubt_finds_out_first():
    lab = Lab()
    lab.fault(LOST_AFTER, "6202")
    lab.place()
    assert lab.perform("cancel")["ok"]["state"] == "cancelled"
    codes = [line["code"] for line in lab.control("GET", "/lab/journal?limit=1000")["lines"]]
    assert [code for code in codes if code in ("6202", "6301", "6401")] == ["6202", "6301", "6401"]


def test_cancelling_an_upload_in_doubt_uploads_the_same_again_to_learn_its_number():
    lab = Lab()
    lab.fault(LOST_AFTER, "6201")
    lab.place()
    assert lab.perform("cancel")["ok"]["state"] == "cancelled"
    assert lab.sent("6202") == []
    assert [order["ord_stas"] for order in lab.control("GET", "/lab/orders")["orders"]] == ["12"]


def test_a_platform_that_wants_consent_to_the_refund_gets_it_from_the_buyer():
    lab = paid(refund_consent="fresh")
    lab.advance(60_000)
    assert lab.perform("refund")["ok"]["state"] == "refunding"
    lab.consent("己")
    lab.perform("check")
    assert lab.state() == "refunded"
    assert nothing_held(lab)
    assert len({line["request"]["appRefdSn"] for line in lab.sent("6203")}) == 1


def test_a_refund_whose_consent_never_comes_goes_to_a_person():
    lab = paid(refund_consent="fresh")
    lab.advance(60_000)
    lab.perform("refund")
    lab.settle_down()
    assert lab.state() == "manual_review"
    assert lab.believe()["account_fen"] == 5000


def test_an_order_paid_in_cash_alone_is_refunded_too():
    lab = Lab()
    lab.place("丙", delivery_fen=500)
    lab.confirm()
    lab.settle_down()
    lab.perform("refund")
    lab.settle_down()
    assert lab.state() == "refunded"
    assert nothing_held(lab)


def test_a_settlement_the_shop_cancelled_itself_is_noticed_when_asked():
    lab = Lab(counter_refund="allow")
    lab.place("甲")
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"
    assert lab.perform("check")["ok"]["state"] == "paid"


class DeafToOpening:
    """A way to the platform on which the cash desk's answer to ``open`` is lost; ``before``: the question as well."""

    def __init__(self, inner, before):
        self.inner, self.before = inner, before

    def send(self, request, *, timeout_ms):
        if not request.path.endswith("/cash/open"):
            return self.inner.send(request, timeout_ms=timeout_ms)
        if not self.before:
            self.inner.send(request, timeout_ms=timeout_ms)
        raise NoAnswer("lost")


@pytest.mark.parametrize("before", [False, True], ids=["the desk opened", "the desk never heard of it"])
def test_cash_whose_opening_was_not_answered_is_asked_about_before_an_order_counts_as_refunded(before, monkeypatch):
    monkeypatch.setattr(Lab, "transport", lambda lab, path: DeafToOpening(LocalTransport(lab.platform, path), before))
    lab = Lab()
    lab.place("甲", delivery_fen=500)
    lab.confirm()
    lab.perform("cancel")
    lab.settle_down()
    assert lab.state() == "refunded" and nothing_held(lab)
    assert bool(lab.cash_book()) is not before
