"""A payment order lives as order-life.md says: the steps, the money of each, and what is refused where."""

from collections.abc import Callable

import pytest

from simulator.domain import notices, payment
from simulator.domain.consent import decode, person_by, show_code
from simulator.domain.ledger import OPENING, SUSPENSE, Posting, due, own
from simulator.domain.moment import HOUR_MS, MINUTE_MS, read
from simulator.domain.order_record import Order
from simulator.domain.order_steps import STEPS
from simulator.domain.person_acts import ACTS
from simulator.domain.records import Drug, Institution, Person
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches
from simulator.domain.settlement_record import Settlement
from tests.simulator.domain.scene import APP, BUYER, GIVER, SHOP, Scene

CHEAP = ("A", "2", "19.80")
DEAR = ("A", "4", "19.80")


def again(scene: Scene, order: Order) -> Order:
    found = scene.unit.get(Order, order.pay_ord_id)
    assert found is not None
    return found


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.rule


def test_an_account_order_goes_0_1_4_and_takes_exactly_its_split() -> None:
    scene = Scene()
    order = scene.order(CHEAP)
    assert (order.ord_stas, order.pay_ord_id[:9], len(order.pay_ord_id)) == ("0", "ORD110100", 30)
    order = scene.place(order)
    assert (order.ord_stas, scene.balance()) == ("1", 5_000)
    order = payment.confirm(scene.unit, order)
    assert (order.ord_stas, order.setl_type, scene.balance()) == ("4", "HI", 1_040)
    assert scene.transfers() == [("PAY", (Posting(own(BUYER), -3_960), Posting(due(SHOP), 3_960)))]
    assert scene.unit.find(Settlement, "medins_key", f"centre/{order.pay_ord_id}")[0].sign == 1
    assert [notice.code for notice in notices.due(scene.unit)] == ["6302"]


def test_a_short_account_pays_with_cash_first_and_freight_stays_in_the_cash_book() -> None:
    scene = Scene()
    order = scene.paid(DEAR, freight_fen=500)
    assert (order.ord_stas, order.setl_type, order.cash_taken_fen) == ("4", "ALL", 2_920)
    assert scene.balance() == 0
    book = scene.cash_book(order)
    assert (book.state, book.cash_fen, book.freight_fen) == ("paid", 2_920, 500)


def test_nothing_insured_ends_as_a_cash_order_without_a_settlement() -> None:
    scene = Scene()
    scene.fund(BUYER, 0)
    order = scene.paid(CHEAP)
    assert (order.ord_stas, order.setl_type, order.setl_id, scene.transfers()) == ("3", "CASH", "", [])
    (notice,) = notices.due(scene.unit)
    notices.delivered(scene.unit, notice, True)
    assert again(scene, order).ord_stas == "6"


def test_confirming_needs_the_cash_desk_to_be_open() -> None:
    scene = Scene()
    order = scene.place(scene.order(DEAR))
    assert rule_of(lambda: payment.confirm(scene.unit, order)) == "cash_not_open"


def test_a_buyer_who_does_not_pay_cash_leaves_the_order_waiting() -> None:
    scene = Scene()
    order = payment.confirm(scene.unit, scene.placed(DEAR), pays_cash=False)
    assert (order.ord_stas, scene.transfers()) == ("1", [])


def _spend(scene: Scene) -> None:
    scene.fund(BUYER, 10)


def _freeze(scene: Scene) -> None:
    scene.change(scene.unit.get(Person, BUYER), psn_insu_stas="2")


def _suspend(scene: Scene) -> None:
    scene.change(scene.unit.get(Institution, SHOP), suspended=True)


def _ban(scene: Scene) -> None:
    scene.change(scene.unit.get(Drug, "A"), vali_flag="0")


def _cap(scene: Scene) -> None:
    scene.change(scene.unit.get(Drug, "A"), pric_uplmt="5.00")


@pytest.mark.parametrize(
    ("what", "reason"),
    [(_spend, "balance_gone"), (_freeze, "not_insured"), (_suspend, "institution_suspended"),
     (_ban, "withdrawn_drug"), (_cap, "price_limit_changed")],
)  # fmt: skip
def test_what_changed_before_the_confirmation_fails_the_order_and_returns_all_cash(
    what: Callable[[Scene], None], reason: str
) -> None:
    scene = Scene()
    order = scene.placed(DEAR, freight_fen=500)
    what(scene)
    order = payment.confirm(scene.unit, order)
    assert (order.ord_stas, order.reason, scene.transfers()) == ("15", reason, [])
    book = scene.cash_book(order)
    assert (book.returned("cash"), book.returned("freight")) == (2_920, 500)
    assert not notices.due(scene.unit)


