"""From results to an exit code: violations first, then what makes a run void, then the limits."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from loadtests import report, writing
from loadtests.books import PACED, Books, Health, Traffic, count_traffic
from loadtests.campaign import Progress
from loadtests.judgement import OK, VIOLATIONS, VOID, bound, judge
from loadtests.load_profile import ProfileError
from schemas import jsontext
from tests.loadtests.sound_books import books, changed

SOUND = books()
WRONG_BELIEF = changed(SOUND.beliefs, 4, state="paid")
DOUBT = changed(SOUND.beliefs, 4, state="in_doubt")
REVIEW = changed(SOUND.beliefs, 4, state="manual_review")
SICK = Health(spent_ms=1, failed=2, failures=("place 7: KeyError: 'x'",))
LATE = Health(mode=PACED, spent_ms=1, late=1, worst_late_ms=4_000)

OUTCOMES = [
    ("all in order", SOUND, OK, ""),
    ("a violation", books(beliefs=WRONG_BELIEF), VIOLATIONS, ""),
    (
        "a violation of a sick generator",
        books(beliefs=WRONG_BELIEF, health=SICK),
        VIOLATIONS,
        "KeyError",
    ),
    ("failures of our own", books(health=SICK), VOID, "KeyError"),
    ("failures of the platform's own", books(traffic=Traffic(errors=1)), VOID, "on its own account"),
    ("stopped early", books(health=Health(stopped_early=True)), VOID, "stopped before its end"),
    ("orders never placed", books(begun=SOUND.begun - {"failed"}), VOID, "1 orders of the plan"),
    ("late arrivals in real time", books(health=LATE), VOID, "late"),
    ("late arrivals while the clock jumps", books(health=replace(LATE, mode="compressed")), OK, ""),
    ("nothing was bought", books(counted=frozenset()), VOID, "every counted success"),
    ("too many calls", books(traffic=Traffic(calls=46)), VIOLATIONS, ""),
    ("doubt at the end", books(beliefs=DOUBT), VIOLATIONS, ""),
    ("an order left to a person", books(beliefs=REVIEW), VIOLATIONS, ""),
    ("a notice never confirmed", books(orders=changed(SOUND.orders, 0, ord_stas="4")), VIOLATIONS, ""),
    ("limits of a void run are not judged", books(beliefs=DOUBT, health=SICK), VOID, "KeyError"),
]


@pytest.mark.parametrize(("what", "kept", "code", "why"), OUTCOMES, ids=[row[0] for row in OUTCOMES])
def test_a_run_comes_to_its_word(what: str, kept: Books, code: int, why: str) -> None:
    judged = judge(kept)
    assert judged.exit_code == code
    assert why in " ".join(reason.en for reason in judged.void)
    assert bool(judged.void) == bool(why)


def test_a_run_without_orders_is_void_and_never_green() -> None:
    empty = books(
        asked=[],
        begun=frozenset(),
        counted=frozenset(),
        beliefs=[],
        transfers=[],
        accounts={},
        orders=[],
        cash=[],
        statements=[],
    )
    assert judge(empty).exit_code == VOID


@pytest.mark.parametrize(
    ("orders", "text"),
    [(1_000, "0.3000 %"), (15_000, "0.0200 %"), (30, "10.0000 %"), (3_000_000, "0.0001 %"), (0, "-")],
)
def test_zero_violations_come_with_their_bound(orders: int, text: str) -> None:
    assert bound(orders) == text


def test_the_text_says_the_outcome_in_both_languages_and_names_what_broke() -> None:
    kept = books(beliefs=WRONG_BELIEF)
    text = report.text(kept, judge(kept))
    assert "不合格" in text and "not good" in text
    assert "failed 渠道认为paid" in text
    assert "95 %" not in text
    assert "95 % upper bound about 60.0000 %" in report.text(SOUND, judge(SOUND))


def test_the_results_are_json_without_fractions() -> None:
    told = jsontext.parse(jsontext.compact(report.results(SOUND, judge(SOUND))))
    assert isinstance(told, dict)
    assert told["exit_code"] == OK and told["violations"] == 0 and told["bound_95"] == "60.0000 %"
    assert {row["rule"] for row in told["rules"]} >= {"counted-once", "paid-once", "beliefs-equal-ledger"}


def test_junit_counts_what_failed_and_what_saw_nothing() -> None:
    kept = books(beliefs=WRONG_BELIEF, health=SICK, traffic=Traffic(calls=46))
    suite = ElementTree.fromstring(report.junit(kept, judge(kept)))
    failed = {str(case.get("name")) for case in suite if case.find("failure") is not None}
    assert failed == {"beliefs-equal-ledger", "calls-per-hundred", "valid"}
    assert suite.get("failures") == "3" and suite.get("tests") == str(len(suite))
    unseen = books(transfers=SOUND.transfers[:4])
    skipped = ElementTree.fromstring(report.junit(unseen, judge(unseen))).findall("./testcase/skipped")
    assert len(skipped) == 1


def test_many_findings_are_shown_in_part_and_kept_whole() -> None:
    stray = books(counted=SOUND.counted | {f"stray {number}" for number in range(30)})
    text, results = report.text(stray, judge(stray)), report.results(stray, judge(stray))
    assert "20 more" in text
    assert len(results["rules"][0]["findings"]) == 30


def test_the_journal_is_counted_line_by_line() -> None:
    line = {"direction": "in", "code": "6202", "outcome": "ok", "refusal": None, "fault": None, "error": ""}
    told = count_traffic(
        [
            line,
            {**line, "refusal": {"rule": "order_paid"}},
            {**line, "fault": {"name": "slow"}, "error": "KeyError"},
            {**line, "direction": "out", "code": "6302"},
            {"direction": "act", "code": "consent", "fault": None},
        ]
    )
    assert (told.calls, told.notices, told.errors) == (3, 1, 1)
    assert told.by_code == {"6202": 3, "6302": 1}
    assert (told.refused, told.struck) == ({"order_paid": 1}, {"slow": 1})


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format":"0"}', b'{"format":"1","run":{}}'])
def test_a_file_that_is_no_books_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "books.json"
    path.write_bytes(content)
    with pytest.raises(ProfileError, match=r"JSON|books\.json"):
        writing.read_books(path)


def test_progress_goes_over_a_line_and_other_lines_are_left_alone() -> None:
    progress = Progress(placed=1, paid=2, planned=3, now_ms=4)
    assert writing.read_progress(writing.progress_line(progress)) == progress
    assert writing.read_progress("Type     Name") is None
    assert writing.read_progress('{"progress":{}}') is None
    assert writing.read_progress('{"progress"') is None
