"""Stories of a person who shows his e-voucher code at the counter."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]


def sell_by_code(stage: Stage, params: Json) -> None:
    """One person buys twice, each time with a code of his own; a code whose reading failed is followed by another."""
    for name in ("C1", "C2"):
        order = shopping.open_order(stage, params, name=name)
        if "ok" not in _shown_and_sold(stage, order):
            _shown_and_sold(stage, order)
    stage.take_beliefs("after_sale")


def _shown_and_sold(stage: Stage, order: str) -> dict[str, Any]:
    fact = stage.facts["orders"][order]
    shown = stage.act("/person/show_code", psn_no=fact["psn_no"]) or {}
    return stage.perform(
        "counter_sale", order, org=fact["org"], lines=fact["lines"], acct_used_flag=fact["acct_used_flag"],
        certificate={"mdtrt_cert_type": "01", "mdtrt_cert_no": shown.get("qr", "")},
    )  # fmt: skip
