"""Stories of an online order up to its payment: the good day and the bad ones."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]


def pay(stage: Stage, params: Json) -> None:
    """The buyer consents, orders and confirms; the goods are asked for before and after."""
    order = shopping.open_order(stage, params)
    if params.get("consent", "first") == "first":
        shopping.consent(stage, order)
        shopping.place(stage, order)
    else:
        shopping.place(stage, order)
        shopping.consent(stage, order)
        stage.perform("check", order)
    stage.let_work(order)
    stage.take_beliefs("before_confirmation")
    shopping.ship(stage, order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid"}))
    stage.take_beliefs("after_payment")
    shopping.ship(stage, order)


def lose_answer(stage: Stage, params: Json) -> None:
    """An answer is lost (armed by the scenario); what the channel says at once, and what it makes of it later."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    stage.take_beliefs("after_loss")
    shopping.ship(stage, order)
    stage.let_work(order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid"}))


def be_misled(stage: Stage, params: Json) -> None:
    """An answer is lost, and the first answer to the question about it is somebody else's; the buyer never confirms."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    stage.let_work(order, rounds=3)
    stage.take_beliefs("after_answer")
    shopping.ship(stage, order)


def hear_nothing(stage: Stage, params: Json) -> None:
    """Paid, but no notice ever comes: the channel has to ask."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    shopping.confirm(stage, order)
    stage.take_beliefs("after_payment")


def hear_forgery(stage: Stage, params: Json) -> None:
    """Somebody else says the order is paid while the buyer still hesitates, and then he goes away for good."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    for row in stage.control.call("GET", "/orders")["orders"]:
        stage.arm("forged_notice", params={"pay_ord_id": row["pay_ord_id"]})
    other = shopping.buy(stage, {}, name="B1", buyer=params["other_buyer"])
    stage.take_beliefs("after_forgery")
    shopping.ship(stage, order)
    stage.let_work(other, until=frozenset({"paid"}))


def be_refused(stage: Stage, params: Json) -> None:
    """The buyer's balance is spent elsewhere before he confirms: the core refuses."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    stage.act("/world", change="balance", psn_no=stage.facts["orders"][order]["psn_no"], fen=params.get("left_fen", 0))
    shopping.confirm(stage, order)
    stage.deliver()
    stage.perform("check", order)
    stage.take_beliefs("after_refusal")
    shopping.ship(stage, order)


def change_mind(stage: Stage, params: Json) -> None:
    """The buyer opens the confirmation page, leaves it, and cancels."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    for row in stage.control.call("GET", "/orders")["orders"]:
        stage.act("/person/leave", pay_ord_id=row["pay_ord_id"])
    stage.perform("cancel", order)
    stage.let_work(order, until=frozenset({"cancelled"}))
    stage.take_beliefs("after_cancelling")
    shopping.ship(stage, order)


def fail_to_pay_cash(stage: Stage, params: Json) -> None:
    """The buyer's cash payment does not go through and he gives up; the order lapses."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    shopping.confirm(stage, order, cash="fail")
    stage.deliver()
    stage.take_beliefs("after_refusal")
    shopping.ship(stage, order)


def order_barred_goods(stage: Stage, params: Json) -> None:
    """A basket with something that may not be sold online."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    stage.facts["barred"] = stage.cast.barred()
    stage.take_beliefs("after_ordering")


def let_consent_lapse(stage: Stage, params: Json) -> None:
    """An answer is lost, and by the time the channel goes on, the buyer's consent has lapsed."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    stage.advance(int(params["pause_ms"]))
    stage.facts["lapsed_ms"] = stage.now_ms
    stage.run_jobs()
    stage.run_jobs()
    shopping.consent(stage, order)
    stage.perform("check", order)
    stage.let_work(order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid"}))


def order_twice_alike(stage: Stage, params: Json) -> None:
    """Two equal orders; one buyer confirms, the other never does."""
    first = shopping.open_order(stage, params, name="A1", buyer=params["buyer"])
    second = shopping.open_order(stage, params, name="A2", buyer=params["other_buyer"])
    stage.facts["twins"] = [first, second]
    for order in (first, second):
        shopping.place_with_consent(stage, order)
    shopping.confirm(stage, first)
    stage.deliver()
    stage.let_work(first, until=frozenset({"paid"}))
    stage.take_beliefs("after_payment")
    for order in (first, second):
        shopping.ship(stage, order)


def order_again(stage: Stage, params: Json) -> None:
    """A second order of the same buyer, placed before he consents to it."""
    shopping.buy(stage, params)
    second = shopping.open_order(stage, params, name="A2")
    shopping.place(stage, second)
    stage.run_jobs()


def meet_busy_platform(stage: Stage, params: Json) -> None:
    """The platform answers 503 and says how long to wait."""
    stage.facts["retry_after_ms"] = int(params["retry_after_ms"])
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    stage.run_jobs()
    stage.let_work(order)
    stage.advance(int(params["retry_after_ms"]))
    stage.let_work(order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid"}))


def meet_silent_core(stage: Stage, params: Json) -> None:
    """The buyer confirms and the core says nothing: the platform itself does not know (ordStas 14)."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    shopping.confirm(stage, order)
    stage.perform("check", order)
    stage.take_beliefs("after_silence")
    shopping.ship(stage, order)


def die(stage: Stage, params: Json) -> None:
    """The channel's process dies at a named point and is brought up again."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    stage.ask("restart", {"point": params["point"]})
    shopping.place(stage, order)
    stage.facts["crash"] = {"order": order, "seq": stage.seq, "point": params["point"]}
    stage.take_beliefs("after_crash")
    stage.let_work(order, until=frozenset({"paid"}), rounds=4)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid"}))


def die_after_notice(stage: Stage, params: Json) -> None:
    """The notice is acknowledged, and the process dies at once; the notice does not come again."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.ask("restart", {"point": "now"})
    stage.take_beliefs("after_crash")
