"""The sound channel where the platform gives nothing beyond the texts: it signs in anew, asks the buyer anew."""

import pytest

from tests.conformance.reference_lab import Lab
from tests.conformance.test_reference_counter import sell

HOUR_MS = 3_600_000
MINUTE_MS = 60_000


def codes(lab: Lab) -> list[str]:
    return [line["code"] for line in lab.control("GET", "/lab/journal")["lines"] if line["direction"] == "in"]


def test_a_question_is_asked_again_at_once_under_a_new_sign_in():
    lab = Lab(sign_in="hour")
    sell(lab, order="S1")
    lab.advance(HOUR_MS + MINUTE_MS)
    assert sell(lab, who="甲", order="S2")["ok"]["state"] == "paid"
    assert codes(lab)[4:] == ["1101", "9001", "1101", "2101", "2102"]


def test_a_sale_refused_for_its_sign_in_leaves_again_under_another_message_id():
    lab = Lab(sign_in="newest")
    lab.fault("sign_in_expired", "2102")
    sell(lab)
    lab.settle_down()
    assert lab.state() == "paid"
    first, second = lab.sent("2102")
    assert first["refusal"]["rule"] == "sign_no_invalid"
    assert first["msgid"] != second["msgid"]


@pytest.mark.parametrize("code", ["6201", "6202"])
def test_a_lapsed_consent_is_renewed_and_the_same_order_goes_on(code):
    lab = Lab(pay_auth_ms=2 * MINUTE_MS)
    lab.fault("no_answer_before_commit", code)
    lab.place()
    lab.advance(3 * MINUTE_MS)
    lab.jobs()
    assert lab.sent(code)[-1]["refusal"]["rule"] == "consent_expired"
    lab.consent("己")
    lab.perform("check")
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"
    assert len({line["keys"]["payOrdId"] for line in lab.sent("6202")}) == 1
