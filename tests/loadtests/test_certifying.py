"""A channel under load through its driver: asked as orders arrive, measured at the platform, audited like any run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.bundle.certificate import load_result
from loadtests import certifying
from loadtests.arrivals import Planned
from loadtests.books import COMPRESSED, PACED
from loadtests.certifying import driver_for
from loadtests.driven import Abilities, DrivenDesk, Line, Unwilling
from loadtests.load_profile import ProfileError, load
from loadtests.staging import Options
from schemas import jsontext
from tests.loadtests.test_smoke import load as yibao_load

ORDER = Planned(
    number="L1", at_ms=0, psn_no="1", user="EC1", org="P1", lines=(), delivery_fen=300, packing_fen=0,
    acct_used_flag="1",
)  # fmt: skip


class Fake:
    """A channel that answers as it is told to and remembers what it was asked."""

    def __init__(self, **answers: Mapping[str, Any]) -> None:
        self.answers, self.asked = answers, list[str]()

    def ask(self, verb: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(f"{verb} {body.get('task', '')}".strip())
        return dict(self.answers.get(verb, {"ok": {}}))

    def close(self) -> None:
        self.asked.append("closed")


def desk_of(fake: Fake, clock_ms: list[int], **able: bool) -> DrivenDesk:
    abilities = Abilities(**{"clock": False, "jobs": False, "concurrency": False, **able})
    line = Line(fake, abilities, lambda: clock_ms[0], lambda: 0)
    return DrivenDesk(0, line, lambda user, org: fake.asked.append(f"consent {user}"), lambda: clock_ms[0])


def belief(state: str) -> dict[str, Any]:
    return {"ok": {"order": "L1", "state": state}}


def test_the_buyer_consents_before_the_channel_is_asked_for_the_order() -> None:
    fake = Fake(believe=belief("paid"))
    seen = desk_of(fake, [0]).place(ORDER)
    assert fake.asked == ["consent EC1", "perform place_order", "believe"]
    assert [(one.state, one.rests) for one in seen] == [("paid", True)]


def test_an_unfinished_order_is_asked_about_again_and_a_finished_one_is_not() -> None:
    fake, now = Fake(believe=belief("in_doubt")), [0]
    desk = desk_of(fake, now)
    assert desk.place(ORDER)[0].waits and desk.next_due_ms() == 2_000
    fake.answers["believe"] = belief("paid")
    assert [one.state for one in desk.run_jobs()] == ["paid"]
    assert desk.next_due_ms() is None and desk.look() == []


def test_jobs_run_where_the_channel_lets_them_and_say_when_to_come_back() -> None:
    fake = Fake(believe=belief("paid"), jobs={"ok": {"ran": 1, "next_due_ms": 700}})
    desk = desk_of(fake, [0], jobs=True)
    desk.place(ORDER)
    assert "jobs" in fake.asked and desk.next_due_ms() == 700


def test_the_channels_clock_follows_a_jump_of_the_rooms() -> None:
    fake, now = Fake(believe=belief("paid")), [0]
    desk = desk_of(fake, now, clock=True, jobs=True)
    desk.place(ORDER)
    now[0] = 60_000
    desk.run_jobs()
    desk.run_jobs()
    assert fake.asked.count("clock") == 1


def test_only_a_paid_order_is_refunded() -> None:
    fake = Fake(believe=belief("not_paid"))
    assert desk_of(fake, [0]).undo(ORDER) == [] and fake.asked == ["believe"]


def test_a_channel_that_cannot_do_the_task_is_no_broken_channel() -> None:
    with pytest.raises(Unwilling, match="place_order"):
        desk_of(Fake(perform={"unsupported": True}), [0]).place(ORDER)


HELLO = {"rails": ["online"], "capabilities": ["clock"]}
REFUSED = [
    ("no clock", Fake(hello={"ok": {**HELLO, "capabilities": []}}), COMPRESSED, "beijing-launch-day", "paced"),
    ("no online rail", Fake(hello={"ok": {**HELLO, "rails": ["counter"]}}), PACED, "beijing-launch-day", "online"),
    ("two channels at once", Fake(hello={"ok": HELLO}), PACED, "two-channels", "one channel"),
]


@pytest.mark.parametrize(("what", "fake", "mode", "profile", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_a_channel_cannot_do_is_told_before_anything_begins(
    what: str, fake: Fake, mode: str, profile: str, word: str
) -> None:
    options = Options(profile=load(profile), simulator="http://127.0.0.1:1", token="x", mode=mode)
    with pytest.raises(ProfileError, match=word):
        certifying.stage(options, fake)


def test_what_names_no_channel_is_refused_in_words() -> None:
    with pytest.raises(ProfileError, match="mutant:NAME"):
        driver_for("my-adapter")


@pytest.mark.slow
def test_a_channel_of_its_own_process_is_played_and_its_results_go_with_a_certificate(tmp_path: Path) -> None:
    report = tmp_path / "report"
    done = yibao_load(
        "channel", "--channel", "reference", "--profile", "beijing-lost-answers", "--scale", "0.01", "--orders", "12",
        "--mode", "compressed", "--report", str(report),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = jsontext.parse(load_result(report / "results.json"))
    assert isinstance(told, dict)
    assert (told["orders"]["begun"], told["violations"], told["run"]["channel"]) == (12, 0, "reference")
    assert "order.placed,12," in (report / "codes.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_in_real_time_the_platform_measures_from_the_arrival_on(tmp_path: Path) -> None:
    report = tmp_path / "report"
    done = yibao_load(
        "channel", "--channel", "mutant:charges-the-total", "--scale", "0.01", "--orders", "4", "--from-minute", "600",
        "--minutes", "1", "--report", str(report), limit_s=240,
    )  # fmt: skip
    assert done.returncode == 1, "the mutant's mistake is found under load: " + done.stdout + done.stderr
    told = jsontext.parse((report / "books.json").read_bytes())
    assert isinstance(told, dict)
    assert told["health"]["mode"] == PACED and not told["health"]["failed"]
    placed = next(row for row in told["codes"] if row["code"] == "order.placed")
    assert placed["calls"] == 4 and placed["p50_ms"] > 0
