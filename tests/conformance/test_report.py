"""The report: what machines read fits its schema, what people read is whole without a network."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conformance import stories, telling
from conformance.drivers import contract
from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding
from conformance.report import plain
from conformance.report.drawing import ACTS, WINDOW, rows, told
from conformance.report.fitting import fitted
from conformance.report.junit import junit
from conformance.report.page import page
from conformance.report.results import Run, results
from conformance.requirement import Edition, Exercise, Requirement
from conformance.verdict import Books, Verdict, judge
from schemas import jsontext, loader
from simulator.domain.world_changes import CHANGES
from simulator.faults.kinds import KINDS
from tests.conformance.written import about, acted, asked, belief, evidence, noticed

HELLO = {
    "vendor": "<b>厂商</b>",
    "product": "shop",
    "version": "1",
    "rails": ["online"],
    "families": [],
    "capabilities": [],
    "contract": "1",
}
EDITION = Edition(
    name="2026.0",
    title=Both("自测要求", "Requirements"),
    frozen="2026-01-01",
    rails={},
    requirements=("unknown/order/asks",),
)
LINES = (
    acted(1, "consent", []),
    about(2, "6202", fault="no_answer_after_commit"),
    about(3, "6202", rule="order_paid"),
    noticed(4),
    about(5, "cash.open"),
)
RECORD = evidence(
    *LINES,
    beliefs=[belief("in_doubt")],
    driver=[asked("perform", {"ok": {"state": "in_doubt"}}, after_seq=2, task="place_order", order="A1")],
)


def finds(record: Evidence, params: Mapping[str, Any]) -> Iterator[Finding]:
    """Breaks twice, once with markup in its words."""
    yield Broken(Both("先查询", "ask first"), Both("<script>直接重发</script>", "sent <again> at once"), (2, 3))
    yield Broken(Both("先查询", "ask first"), Both("又重发", "and again"))


def requirement(id_: str, **more: Any) -> Requirement:
    standard = {
        "level": "must",
        "impact": "money",
        "source": "online-payment 6.1",
        "scenarios": ("written",),
        "probe": finds,
        "observations": 1,
    }
    return Requirement(id=id_, text=Both(f"要求{id_}", f"rule {id_}"), **{**standard, **more})


def never(record: Evidence, params: Mapping[str, Any]) -> Iterator[Finding]:
    yield from ()


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    rules = [
        requirement("unknown/order/asks"),
        requirement("a/b/unseen", probe=never),
        requirement("a/b/soft", level="should"),
        requirement("a/b/blind", probe=None, scenarios=(), unchecked="out of the suite's sight"),
    ]
    return judge(
        EDITION, rules, Books(hello=HELLO, evidence={"written": RECORD}, exercises={"written": Exercise(rail="online")})
    )


@pytest.fixture(scope="module")
def run() -> Run:
    return Run(
        hello=HELLO,
        evidence={"written": RECORD},
        texts={"written": Both("手写场景", "written by hand")},
        seed=7,
        replay=lambda id_: f"yibao-certify run --only {id_}",
        edition_title=EDITION.title,
        made="2026-03-02 09:30:00",
        stale=("observed",),
        score=(("", "in_process", "observed"), ("", "9/9", "3/4"), ("unknown", "7/7", "–")),
    )


@pytest.fixture(scope="module")
def html(verdict: Verdict, run: Run) -> str:
    return page(verdict, run)


def test_results_fit_their_schema(verdict: Verdict, run: Run) -> None:
    document = jsontext.parse(jsontext.compact(results(verdict, run)))
    assert loader.document("suite/results.json").check(document) == []


def test_a_failure_in_the_results_says_everything_needed_to_see_it_again(verdict: Verdict, run: Run) -> None:
    failed = results(verdict, run)["requirements"][0]
    assert failed["outcome"] == "failed"
    assert failed["findings"][0]["lines"] == [2, 3]
    assert failed["findings"][0]["replay"] == "yibao-certify run --only unknown/order/asks"
    assert "[order_paid]" in failed["findings"][0]["answered"][0]["said"]["en"]


def test_the_same_verdict_gives_the_same_results(verdict: Verdict, run: Run) -> None:
    assert results(verdict, run) == results(verdict, run)


def test_junit_counts_untested_as_failure_and_unchecked_as_skipped(verdict: Verdict, run: Run) -> None:
    suite = ElementTree.fromstring(junit(verdict, run)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == (
        "4",
        "2",
        "0",
        "1",
    )
    first = suite.findall("testcase")[0]
    assert (first.get("classname"), first.get("name")) == ("unknown.order", "asks")
    properties = {row.get("name"): row.get("value") for row in first.iter("property")}
    assert properties["id"] == "unknown/order/asks"
    assert properties["seed"] == "7"
    assert properties["evidence"] == "written:2,3; written:"
    failure = first.find("failure")
    assert failure is not None
    assert failure.text is not None
    found, answered, *_ = failure.text.splitlines()
    assert found.startswith("written: 先查询 / ask first → ")
    assert "platform to #3: " in answered
    assert "[order_paid]" in answered


def test_evidence_fits_its_schema_and_can_be_judged_again(verdict: Verdict) -> None:
    document = jsontext.parse(jsontext.compact(RECORD.record))
    assert loader.document("suite/evidence.json").check(document) == []
    assert isinstance(document, dict)
    again = Books(hello=HELLO, evidence={"written": Evidence(document)}, exercises={"written": Exercise(rail="online")})
    assert judge(EDITION, [row.requirement for row in verdict.judged], again).counts() == verdict.counts()


def test_the_page_says_by_area_how_much_the_edition_catches(html: str) -> None:
    table = html[html.index('<table class="score">') :]
    assert "by command" not in table
    assert '<th scope="row">unknown</th><td class="n">7/7</td><td class="n">–</td>' in table
    assert "3/4" in table
    assert table.count("the requirements have changed since") == 1


def test_the_page_opens_with_who_it_is_not_from(html: str) -> None:
    body = html[html.index("<body>") :]
    assert body.index("自测 REHEARSAL – 非国家医疗保障局签发") < body.index("不符合")


def test_the_verdict_stands_before_the_failures_and_these_before_the_rest(html: str) -> None:
    places = [html.index(words) for words in ('class="verdict', "unknown/order/asks", "a/b/unseen", "全部要求")]
    assert places == sorted(places)


def test_the_page_needs_no_network_and_no_script(html: str) -> None:
    assert not re.search(r"(?:src|href)=[\"'](?!#)", html)
    assert "url(" not in html
    assert "<script" not in html


def test_what_a_channel_says_is_shown_as_text(html: str) -> None:
    assert "&lt;script&gt;直接重发" in html
    assert "&lt;b&gt;厂商" in html


def test_every_word_for_people_is_there_in_both_languages(html: str) -> None:
    assert html.count('class="zh"') == html.count('class="en"')
    assert "先查询" in html
    assert "ask first" in html


def test_a_drawing_marks_the_lines_of_its_finding(html: str) -> None:
    assert html.count("marked") >= 2
    assert "no_answer_after_commit" in html


def test_a_drawing_says_faults_and_beliefs_in_plain_words_with_their_names() -> None:
    fault, question = rows(RECORD, ())[1:3]
    assert fault.note == Both(
        "故障：已生效，应答丢失（no_answer_after_commit）", "fault: took effect, answer lost (no_answer_after_commit)"
    )
    assert question.label.zh.startswith(plain.task("place_order").zh)
    assert question.note == Both("→ 结果未知，正在核实（in_doubt）", "→ in_doubt")
    assert plain.fault("unheard_of").en == "unheard_of"


def test_every_task_of_the_contract_and_every_fault_has_plain_words() -> None:
    assert [name for name in contract.tasks() if name not in plain.TASKS] == []
    assert [name for name in KINDS if name not in plain.FAULTS] == []


def test_every_change_of_the_world_has_plain_words() -> None:
    assert [name for name in CHANGES if name not in ACTS] == []


def test_what_arrives_late_has_a_name_in_the_drawing() -> None:
    late = {**about(6, "2102"), "code": "", "direction": "act", "surface": "belated"}
    (row,) = rows(evidence(late), ())
    assert told(row).en == "#6 channel → platform: a message sent before arrives late, nobody waits for its answer"


def test_every_moment_a_story_asks_at_has_plain_words() -> None:
    asked_at = re.compile(r'take_beliefs\(f?"([a-z_]+)')
    names = {name for path in Path(stories.__file__).parent.glob("*.py") for name in asked_at.findall(path.read_text())}
    assert len(names) > 20
    assert sorted(name for name in names if telling.moment(name).en == f"at {name}") == []


def test_a_moment_and_a_state_are_told_as_people_say_them() -> None:
    assert telling.moment("before_confirmation_2").en == "before the buyer confirmed"
    assert telling.moment("unheard_of") == Both("unheard_of", "at unheard_of")
    assert telling.held("paid", "bezahlt") == Both("已支付（paid）或bezahlt", "paid or bezahlt")


def test_a_drawing_shows_questions_acts_messages_and_notices_in_order() -> None:
    drawn = rows(RECORD, (2,))
    assert [(row.way, row.seq, row.tone) for row in drawn] == [
        ("person", 1, "ok"),
        ("right", 2, "fault"),
        ("suite", 0, "belief"),
        ("right", 3, "refused"),
        ("left", 4, "ok"),
        ("right", 5, "ok"),
    ]
    assert [row.seq for row in drawn if row.marked] == [2]
    assert drawn[1].label.zh.startswith("6202")
    assert drawn[5].label.en == "cash desk: open"


def test_a_long_story_is_drawn_around_its_marks() -> None:
    record = evidence(*(about(seq, "6301") for seq in range(1, 200)))
    drawn = rows(record, (150,))
    assert len(drawn) == WINDOW
    assert any(row.marked for row in drawn)


@pytest.mark.parametrize(
    ("text", "room_px", "kept"),
    [
        ("6202 Payment order", 126, "6202 Payment order"),
        ("6202 Payment order", 125, "6202 Payment ord…"),
        ("6202 Payment order", 40, "6202…"),
        ("医保订单结算", 72, "医保订单结算"),
        ("医保订单结算", 71, "医保订单…"),
        ("", 0, ""),
    ],
)
def test_a_text_beside_an_arrow_takes_no_more_room_than_there_is(text: str, room_px: int, kept: str) -> None:
    assert fitted(text, room_px) == kept
