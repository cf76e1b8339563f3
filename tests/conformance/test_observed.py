"""Traffic nobody's story made: a vendor's own tests in a room, judged from the journal and the books alone."""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.bundle.certificate import Issue
from conformance.bundle.reading import saved
from conformance.bundle.rejudging import changes, differences, rejudge
from conformance.bundle.verifying import verify
from conformance.bundle.writing import write
from conformance.channels.mutants.registry import mutants
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.sound import SOUND
from conformance.observing import judging, room, saved_trace
from conformance.observing.judging import Looked, NothingSeen
from conformance.observing.record import Seen, Subject
from conformance.suite.control import ControlClient
from conformance.suite.replaying import replay
from conformance.suite.session import Order, Unready
from conformance.verdict import OBSERVED, OUT_OF_SIGHT, TRACED
from schemas import jsontext
from schemas.tomlfile import FileFault
from simulator.edge.local import LocalTransport
from tests.conformance.bundle_lab import ISSUED_MS, ISSUER, certified
from tests.conformance.reference_lab import PEOPLE, SHOP, Lab

SUBJECT = Subject(vendor="V", product="P", version="1")


def busy_room(parts: Parts = SOUND) -> Lab:
    """What a vendor's tests do: a good day, a cancelled one, a lost answer, forged and repeated notices, refunds."""
    lab = Lab(parts=parts)
    lab.place(order="A1")
    lab.confirm("A1")
    lab.fault("duplicate_notice")
    lab.settle_down()
    lab.place(order="A2")
    lab.perform("cancel", "A2")
    lab.settle_down()
    lab.fault("no_answer_after_commit", "6202")
    lab.place(order="A3")
    lab.advance(2_000)
    lab.jobs()
    lab.fault("forged_notice")
    lab.confirm("A3")
    lab.settle_down()
    lab.perform("refund", "A1", reason="缺货")
    lab.settle_down()
    sell(lab, "B1")
    lab.fault("sign_in_expired", "2102")
    sell(lab, "B2")
    return lab


def sell(lab: Lab, order: str) -> None:
    buyer = PEOPLE["甲"]
    shown = {"mdtrt_cert_type": "02", "mdtrt_cert_no": buyer.certno}
    lab.perform("counter_sale", order, org=SHOP, certificate=shown, lines=lab.lines())


def seen_in(lab: Lab) -> Seen:
    return room.read(room.attach(ControlClient(LocalTransport(lab.platform)), "lab"))


def issue(made_by: str = OBSERVED, **more: Any) -> Issue:
    return Issue(**{"at_ms": ISSUED_MS, "made_by": made_by, **more})


def looked(lab: Lab, **more: Any) -> Looked:
    return judging.look([seen_in(lab)], SUBJECT, issue(**more))


def outcomes(found: Looked) -> dict[str, str]:
    return {row.requirement.id: row.outcome for row in found.verdict.judged}


@pytest.fixture(scope="module")
def sound() -> Lab:
    return busy_room()


def test_a_sound_channel_is_not_accused_by_its_own_tests(sound: Lab) -> None:
    verdict = looked(sound).verdict
    assert [row.requirement.id for row in verdict.judged if row.outcome in ("failed", "warned", "suite_error")] == []
    assert verdict.count("passed") >= 5


def test_what_was_not_exercised_often_enough_is_untested_and_blocks(sound: Lab) -> None:
    found = looked(sound)
    assert found.verdict.overall == "incomplete"
    assert found.weighed().exit_code == 2
    short = next(row for row in found.verdict.judged if row.outcome == "untested")
    assert short.held < short.requirement.observations


def test_what_takes_a_belief_is_out_of_sight_and_no_part_of_the_verdict(sound: Lab) -> None:
    found = looked(sound)
    hidden = {row.requirement.id: row for row in found.verdict.judged}["belief/ledger/never-wrong"]
    assert (hidden.outcome, hidden.why) == ("not_applicable", OUT_OF_SIGHT)
    assert found.out_of_sight > 20


def test_rails_and_families_are_told_from_the_traffic(sound: Lab) -> None:
    hello = looked(sound).run.hello
    assert hello["rails"] == ["online", "counter"]
    assert {"person", "evoucher", "payment", "settlement", "session"} <= set(hello["families"])