def test_a_tie_that_ended_before_the_confirmation_fails_the_order() -> None:
    scene = Scene()
    scene.fund(GIVER, 10_000)
    order = scene.placed(DEAR, flag="2")
    scene.change(scene.unit.get(Person, BUYER), givers=())
    assert payment.confirm(scene.unit, order).reason == "giver_gone"


def test_cash_that_cannot_be_returned_waits_for_a_person_in_16() -> None:
    scene = Scene(troubles=["cash_return_fails"])
    order = payment.confirm(scene.unit, scene.placed(DEAR))
    assert (order.ord_stas, order.cash_open_fen) == ("16", 2_920)
    assert scene.refund(order, "CASH", cash_fen=2_920).ord_stas == "15"


@pytest.mark.parametrize(("settled", "state", "left"), [(True, "4", 1_040), (False, "15", 5_000)])
def test_a_silent_core_holds_the_money_until_it_is_heard(settled: bool, state: str, left: int) -> None:
    scene = Scene(troubles=["core_silent"])
    order = payment.confirm(scene.unit, scene.placed(CHEAP))
    assert (order.ord_stas, scene.balance(), scene.unit.balance(SUSPENSE)) == ("14", 1_040, 3_960)
    order = payment.resolve(scene.unit, order, settled=settled)
    assert (order.ord_stas, scene.balance(), scene.unit.balance(SUSPENSE)) == (state, left, 0)
    if settled:
        assert (scene.refund(order).ord_stas, scene.balance()) == ("7", 5_000)


def test_a_core_that_denies_later_may_leave_the_cash_stuck_too() -> None:
    scene = Scene(troubles=["core_silent", "cash_return_fails"])
    order = payment.confirm(scene.unit, scene.placed(DEAR))
    order = payment.resolve(scene.unit, order, settled=False)
    assert (order.ord_stas, order.cash_open_fen, scene.balance()) == ("16", 2_920, 5_000)


@pytest.mark.parametrize(("wait_ms", "placed", "state"), [(2 * HOUR_MS, False, "12"), (30 * MINUTE_MS, True, "12"),
                                                         (30 * MINUTE_MS - 1, True, "1")])  # fmt: skip
def test_time_withdraws_what_nobody_went_on_with(wait_ms: int, placed: bool, state: str) -> None:
    scene = Scene()
    order = scene.order(CHEAP)
    order = scene.place(order) if placed else order
    scene.later(wait_ms)
    assert again(scene, order).ord_stas == state


def test_an_idle_confirmation_page_gives_the_order_back() -> None:
    scene = Scene()
    order = payment.open_page(scene.unit, scene.placed(CHEAP))
    scene.later(5 * MINUTE_MS)
    assert again(scene, order).ord_stas == "1"


def test_leaving_the_page_before_any_leg_moved_gives_the_order_back() -> None:
    scene = Scene()
    order = payment.leave_page(scene.unit, payment.open_page(scene.unit, scene.placed(DEAR)))
    assert (order.ord_stas, scene.transfers(), scene.cash_book(order).state) == ("1", [], "open")


def test_five_wrong_passwords_give_the_order_back_and_lock_the_person_until_midnight() -> None:
    scene = Scene()
    order, other = scene.placed(CHEAP), scene.placed(CHEAP)
    code = show_code(scene.unit, person_by(scene.unit, BUYER))
    for left in (4, 3, 2, 1):
        order, told = payment.mistype(scene.unit, order)
        assert (told, order.ord_stas) == (left, "2")
    order, told = payment.mistype(scene.unit, order)
    assert (told, order.ord_stas, scene.transfers()) == (0, "1", [])
    for act in (
        lambda: payment.confirm(scene.unit, order),
        lambda: payment.open_page(scene.unit, other),
        lambda: payment.mistype(scene.unit, order),
        lambda: decode(scene.unit, code.qr, SHOP, "02121"),
        lambda: ACTS["show_code"](scene.unit, {"psn_no": BUYER}),
        lambda: ACTS["consent"](scene.unit, {"psn_no": BUYER, "app_id": APP, "org_codg": SHOP}),
    ):
        assert rule_of(act) == "evoucher_locked"
    scene.later(read("2026-01-06 00:00:00") - scene.unit.now_ms)
    assert payment.confirm(scene.unit, scene.placed(CHEAP)).ord_stas == "4"


