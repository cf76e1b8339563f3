"""The driver that asks a person: every answer fits the contract, a wrong one is asked again, silence has its words."""

import io
import os
import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance import catalogue
from conformance.channels.reference.sound import SOUND
from conformance.drivers.by_hand import ByHand, states
from conformance.drivers.desk import Desk
from conformance.drivers.driver import DriverFault
from conformance.drivers.in_process import InProcess
from conformance.drivers.validated import Validated
from conformance.findings import Broken
from conformance.scenarios.listing import scenarios
from conformance.stories import stage
from conformance.suite import start
from conformance.suite.preflight import hello_of
from conformance.suite.reach import UnknownChannel, by_hand
from conformance.suite.run import Bench, play
from schemas import amount, jsontext
from simulator.domain import moment

CERTIFY = str(Path(sys.executable).with_name("yibao-certify"))
NEEDS = {rail: needs.families for rail, needs in catalogue.edition().rails.items()}
ORDER = {"task": "place_order", "order": "A1", "user": "EC1", "org": "P1", "lines": [
    {"med_list_codg": "Z1", "cnt": "2", "pric": "15.80"},
]}  # fmt: skip


def person(*lines: str) -> tuple[Validated, list[str]]:
    """A driver whose person answers with these lines, and what he reads."""
    shown: list[str] = []
    desk = Desk(limit_ms=5_000, lines=io.StringIO("".join(f"{line}\n" for line in lines)), show=shown.append)
    return Validated(ByHand(desk, NEEDS)), shown


def test_an_introduction_claims_what_the_rails_need_and_no_power_over_time() -> None:
    driver, _ = person("ACME", "shop", "", "3")
    told = driver.ask("hello", {})["ok"]
    assert (told["vendor"], told["version"], told["rails"]) == ("ACME", "-", ["online", "counter"])
    assert told["capabilities"] == []
    assert set(told["families"]) == {*NEEDS["online"], *NEEDS["counter"]}
    assert driver.ask("hello", {})["ok"] == told


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("1", "2"), {"ok": {"order": "A1", "state": "in_doubt"}}),
        (("2", "缺货"), {"refused": {"reason_zh": "缺货", "reason_en": "缺货"}}),
        (("3", ""), {"unable": {"reason_zh": "–", "reason_en": "–"}}),
        (("unable", "lunch"), {"unable": {"reason_zh": "lunch", "reason_en": "lunch"}}),
        (("4",), {"unsupported": True}),
    ],
)
def test_a_task_ends_as_the_person_says(lines: tuple[str, ...], kind: dict[str, Any]) -> None:
    driver, shown = person(*lines)
    assert driver.ask("perform", ORDER) == kind
    read = "\n".join(shown)
    assert "任务 task: place_order  A1" in read
    assert 'user: "EC1"' in read
    assert "【测试人员 tester】" in read


def test_a_task_of_tomorrow_needs_no_change_here() -> None:
    driver, shown = person("1")
    assert driver.ask("perform", {"task": "fly_to_the_moon", "altitude": 3}) == {"ok": {}}
    assert "altitude: 3" in "\n".join(shown)


def test_a_belief_is_asked_part_by_part_and_kept_until_it_changes() -> None:
    driver, shown = person(
        "3", "21.60 0 10", "31.60 7.00", "y", "已支付", "ORD1 ORD1", "", "2", "8", "", "", "n", "", ""
    )
    first = driver.ask("believe", {"order": "A1"})["ok"]
    assert first == {
        "order": "A1", "state": "paid", "account_fen": 2160, "fund_fen": 0, "cash_fen": 1000, "total_fen": 3160,
        "delivery_fen": 700, "may_ship": True, "shown_zh": "已支付", "pay_ord_ids": ["ORD1"], "attempts": 1,
    }  # fmt: skip
    assert driver.ask("believe", {"order": "A1"})["ok"] == first
    later = driver.ask("believe", {"order": "A1"})["ok"]
    assert (later["state"], later["account_fen"], later["total_fen"]) == ("cancelled", 0, 3160)
    assert "as before: paid" in "\n".join(shown)


@pytest.mark.parametrize(
    ("wrong", "said"), [("31.600 7", "two decimals"), ("31.60", "2 amounts"), ("-1 0", "below zero"), ("x y", "yuan")]
)
def test_a_wrong_amount_is_asked_again(wrong: str, said: str) -> None:
    driver, shown = person("4", "", wrong, "31.60 0", "n", "", "")
    assert driver.ask("believe", {"order": "A1"})["ok"]["total_fen"] == 3160
    assert said in "\n".join(shown)


def test_a_wrong_number_address_or_list_is_asked_again() -> None:
    driver, shown = person("9", "maybe", "3", "")
    assert "unable" in driver.ask("perform", ORDER)
    assert "give a number from 1 to 4" in "\n".join(shown)
    driver, shown = person("A1", "A1=EXP；B1=no answer")
    told = driver.ask("list", {})["ok"]["manual_review"]
    assert told == [{"order": "A1", "why": "EXP"}, {"order": "B1", "why": "no answer"}]
    desk = ByHand(
        Desk(limit_ms=5_000, lines=io.StringIO("ftp://x\n\nhttp://127.0.0.1:9/n\n"), show=shown.append), NEEDS
    )
    assert desk.ask("configure", {"base_url": "local:"})["ok"]["callback_url"] == "http://127.0.0.1:9/n"
    assert "of this machine" in "\n".join(shown)