@pytest.mark.parametrize(
    ("mutant", "requirement"),
    [
        ("repeats-unasked", "unknown/order/ask-before-anything-else"),
        ("believes-forgeries", "notice/inbox/forgery-is-turned-away"),
        ("plain-frames", "wire/sealing/frames-are-sealed"),
    ],
)
def test_a_broken_channel_is_caught_by_what_it_says_alone(mutant: str, requirement: str) -> None:
    found = looked(busy_room(mutants()[mutant].change(SOUND)))
    assert outcomes(found)[requirement] == "failed"
    assert found.weighed().exit_code == 1


def test_nobody_calling_is_a_matter_of_configuration_and_no_verdict() -> None:
    with pytest.raises(NothingSeen) as fault:
        looked(Lab())
    assert "compare its address and keys" in fault.value.both.en


def test_a_room_that_is_not_there_names_those_there_are(sound: Lab) -> None:
    with pytest.raises(room.NoRoom, match="lab"):
        room.attach(ControlClient(LocalTransport(sound.platform)), "other")


def test_a_room_of_several_channels_is_turned_down() -> None:
    lab = Lab()
    two = [{"name": "one", "orgs": "all"}, {"name": "two", "orgs": "all"}]
    lab.control("POST", "", {"room": "shared", "channels": two})
    with pytest.raises(room.NoRoom, match="several"):
        room.attach(ControlClient(LocalTransport(lab.platform)), "shared")


def test_a_notice_that_was_never_sent_for_want_of_an_address_accuses_nobody() -> None:
    journal = [{**line, "path": ""} if line["direction"] == "out" else line for line in seen_in(busy_room()).journal]
    found = judging.look([Seen(journal=journal)], SUBJECT, issue())
    assert outcomes(found)["notice/inbox/genuine-notice-is-acknowledged"] == "untested"


# ------------------------------------------------------------------ the bundle


@pytest.fixture(scope="module")
def bundle(sound: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("observed")
    looked(sound).write(directory)
    return directory


def test_the_class_stands_on_certificate_page_and_junit(bundle: Path) -> None:
    certificate: Any = jsontext.parse((bundle / "certificate.json").read_bytes())
    assert (certificate["certificate"]["class"], certificate["certificate"]["mode"]) == ("O", "observed")
    assert "O类：旁观" in (bundle / "report.html").read_text(encoding="utf-8")
    assert 'name="class" value="O"' in (bundle / "junit.xml").read_text(encoding="utf-8")


def test_it_verifies_and_rejudges_offline(bundle: Path) -> None:
    assert verify(bundle, at_ms=ISSUED_MS + 1).whole
    evidence = saved(bundle)
    assert differences(evidence, rejudge(evidence)) == []
    assert changes(evidence, rejudge(evidence, "2026.0"))


def test_copied_elsewhere_and_without_a_network_it_says_the_same(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    copied = Path(shutil.copytree(bundle, tmp_path / "copied"))
    monkeypatch.setattr(socket, "socket", refuse)
    assert verify(copied, at_ms=ISSUED_MS + 1).whole
    evidence = saved(copied)
    assert differences(evidence, rejudge(evidence)) == []
    assert judging.look(saved_trace.read(copied), SUBJECT, issue(TRACED)).verdict.counts() == rejudge(evidence).counts()


def test_it_cannot_be_played_again(bundle: Path) -> None:
    with pytest.raises(Unready, match="did not drive"):
        replay(saved(bundle), "observed", Order())


def test_results_of_another_class_than_the_certificate_are_found(bundle: Path, tmp_path: Path, sound: Lab) -> None:
    looked(sound).write(tmp_path)
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    (tmp_path / "results.json").write_text(text.replace('"class": "O"', '"class": "D"'), encoding="utf-8")
    told = [fault.what.en for fault in verify(tmp_path, at_ms=ISSUED_MS + 1).faults]
    assert "does not say what the certificate says" in told


def test_an_issuer_may_sign_what_was_watched_and_never_a_trace(sound: Lab) -> None:
    assert not issue(OBSERVED, key=ISSUER).rehearsal
    assert issue(TRACED, key=ISSUER).rehearsal
    assert issue(OBSERVED).rehearsal


# ------------------------------------------------------------------ a saved trace


def exported(lab: Lab, folder: Path) -> Path:
    books = lab.control("GET", "/lab/books")
    rows = {"journal": books["journal"], "ledger": books["ledger"]["transfers"], "cash": books["cash"]}
    for name, lines in rows.items():
        (folder / f"{name}.jsonl").write_bytes(b"".join(jsontext.compact(line) + b"\n" for line in lines))
    return folder


def test_a_trace_gives_the_verdict_of_the_watching(bundle: Path, sound: Lab, tmp_path: Path) -> None:
    watched = looked(sound).verdict
    for path in (bundle, bundle / "trace.jsonl", exported(sound, tmp_path), tmp_path / "journal.jsonl"):
        judged = judging.look(saved_trace.read(path), SUBJECT, issue(TRACED)).verdict
        assert [(row.requirement.id, row.outcome, row.held, row.seen) for row in judged.judged] == [
            (row.requirement.id, row.outcome, row.held, row.seen) for row in watched.judged
        ]


def cut_line(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], *lines[5:]]


def change_byte(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], lines[4].replace(b'"ok"', b'"no"', 1), *lines[5:]]


