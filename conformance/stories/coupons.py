"""Stories of a coupon the shop gives for a whole order."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]


def pay_with_coupon(stage: Stage, params: Json) -> None:
    """An order with a coupon for its medicines, paid like any other."""
    order = shopping.open_order(stage, params)
    fact = stage.facts["orders"][order]
    fact["coupon_fen"] = int(params["coupon_fen"])
    shopping.consent(stage, order)
    stage.perform(
        "place_order", order, user=fact["ec_user_id"], org=fact["org"], lines=fact["lines"],
        delivery_fen=fact["delivery_fen"], packing_fen=fact["packing_fen"], coupon_fen=fact["coupon_fen"],
        acct_used_flag=fact["acct_used_flag"],
    )  # fmt: skip
    stage.let_work(order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "manual_review"}))
    stage.take_beliefs("after_payment")
