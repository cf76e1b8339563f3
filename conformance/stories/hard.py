"""Stories of a platform that gives nothing beyond the published texts, and of a buyer who takes his time."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import counter, shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

_OVER = frozenset({"refunded", "manual_review", "partly_refunded"})
_TIRED_MS = 60_000


def let_order_lapse(stage: Stage, params: Json) -> None:
    """The buyer hesitates until the platform has given the order up; his confirmation comes too late."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    stage.advance(int(params["pause_ms"]))
    shopping.confirm(stage, order)
    stage.deliver()
    stage.perform("check", order)
    stage.let_work(order, until=frozenset({"cancelled", "failed"}), rounds=4)
    stage.take_beliefs("after_lapse")
    shopping.ship(stage, order)


def refund_late(stage: Stage, params: Json) -> None:
    """The shop wants to refund after the platform's term; the buyer consents to the refund when asked."""
    order = shopping.buy(stage, params)
    stage.advance(int(params["pause_ms"]))
    stage.perform("refund", order, reason="quality")
    stage.take_beliefs("after_refusal")
    shopping.consent(stage, order)
    stage.perform("check", order)
    stage.let_work(order, until=_OVER)


def be_turned_away(stage: Stage, params: Json) -> None:
    """The pharmacy has lost its standing: whatever is uploaded for it is refused, now and later."""
    order = shopping.open_order(stage, params)
    stage.act("/world", change="institution", fixmedins_code=stage.facts["orders"][order]["org"], suspended=True)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    for _ in range(int(params["rounds"])):
        stage.run_jobs()
        stage.advance(_TIRED_MS)
    stage.take_beliefs("after_refusal")
    shopping.ship(stage, order)


def sell_hours_apart(stage: Stage, params: Json) -> None:
    """Sales of one shop with pauses between them, each to another customer."""
    for number, buyer in enumerate(params["buyers"], 1):
        stage.let_work(counter.sale(stage, params, name=f"C{number}", buyer=buyer))
        stage.advance(int(params["pause_ms"]))
    stage.take_beliefs("after_sale")


def hear_forgery_in_doubt(stage: Stage, params: Json) -> None:
    """The answer to the order stays away, and so do the next ones; meanwhile somebody says that it is paid."""
    order = shopping.open_order(stage, params)
    shopping.consent(stage, order)
    shopping.place(stage, order)
    stage.facts["forged_for"] = order
    for row in stage.control.call("GET", "/orders")["orders"]:
        stage.arm("forged_notice", params={"pay_ord_id": row["pay_ord_id"]})
    stage.deliver()
    stage.take_beliefs("after_forgery")
    shopping.ship(stage, order)
    stage.let_work(order)