def test_every_state_of_the_contract_can_be_chosen() -> None:
    for number, state in enumerate(states(), 1):
        driver, _ = person("1", str(number))
        assert driver.ask("perform", ORDER)["ok"]["state"] == state


def test_time_is_in_nobodys_power() -> None:
    driver, _ = person()
    for verb, body in (("jobs", {"job": "all"}), ("clock", {"now_ms": 1}), ("recite_poetry", {})):
        assert driver.ask(verb, body) == {"unsupported": True}


def test_a_closed_input_is_said_so() -> None:
    driver, _ = person()
    for _ in range(2):
        with pytest.raises(DriverFault, match="input was closed"):
            driver.ask("hello", {})


def test_silence_ends_with_its_time() -> None:
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as silent:
        driver = ByHand(Desk(limit_ms=50, lines=silent, show=lambda text: None), NEEDS)
        with pytest.raises(DriverFault, match="nobody answered within") as fault:
            driver.ask("hello", {})
        os.close(writing)
    assert "by-hand:SECONDS" in fault.value.remedy_en


@pytest.mark.parametrize("typed", ["soon", "0", "-1"])
def test_a_time_limit_that_is_none_is_told(typed: str) -> None:
    with pytest.raises(UnknownChannel, match="by-hand:600"):
        by_hand(typed)


# ------------------------------------------------------------------ a person who works with a real channel


class Clerk:
    """Reads each question, works the sound channel, and types what it shows."""

    def __init__(self, inner: InProcess) -> None:
        self.inner, self.read, self.typed = inner, [], queue.Queue[str]()
        self.body: dict[str, Any] = {}

    def show(self, text: str) -> None:
        if text.startswith("\n──"):
            self.body, self.heading = {}, text
        elif text.startswith("   "):
            name, _, value = text.strip().partition(": ")
            self.body[name] = jsontext.parse(value)
        elif text == "> ":
            self.typed.put(self.answer(self.read[-1]))
        self.read.append(text)

    def __iter__(self) -> Iterator[str]:
        while True:
            yield self.typed.get()

    def answer(self, question: str) -> str:
        if "接收通知" in question:
            now = {"now_ms": moment.read("2026-03-02 09:30:00")}
            return str(self.inner.ask("configure", self.body | now)["ok"]["callback_url"])
        if "清空" in question:
            self.inner.ask("reset", {})
        if "在渠道中办理" in question:
            task, order = self.heading.split("task: ")[1].split()
            self.told = self.inner.ask("perform", {"task": task, "order": order, **self.body})
            return next(iter(self.told))
        if "与上次相同" in question:
            return "other"
        if "的状态" in question:
            order = question.split(" / ")[0].split("订单")[1].removesuffix("的状态")
            self.inner.ask("jobs", {"job": "all"})
            self.held = self.inner.ask("believe", {"order": order})["ok"]
            return str(self.held["state"])
        if "已扣" in question:
            return self.amounts("account_fen", "fund_fen", "cash_fen")
        if "药品合计" in question:
            return self.amounts("total_fen", "delivery_fen")
        if "可以发货" in question:
            return "y" if self.held["may_ship"] else "n"
        if "买方看到" in question:
            return str(self.held["shown_zh"])
        if "支付订单号" in question:
            return " ".join(self.held["pay_ord_ids"])
        return "online" if "业务线" in question else ""

    def amounts(self, *names: str) -> str:
        return " ".join(amount.to_text(self.held[name]) for name in names)


def test_a_person_takes_the_sound_channel_through_a_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "REAL_WAIT_MS", 0)
    reached = start.in_process()
    assert reached.local
    assert reached.listen
    clerk = Clerk(InProcess(reached.local, reached.listen, parts=SOUND))
    desk = Desk(limit_ms=20_000, lines=clerk, show=clerk.show)  # type: ignore[arg-type]  # an endless source of lines
    driver = Validated(ByHand(desk, NEEDS))
    bench = Bench(control=reached.control, base_url=reached.base_url, seed=1, tell=desk.waits)
    evidence = play(bench, driver, hello_of(driver), scenarios()["happy-mixed"])
    assert evidence.record["faults_of_suite"] == []
    assert "broken_off" not in evidence.record
    assert [row["state"] for row in evidence.beliefs("quiescent")] == ["paid"]
    for name in ("belief/ledger/never-wrong", "belief/ledger/right-amounts", "amount/cash/collect-the-cash-share"):
        rule = catalogue.requirements()[name]
        assert rule.probe
        found = list(rule.probe(evidence, rule.params))
        assert found
        assert not any(isinstance(finding, Broken) for finding in found)
    read = "\n".join(clerk.read)
    assert "【买方 buyer】 confirm" in read
    assert "【平台 platform】 通知 notices" in read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "the input was closed"),
        ("ACME\nshop\n1\ncounter\nhttp://127.0.0.1:9/n\n\nunable\nlunch\n" + "x\n" * 3, "the input was closed"),
        ("ACME\nshop\n1\ncounter\n-\nno time\n", "unable: no time"),
    ],
)
def test_from_a_pipe_the_preflight_says_what_is_missing_and_ends_with_three(typed: str, said: str) -> None:
    words = [CERTIFY, "run", "--channel", "by-hand:30", "--only", "counter/"]
    done = subprocess.run(words, input=typed, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3
    assert said in done.stdout + done.stderr
