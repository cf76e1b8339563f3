"""A campaign without sockets: the real platform and the real channels in this process, the clock in our hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Thread

import pytest

from loadtests import closing, desk
from loadtests.agenda import Event
from loadtests.books import PACED
from loadtests.control import Control, ControlError
from loadtests.judgement import OK, judge
from loadtests.load_profile import Fault, Profile, load
from loadtests.staging import room_order
from simulator.edge.local import LocalTransport
from tests.loadtests.played import Town

PROFILE = replace(load("beijing-launch-day"), desks=3, people=60, pharmacies=6, faults=(), patience_ms=10)


@pytest.fixture
def open_town() -> Iterator[Callable[..., Town]]:
    towns: list[Town] = []

    def opened(profile: Profile = PROFILE, **more: object) -> Town:
        towns.append(Town(profile, **more))  # type: ignore[arg-type]  # passed on as given
        return towns[-1]

    yield opened
    for one in towns:
        one.platform.store.close()


def test_a_day_is_played_to_its_end_and_its_books_are_in_order(open_town: Callable[..., Town]) -> None:
    town = open_town()
    town.play()
    assert town.campaign.over and len(town.campaign.begun) == 12
    books = closing.close(town.staged)
    judged = judge(books)
    assert judged.violations == 0 and not judged.void, judged
    assert judged.exit_code == OK
    assert books.traffic.calls > 12 * 4 and books.health.failed == 0


def test_the_clock_follows_the_plan(open_town: Callable[..., Town]) -> None:
    town = open_town()
    late: list[int] = []

    def look(event: Event) -> None:
        if event.act == "place":
            late.append(town.campaign.clock() - town.campaign.planned[event.number].at_ms)

    town.play(look)
    assert len(late) == 12
    assert all(0 <= behind_ms <= PROFILE.hold_ms + PROFILE.tick_ms for behind_ms in late)


def test_faults_are_armed_on_their_way_and_leave_the_books_in_order(open_town: Callable[..., Town]) -> None:
    faults = (
        Fault(name="no_answer_after_commit", permille=100, match={"code": "6202"}),
        Fault(name="http_status", permille=100, match={"code": "6201"}),
        Fault(name="no_notice", permille=100),
        Fault(name="core_refuses", permille=50),
    )
    town = open_town(replace(PROFILE, faults=faults), orders=20)
    town.play()
    books = closing.close(town.staged)
    assert judge(books).violations == 0
    assert {"no_answer_after_commit", "http_status", "no_notice"} <= set(books.traffic.struck)


def test_lost_notices_are_not_waited_for_for_ever(open_town: Callable[..., Town]) -> None:
    town = open_town(replace(PROFILE, patience_ms=10), orders=3)
    while (event := town.campaign.next()) is not None:
        town.campaign.work(event)
    assert len(town.campaign.counted) == 3, "found out by asking, without a single notice"


def test_several_hands_share_the_work(open_town: Callable[..., Town]) -> None:
    town = open_town(orders=30)

    def hands() -> None:
        while (event := town.campaign.next()) is not None:
            town.campaign.work(event)

    threads = [Thread(target=hands) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    judged = judge(closing.close(town.staged))
    assert len(town.campaign.begun) == 30
    assert judged.violations == 0 and not judged.void


def test_a_failure_of_our_own_is_counted_and_voids_the_run(open_town: Callable[..., Town]) -> None:
    town = open_town(orders=4)
    town.platform.inboxes.clear()
    broken = town.campaign.desks.of(town.campaign.planned[0].org)

    def fail(planned: object) -> list[desk.Seen]:
        raise KeyError("ours")

    broken.place = fail  # type: ignore[method-assign]  # a desk that breaks
    town.play()
    books = closing.close(town.staged)
    assert books.health.failed and "KeyError" in books.health.failures[0]
    assert judge(books).void


def test_a_kill_goes_through_and_frees_the_desk(open_town: Callable[..., Town]) -> None:
    class Kill(BaseException):
        pass

    town = open_town(orders=2)
    event = town.campaign.next()
    assert event is not None
    killed = town.campaign.desks.all[event.desk]
    sound, killed.place = killed.place, lambda planned: (_ for _ in ()).throw(Kill())  # type: ignore[method-assign]  # a desk that dies
    with pytest.raises(Kill):
        town.campaign.work(event)
    killed.place = sound  # type: ignore[method-assign]  # as it was
    town.play()
    assert town.campaign.over and not town.campaign.health().failed


def test_a_stopped_run_hands_nothing_out_and_says_so(open_town: Callable[..., Town]) -> None:
    town = open_town()
    event = town.campaign.next()
    assert event is not None
    town.campaign.work(event)
    town.campaign.stop()
    assert town.campaign.next() is None
    books = closing.close(town.staged)
    assert books.health.stopped_early and judge(books).void


def test_a_simulator_that_goes_away_ends_the_run(open_town: Callable[..., Town]) -> None:
    town = open_town()
    town.control.call("DELETE", f"/rooms/{town.room.name}")
    assert town.campaign.next() is None
    assert town.campaign.health().failed == 1 and not town.campaign.over


def test_late_arrivals_are_counted_in_real_time(open_town: Callable[..., Town]) -> None:
    town = open_town(orders=2, mode=PACED)
    town.campaign.clock.set(max(planned.at_ms for planned in town.campaign.planned) + 5_000)
    for _ in range(2):
        event = town.campaign.next()
        assert event is not None
        town.campaign.work(event)
    health = town.campaign.health()
    assert health.late == 2 and health.worst_late_ms >= 5_000
    town.play()
    assert town.campaign.over, "after the last arrival nothing is waited for in real time"


def test_a_room_of_the_same_name_is_made_anew(open_town: Callable[..., Town]) -> None:
    town = open_town()
    town.play()
    again = town.control.fresh_room(room_order(town.staged.options, 5))
    assert again["room"] == town.room.name
    assert not list(town.control.room(str(again["room"])).every("orders"))


def test_a_wrong_token_is_told_in_words(open_town: Callable[..., Town]) -> None:
    wrong = Control(LocalTransport(open_town(orders=1).platform), "wrong")
    with pytest.raises(ControlError, match="token") as caught:
        wrong.health()
    assert caught.value.status == 401 and "令牌" in caught.value.zh


def test_a_notice_nobody_can_open_is_refused_by_a_channel(open_town: Callable[..., Town]) -> None:
    town = open_town(orders=1)
    assert b'"success":false' in town.campaign.receive(b"{}").replace(b" ", b"")
