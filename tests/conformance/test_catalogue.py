"""The catalogue is data with no loose ends: each name resolves, each probe and scenario serves a requirement."""

from itertools import pairwise
from pathlib import Path

import pytest

from conformance import catalogue
from conformance.scenarios.listing import baskets, scenarios
from schemas import tomlfile
from schemas.tomlfile import FileFault
from simulator.faults.kinds import KINDS
from simulator.switchboard import check
from simulator.worlds.catalogue import shipped

GOOD = """
[a-rule]
zh = "渠道必须这样做，不得那样做。"
en = "A channel does this and not that."
level = "must"
impact = "money"
source = "house"
"""
CHECKED = GOOD + 'scenarios = ["happy-account"]\nprobe = "traffic.sealed"\nobservations = 1\n'


def test_nothing_in_the_catalogue_is_loose() -> None:
    assert catalogue.problems(scenarios()) == []


def test_a_loose_end_is_named() -> None:
    told = catalogue.problems([name for name in scenarios() if name != "twins"] + ["nobody-needs-this"])
    assert "belief/ledger/tells-twins-apart: no scenario is called 'twins'" in told
    assert "scenario 'nobody-needs-this' exercises no requirement" in told


def test_there_are_requirements_of_every_area() -> None:
    areas = {id_.partition("/")[0] for id_ in catalogue.requirements()}
    assert areas >= {
        "wire",
        "order",
        "unknown",
        "notice",
        "amount",
        "refund",
        "counter",
        "consent",
        "session",
        "belief",
        "privacy",
    }
    assert len(catalogue.requirements()) >= 70


def test_an_id_is_folder_file_and_table() -> None:
    assert catalogue.requirements()["unknown/order/no-blind-undo"].probe_name == "unknown.undoes_only_what_it_knows"


def test_the_latest_edition_holds_the_whole_catalogue_once() -> None:
    assert sorted(catalogue.edition(catalogue.LATEST).requirements) == sorted(catalogue.requirements())


def test_an_edition_is_never_shortened() -> None:
    """What was asked in an earlier edition is still asked."""
    names = catalogue.names_of_editions()
    for earlier, later in pairwise(names):
        assert set(catalogue.edition(earlier).requirements) <= set(catalogue.edition(later).requirements)


def test_an_unknown_edition_is_answered_with_those_there_are() -> None:
    with pytest.raises(FileFault, match=r"no edition '1999.1'; .*there are: 2026\.0, 2026\.1"):
        catalogue.edition("1999.1")


def test_requirements_are_meant_by_their_beginning_or_by_what_is_at_stake() -> None:
    frozen = catalogue.edition()
    assert [one.id for one in catalogue.meant(frozen)] == list(frozen.requirements)
    money = catalogue.meant(frozen, ["money"])
    assert {one.impact for one in money} == {"money"}
    families = {one.id.partition("/")[0] for one in money}
    assert "notice" in families and "refund" in families
    both = catalogue.meant(frozen, ["money", "notice/"])
    assert {one.id for one in both} == {one.id for one in money} | {
        id_ for id_ in frozen.requirements if id_.startswith("notice/")
    }
    assert catalogue.meant(frozen, ["no/such"]) == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (CHECKED.replace('"must"', '"shall"'), "level"),
        (CHECKED.replace('"money"', '"glory"'), "impact"),
        (CHECKED.replace("observations = 1", "observations = 0"), "observations"),
        (CHECKED + "severity = 1\n", "severity"),
        (CHECKED + "params = { deep = { down = 1 } }\n", "params"),
        (CHECKED.replace('zh = "', 'zh = "短" # '), "zh"),
        (CHECKED.replace("[a-rule]", "[A_Rule]"), "A_Rule"),
        (CHECKED + 'unchecked = "nobody can see what goes on there"\n', "a-rule"),
        (GOOD, "a-rule"),
        ("[a-rule", "Expected"),
    ],
)
def test_a_file_that_is_not_what_its_schema_says_is_refused_by_field(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFault, match=complaint):
        tomlfile.read(path, "requirement")


def test_a_requirement_is_checked_or_says_why_not() -> None:
    for requirement in catalogue.requirements().values():
        assert bool(requirement.unchecked) != (requirement.probe is not None), requirement.id


def test_an_unknown_probe_is_named() -> None:
    with pytest.raises(FileFault, match=r"traffic\.nonsense"):
        catalogue.probe("traffic.nonsense")


