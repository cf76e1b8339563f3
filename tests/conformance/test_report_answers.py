"""What a finding shows of the answers around it: the channel's to notices and to the suite, and the platform's noes."""

from conformance import telling
from conformance.evidence import Line
from conformance.findings import UNSAID
from conformance.report.answers import MOST, answers
from tests.conformance.written import about, asked, evidence, noticed

NO = {"reason_zh": "状态不允许", "reason_en": "not in this state"}
RECORD = evidence(
    about(1, "6201"),
    about(2, "6202", rule="order_paid"),
    noticed(3, outcome="refused"),
    about(4, "6301"),
    driver=[
        asked("perform", {"ok": {"state": "paid", "pay_ord_id": "ORD1"}}, after_seq=2, task="place_order", order="A1"),
        asked("believe", {"ok": {"state": "not_paid"}}, after_seq=4, order="A1"),
        asked("perform", {"refused": NO}, after_seq=4, task="ship", order="A1"),
        asked("perform", {"unsupported": True}, after_seq=4, task="place_order", order="B1"),
    ],
)


def told(*marked: int) -> list[str]:
    return [f"{answer.to.en}: {answer.said.en}" for answer in answers(RECORD, marked)]


def test_a_refused_message_shows_rule_and_text_and_what_the_channel_then_said() -> None:
    first, *rest = told(2)
    assert first == "platform to #2: the platform refused 6202: [order_paid] refused"
    assert any("order A1" in one and '"state":"paid"' in one for one in rest)
    assert not any("B1" in one for one in rest)


def test_a_notice_shows_what_the_inbox_answered() -> None:
    assert 'channel to notice #3 6302: HTTP 200 {"success":false}' in told(3)


def test_with_no_line_named_every_unconfirmed_notice_and_the_last_answers_are_shown() -> None:
    shown = told()
    assert any("notice #3" in one for one in shown)
    assert any(one.endswith("refused: not in this state") for one in shown)
    assert any(one.endswith(": unsupported") for one in shown)
    assert len(shown) <= MOST


def test_the_way_out_and_the_code_stand_with_the_rule() -> None:
    line = about(1, "6202", rule="order_closed")
    line["refusal"] |= {"code": 409, "way_zh": "重新下单", "way_en": "order anew"}
    both = telling.refused(Line(line))
    assert both.en == "the platform refused 6202: [409 order_closed] refused; way out: order anew"
    assert both.zh.endswith("；出路：重新下单")
    assert telling.refused(Line(about(1, "6202"))) == UNSAID


def test_a_notice_nobody_answered_says_so_and_long_answers_are_cut() -> None:
    silent = noticed(1) | {"status": 0}
    assert telling.acknowledged(Line(silent)).en == "no answer"
    long = noticed(1) | {"answer": {"text": "长" * 1000}}
    assert len(telling.acknowledged(Line(long)).en) < telling.LONGEST + 20
