"""The end of a run: let everything come to rest, then write down the books.

Quiescence is: every job of every desk run, no notice due, the clock past the longest declared pause. Only then do
beliefs count.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from loadtests import books, series
from loadtests.arrivals import midnight_ms
from loadtests.books import Books
from loadtests.campaign import Campaign
from loadtests.load_profile import Profile
from loadtests.staging import Staged

HOUR_MS = 3_600_000
LOOK_EVERY_S = 2
PATIENT_LOOKS = 150
"""Five minutes in all."""
ROUNDS = 200
"""Bound of the loop that waits for the desks to come to rest."""


def close(staged: Staged) -> Books:
    """Come to rest, stop the inbox, and collect the books.

    Raises:
        ControlError: the simulator is not reached.
    """
    campaign = staged.campaign
    health = campaign.health()
    campaign.stop()
    try:
        campaign.clear_up()
        campaign.clock.set(campaign.room.now_ms())
        if campaign.still:
            wait_for_rest(campaign)
        else:
            come_to_rest(campaign, staged.options.profile.waits_ms)
        judge_statements(campaign, staged.options.profile)
    finally:
        for inbox in staged.inboxes:
            inbox.close()
    collected = collect(staged)
    failures = campaign.health()
    return replace(collected, health=replace(health, failures=failures.failures, failed=failures.failed))


def come_to_rest(campaign: Campaign, waits_ms: tuple[int, ...]) -> None:
    """Run jobs and deliver notices as they fall due, until nothing is left or the longest patience is used up."""
    end_ms = campaign.clock() + sum(waits_ms) + HOUR_MS
    for _ in range(ROUNDS):
        due_ms = _work_off(campaign)
        if due_ms is None or due_ms > end_ms:
            break
        _advance(campaign, due_ms - campaign.clock())
    _advance(campaign, end_ms - campaign.clock())
    _work_off(campaign)


def wait_for_rest(campaign: Campaign) -> None:
    """For a channel that cannot follow a jump of the clock: look again until nothing is due, or for a while."""
    for _ in range(PATIENT_LOOKS):
        if _work_off(campaign) is None:
            return
        time.sleep(LOOK_EVERY_S)


def judge_statements(campaign: Campaign, profile: Profile) -> None:
    """At rest, each pharmacy's day is compared once more: now it has to agree row by row."""
    if profile.reconciliation is None:
        return
    for desk, org in campaign.shops():
        try:
            campaign.statements.append({**desk.reconcile(org, profile.day), "final": True})
        except Exception as fault:  # noqa: BLE001  # one desk's failure voids the run, the books are still wanted
            campaign.fail(f"statement of {org}: {type(fault).__name__}: {fault}"[:300])
    _work_off(campaign)


def _work_off(campaign: Campaign) -> int | None:
    """Do what is due now; when something is due next, or None."""
    campaign.room.deliver()
    for desk in campaign.desks.all:
        try:
            campaign.note(desk.run_jobs())
        except Exception as fault:  # noqa: BLE001  # one desk's failure voids the run, the books are still wanted
            campaign.fail(f"closing desk {desk.index}: {type(fault).__name__}: {fault}"[:300])
    times = [due_ms for desk in campaign.desks.all if (due_ms := desk.next_due_ms()) is not None]
    times += [int(notice["due_ms"]) for notice in campaign.room.every("notices") if notice["due_ms"]]
    return min(times, default=None)


def _advance(campaign: Campaign, step_ms: int) -> None:
    campaign.clock.set(campaign.room.advance(max(1, step_ms)))


def collect(staged: Staged) -> Books:
    """The three books as they stand."""
    campaign, profile = staged.campaign, staged.options.profile
    ledger = campaign.room.call("GET", "/ledger")
    room, recorder = campaign.room, campaign.recorder
    heard: dict[int, Counter[str]] = {}
    timed, begin_ms = staged.options.mode == books.PACED, midnight_ms(profile.day)
    lines = series.count_lines(room.lines(), begin_ms=begin_ms, minutes=recorder.minutes, into=heard)
    traffic = books.count_traffic(lines)
    beliefs = _beliefs(campaign)
    orders = [books.short_order(row) for row in room.every("orders")]
    for at_ms, spent_ms in _reached(campaign, beliefs, orders):
        recorder.measured(at_ms, spent_ms, in_slice=campaign.driven)
    return Books(
        run=_run(staged),
        limits=profile.limits,
        asked=[books.asked_row(planned) for planned in campaign.planned],
        begun=frozenset(campaign.begun),
        counted=frozenset(campaign.counted),
        beliefs=beliefs,
        transfers=ledger["transfers"],
        accounts=ledger["accounts"],
        orders=orders,
        cash=[books.short_cash(row) for row in room.every("cash")],
        notices=[books.short_notice(row) for row in room.every("notices")],
        statements=list(campaign.statements),
        series=series.rows(recorder, heard, ledger["transfers"], begin_ms=begin_ms, timed=timed),
        codes=recorder.codes(timed=timed),
        troubles=dict(sorted(recorder.troubles.items())),
        traffic=traffic,
        health=campaign.health(),
    )


def _reached(campaign: Campaign, beliefs: list[Any], orders: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """For each order placed: when it was due, and how long after that the platform had frozen its split."""
    due_ms = {planned.number: planned.at_ms for planned in campaign.planned}
    owner = {str(number): str(one["order"]) for one in beliefs for number in one["pay_ord_ids"]}
    for row in orders:
        number = owner.get(str(row["pay_ord_id"]))
        if number in due_ms and row["placed_ms"]:
            yield due_ms[number], max(0, int(row["placed_ms"]) - due_ms[number])


def _run(staged: Staged) -> dict[str, Any]:
    profile, options = staged.options.profile, staged.options
    return {
        "profile": profile.name, "digest": profile.digest, "title_zh": profile.title_zh,
        "title_en": profile.title_en, "city": profile.city, "day": profile.day, "seed": staged.seed,
        "orders": len(staged.campaign.planned), "mode": options.mode, "channel": options.channel,
        "scale": profile.scale,
        "from_minute": options.window.from_minute, "minutes": options.window.minutes,
        "channels": len(staged.campaign.desks.teams), "desks": len(staged.campaign.desks.all),
        "room": staged.campaign.room.name,
    }  # fmt: skip


def _beliefs(campaign: Campaign) -> list[Any]:
    return [belief for desk in campaign.desks.all for belief in desk.beliefs()]
