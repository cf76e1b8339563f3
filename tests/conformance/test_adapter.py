"""What a vendor begins with: a skeleton in three languages and two ways, a contract to generate from, and a check."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from conformance.channels.reference.sound import SOUND
from conformance.drivers import contract, openapi, skeleton
from conformance.drivers.command import Command
from conformance.drivers.driver import Answer, DriverFault
from conformance.drivers.over_http import OverHttp
from conformance.drivers.validated import Validated
from conformance.suite import checkup, start
from conformance.suite.preflight import Check
from conformance.suite.reach import in_process
from conformance.suite.run import Bench
from schemas.loader import document

Json = dict[str, Any]
RUN = {"python": sys.executable, "node": shutil.which("node") or "", "java": shutil.which("java") or ""}
PROGRAMS = [
    pytest.param(language, marks=pytest.mark.skipif(not program, reason=f"{language} is not installed"))
    for language, program in RUN.items()
]


# ------------------------------------------------------------------ the skeleton


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_skeleton_answers_every_verb_as_the_contract_wants(language: str, tmp_path: Path) -> None:
    file = skeleton.write(language, tmp_path / "new" / "place")
    speaks(Validated(Command(f"{RUN[language]} {file}")))


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_skeleton_serves_the_same_over_http(language: str, tmp_path: Path, unused_port: int) -> None:
    file = skeleton.write(language, tmp_path)
    server = subprocess.Popen([RUN[language], str(file), "--http", str(unused_port)], stderr=subprocess.DEVNULL)
    try:
        driver = OverHttp(f"http://127.0.0.1:{unused_port}/driver")
        driver._armed = "now"  # it may still be coming up
        driver.ask("hello", {})
        speaks(Validated(driver))
    finally:
        server.terminate()
        server.wait(10)


NESTED: Json = {"none": [], "nothing": {}, "more": [{"a": [1, -2.5e3, True, None, {"b": ""}]}, [[]]], "": " ,]} "}


def speaks(driver: Validated) -> None:
    try:
        assert driver.ask("hello", {})["ok"]["contract"] == "1"
        assert driver.ask("recite_poetry", {}) == {"unsupported": True}
        assert driver.ask("perform", {"task": "recite_poetry"}) == {"unsupported": True}
        assert "unable" in driver.ask("perform", {"task": "check", "order": "A1"})
        assert "unable" in driver.ask("perform", {"task": "check", "order": '中"\\\n\u0001', **NESTED})
        assert "refused" in driver.ask("believe", {"order": "A1"})
        assert driver.ask("list", {}) == {"ok": {"orders": [], "manual_review": []}}
        assert driver.ask("reset", {}) == {"ok": {}}
    finally:
        driver.close()


@pytest.mark.parametrize("language", skeleton.LANGUAGES)
def test_a_skeleton_names_every_task_and_state_of_the_contract(language: str) -> None:
    text = skeleton.text(language)
    assert all(name in text for name in (*contract.tasks(), *contract.states()))
    assert "@" not in text


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    file = skeleton.write("python", tmp_path)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(skeleton.Occupied):
        skeleton.write("python", tmp_path)
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ------------------------------------------------------------------ the contract for generators


def test_the_document_is_valid_openapi() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(openapi.describe()).iter_errors()] == []


def test_every_verb_of_the_contract_has_its_address_and_forms() -> None:
    paths = openapi.describe()["paths"]
    spoken = {row["if"]["properties"]["verb"]["const"] for row in document(contract.CONTRACT).schema["allOf"]}
    assert spoken <= {verb.name for verb in contract.verbs()}
    assert set(paths) == {f"/{verb.name}" for verb in contract.verbs()}
    body = paths["/perform"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/perform_body"}


def test_no_reference_leads_out_of_the_document() -> None:
    text = json.dumps(openapi.describe())
    assert "#/$defs/" not in text
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(openapi.describe()["components"]["schemas"])


def test_every_task_says_what_it_cannot_do_without() -> None:
    assert contract.tasks()["place_order"] == ["order", "user", "org", "lines"]


# ------------------------------------------------------------------ the check


Bend = Callable[[str, Json, Answer], Answer]


class Bent:
    """The sound channel's adapter with its answers bent."""

    def __init__(self, bend: Bend) -> None:
        reached = start.in_process()
        self.bench = Bench(control=reached.control, base_url=reached.base_url, seed=1)
        self._inner, self._bend = in_process(SOUND, "reference", reached), bend

    def ask(self, verb: str, body: Json) -> Answer:
        return self._bend(verb, body, self._inner.ask(verb, body))

    def close(self) -> None:
        self._inner.close()