def test_a_right_password_forgives_the_wrong_ones_before_it() -> None:
    scene = Scene()
    order = scene.placed(CHEAP)
    for _ in range(4):
        order, _left = payment.mistype(scene.unit, order)
    assert payment.confirm(scene.unit, order).ord_stas == "4"
    assert payment.mistype(scene.unit, scene.placed(("A", "1", "1.00")))[1] == 4


def test_a_locked_buyer_does_not_confirm_by_himself() -> None:
    scene = Scene(switches=Switches(confirm="auto"))
    order = scene.placed(CHEAP)
    for _ in range(5):
        order, _left = payment.mistype(scene.unit, order)
    other = scene.placed(CHEAP)
    scene.later(MINUTE_MS)
    assert again(scene, other).ord_stas == "1"


def test_a_new_6202_prices_afresh_and_voids_the_old_split() -> None:
    scene = Scene()
    order = scene.placed(CHEAP)
    scene.fund(BUYER, 1_000)
    order = scene.place(order)
    assert order.split is not None
    assert (order.split.acct_fen, order.split.cash_fen, len(order.biz_sers)) == (1_000, 2_960, 2)


def test_insurance_first_takes_insurance_back_when_cash_never_comes() -> None:
    scene = Scene(switches=Switches(legs="insurance_first"))
    order = payment.confirm(scene.unit, scene.placed(DEAR), pays_cash=False)
    assert (order.ord_stas, order.setl_type, scene.balance()) == ("4", "HI", 0)
    scene.later(30 * MINUTE_MS)
    assert (again(scene, order).ord_stas, scene.balance()) == ("13", 5_000)


def test_settle_at_order_pays_with_6202_and_knows_no_cash_part() -> None:
    scene = Scene(switches=Switches(settle_at="order"))
    assert scene.place(scene.order(CHEAP)).ord_stas == "4"
    assert rule_of(lambda: scene.place(scene.order(DEAR))) == "cash_impossible"


def test_the_simulated_buyer_confirms_by_himself() -> None:
    scene = Scene(switches=Switches(confirm="auto"))
    order = scene.placed(DEAR)
    scene.later(1)
    assert again(scene, order).ord_stas == "4"


REFUNDS = [
    pytest.param(CHEAP, [("ALL", None)], "7", 5_000, id="L30 all of an account order"),
    pytest.param(CHEAP, [("HI", None)], "7", 5_000, id="L30 insurance of an account order"),
    pytest.param(DEAR, [("ALL", None)], "7", 5_000, id="L31 all of a mixed order"),
    pytest.param(DEAR, [("HI", None)], "8", 5_000, id="L35"),
    pytest.param(DEAR, [("CASH", 2_920)], "9", 0, id="L36"),
    pytest.param(DEAR, [("CASH", 1)], "10", 0, id="L37"),
    pytest.param(DEAR, [("CASH", 1), ("CASH", 2)], "10", 0, id="L38 part"),
    pytest.param(DEAR, [("CASH", 1), ("CASH", 2_919)], "9", 0, id="L38 rest"),
    pytest.param(DEAR, [("CASH", 1), ("HI", None)], "11", 5_000, id="L39"),
    pytest.param(DEAR, [("HI", None), ("CASH", 1)], "11", 5_000, id="L40 part"),
    pytest.param(DEAR, [("HI", None), ("CASH", 2_920)], "7", 5_000, id="L40 rest"),
    pytest.param(DEAR, [("CASH", 2_920), ("HI", None)], "7", 5_000, id="L41"),
    pytest.param(DEAR, [("HI", None), ("CASH", 1), ("CASH", 2_919)], "7", 5_000, id="L42"),
]


