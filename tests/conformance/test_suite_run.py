"""One scenario with one channel: the evidence is whole and repeatable, and faults fall to who made them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance import catalogue
from conformance.channels.reference.sound import SOUND
from conformance.drivers.driver import Driver, DriverFault
from conformance.evidence import Evidence
from conformance.scenarios.listing import scenarios
from conformance.stories.stage import Stage
from conformance.suite import start
from conformance.suite.certification import Certification
from conformance.suite.control import ControlClient, ControlFault
from conformance.suite.preflight import hello_of, preflight
from conformance.suite.reach import UnknownChannel, driver_for, in_process
from conformance.suite.run import Bench, play
from conformance.suite.start import Reached
from schemas import jsontext, loader
from simulator.wire.transport import HttpReply, HttpRequest, NotDelivered

Json = Mapping[str, Any]


class Warped:
    """A driver whose answers to some verbs are bent on their way."""

    def __init__(self, inner: Driver, bend: Callable[[str, Json, dict[str, Any]], dict[str, Any]]) -> None:
        self._inner, self._bend = inner, bend

    def ask(self, verb: str, body: Json) -> dict[str, Any]:
        return self._bend(verb, body, self._inner.ask(verb, body))

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def reached() -> Reached:
    return start.in_process()


@pytest.fixture
def bench(reached: Reached) -> Bench:
    return Bench(control=reached.control, base_url=reached.base_url, seed=1)


@pytest.fixture
def driver(reached: Reached) -> Driver:
    return in_process(SOUND, "reference", reached)


def played(bench: Bench, driver: Driver, name: str) -> Evidence:
    return play(bench, driver, hello_of(driver), scenarios()[name])


@pytest.mark.parametrize("name", ["happy-mixed", "lost-6202-and-queries", "refund-abnormal", "counter-lost-twice"])
def test_evidence_is_whole_and_fits_its_schema(bench: Bench, driver: Driver, name: str) -> None:
    record = jsontext.parse(jsontext.compact(played(bench, driver, name).record))
    assert loader.document("suite/evidence.json").check(record) == []
    assert isinstance(record, dict)
    assert record["faults_of_suite"] == []
    assert [line["seq"] for line in record["journal"]] == list(range(1, len(record["journal"]) + 1))


@pytest.mark.parametrize("name", [name for name, scenario in scenarios().items() if scenario.faults])
def test_every_fault_a_scenario_arms_strikes_a_sound_channel(bench: Bench, driver: Driver, name: str) -> None:
    armed = played(bench, driver, name).record["faults"]
    assert armed
    assert [fault["name"] for fault in armed if not fault["struck"]] == []


def test_the_same_seed_makes_the_same_day() -> None:
    def day(seed: int) -> bytes:
        reached = start.in_process()
        bench = Bench(control=reached.control, base_url=reached.base_url, seed=seed)
        return jsontext.compact(played(bench, in_process(SOUND, "reference", reached), "refund-mixed").record)

    assert day(4) == day(4)
    assert day(4) != day(5)


def test_a_scenario_leaves_no_room_behind(bench: Bench, driver: Driver) -> None:
    played(bench, driver, "happy-account")
    assert not [name for name in bench.control.call("GET", "/health")["rooms"] if name.startswith("certify.")]


def test_a_room_left_over_from_a_broken_run_is_replaced(bench: Bench, driver: Driver) -> None:
    bench.control.call("POST", "/rooms", {"room": "certify.happy-account"})
    assert played(bench, driver, "happy-account").record["faults_of_suite"] == []


def test_a_story_that_fails_is_our_fault_and_no_channels(bench: Bench, driver: Driver) -> None:
    def broken(stage: Stage, params: Json) -> None:
        raise KeyError("nobody wrote this page")

    evidence = play(bench, driver, hello_of(driver), replace(scenarios()["happy-account"], story=broken))
    assert (
        evidence.record["faults_of_suite"][0]["en"] == "the scenario itself failed: KeyError: 'nobody wrote this page'"
    )


def test_a_driver_that_hangs_breaks_the_scenario_off_with_its_word_and_the_way_out(
    bench: Bench, driver: Driver
) -> None:
    def hang(verb: str, body: Json, answer: dict[str, Any]) -> dict[str, Any]:
        if verb == "jobs":
            raise DriverFault(zh="没有应答", en="no answer", remedy_zh="修复", remedy_en="mend it")
        return answer

    evidence = played(bench, Warped(driver, hang), "happy-account")
    assert evidence.record["broken_off"] == {"zh": "没有应答；处理：修复", "en": "no answer; what to do: mend it"}
    assert evidence.record["faults_of_suite"] == []


def test_what_was_lost_with_a_broken_driver_is_untested(bench: Bench, driver: Driver) -> None:
    def hang(verb: str, body: Json, answer: dict[str, Any]) -> dict[str, Any]:
        if verb == "perform":
            raise DriverFault(zh="没有应答", en="no answer", remedy_zh="修复", remedy_en="mend it")
        return answer

    warped = Warped(driver, hang)
    certification = Certification(
        bench=bench,
        driver=warped,
        hello=hello_of(driver),
        edition=catalogue.edition(),
        requirements=(catalogue.requirements()["notice/inbox/asks-without-notice"],),
    )
    judged = certification.verdict().judged[0]
    assert (judged.outcome, judged.why.en) == ("untested", "no answer; what to do: mend it")


def test_a_scenario_a_channel_cannot_be_put_through_is_not_played(bench: Bench, driver: Driver) -> None:
    hello = {**hello_of(driver), "capabilities": ["clock", "jobs"], "rails": ["online"]}
    certification = Certification(
        bench=bench,
        driver=driver,
        hello=hello,
        edition=catalogue.edition(),
        requirements=tuple(catalogue.requirements().values()),
    )
    names = {scenario.name for scenario in certification.needed()}
    assert "crash-6202" not in names
    assert "counter-sale" not in names
    assert "lost-6202-kept" in names


def test_the_preflight_of_a_sound_channel_passes_every_check(bench: Bench, driver: Driver) -> None:
    checks = list(preflight(bench, driver))
    assert [check.ok for check in checks] == [True] * 8


class Fickle(Warped):
    """An adapter that hangs in every scenario but those it is told to play."""

    def __init__(self, inner: Driver, plays: set[str]) -> None:
        super().__init__(inner, lambda verb, body, answer: answer)
        self.plays, self.hung = plays, 0

    def ask(self, verb: str, body: Json) -> dict[str, Any]:
        if verb == "perform" and not any(name in self.room for name in self.plays):
            self.hung += 1
            raise DriverFault(zh="没有应答", en="no answer", remedy_zh="修正", remedy_en="mend it")
        self.room = str(body.get("base_path", self.room)) if verb == "configure" else self.room
        return super().ask(verb, body)

    room = ""


@pytest.mark.parametrize(
    ("plays", "hangs"), [(set(), 3), ({"happy-mixed"}, 4)], ids=["never plays", "plays one in between"]
)
def test_an_adapter_that_breaks_down_again_and_again_is_left_alone(
    bench: Bench, driver: Driver, plays: set[str], hangs: int
) -> None:
    fickle = Fickle(driver, plays)
    order = ("happy-account", "happy-mixed", "happy-delivery", "cancel-paid", "refund-account", "refund-mixed")
    edition = catalogue.edition(catalogue.LATEST)
    certification = Certification(bench=bench, driver=fickle, hello=hello_of(driver), edition=edition, requirements=())
    certification.play(order)
    told = [certification.evidence[name].record.get("broken_off", {}).get("en", "") for name in order]
    assert fickle.hung == hangs
    assert "3 scenarios in a row" in told[-1]
    assert "mend" in told[-1]


def bent(
    verb: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> Callable[[str, Json, dict[str, Any]], dict[str, Any]]:
    return lambda asked, body, answer: change(answer) if asked == verb else answer


def always_paid(verb: str, body: Json, answer: dict[str, Any]) -> dict[str, Any]:
    return {"ok": {**answer["ok"], "state": "paid"}} if verb == "believe" and "ok" in answer else answer


REASON = {"reason_zh": "密钥不可读", "reason_en": "the key cannot be read"}


@pytest.mark.parametrize(
    ("bend", "what", "hint"),
    [
        (lambda verb, body, answer: {"ok": {}} if verb == "recite_poetry" else answer, "unknown verb", "unsupported"),
        (bent("configure", lambda answer: {"unable": REASON}), "takes its settings", "configure"),
        (
            bent("configure", lambda answer: {"ok": {**answer["ok"], "callback_url": "local:nobody"}}),
            "reaches the channel's inbox",
            "callback_url",
        ),
        (bent("hello", lambda answer: {"unable": REASON}), "speaks the contract", "hello"),
        (always_paid, "beliefs differ", "believe"),
    ],
)
def test_a_failed_check_says_what_to_do(
    bench: Bench, driver: Driver, bend: Callable[[str, Json, dict[str, Any]], dict[str, Any]], what: str, hint: str
) -> None:
    last = list(preflight(bench, Warped(driver, bend)))[-1]
    assert not last.ok
    assert what in last.what.en
    assert hint in last.hint.en


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("app_secret", "0" * 32, "app_secret"),
        ("app_id", "F" * 32, "app_id"),
        ("now_ms", 1_000_000_000_000, "clock"),
    ],
)
def test_wrong_keys_and_clocks_are_told_by_field(
    bench: Bench, driver: Driver, field: str, value: object, hint: str
) -> None:
    """The suite hands out the settings; a channel that garbles one on the way in is told which."""

    class Garbles(Warped):
        def ask(self, verb: str, body: Json) -> dict[str, Any]:
            return super().ask(verb, {**body, field: value} if verb == "configure" else body)

    last = list(preflight(bench, Garbles(driver, lambda verb, body, answer: answer)))[-1]
    assert not last.ok
    assert hint in last.hint.en


def test_a_simulator_that_is_not_there_fails_the_first_check(driver: Driver) -> None:
    class Nowhere:
        def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
            raise NotDelivered("connection refused")

    checks = list(preflight(Bench(control=ControlClient(Nowhere()), base_url="http://127.0.0.1:1", seed=1), driver))
    assert [check.ok for check in checks] == [False]
    assert "--simulator" in checks[0].hint.en


def test_a_control_call_that_fails_says_what_the_platform_said(reached: Reached) -> None:
    with pytest.raises(ControlFault, match="there is no room nowhere"):
        reached.control.room("nowhere").call("GET", "/clock")


@pytest.mark.parametrize("channel", ["", "referenz", "command:", "mutant:nobody"])
def test_an_unknown_channel_is_answered_with_those_there_are(reached: Reached, channel: str) -> None:
    with pytest.raises(UnknownChannel, match=r"reference|always-paid"):
        driver_for(channel, reached)


def test_a_channel_in_this_process_cannot_serve_a_platform_elsewhere(reached: Reached) -> None:
    with pytest.raises(UnknownChannel, match="process of its own"):
        driver_for("reference", replace(reached, local=None))
