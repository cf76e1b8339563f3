"""Whatever a pharmacy did and whatever it says of it: every record of either side gets exactly one, right verdict."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.tabfile import pack
from simulator.domain import reconciliation, statement_file
from simulator.domain.bill import Split
from simulator.domain.date_range import days, span
from simulator.domain.moment import DAY_MS, date10, read
from simulator.domain.reconciliation import (
    CENTRE_MORE,
    DIFFERENT,
    EQUAL,
    INSTITUTION_MORE,
    Scope,
    Totals,
    compare,
    covers,
    records,
    totals,
)
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement
from simulator.domain.statement_file import Row
from tests.simulator.domain.scene import BUYER, SHOP, Scene, bill

MIDNIGHT = read("2026-01-05")
SCOPE = Scope(org=SHOP, setl_optins="110100", first_ms=MIDNIGHT, last_ms=MIDNIGHT + 2 * DAY_MS - 1, clr_type="41")


def record(number: int, at_ms: int, fen: int, **fields: object) -> Settlement:
    """A counter sale of the core, paid by the account."""
    split = Split(lines=(), medfee_fen=fen, fund_fen=0, own_fen=fen, cash_fen=0, balance_before_fen=fen)
    made = Settlement(
        setl_id=f"S{number}", mdtrt_id=f"G{number}", medins_setl_id=f"M{number}", medins_key="",
        org_day=f"{SHOP}/{date10(at_ms)}", psn_no=BUYER, bill=bill(), split=split, at_ms=at_ms, transfer_id="",
        clr_optins="110100",
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]  # whatever a case wants to differ


def refund_of(paid: Settlement, number: int, at_ms: int) -> Settlement:
    return replace(
        paid, setl_id=f"S{number}", sign=-1, at_ms=at_ms, org_day=f"{SHOP}/{date10(at_ms)}", refers_to=paid.setl_id
    )


def row(paid: Settlement) -> Row:
    fen = paid.sign * paid.split.medfee_fen
    return Row(
        setl_id=paid.setl_id, mdtrt_id=paid.mdtrt_id, psn_no=paid.psn_no, medfee_fen=fen, fund_fen=0, acct_fen=fen,
        refund=paid.sign < 0,
    )  # fmt: skip


def put(scene: Scene, *paid: Settlement) -> None:
    for one in paid:
        scene.unit.put(one)


@st.composite
def pharmacies(draw: st.DrawFn) -> list[Settlement]:
    """Two days of sales; some refunded, the next day even, some reversed."""
    made: list[Settlement] = []
    for number in range(draw(st.integers(0, 8))):
        at_ms = MIDNIGHT + draw(st.integers(0, 2 * DAY_MS - 1))
        fate = draw(st.sampled_from(("live", "live", "cancelled", "reversed")))
        paid = record(number, at_ms, draw(st.integers(1, 50_000)), stas=fate)
        made.append(paid)
        if fate == "cancelled":
            made.append(refund_of(paid, 100 + number, min(at_ms + draw(st.integers(0, DAY_MS)), SCOPE.last_ms)))
    return made


@settings(max_examples=60, deadline=None)
@given(pharmacies())
def test_true_books_are_equal_in_total_and_in_every_row(made: list[Settlement]) -> None:
    scene = Scene()
    put(scene, *made)
    standing = [paid for paid in made if paid.stas != "reversed"]
    ours = records(scene.unit, SCOPE)
    assert sorted(paid.setl_id for paid in ours) == sorted(paid.setl_id for paid in standing)
    fen = sum(paid.sign * paid.split.medfee_fen for paid in standing)
    net = max(sum(paid.sign for paid in standing), 0)
    assert totals(scene.unit, ours) == Totals(medfee_fen=fen, fund_fen=0, acct_fen=fen, count=net)
    found = compare(scene.unit, SCOPE, [row(paid) for paid in standing])
    assert [verdict.stmt_rslt for verdict in found] == [EQUAL] * len(standing)


@settings(max_examples=60, deadline=None)
@given(pharmacies(), st.integers(0, 10**6))
def test_false_books_are_found_out_row_by_row(made: list[Settlement], seed: int) -> None:
    """Some rows unsaid, some altered, some invented, all shuffled: as many verdicts of each kind as there were lies."""
    scene, chance = Scene(), Random(seed)
    put(scene, *made)
    standing = [paid for paid in made if paid.stas != "reversed"]
    fates = {paid.setl_id: chance.choice(("said", "unsaid", "altered")) for paid in standing}
    said = [row(paid) for paid in standing if fates[paid.setl_id] == "said"]
    altered = [
        replace(row(paid), medfee_fen=row(paid).medfee_fen + 1) for paid in standing if fates[paid.setl_id] == "altered"
    ]
    invented = [replace(row(record(999, MIDNIGHT, 5)), setl_id=f"X{number}") for number in range(chance.randrange(3))]
    sent = [*said, *altered, *invented]
    chance.shuffle(sent)
    found = compare(scene.unit, SCOPE, sent)
    by_id = {verdict.setl_id: verdict.stmt_rslt for verdict in found[: len(sent)]}
    assert {by_id[one.setl_id] for one in said} <= {EQUAL}
    assert {by_id[one.setl_id] for one in altered} <= {DIFFERENT}
    assert {by_id[one.setl_id] for one in invented} <= {INSTITUTION_MORE}
    rest = found[len(sent) :]
    assert {verdict.stmt_rslt for verdict in rest} <= {CENTRE_MORE}
    unsaid = [paid for paid in standing if fates[paid.setl_id] == "unsaid"]
    assert sorted(verdict.msgid for verdict in rest) == sorted(paid.medins_setl_id for paid in unsaid)
    assert all(not verdict.setl_id and not verdict.mdtrt_id for verdict in rest)


def test_the_last_second_of_a_day_and_the_first_of_the_next_are_apart() -> None:
    scene = Scene()
    put(scene, record(1, MIDNIGHT + DAY_MS - 1, 100), record(2, MIDNIGHT + DAY_MS, 200))
    for first_ms, fen in ((MIDNIGHT, 100), (MIDNIGHT + DAY_MS, 200)):
        day = replace(SCOPE, first_ms=first_ms, last_ms=first_ms + DAY_MS - 1)
        assert [paid.split.medfee_fen for paid in records(scene.unit, day)] == [fen]


def test_a_refund_without_its_purchase_in_the_range_stands_alone() -> None:
    scene = Scene()
    paid = record(1, MIDNIGHT - DAY_MS, 100, stas="cancelled")
    put(scene, paid, refund_of(paid, 2, MIDNIGHT))
    assert totals(scene.unit, records(scene.unit, SCOPE)) == Totals(medfee_fen=-100, fund_fen=0, acct_fen=-100, count=0)
    (verdict,) = compare(scene.unit, SCOPE, [replace(row(paid), refund=True, medfee_fen=-100, acct_fen=-100)])
    assert verdict.stmt_rslt == EQUAL


def test_a_reversed_sale_is_nowhere_even_when_it_is_claimed() -> None:
    scene = Scene()
    paid = record(1, MIDNIGHT, 100, stas="reversed")
    put(scene, paid)
    assert records(scene.unit, SCOPE) == []
    (verdict,) = compare(scene.unit, SCOPE, [row(paid)])
    assert (verdict.stmt_rslt, verdict.memo) == (INSTITUTION_MORE, "中心无此记录")


@pytest.mark.parametrize(
    ("setl_optins", "clr_optins", "covered"),
    [("110100", "110100", True), ("110100", "110105", True), ("110105", "110105", True), ("110105", "110108", False),
     ("110105", "110100", False), ("310100", "110100", False), ("", "", True)],
)  # fmt: skip
def test_a_city_agency_answers_for_its_districts(setl_optins: str, clr_optins: str, covered: bool) -> None:
    assert covers(setl_optins, clr_optins) is covered


def test_equal_counts_with_other_money_differ_and_other_counts_say_who_has_more() -> None:
    ours = Totals(medfee_fen=100, fund_fen=0, acct_fen=100, count=1)
    assert reconciliation.compare_totals(ours, ours) == EQUAL
    assert reconciliation.compare_totals(ours, replace(ours, acct_fen=99)) == DIFFERENT
    assert reconciliation.compare_totals(ours, replace(ours, count=0)) == CENTRE_MORE
    assert reconciliation.compare_totals(ours, replace(ours, count=2)) == INSTITUTION_MORE


def test_the_longest_list_is_read_and_one_row_more_is_refused() -> None:
    line = ("S1", "G1", "P1", "1.00", "0.00", "1.00", "0")
    assert len(statement_file.read(pack("f", [line] * statement_file.MAX_ROWS))) == statement_file.MAX_ROWS
    with pytest.raises(Refusal) as refused:
        statement_file.read(pack("f", [line] * (statement_file.MAX_ROWS + 1)))
    assert refused.value.rule == "stmt_too_long"


@pytest.mark.parametrize(
    ("begin", "end", "count"),
    [("2026-01-05", "2026-01-05", 1), ("2026-01-05", "2026-02-01", 28), ("2024-02-28", "2024-03-01", 3),
     ("2026-01-05 23:59:59", "2026-01-06 00:00:00", 2), ("2026-01-05 23:59:59", "2026-01-05 23:59:59", 1)],
)  # fmt: skip
def test_a_range_touches_every_day_between_its_ends(begin: str, end: str, count: int) -> None:
    found = days(*span(Scene().unit, {"begin": begin, "end": end}, "begin", "end"))
    assert len(found) == count and (found[0], found[-1]) == (begin[:10], end[:10])


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [("2026-01-06", "2026-01-05", "end"), ("2026-02-29", "2026-03-01", "begin"), ("2026-01-01", "2026-13-01", "end"),
     ("2025-01-01", "2026-01-03", "end"), ("", "2026-01-01", "begin"), ("0001-01-01", "9999-12-31", "end")],
)  # fmt: skip
def test_what_is_no_range_is_refused(begin: str, end: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        span(Scene().unit, {"begin": begin, "end": end}, "begin", "end")
    assert (refused.value.rule, refused.value.field) == ("date_range", field)
