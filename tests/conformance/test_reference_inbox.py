"""The inbox: verified, matched, stored, then acknowledged; a hint and no more."""

import pytest

from conformance.channels.reference.adapter.configuring import settings_from
from schemas import jsontext
from simulator.wire.sealed import Credentials, open_answer, seal
from simulator.wire.sm2 import PrivateKey
from simulator.worlds.keyring import channel_keys
from tests.conformance.reference_lab import Lab

NOW = "20240701100000"


class Post:
    """The platform's pen: seals notices to the lab's channel and reads its answers."""

    def __init__(self, lab, *, private=None):
        keys = channel_keys(7, lab.registered["name"])
        own = settings_from(lab.configuration()).credentials
        self.lab = lab
        self.credentials = Credentials(
            own.app_id, own.app_secret, private=private or keys.platform_private, peer=keys.private.public
        )

    def notice(self, **changes):
        """The true notice of order S1, with changes."""
        (order,) = self.lab.control("GET", "/lab/orders")["orders"]
        told = {
            "payOrdId": order["pay_ord_id"], "callType": "02", "medOrgOrd": order["med_org_ord"],
            "traceTime": NOW, "feeSumamt": "79.60", "ownPayAmt": "29.60", "psnAcctPay": "50.00", "fundPay": "0.00",
            "orgName": "测试药店", "setlType": "ALL", "hiChrgTime": "100000", "hiDocSn": "S1", "hiRgstSn": "V1",
            "revsToken": "REV1",
        }  # fmt: skip
        return {**told, **changes}

    def deliver(self, data):
        """Seal, hand over, read: whether it was taken."""
        answer = self.lab.platform.inboxes["reference"](seal(self.credentials, data, timestamp=NOW))
        if "signData" not in jsontext.parse(answer):
            return jsontext.parse(answer)["success"]
        opened = open_answer(answer, self.credentials)
        assert opened.signed
        return opened.data["success"]


@pytest.fixture
def lab():
    """A lab with order S1 waiting for its buyer."""
    lab = Lab()
    lab.place()
    return lab


def test_a_true_notice_is_taken_and_makes_us_ask(lab):
    assert Post(lab).deliver(Post(lab).notice()) is True
    assert lab.state() == "in_doubt"
    assert lab.sent("6301") == []
    lab.jobs()
    assert len(lab.sent("6301")) == 1
    assert lab.state() == "not_paid", "6301 decides, whatever a notice said"


def test_the_same_notice_twice_is_taken_twice_and_counts_once(lab):
    post = Post(lab)
    assert post.deliver(post.notice()) is True
    lab.jobs()
    assert post.deliver(post.notice()) is True
    lab.jobs()
    assert len(lab.sent("6301")) == 1


def test_a_notice_signed_by_somebody_else_is_turned_away(lab):
    forger = Post(lab, private=PrivateKey.from_seed("TEST-ONLY forger"))
    assert forger.deliver(forger.notice()) is False
    assert lab.state() == "not_paid"
    lab.jobs()
    assert lab.sent("6301") == []


@pytest.mark.parametrize("changes", [{"payOrdId": "ORD110100202407011000009999999"}, {"medOrgOrd": "M9"}])
def test_a_notice_about_somebody_elses_order_is_not_ours(lab, changes):
    post = Post(lab)
    assert post.deliver(post.notice(**changes)) is False
    assert lab.state() == "not_paid"


@pytest.mark.parametrize(
    "changes",
    [
        {"feeSumamt": "80.60", "psnAcctPay": "51.00"}, {"psnAcctPay": "51.00"}, {"psnAcctPay": "many"},
        {"feeSumamt": "79.6", "fundPay": "79.60", "ownPayAmt": "0.00", "psnAcctPay": "0.00"},
    ],
)  # fmt: skip
def test_a_notice_whose_amounts_are_not_ours_is_not_confirmed(lab, changes):
    post = Post(lab)
    assert post.deliver(post.notice(**changes)) is False


def test_a_notice_without_a_required_field_is_not_confirmed(lab):
    post = Post(lab)
    assert post.deliver({name: value for name, value in post.notice().items() if name != "setlType"}) is False


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"appId":"x"}', b'{"success":true}'])
def test_rubbish_is_turned_away(lab, raw):
    assert jsontext.parse(lab.platform.inboxes["reference"](raw))["success"] is False


def test_a_clear_notice_is_turned_away_by_a_channel_that_seals(lab):
    clear = Credentials(
        Post(lab).credentials.app_id, "x", Post(lab).credentials.private, Post(lab).credentials.peer, enc_type="plain"
    )
    raw = seal(clear, Post(lab).notice(), timestamp=NOW)
    assert jsontext.parse(lab.platform.inboxes["reference"](raw))["success"] is False


def test_the_cashiers_notice_of_an_order_is_taken_beside_that_of_its_payment(lab):
    post = Post(lab)
    printed = ("payOrdId", "medOrgOrd", "feeSumamt", "ownPayAmt", "psnAcctPay", "fundPay", "thdPayType")
    told = {name: post.notice(thdPayType="CENTRE")[name] for name in printed}
    assert post.deliver(told) is True
    lab.jobs()
    assert lab.state() == "not_paid" and len(lab.sent("6301")) == 1
    assert post.deliver(post.notice()) is True
    lab.jobs()
    assert len(lab.sent("6301")) == 2
    assert post.deliver({**told, "feeSumamt": "80.60"}) is False


def test_both_spellings_of_the_cash_field_are_read(lab):
    post = Post(lab)
    told = post.notice()
    told["ownpayAmt"] = told.pop("ownPayAmt")
    assert post.deliver(told) is True


def test_a_notice_that_comes_while_6202_is_unanswered_is_taken_and_asked_about():
    lab = Lab(settle_at="order")
    lab.fault("no_answer_after_commit", "6202")
    lab.place("甲")
    assert lab.state() == "in_doubt"
    assert [notice["success"] for notice in lab.notices()] == [True]
    lab.jobs()
    assert lab.state() == "paid"


def test_a_late_notice_changes_nothing_of_a_refunded_order():
    lab = Lab()
    lab.place("甲")
    lab.confirm()
    lab.fault("late_notice", params={"ms": 7_200_000})
    lab.notices()
    lab.perform("check")
    lab.perform("refund")
    assert lab.state() == "refunded"
    lab.advance(7_300_000)
    assert [notice["success"] for notice in lab.notices()] == [True]
    lab.jobs()
    assert lab.state() == "refunded"
    assert len(lab.ledger("BACK")) == 1


def test_before_configure_nothing_is_taken():
    lab = Lab()
    fresh = lab.driver._driver._around
    adapter = type(lab.driver._driver._adapter)(fresh)
    with pytest.raises(ConnectionError):
        adapter.receive(b"{}")
