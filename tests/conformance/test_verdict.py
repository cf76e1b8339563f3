"""The verdict as a table: what the record shows, and the one word that follows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.requirement import Edition, Exercise, RailNeeds, Requirement
from conformance.verdict import Books, Verdict, judge
from tests.conformance.written import evidence

HELLO = {"rails": ["online"], "families": ["payment"], "capabilities": ["clock", "jobs"]}
NEEDS = {"online": RailNeeds(families=("payment",), capabilities=("clock", "jobs"))}
EDITION = Edition(name="2026.0", title=Both("要求", "rules"), frozen="2026-01-01", rails=NEEDS, requirements=("a/b/c",))
EXERCISES = {
    "written": Exercise(rail="online"),
    "with-restart": Exercise(rail="online", needs=("restart",)),
    "at-counter": Exercise(rail="counter"),
    "with-clock": Exercise(rail="online", needs=("clock",)),
    "with-stock": Exercise(rail="online", families=("stock",)),
}
FAULT = {"faults_of_suite": [{"zh": "我们的错", "en": "ours"}]}


def says(evidence_: Evidence, params: Mapping[str, Any]) -> Iterator[Finding]:
    """A probe that finds what its params say."""
    yield from (Held() for _ in range(params.get("held", 0)))
    yield from (Broken(Both("期望", "expected"), Both("实际", "seen"), (1,)) for _ in range(params.get("broken", 0)))


def rule(
    *, level: str = "must", scenarios: tuple[str, ...] = ("written",), observations: int = 1, **params: int
) -> Requirement:
    return Requirement(
        id="a/b/c",
        text=Both("规则", "rule"),
        level=level,
        impact="money",
        source="house",
        scenarios=scenarios,
        probe=says,
        probe_name="says",
        params=params,
        observations=observations,
    )


def judged(
    requirement: Requirement,
    record: Evidence | None = None,
    *,
    hello: dict[str, Any] = HELLO,
    edition: Edition = EDITION,
) -> Verdict:
    played = {"written": record or evidence()}
    return judge(edition, [requirement], Books(hello=hello, evidence=played, exercises=EXERCISES))


@pytest.mark.parametrize(
    ("requirement", "record", "outcome", "overall", "code"),
    [
        (rule(held=1), None, "passed", "conformant", 0),
        (rule(broken=1), None, "failed", "not_conformant", 1),
        (rule(held=9, broken=1), None, "failed", "not_conformant", 1),
        (rule(level="should", broken=1), None, "warned", "conformant", 0),
        (rule(level="may", broken=1), None, "passed", "conformant", 0),
        (rule(), None, "untested", "incomplete", 2),
        (rule(held=1, observations=2), None, "untested", "incomplete", 2),
        (rule(level="should"), None, "untested", "incomplete", 2),
        (rule(held=1), evidence(**FAULT), "suite_error", "suite_error", 4),
        (rule(broken=1), evidence(**FAULT), "suite_error", "suite_error", 4),
        (
            rule(held=1, observations=2),
            evidence(broken_off={"zh": "断了", "en": "hung up"}),
            "untested",
            "incomplete",
            2,
        ),
        (rule(broken=1), evidence(broken_off={"zh": "断了", "en": "hung up"}), "untested", "incomplete", 2),
        (rule(held=9), evidence(broken_off={"zh": "断了", "en": "hung up"}), "untested", "incomplete", 2),
        (rule(scenarios=("at-counter",)), None, "not_applicable", "incomplete", 2),
        (rule(scenarios=("with-restart",)), None, "not_applicable", "incomplete", 2),
        (rule(scenarios=("with-clock",)), None, "untested", "incomplete", 2),
        (rule(scenarios=("with-stock",)), None, "not_applicable", "incomplete", 2),
        (rule(held=1, scenarios=("written", "at-counter", "with-restart")), None, "passed", "conformant", 0),
        (rule(held=1, scenarios=("written", "with-stock")), None, "passed", "conformant", 0),
    ],
)
def test_one_outcome_follows(
    requirement: Requirement, record: Evidence | None, outcome: str, overall: str, code: int
) -> None:
    verdict = judged(requirement, record)
    assert (verdict.judged[0].outcome, verdict.overall, verdict.exit_code) == (outcome, overall, code)


@pytest.mark.parametrize(
    ("rails", "held", "needed", "outcome"),
    [
        (["online"], 2, 2, "passed"),
        (["online"], 1, 2, "untested"),
        (["online", "counter"], 2, 3, "untested"),
        (["online", "counter"], 3, 3, "passed"),
    ],
)
def test_a_channel_of_one_rail_owes_the_share_of_that_rail(
    rails: list[str], held: int, needed: int, outcome: str
) -> None:
    requirement = rule(scenarios=("written", "at-counter"), observations=3, held=held)
    (row,) = judged(requirement, hello={**HELLO, "rails": rails}).judged
    assert (row.outcome, row.needed) == (outcome, needed)


def test_a_needed_capability_that_is_not_claimed_is_untested_and_named() -> None:
    edition = replace(EDITION, rails={"online": RailNeeds(families=(), capabilities=("restart",))})
    verdict = judged(rule(scenarios=("with-restart",)), edition=edition)
    assert verdict.judged[0].outcome == "untested"
    assert "restart" in verdict.judged[0].why.en
    assert [gap.en for gap in verdict.gaps] == ["rail online needs capability restart, not claimed"]


def test_a_rule_about_a_family_the_edition_needs_is_untested_without_it() -> None:
    edition = replace(EDITION, rails={"online": RailNeeds(families=("stock",), capabilities=())})
    verdict = judged(rule(scenarios=("with-stock",)), edition=edition)
    assert verdict.judged[0].outcome == "untested"
    assert "stock" in verdict.judged[0].why.en
    assert [gap.en for gap in verdict.gaps] == ["rail online needs family stock, not claimed"]


def test_a_family_left_to_the_channel_does_not_block_one_that_lacks_it() -> None:
    optional = replace(rule(scenarios=("with-stock",)), id="a/b/d")
    books = Books(hello=HELLO, evidence={"written": evidence()}, exercises=EXERCISES)
    verdict = judge(EDITION, [optional, rule(held=1)], books)
    assert (verdict.overall, verdict.count("not_applicable")) == ("conformant", 1)


def test_a_family_that_is_claimed_is_judged() -> None:
    played = {"with-stock": evidence()}
    books = Books(hello={**HELLO, "families": ["payment", "stock"]}, evidence=played, exercises=EXERCISES)
    verdict = judge(EDITION, [rule(broken=1, scenarios=("with-stock",))], books)
    assert verdict.judged[0].outcome == "failed"


def test_a_missing_family_makes_the_result_incomplete_even_if_everything_passed() -> None:
    verdict = judged(rule(held=1), hello={**HELLO, "families": []})
    assert (verdict.overall, verdict.gaps[0].en) == ("incomplete", "rail online needs family payment, not claimed")


def test_a_channel_without_a_rail_is_never_conformant() -> None:
    assert judged(rule(held=1), hello={**HELLO, "rails": []}).overall == "incomplete"


def test_nothing_judged_is_never_conformant() -> None:
    assert judge(EDITION, [], Books(hello=HELLO, evidence={}, exercises=EXERCISES)).overall == "incomplete"


def test_what_nobody_can_check_is_listed_and_never_blocks() -> None:
    listed = replace(rule(), id="a/b/d", probe=None, scenarios=(), unchecked="out of the suite's sight")
    verdict = judge(
        EDITION, [listed, rule(held=1)], Books(hello=HELLO, evidence={"written": evidence()}, exercises=EXERCISES)
    )
    assert (verdict.overall, verdict.count("unchecked")) == ("conformant", 1)


def test_the_worst_comes_first_and_money_before_hygiene() -> None:
    rules = [
        replace(rule(held=1), id="p"),
        replace(rule(broken=1), id="h", impact="hygiene"),
        replace(rule(broken=1), id="m"),
        replace(rule(), id="u"),
        replace(rule(level="should", broken=1), id="w"),
    ]
    verdict = judge(EDITION, rules, Books(hello=HELLO, evidence={"written": evidence()}, exercises=EXERCISES))
    assert [row.requirement.id for row in verdict.judged] == ["m", "h", "u", "w", "p"]


def test_the_same_record_gives_the_same_verdict() -> None:
    assert judged(rule(held=2, broken=1)) == judged(rule(held=2, broken=1))


def test_an_untested_rule_tells_how_often_it_was_seen() -> None:
    assert judged(rule(held=1, observations=3)).judged[0].why == Both(
        "只观察到1次，至少需要3次", "seen 1 times, at least 3 needed"
    )


def test_a_scenario_that_broke_off_hides_no_failure_of_another() -> None:
    cut = evidence(broken_off={"zh": "断了", "en": "hung up"})
    played = {"written": evidence(), "cut": cut}
    books = Books(hello=HELLO, evidence=played, exercises={**EXERCISES, "cut": Exercise(rail="online")})
    outcome = judge(EDITION, [rule(broken=1, scenarios=("written", "cut"))], books).judged[0]
    assert (outcome.outcome, len(outcome.seen)) == ("failed", 1)