def cut_end(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def turn_round(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], *lines[2:]]


def talk_rubbish(lines: list[bytes]) -> list[bytes]:
    return [lines[0], b"rubbish", *lines[2:]]


@pytest.mark.parametrize("damage", [cut_line, change_byte, cut_end, turn_round, talk_rubbish])
def test_a_damaged_chain_is_told_with_its_place(
    bundle: Path, tmp_path: Path, damage: Callable[[list[bytes]], list[bytes]]
) -> None:
    lines = (bundle / "trace.jsonl").read_bytes().splitlines()
    (tmp_path / "trace.jsonl").write_bytes(b"\n".join(damage(lines)) + b"\n")
    with pytest.raises(FileFault, match=r"trace\.jsonl: .*(line \d+|cut off)"):
        saved_trace.read(tmp_path)


@pytest.mark.parametrize("damage", [cut_line, turn_round, talk_rubbish])
def test_a_damaged_journal_is_told_with_its_line(
    sound: Lab, tmp_path: Path, damage: Callable[[list[bytes]], list[bytes]]
) -> None:
    path = exported(sound, tmp_path) / "journal.jsonl"
    path.write_bytes(b"\n".join(damage(path.read_bytes().splitlines())) + b"\n")
    with pytest.raises(FileFault, match=r"journal\.jsonl: line \d"):
        saved_trace.read(tmp_path)


@pytest.mark.parametrize("content", [b"", b'{"seq":1}\n', b'{"seq":1,"at_ms":"x","direction":"in","outcome":"ok"}\n'])
def test_what_is_no_trace_at_all_is_no_verdict(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.jsonl").write_bytes(content)
    with pytest.raises((FileFault, NothingSeen)):
        judging.look(saved_trace.read(tmp_path / "t.jsonl"), SUBJECT, issue(TRACED))


def test_a_path_that_leads_nowhere_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="give trace"):
        saved_trace.read(tmp_path / "nothing")


def test_a_driven_bundle_can_be_looked_at_as_a_trace(tmp_path: Path) -> None:
    from tests.conformance.bundle_lab import bundle as driven

    judged = judging.look(saved_trace.read(driven(tmp_path)), SUBJECT, issue(TRACED))
    assert "lost-6202-kept" in judged.run.evidence
    assert judged.run.texts["lost-6202-kept"].en != judging.TRAFFIC.en


def test_the_trace_of_hard_days_accuses_nobody_who_passed_them(tmp_path: Path) -> None:
    """Each hard day was played for some rules; what it forced on the channel is no breach of the others."""
    hard = ("retry/refusals/", "session/renewal/", "keys/rotation/", "wire/sealing/", "notice/early/")
    verdict, run = certified(only=hard)
    write(tmp_path, verdict, run, issue("D"))
    parts = saved_trace.read(tmp_path)
    assert {"hard-turned-away", "hard-sign-in", "key-platform"} <= {part.name for part in parts}
    judged = judging.look(parts, SUBJECT, issue(TRACED)).verdict
    assert [row.requirement.id for row in judged.judged if row.outcome in ("failed", "warned")] == []