@pytest.mark.parametrize(("line", "steps", "state", "balance"), REFUNDS)
@pytest.mark.parametrize("acknowledged", [False, True])
def test_refunds_walk_the_table_and_return_each_part_to_its_source(
    line: tuple[str, str, str], steps: list[tuple[str, int | None]], state: str, balance: int, acknowledged: bool
) -> None:
    scene = Scene()
    order = scene.paid(line)
    if acknowledged:
        notices.delivered(scene.unit, notices.due(scene.unit)[0], True)
    for refd_type, cash_fen in steps:
        order = scene.refund(again(scene, order), refd_type, cash_fen=cash_fen)
    assert (order.ord_stas, scene.balance()) == (state, balance)
    if balance == 5_000:
        (_, pay), (_, back) = scene.transfers()
        assert back == tuple(Posting(posting.account, -posting.fen) for posting in pay)
        negatives = [row for row in scene.unit.page(Settlement, "", 9) if row.sign < 0]
        assert [row.refers_to for row in negatives] == [order.setl_id]


@pytest.mark.parametrize(
    ("trouble", "status", "state"),
    [("refund_cash_fails", "EXP", "8"), ("refund_insurance_fails", "EXP", "9")],
)
def test_half_a_refund_is_exp(trouble: str, status: str, state: str) -> None:
    scene = Scene()
    order = scene.paid(DEAR)
    scene.troubles.append(trouble)
    order = scene.refund(order)
    assert (order.refunds[-1].ref_status, order.ord_stas) == (status, state)


def test_a_refund_that_moved_nothing_is_fail_and_leaves_the_state() -> None:
    scene = Scene()
    order = scene.paid(CHEAP)
    scene.troubles.append("refund_insurance_fails")
    order = scene.refund(order)
    assert (order.refunds[-1].ref_status, order.ord_stas, scene.balance()) == ("FAIL", "4", 1_040)


def test_a_repeated_refund_serial_moves_no_money() -> None:
    scene = Scene()
    order = scene.refund(scene.paid(CHEAP), serial="R")
    again_asked = scene.refund(order, serial="R")
    assert (again_asked.refunds, len(scene.transfers("BACK"))) == (order.refunds, 1)
    assert rule_of(lambda: scene.refund(order, "HI", serial="R")) == "refund_serial_used"
    assert rule_of(lambda: scene.refund(order, serial="R2")) == "order_refunded"


def test_refunded_money_returns_to_the_giver_even_after_the_tie_ended() -> None:
    scene = Scene()
    scene.fund(GIVER, 10_000)
    order = scene.paid(DEAR, flag="2")
    assert scene.balance(GIVER) == 7_080
    scene.change(scene.unit.get(Person, BUYER), givers=())
    scene.refund(order)
    assert (scene.balance(), scene.balance(GIVER)) == (5_000, 10_000)


def test_notices_follow_their_schedule_and_then_give_up() -> None:
    scene = Scene()
    scene.paid(CHEAP)
    waits: list[int] = []
    for _ in range(7):
        (notice,) = notices.due(scene.unit)
        began = scene.unit.now_ms
        notice = notices.delivered(scene.unit, notice, None)
        if notice.state == "due":
            waits.append((notice.due_ms - began) // 1000)
            scene.later(notice.due_ms - began)
    assert (waits, notice.state, notices.due(scene.unit)) == ([15, 30, 120, 300, 600, 1800], "given_up", [])


def test_false_leaves_the_money_taken_unless_the_switch_reverses() -> None:
    for switches, state, balance in ((Switches(), "4", 1_040), (Switches(reverse_on_false=True), "13", 5_000)):
        scene = Scene(switches=switches)
        order = scene.paid(CHEAP)
        notices.delivered(scene.unit, notices.due(scene.unit)[0], False)
        assert (again(scene, order).ord_stas, scene.balance()) == (state, balance)


def test_every_state_is_reached_by_a_step_and_the_terminal_ones_lead_nowhere() -> None:
    reached = {state for steps in STEPS.values() for state in steps.values()}
    assert reached == {str(number) for number in range(17)}
    assert [state for state in reached if state not in STEPS] and not {"7", "12", "15"} & set(STEPS)


def test_the_books_always_sum_to_zero() -> None:
    scene = Scene()
    scene.refund(scene.paid(DEAR), "HI")
    accounts = [own(BUYER), due(SHOP), OPENING, SUSPENSE, "pool:110100"]
    assert sum(scene.unit.balance(account) for account in accounts) == 0
