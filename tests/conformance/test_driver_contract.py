"""The driver contract: the schema, what the reference channel answers, and what the validating driver lets through."""

import pytest

from conformance.channels.mutants.registry import mutants
from conformance.channels.reference.sound import SOUND
from conformance.drivers.driver import DriverFault
from conformance.drivers.validated import Validated
from schemas.loader import document
from tests.conformance.reference_lab import SHOP, Lab

BELIEF = {
    "order": "S1", "state": "paid", "account_fen": 1, "fund_fen": 0, "cash_fen": 0, "total_fen": 1, "delivery_fen": 0,
    "may_ship": True, "shown_zh": "支付成功", "pay_ord_ids": [], "attempts": 1,
}  # fmt: skip
REASON = {"reason_zh": "不行", "reason_en": "no"}


class Parrot:
    """A driver that always answers the same."""

    def __init__(self, answer):
        self.answer, self.closed = answer, False

    def ask(self, verb, body):
        return self.answer

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("believe", {"ok": BELIEF}), ("believe", {"unable": REASON}), ("anything", {"unsupported": True}),
        ("jobs", {"ok": {"ran": 0, "next_due_ms": None}}), ("list", {"ok": {"orders": [], "manual_review": []}}),
        ("perform", {"refused": REASON}), ("perform", {"ok": {"order": "S1", "state": "paid", "more": 1}}),
        ("perform", {"ok": {"org": "P"}}), ("end", {"ok": {}}),
    ],
)  # fmt: skip
def test_answers_that_fit_pass(verb, answer):
    body = {"order": "S1", "job": "all", "task": "check"}
    assert Validated(Parrot(answer)).ask(verb, body) == answer


@pytest.mark.parametrize(
    ("verb", "answer", "named"),
    [
        ("believe", {"ok": {**BELIEF, "state": "maybe"}}, "state"),
        ("believe", {"ok": {**BELIEF, "cash_fen": "29.60"}}, "cash_fen"),
        ("believe", {"ok": {**BELIEF, "cash_fen": -1}}, "cash_fen"),
        ("believe", {"ok": {}}, "order"),
        ("jobs", {"ok": {"ran": 1}}, "next_due_ms"),
        ("perform", {"refused": {"reason_zh": "不行"}}, "reason_en"),
        ("perform", {"ok": {"order": "S1"}}, "state"),
        ("hello", {"ok": {"contract": "2"}}, "contract"),
        ("end", {"ok": {}, "unable": REASON}, "answer"),
        ("end", {}, "answer"),
    ],
)
def test_answers_that_do_not_fit_are_named(verb, answer, named):
    with pytest.raises(DriverFault) as fault:
        Validated(Parrot(answer)).ask(verb, {"order": "S1", "job": "all", "task": "check"})
    assert named in str(fault.value) + fault.value.zh
    assert fault.value.remedy_zh
    assert fault.value.remedy_en


def test_closing_reaches_the_driver():
    parrot = Parrot({})
    Validated(parrot).close()
    assert parrot.closed


def test_the_reference_introduces_itself():
    hello = Lab().ask("hello", {})["ok"]
    assert hello["contract"] == "1"
    assert {"clock", "jobs", "restart"} <= set(hello["capabilities"])
    assert sum(hello["retry"]["query_waits_ms"]) < hello["retry"]["window_ms"]


@pytest.mark.parametrize(
    ("verb", "body"), [("sing", {}), ("perform", {"task": "sing"}), ("perform", {"task": ""}), ("", {})]
)
def test_what_it_does_not_know_is_unsupported(verb, body):
    assert Lab().ask(verb, body) == {"unsupported": True}


@pytest.mark.parametrize(
    "change",
    [
        {"app_id": ""},
        {"private_key": "AAAA"},
        {"base_url": "http://example.test"},
        {"gateway": {"kind": "tif"}},
        {"sealed": "yes"},
    ],
)
def test_settings_it_cannot_use_are_said_to_be_unusable(change):
    lab = Lab()
    driver = lab.driver._driver
    answer = driver.ask("configure", {**lab.configuration(), **change})
    assert answer["unable"]["reason_zh"]
    assert answer["unable"]["reason_en"]


def test_before_configure_and_about_unknown_orders_it_cannot_answer():
    lab = Lab()
    assert "unable" in lab.perform("check", "S99")
    assert "unable" in lab.ask("believe", {"order": "S99"})
    assert "unable" in lab.place(org="P99999999999", consent=False)
    raw = lab.driver._driver
    assert "unable" in raw.ask("perform", {"task": "check"})
    assert "unable" in raw.ask("clock", {})


def test_tasks_of_the_counter_and_the_sign_in():
    lab = Lab()
    assert lab.perform("sign_in", org=SHOP)["ok"]["sign_no"]
    lab.fault("no_answer_before_commit", "9001")
    assert "unable" in lab.perform("sign_in", org="P11010890002")


def test_reset_forgets_the_orders_and_list_shows_them():
    lab = Lab()
    lab.place()
    assert [row["order"] for row in lab.ask("list", {})["ok"]["orders"]] == ["S1"]
    lab.ask("reset", {})
    assert lab.ask("list", {})["ok"]["orders"] == []
    assert lab.ask("jobs", {"job": "reconcile"})["ok"]["ran"] == 0


def test_the_same_seed_makes_the_same_bytes():
    def day():
        lab = Lab()
        lab.place(delivery_fen=500)
        lab.confirm()
        lab.settle_down()
        lab.perform("refund")
        return lab.control("GET", "/lab/books")

    assert day() == day()


def test_every_mutant_says_what_it_does_and_changes_something():
    known = mutants()
    assert len(known) >= 18
    for name, mutant in known.items():
        assert name == mutant.name
        assert mutant.zh
        assert mutant.en
        assert mutant.must_break
        assert not mutant.must_break & mutant.may_break
        assert mutant.change(SOUND) != SOUND


@pytest.mark.parametrize("name", sorted(mutants()))
def test_every_mutant_is_a_channel_that_answers(name):
    lab = Lab(parts=mutants()[name].change(SOUND))
    lab.place("乙", delivery_fen=500)
    belief = lab.believe()
    assert document("suite/driver.json#/$defs/belief").check(belief) == []
