"""The online order of the reference channel, end to end: from consent to paid, and every refusal on the way."""

import pytest

from tests.conformance.reference_lab import SHOP, Lab


def test_an_order_is_paid_from_account_and_cash():
    lab = Lab()
    assert lab.place()["ok"]["state"] == "not_paid"
    assert lab.confirm()["ordStas"] == "4"
    assert [notice["success"] for notice in lab.notices()] == [True]
    assert lab.state() == "in_doubt", "a notice is a hint: nothing is believed before 6301 says so"
    assert lab.jobs()["next_due_ms"] is None
    belief = lab.believe()
    assert belief["state"] == "paid"
    assert (belief["account_fen"], belief["fund_fen"], belief["cash_fen"]) == (5000, 0, 2960)
    assert belief["may_ship"]
    assert len(lab.ledger("PAY")) == 1
    assert lab.perform("ship")["ok"]["state"] == "paid"


def test_every_message_of_a_happy_order_is_accepted_without_a_note():
    lab = Lab()
    lab.place(delivery_fen=500, packing_fen=100)
    lab.confirm()
    lab.settle_down()
    lines = lab.control("GET", "/lab/journal?limit=1000")["lines"]
    spoken = [line for line in lines if line["direction"] == "in"]
    codes = [line["code"] for line in spoken]
    assert codes == ["house.auth.query", "9001", "1101", "6201", "6202", "cash.open", "6301", "cash.query"]
    assert {line["outcome"] for line in lines if line["direction"] in ("in", "out")} == {"ok"}
    assert not [line["notes"] for line in spoken if line.get("notes")]


def test_delivery_and_packing_are_paid_at_the_cash_desk_and_are_no_medicine():
    lab = Lab()
    lab.place("甲", delivery_fen=500, packing_fen=100)
    (upload,) = lab.sent("6201")
    assert upload["request"]["medfeeSumamt"] == "79.60"
    assert [(cash["cash_fen"], cash["freight_fen"]) for cash in lab.cash_book()] == [(0, 600)]
    lab.confirm()
    lab.settle_down()
    belief = lab.believe()
    assert (belief["state"], belief["account_fen"], belief["cash_fen"]) == ("paid", 7960, 600)
    assert (belief["total_fen"], belief["delivery_fen"]) == (7960, 600)


def test_an_order_paid_by_the_account_alone_opens_no_cash_payment():
    lab = Lab()
    lab.place("甲")
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"
    assert lab.cash_book() == []


def test_an_order_paid_in_cash_alone_is_paid():
    lab = Lab()
    lab.place("丙")
    lab.confirm()
    lab.settle_down()
    belief = lab.believe()
    assert (belief["state"], belief["account_fen"], belief["cash_fen"]) == ("paid", 0, 7960)
    assert lab.ledger("PAY") == []


def test_relatives_pay_when_the_family_account_is_asked_for():
    lab = Lab()
    lab.place("庚", acct_used_flag="2")
    lab.confirm()
    lab.settle_down()
    belief = lab.believe()
    assert (belief["state"], belief["account_fen"], belief["cash_fen"]) == ("paid", 7960, 0)


def test_without_consent_the_order_waits_and_goes_on_when_it_is_given():
    lab = Lab()
    waiting = lab.place(consent=False)["ok"]
    assert waiting["state"] == "not_sent"
    assert waiting["auth_url"]
    lab.consent("己")
    assert lab.perform("check")["ok"]["state"] == "not_paid"
    assert len({line["request"]["reqBizNo"] for line in lab.sent("house.auth.query")}) == 1


def test_consent_that_never_comes_ends_the_order_unsent():
    lab = Lab()
    lab.place(consent=False)
    lab.settle_down()
    assert lab.state() == "cancelled"
    assert lab.sent("6201") == []


def test_the_same_shop_order_placed_twice_is_one_order():
    lab = Lab()
    first = lab.place()
    assert lab.place() == first
    assert len(lab.sent("6201")) == len(lab.sent("6202")) == 1
    assert lab.believe()["attempts"] == 1


