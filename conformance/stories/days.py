"""Stories of the cut of the day, of other cities, and of what stands in a pharmacy's books beside one's own."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import counter, shopping
from conformance.stories.people import turn
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

DAY_MS = 24 * 3_600_000
_BACK = frozenset({"refunded", "manual_review", "partly_refunded"})


def confirm_after_midnight(stage: Stage, params: Json) -> None:
    """Ordered before midnight at the end of a year, confirmed after it, refunded a day later; every day is compared."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    eve = _today(stage)
    stage.advance(int(params["pause_ms"]))
    stage.run_jobs()
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "manual_review"}))
    stage.take_beliefs("after_payment")
    _compare(stage, order, eve)
    new_year = _today(stage)
    stage.advance(DAY_MS)
    stage.perform("refund", order, reason="out_of_stock")
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refund")
    for day in (new_year, _today(stage)):
        _compare(stage, order, day)


def pay_on_ordering(stage: Stage, params: Json) -> None:
    """6202 itself settles: nothing is left to confirm, and the buyer only pays what the cash desk asks for."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    for row in stage.control.call("GET", "/orders")["orders"]:
        stage.act("/person/pay", pay_ord_id=row["pay_ord_id"])
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "manual_review"}))
    stage.take_beliefs("after_payment")
    shopping.ship(stage, order)


def sell_beside_the_till(stage: Stage, params: Json) -> None:
    """The channel sells at the counter, the shop's own till sells too (``beside``), and the day is compared."""
    order = shopping.open_order(stage, params)
    fact = stage.facts["orders"][order]
    stage.perform(
        "counter_sale", order, org=fact["org"], lines=fact["lines"], acct_used_flag=fact["acct_used_flag"],
        certificate={"mdtrt_cert_type": "02", "mdtrt_cert_no": fact["certno"]},
    )  # fmt: skip
    turn(stage, params["beside"])
    _compare(stage, order, _today(stage))
    stage.take_beliefs("after_statement")


def sell_and_compare(stage: Stage, params: Json) -> None:
    """A sale at the counter, and its day is compared."""
    order = counter.sale(stage, params)
    _compare(stage, order, _today(stage))
    stage.take_beliefs("after_statement")


def buy_and_compare(stage: Stage, params: Json) -> None:
    """An order of the pay centre, and its day is compared."""
    order = shopping.buy(stage, params)
    _compare(stage, order, _today(stage))
    stage.take_beliefs("after_statement")


def _compare(stage: Stage, order: str, day: str) -> None:
    stage.ask("perform", {"task": "reconcile", "org": stage.facts["orders"][order]["org"], "day": day})


def _today(stage: Stage) -> str:
    return str(stage.control.call("GET", "/clock")["now"])[:10]
