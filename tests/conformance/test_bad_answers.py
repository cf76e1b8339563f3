"""An adapter that answers nonsense: each answer has its check, with words that end and a way out that can be gone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.channels.reference.sound import SOUND
from conformance.cli import running
from conformance.drivers.driver import Answer
from conformance.drivers.validated import Validated
from conformance.findings import UNSAID, Both
from conformance.suite import start
from conformance.suite.checkup import checkup
from conformance.suite.preflight import Check, preflight
from conformance.suite.reach import in_process
from conformance.suite.run import Bench

Json = dict[str, Any]
TAPERS_OFF = re.compile(r"[:：,，;；、]\s*$|: (?=;)|：(?=；)")
"""A text that promises more and ends."""
SAYS_NO: Json = {"reason_zh": "今天不卖", "reason_en": "not selling today"}


class Twisted:
    """The sound channel's adapter, but for one verb."""

    def __init__(self, verb: str, answer: Any) -> None:
        reached = start.in_process()
        self.bench = Bench(control=reached.control, base_url=reached.base_url, seed=1)
        self._inner, self._verb, self._answer = in_process(SOUND, "reference", reached), verb, answer

    def ask(self, verb: str, body: Json) -> Answer:
        told = self._inner.ask(verb, body)
        return self._answer if verb == self._verb else told

    def close(self) -> None:
        self._inner.close()


def by_check(twisted: Twisted) -> Iterator[Check]:
    return checkup(twisted.bench, twisted)


def by_preflight(twisted: Twisted) -> Iterator[Check]:
    return preflight(twisted.bench, Validated(twisted))


TABLE: list[tuple[str, Any, Callable[[Twisted], Iterator[Check]], str]] = [
    ("hello", {}, by_check, "must hold exactly one of: ok, refused, unable, unsupported"),
    ("hello", {"ok": {}, "refused": SAYS_NO}, by_preflight, "must hold exactly one of: ok, refused"),
    ("hello", {"unsupported": True}, by_preflight, "not answered with ok"),
    ("hello", {"refused": {}}, by_preflight, "reason_zh is required"),
    ("configure", {}, by_check, "must hold exactly one of"),
    ("configure", {"unsupported": True}, by_preflight, "configure was answered: unsupported"),
    ("configure", {"refused": SAYS_NO}, by_preflight, "refused: not selling today"),
    ("reset", {"yes": 1}, by_check, "must hold exactly one of"),
    ("recite_poetry", {"ok": {}}, by_preflight, '{"ok":{}}'),
    ("perform", {"refused": SAYS_NO}, by_check, '{"refused":{"reason_zh":"今天不卖"'),
    ("perform", {"ok": {"order": "A1", "state": "happy"}}, by_preflight, "must be one of: not_sent, in_doubt, paid"),
    ("perform", {}, by_preflight, "must hold exactly one of"),
    ("believe", {"ok": {}}, by_preflight, "order is required"),
    ("believe", {"unsupported": True}, by_preflight, "unsupported"),
    ("list", {"ok": {"orders": "none"}}, by_check, "orders must be an array"),
]


@pytest.mark.parametrize(("verb", "answer", "way", "told"), TABLE)
def test_nonsense_is_told_in_words_that_end(
    verb: str, answer: Any, way: Callable[[Twisted], Iterator[Check]], told: str
) -> None:
    wrong = [check for check in way(Twisted(verb, answer)) if not check.ok]
    assert told in " ".join(check.seen.en for check in wrong)
    for check in wrong:
        assert_finished(check)


def assert_finished(check: Check) -> None:
    for both in (check.what, check.expected, check.seen, check.hint):
        for text in both:
            assert text and not TAPERS_OFF.search(text), both
            assert "{'" not in text, "the contract speaks JSON, not Python"


def test_a_trial_order_that_the_platform_refused_says_which_rule_and_what_was_said() -> None:
    class SellsTheUnknown(Twisted):
        def ask(self, verb: str, body: Json) -> Answer:
            if verb == "perform" and body["task"] == "place_order":
                body = {**body, "lines": [{**body["lines"][0], "med_list_codg": "XA00000000000000000000"}]}
            return self._inner.ask(verb, body)

    wrong = [check for check in by_preflight(SellsTheUnknown("", None)) if not check.ok]
    assert [check.what.en for check in wrong] == ["one ordinary order goes all the way"]
    assert re.search(r"; the platform refused 6201: \[\d+ unknown_drug\] .*; way out: find the drug", wrong[0].seen.en)
    assert any("6201" in line.en and "unknown_drug" in line.en for line in wrong[0].story)
    assert "yibao-simulator serve" in wrong[0].hint.en


def test_a_line_of_nothing_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    check = Check(what=Both("甲", "a"), ok=False, seen=Both("乙", "b"), story=(Both("#1 丙", "#1 c"),))
    running.show_check(check)
    printed = capsys.readouterr().out
    assert "b" in printed and "#1 c" in printed
    assert "expected" not in printed and check.hint == UNSAID
