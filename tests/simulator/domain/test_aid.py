"""Relatives who pay: from their account or from a quota, between the split and the confirmation, and back."""

import pytest

from simulator.domain import ledger, payment
from simulator.domain.bill import drugs, split
from simulator.domain.order_record import Order
from simulator.domain.records import Person
from simulator.domain.rules import Switches
from simulator.domain.world_changes import CHANGES
from tests.simulator.domain.scene import BUYER, GIVER, SECOND_GIVER, Scene, bill

DEAR = ("A", "2", "40.00")
"""80.00: the buyer's 50.00 and 30.00 of relatives."""


def walled(quota_fen: int = 2_000, own_fen: int = 9_000) -> Scene:
    scene = Scene(switches=Switches(aid="wallet"))
    scene.fund(GIVER, own_fen)
    CHANGES["quota"](scene.unit, {"psn_no": BUYER, "giver": GIVER, "fen": quota_fen})
    return scene


def quota(scene: Scene, giver: str = GIVER) -> int:
    return scene.unit.balance(ledger.quota(giver, BUYER))


def state(scene: Scene, order: Order) -> str:
    found = scene.unit.get(Order, order.pay_ord_id)
    assert found is not None
    return found.ord_stas


def test_a_quota_is_out_of_the_givers_reach_and_pays_for_nobody_else() -> None:
    scene = walled()
    assert (scene.balance(GIVER), quota(scene)) == (7_000, 2_000)
    order = scene.paid(DEAR, flag="2")
    assert order.split is not None
    assert [(share.psn_no, share.fen) for share in order.split.aid] == [(GIVER, 2_000)]
    assert (order.split.cash_fen, quota(scene), scene.balance(GIVER)) == (1_000, 0, 7_000)


def test_a_refund_returns_to_the_quota_it_came_from() -> None:
    scene = walled()
    refunded = scene.refund(scene.paid(DEAR, flag="2"))
    assert (refunded.ord_stas, quota(scene), scene.balance(GIVER), scene.balance()) == ("7", 2_000, 7_000, 5_000)


def test_a_refund_after_the_tie_ended_goes_on_to_the_givers_own_account() -> None:
    scene = walled()
    order = scene.paid(DEAR, flag="2")
    CHANGES["person"](scene.unit, {"psn_no": BUYER, "givers": []})
    scene.refund(order)
    assert (quota(scene), scene.balance(GIVER)) == (0, 9_000)


@pytest.mark.parametrize("change", [{"givers": []}, {"givers": [SECOND_GIVER]}])
def test_a_tie_that_ends_before_the_confirmation_fails_the_order_and_frees_the_quota(change: dict[str, object]) -> None:
    scene = walled(quota_fen=3_000)
    order = scene.placed(DEAR, flag="2")
    CHANGES["person"](scene.unit, {"psn_no": BUYER, **change})
    payment.confirm(scene.unit, order)
    assert (state(scene, order), quota(scene), scene.balance(GIVER), scene.balance()) == ("15", 0, 9_000, 5_000)


def test_a_quota_used_up_before_the_confirmation_fails_the_order() -> None:
    scene = walled(quota_fen=3_000)
    first, second = scene.placed(DEAR, flag="2"), scene.placed(DEAR, flag="2")
    payment.confirm(scene.unit, first)
    scene.fund(BUYER, 5_000)
    payment.confirm(scene.unit, second)
    assert (state(scene, first), state(scene, second), quota(scene)) == ("4", "15", 0)


@pytest.mark.parametrize("insutype", ["310", "390"])
def test_a_giver_without_an_account_gives_nothing(insutype: str) -> None:
    scene = Scene()
    scene.fund(GIVER, 9_000)
    scene.change(scene.unit.get(Person, GIVER), insutype=insutype)
    person = scene.unit.get(Person, BUYER)
    assert person is not None
    basket = bill(DEAR, flag="2")
    found = split(scene.unit, basket, person, drugs(scene.unit, basket, online=False, field_name="x"))
    assert found.aid_fen == (3_000 if insutype == "310" else 0)