def test_sign_in_happens_once_per_pharmacy_and_day():
    lab = Lab()
    for number in range(3):
        lab.place("甲", f"S{number}")
    assert len(lab.sent("9001")) == 1
    lab.advance(24 * 3_600_000)
    lab.place("甲", "S9")
    assert len(lab.sent("9001")) == 2


def test_prescription_medicine_is_refused_before_anything_is_sent():
    lab = Lab()
    lines = [{**lab.lines()[0], "rx_flag": "1"}]
    assert "处方药" in lab.place(lines=lines)["refused"]["reason_zh"]
    barred = [{**lab.lines()[0], "online_barred": True}]
    assert "禁售" in lab.place(order="S2", lines=barred)["refused"]["reason_zh"]
    assert lab.control("GET", "/lab/orders")["orders"] == []
    assert lab.sent("6201") == []


def test_a_refusal_of_the_platform_is_told_and_leaves_nothing_behind():
    lab = Lab()
    assert "refused" in lab.place("丑")
    assert lab.state() == "failed"
    lab.consent("甲", "P11010290003")
    assert lab.place("甲", "S2", org="P11010290003")["refused"]["reason_zh"]


def test_a_refused_pre_settlement_is_withdrawn():
    lab = Lab()
    lab.fault("no_answer_before_commit", "6202")
    lab.place("甲")
    lab.control("POST", "/lab/world", {"change": "institution", "fixmedins_code": SHOP, "suspended": True})
    lab.settle_down()
    assert lab.state() == "failed"
    assert [order["ord_stas"] for order in lab.control("GET", "/lab/orders")["orders"]] == ["12"]


def test_a_failed_order_may_be_placed_anew_and_is_a_second_attempt():
    lab = Lab()
    lab.place()
    lab.fault("core_refuses")
    assert lab.confirm()["ordStas"] == "15"
    lab.settle_down()
    assert lab.state() == "failed"
    assert lab.place()["ok"]["state"] == "not_paid"
    lab.confirm()
    lab.settle_down()
    belief = lab.believe()
    assert (belief["state"], belief["attempts"], len(belief["pay_ord_ids"])) == ("paid", 2, 2)


def test_an_unpaid_order_is_withdrawn_when_its_time_is_up():
    lab = Lab()
    lab.place()
    lab.settle_down()
    assert lab.state() == "cancelled"


def test_a_stale_consent_is_asked_for_again():
    lab = Lab()
    lab.fault("no_answer_before_commit", "6202")
    lab.place("甲")
    lab.advance(9 * 60_000)
    lab.jobs()
    assert lab.state() == "not_paid"
    assert len(lab.sent("6202")) == 1, "6202 waits for a consent that is still good"
    lab.consent("甲")
    lab.perform("check")
    assert len(lab.sent("6202")) == 2
    assert len({line["request"]["reqBizNo"] for line in lab.sent("house.auth.query")}) == 2


@pytest.mark.parametrize("gateway", ["tif", "csb"])
def test_both_gateways_and_the_clear_frame_work(gateway):
    lab = Lab(gateway=gateway, sealed=False)
    lab.place()
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"


@pytest.mark.parametrize(
    "switches",
    [
        {"answer_6202": "2"}, {"close": "hold_5"}, {"legs": "insurance_first"}, {"own_pay_spelling": "ownpayAmt"},
        {"own_pay_spelling": "ownPayAmt"}, {"notices": "none"}, {"notices": "once"}, {"infcode": "string"},
    ],
)  # fmt: skip
def test_what_a_dialect_may_vary_changes_nothing_for_the_buyer(switches):
    lab = Lab(**switches)
    lab.place(delivery_fen=600)
    lab.confirm()
    lab.settle_down()
    belief = lab.believe()
    assert (belief["state"], belief["account_fen"], belief["cash_fen"]) == ("paid", 5000, 3560)


def test_a_region_without_password_settles_at_6202():
    lab = Lab(settle_at="order")
    lab.place("甲")
    lab.settle_down()
    assert lab.state() == "paid"
