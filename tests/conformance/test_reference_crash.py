"""Killed in the middle: what the notes keep, and how a channel goes on. In process, and as a real process."""

import pytest

from conformance.channels.reference.channel import Channel
from conformance.channels.reference.notebook import Notebook, open_notebook
from conformance.channels.reference.orders import (
    Cash,
    CashRefund,
    Consent,
    Line,
    Order,
    Payer,
    Payment,
    Refund,
    Sale,
    Split,
    read,
)
from schemas import jsontext
from tests.conformance.reference_lab import Lab
from tests.conformance.test_reference_counter import sell

SPLIT = Split(total_fen=100, cash_fen=40, account_fen=60, fund_fen=0)
BUYER = Payer(
    psn_no="1", psn_name="测试", certno="9", psn_cert_type="01", psn_type="11", insutype="310", insuplc_admdvs="110100",
)  # fmt: skip
FULL = Order(
    order="S1", rail="online", org="P11010590001", total_fen=100, created_ms=1, user="u", step="ask", due_ms=5, tries=2,
    lines=(Line(med_list_codg="X", cnt="1", pric="1.00", fen=100, name="甲药"),), pending="6202", wish="refund",
    consent=Consent(req_biz_no="A1", pay_auth_no="AUTH1", at_ms=3), payer=BUYER,
    payment=Payment(med_org_ord="M1", pay_ord_id="ORD1", pay_token="TKN", split=SPLIT), earlier=("ORD0",),
    cash=Cash(out_trade_no="T1", cash_fen=40, freight_fen=5, refunds=(CashRefund(refund_no="D1", part="cash", fen=4),)),
    refund=Refund(app_refd_sn="R1", at_ms=4, pay_auth_no="AUTH1"),
    sale=Sale(mdtrt_cert_type="02", mdtrt_cert_no="9", quoted=SPLIT),
)  # fmt: skip


def test_a_note_reads_back_as_it_was_written():
    assert read(jsontext.parse(jsontext.compact(FULL))) == FULL


def test_notes_in_a_file_outlive_the_notebook(tmp_path):
    path = str(tmp_path / "notes.sqlite")
    notebook = Notebook(open_notebook(path))
    notebook.keep(FULL)
    assert notebook.next_number("serial") == 1
    assert notebook.note("6302/ORD1", "S1", {"payOrdId": "ORD1"}, 7)
    notebook.keep_sign_no("P1", "20240701", "N1")
    notebook.keep_fact("inbox_port", "8123")
    del notebook
    again = Notebook(open_notebook(path))
    assert again.order("S1") == again.order_by_payment("ORD1") == FULL
    assert again.next_number("serial") == 2
    assert [noted.order for noted in again.unheeded()] == ["S1"]
    assert not again.note("6302/ORD1", "S1", {}, 8)
    assert again.sign_no("P1", "20240701") == "N1"
    assert again.sign_no("P1", "20240702") == ""
    assert again.fact("inbox_port") == "8123"
    assert (again.due(4), again.due(5), again.next_due_ms()) == ([], ["S1"], 5)


def test_nothing_is_due_for_an_order_that_rests():
    notebook = Notebook(open_notebook())
    notebook.keep(Order(order="S1", rail="online", org="P", lines=(), total_fen=0, created_ms=0, step="", due_ms=9))
    assert notebook.next_due_ms() is None


@pytest.mark.parametrize("code", ["6201", "6202"])
def test_killed_between_sending_and_storing_the_channel_goes_on_where_it_stood(code):
    lab = Lab()
    lab.ask("restart", {"point": f"after_send:{code}"})
    assert lab.place()["unable"]["reason_en"] == f"crashed at after_send:{code}"
    assert lab.state() == "in_doubt"
    lab.advance(2_000)
    lab.jobs()
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"
    assert len(lab.ledger("PAY")) == 1
    assert len({line["request"]["medOrgOrd"] for line in lab.sent("6201")}) == 1
    assert len(lab.sent("6202")) == 1


def test_killed_after_sending_6202_it_asks_before_it_sends_anything():
    lab = Lab()
    lab.ask("restart", {"point": "after_send:6202"})
    lab.place()
    before = len(lab.control("GET", "/lab/journal")["lines"])
    lab.advance(2_000)
    lab.jobs()
    spoken = [
        line["code"] for line in lab.control("GET", "/lab/journal")["lines"][before:] if line["direction"] == "in"
    ]
    assert spoken[0] == "6301"


def test_killed_in_the_middle_of_a_refund_it_refunds_once():
    lab = Lab()
    lab.place("甲")
    lab.confirm()
    lab.settle_down()
    lab.ask("restart", {"point": "after_send:6203"})
    assert "unable" in lab.perform("refund")
    assert lab.state() == "refunding"
    lab.settle_down()
    assert lab.state() == "refunded"
    assert len(lab.ledger("BACK")) == len(lab.sent("6203")) == 1


def test_killed_after_sending_2102_it_reverses_the_noted_message_once():
    lab = Lab()
    lab.ask("restart", {"point": "after_send:2102"})
    assert "unable" in sell(lab)
    assert lab.state() == "in_doubt"
    lab.settle_down()
    assert lab.state() == "cancelled"
    (sale,), (reversal,) = lab.sent("2102"), lab.sent("2601")
    assert reversal["request"]["data"]["omsgid"] == sale["msgid"]


def test_killed_after_sending_2601_nothing_is_repeated():
    lab = Lab()
    lab.fault("no_answer_after_commit", "2102")
    sell(lab)
    lab.ask("restart", {"point": "after_send:2601"})
    lab.advance(2_000)
    assert "unable" in lab.ask("jobs", {"job": "all"})
    lab.settle_down()
    assert lab.state() == "manual_review"
    assert len(lab.sent("2601")) == 1


def test_killed_before_it_acknowledges_the_notice_is_there_and_comes_again():
    lab = Lab()
    lab.place()
    lab.confirm()
    lab.ask("restart", {"point": "after_notice_before_ack"})
    assert [notice["success"] for notice in lab.notices()] == [None]
    assert lab.state() == "in_doubt"
    lab.settle_down()
    assert lab.state() == "paid"
    assert len(lab.ledger("PAY")) == 1


def test_a_restart_now_loses_nothing():
    lab = Lab()
    lab.place()
    before = lab.believe()
    assert lab.ask("restart", {"point": "now"})["unable"]["reason_en"] == "crashed at now"
    assert lab.believe() == before
    lab.confirm()
    lab.settle_down()
    assert lab.state() == "paid"


def test_an_order_in_the_middle_of_its_steps_is_due_after_a_restart():
    notebook = Notebook(open_notebook())
    lab = Lab()
    notebook.keep(
        Order(order="S7", rail="online", org="P", lines=(), total_fen=0, created_ms=4, step="consent", due_ms=4)
    )
    assert notebook.due(4) == ["S7"]
    assert isinstance(lab.driver._driver._adapter._ready(), Channel)