def test_scenarios_arm_faults_and_turn_switches_that_exist() -> None:
    for scenario in scenarios().values():
        assert {fault["name"] for fault in scenario.faults} <= set(KINDS), scenario.name
        check(dict(scenario.switches))


OTHERWISE_PLAYED = {
    "day_cut": "days.toml moves both clocks over midnight: the fault moves the room's alone, not the channel's",
    "retired_key": "rotating.py arms it between two rotations: before the first there is no key before the last",
}
"""Kinds of faults no scenario arms by itself, and how a channel meets them all the same."""


def test_every_kind_of_fault_is_armed_by_a_scenario_or_says_how_else_it_is_played() -> None:
    armed = {str(fault["name"]) for scenario in scenarios().values() for fault in scenario.faults}
    assert set(KINDS) - armed == set(OTHERWISE_PLAYED)


def test_what_takes_a_protection_away_is_marked_hard() -> None:
    taken = {"repeat_med_org_ord", "repeat_refund", "msgid", "tombstone"}
    silent = taken | {
        "pay_auth_ms", "consent_spent_by", "repeat_biz_ser", "reverse_on_false", "own_pay_spelling", "presettle_ms",
        "repeat_revoke", "refund_days", "refund_consent", "sign_in", "otc_fields", "ec_token_ms",
    }  # fmt: skip
    for scenario in scenarios().values():
        assert scenario.hard or not taken & set(scenario.switches), scenario.name
        assert not scenario.hard or silent & set(scenario.switches), scenario.name


def test_baskets_hold_drugs_of_the_shipped_catalogue() -> None:
    known = {drug.med_list_codg for drug in shipped()}
    assert {line["med_list_codg"] for basket in baskets().values() for line in basket} <= known


def test_every_money_duty_under_an_unknown_outcome_is_also_played_without_protection() -> None:
    """A platform that refuses repeats would hide a channel that sends them."""
    unprotected = {name for name, scenario in scenarios().items() if scenario.hard}
    for id_ in (
        "order/steps/paid-at-most-once",
        "refund/refund/everything-comes-back",
        "counter/sale/message-ids-differ",
    ):
        assert unprotected & set(catalogue.requirements()[id_].scenarios), id_


PLAYED_HARD = {
    "9.1": [("msgid", "replay"), ("msgid", "blind")],
    "9.2": [("repeat_med_org_ord", "refuse"), ("repeat_med_org_ord", "second")],
    "9.3": [("repeat_biz_ser", "replay")],
    "9.4": [("repeat_refund", "refuse"), ("repeat_refund", "slow")],
    "9.5": [("notices", "none"), ("notices", "once"), ("notices", "before")],
    "9.6": [("reverse_on_false", True), ("revs_route", True)],
    "9.7": [("pay_auth_ms", 120_000), ("consent_spent_by", "6201")],
    "9.8": [("refund_consent", "fresh")],
    "9.9": [("ec_token_ms", 60_000)],
    "9.10": [("sign_in", "hour"), ("sign_in", "newest"), ("sign_in", "required")],
    "9.12": [("presettle_ms", 120_000), ("upload_ms", 120_000)],
    "9.13": [("repeat_revoke", "refuse")],
    "9.14": [("tombstone", False)],
    "9.15": [("refund_days", 1)],
    "9.16": [("totl_refd", "parts"), ("totl_refd", "original")],
    "9.18": [("own_pay_spelling", "ownPayAmt"), ("own_pay_spelling", "ownpayAmt")],
    "9.19": [("otc_fields", "as_printed")],
    "9.20": [("seal_window_ms", 120_000)],
}
"""Each hard variant of order-life 9 that is a switch. 9.5 duplicate, late and forged are faults; 9.11 has no variant;
9.17 is a change of the world."""


def test_a_giver_has_nothing_left_or_the_tie_ends_before_the_confirmation() -> None:
    """Order-life 9.17: what happens between 6202 and the confirmation."""
    played = scenarios()
    exhausted, cut = (played[name].params["meanwhile"] for name in ("family-giver-exhausted", "family-tie-cut"))
    assert [(change["change"], change["fen"]) for change in exhausted] == [("balance", 0)] * 2
    assert [(change["change"], change["givers"]) for change in cut] == [("person", [])]


@pytest.mark.parametrize("number", PLAYED_HARD)
def test_every_hard_variant_of_the_silent_texts_is_played(number: str) -> None:
    played = {(name, value) for scenario in scenarios().values() for name, value in scenario.switches.items()}
    assert set(PLAYED_HARD[number]) <= played