def checks(bend: Bend) -> Iterator[Check]:
    bent = Bent(bend)
    return checkup.checkup(bent.bench, bent)


def only(wanted: str, answer: Answer) -> Bend:
    return lambda verb, body, told: answer if verb == wanted else told


def without(wanted: str, name: str) -> Bend:
    def bend(verb: str, body: Json, told: Answer) -> Answer:
        return {"ok": {key: value for key, value in told["ok"].items() if key != name}} if verb == wanted else told

    return bend


def counted() -> Bend:
    times = iter(range(100))

    def bend(verb: str, body: Json, told: Answer) -> Answer:
        return {"ok": {**told["ok"], "version": str(next(times))}} if verb == "hello" else told

    return bend


def strict(verb: str, body: Json, told: Answer) -> Answer:
    return {"refused": {"reason_zh": "多余", "reason_en": "extra"}} if "x_yibao_unknown" in body else told


def forgetful_of_forgetting(verb: str, body: Json, told: Answer) -> Answer:
    return {"ok": {"orders": [{"order": "OLD", "state": "paid"}], "manual_review": []}} if verb == "list" else told


MADE_UP: Json = {
    "order": checkup.NOBODY, "state": "paid", "account_fen": 0, "fund_fen": 0, "cash_fen": 0, "total_fen": 0,
    "delivery_fen": 0, "may_ship": True, "shown_zh": "已支付", "pay_ord_ids": [], "attempts": 0,
}  # fmt: skip


def test_a_sound_adapter_has_nothing_to_mend() -> None:
    assert [check.what.en for check in checks(lambda verb, body, told: told) if not check.ok] == []


@pytest.mark.parametrize(
    ("bend", "named"),
    [
        (without("hello", "retry"), "retry"),
        (counted(), "says the same twice"),
        (only("recite_poetry", {"ok": {}}), "unknown verb"),
        (only("perform", {"unable": {"reason_zh": "不", "reason_en": "no"}}), "unknown task"),
        (without("configure", "timeout_ms"), "timeout_ms"),
        (strict, "extra fields"),
        (forgetful_of_forgetting, "leaves no order"),
        (without("list", "manual_review"), "manual_review"),
        (only("believe", {"ok": MADE_UP}), "made up"),
        (only("believe", {"ok": {**MADE_UP, "state": "bezahlt"}}), "ok.state"),
        (only("jobs", {"unable": {"reason_zh": "不", "reason_en": "no"}}), "jobs is claimed"),
        (without("jobs", "next_due_ms"), "next_due_ms"),
        (only("restart", {"refused": {"reason_zh": "不", "reason_en": "no"}}), "restart is claimed"),
        (only("list", {"ok": []}), "list"),
        (only("hello", {"ok": {"rails": "online", "capabilities": 3}}), "capabilities"),
        (only("hello", {}), "hello"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(bend: Bend, named: str) -> None:
    wrong = [check for check in checks(bend) if not check.ok]
    assert wrong
    told = [f"{check.what.en} {check.seen.en}".replace("/", ".") for check in wrong]
    assert any(named in one for one in told), told
    assert all(check.hint.zh and check.hint.en for check in wrong)


def test_several_faults_are_all_named_in_one_go() -> None:
    def bend(verb: str, body: Json, told: Answer) -> Answer:
        return {"ok": {}} if verb in ("recite_poetry", "configure") else told

    told = " ".join(check.what.en for check in checks(bend) if not check.ok)
    assert "unknown verb" in told
    assert "configure" in told


def test_slow_answers_are_named_before_they_break_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 10**15, 15_000 * 1_000_000))
    monkeypatch.setattr(checkup.time, "monotonic_ns", lambda: next(ticks))
    wrong = [check for check in checks(lambda verb, body, told: told) if not check.ok]
    assert [check.what.en for check in wrong] == ["the answers come in time"]
    assert "hello 15000 ms" in wrong[0].seen.en


def test_an_adapter_that_dies_ends_the_check_with_its_words() -> None:
    def bend(verb: str, body: Json, told: Answer) -> Answer:
        if verb == "list":
            raise DriverFault(zh="退出", en="it ended", remedy_zh="查看日志", remedy_en="read its log")
        return told

    last = list(checks(bend))[-1]
    assert (last.ok, last.seen.en, last.hint.en) == (False, "it ended", "read its log")
