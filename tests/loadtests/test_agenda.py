"""The agenda: what may happen when, and what holds the clock back."""

from hypothesis import given
from hypothesis import strategies as st

from loadtests.agenda import Agenda, Event, Jump, Over, Pause


def agenda() -> Agenda:
    """Holds the clock at 100 ms of age, moves it in steps of 10, and waits 7 real ms for a notice."""
    return Agenda(hold_ms=100, tick_ms=10, patience_ms=7)


def taken(plan: Agenda, now_ms: int) -> Event:
    event = plan.take(now_ms, real_ms=0)
    assert isinstance(event, Event)
    return event


def test_an_empty_agenda_is_over() -> None:
    assert agenda().take(0, real_ms=0) == Over()


def test_events_come_in_the_order_of_time_and_then_of_entry() -> None:
    plan = agenda()
    plan.put(5, "late", desk=1)
    plan.put(1, "first", desk=2)
    plan.put(1, "second", desk=3)
    assert [taken(plan, 9).act for _ in range(3)] == ["first", "second", "late"]


def test_a_desk_does_one_thing_at_a_time() -> None:
    plan = agenda()
    plan.put(1, "one", desk=1)
    plan.put(1, "two", desk=1)
    plan.put(2, "other", desk=2)
    one = taken(plan, 9)
    assert taken(plan, 9).act == "other"
    assert plan.take(9, real_ms=0) == Pause()
    plan.done(one)
    assert taken(plan, 9).act == "two"


def test_with_nothing_due_the_clock_jumps_to_the_next_event_in_whole_steps() -> None:
    plan = agenda()
    plan.put(41, "next", desk=1)
    assert plan.take(3, real_ms=0) == Jump(50)
    assert taken(plan, 50).act == "next"


def test_the_clock_stands_still_while_an_order_under_way_would_grow_too_old() -> None:
    plan = agenda()
    plan.begin("L1", 0, real_ms=0)
    plan.put(90, "near", desk=1)
    assert plan.take(0, real_ms=0) == Jump(90)
    plan.done(taken(plan, 90))
    plan.put(101, "far", desk=1)
    assert plan.take(90, real_ms=2) == Pause(5)
    plan.settle("L1")
    assert plan.take(90, real_ms=2) == Jump(110)


def test_a_notice_is_waited_for_so_long_and_then_no_more() -> None:
    plan = agenda()
    plan.begin("L1", 0, real_ms=0)
    plan.begin("L2", 5, real_ms=4)
    plan.put(500, "far", desk=1)
    assert plan.take(0, real_ms=6) == Pause(1)
    assert plan.take(0, real_ms=7) == Pause(4)
    plan.begin("L1", 9, real_ms=8)
    assert plan.take(0, real_ms=11) == Jump(500)
    plan.settle("L1")
    plan.begin("L1", 10, real_ms=12)
    assert plan.take(10, real_ms=12) == Pause(7)


def test_work_in_progress_holds_the_clock_too_and_no_patience_ends_it() -> None:
    plan = agenda()
    plan.put(0, "busy", desk=1)
    plan.put(500, "far", desk=2)
    event = taken(plan, 0)
    assert plan.take(0, real_ms=1_000) == Pause()
    plan.done(event)
    assert plan.take(0, real_ms=0) == Jump(500)


def test_work_that_waits_for_its_desk_holds_the_clock() -> None:
    plan = agenda()
    plan.put(0, "busy", desk=1)
    plan.put(0, "queued", desk=1)
    plan.put(500, "far", desk=2)
    event = taken(plan, 0)
    assert plan.take(0, real_ms=0) == Pause()
    plan.done(event)
    assert taken(plan, 0).act == "queued"


def test_an_order_begun_twice_is_as_old_as_at_first() -> None:
    plan = agenda()
    plan.begin("L1", 0, real_ms=0)
    plan.begin("L1", 90, real_ms=3)
    plan.put(150, "far", desk=1)
    assert plan.take(90, real_ms=4) == Pause(3)


def test_dropped_events_neither_come_nor_move_the_clock() -> None:
    plan = agenda()
    plan.drop(plan.put(20, "dropped", desk=1))
    plan.put(40, "kept", desk=1)
    assert plan.take(0, real_ms=0) == Jump(40)
    assert taken(plan, 40).act == "kept"


def test_it_is_not_over_while_somebody_works() -> None:
    plan = agenda()
    plan.put(0, "last", desk=1)
    event = taken(plan, 0)
    assert plan.take(0, real_ms=0) == Pause()
    plan.done(event)
    assert plan.take(0, real_ms=0) == Over()


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 4)), max_size=40))
def test_every_event_comes_exactly_once_never_early_and_each_desk_in_order(entries: list[tuple[int, int]]) -> None:
    plan, now_ms, seen = agenda(), 0, []
    for number, (at_ms, desk) in enumerate(entries):
        plan.put(at_ms, "work", desk=desk, number=number)
    while not isinstance(step := plan.take(now_ms, real_ms=0), Over):
        if isinstance(step, Jump):
            assert step.to_ms > now_ms
            now_ms = step.to_ms
        elif isinstance(step, Event):
            assert step.at_ms <= now_ms
            seen.append(step)
            plan.done(step)
    assert sorted(event.number for event in seen) == list(range(len(entries)))
    assert [event.at_ms for event in seen] == sorted(event.at_ms for event in seen)
