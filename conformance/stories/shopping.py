"""What every story about an order is made of: order, consent, place, confirm, deliver."""

from collections.abc import Mapping
from typing import Any

from conformance.stories.stage import Stage

Json = Mapping[str, Any]

WAITING = ("1", "2")
"""ordStas in which the e-voucher page would let the buyer confirm."""


def open_order(stage: Stage, params: Json, *, name: str = "A1", buyer: str = "") -> str:
    """Write down who buys what where; the first order so opened is the one the scenario is about."""
    person = stage.cast.people[buyer or params.get("buyer", "甲")]
    shop = stage.cast.shops[params.get("shop", "朝阳")]
    stage.facts["orders"][name] = {
        "psn_no": person["psn_no"],
        "psn_name": person["psn_name"],
        "ec_user_id": person["ec_user_id"],
        "certno": person["certno"],
        "org": shop["fixmedins_code"],
        "lines": stage.cast.lines(params.get("basket", "cold")),
        "delivery_fen": params.get("delivery_fen", 0),
        "packing_fen": params.get("packing_fen", 0),
        "acct_used_flag": params.get("acct_used_flag", "1"),
    }
    stage.facts.setdefault("subject", name)
    return name


def consent(stage: Stage, order: str) -> None:
    """The buyer consents on the e-voucher page."""
    fact = stage.facts["orders"][order]
    stage.act("/person/consent", psn_no=fact["psn_no"], app_id=stage.app_id, org_codg=fact["org"])


def place(stage: Stage, order: str) -> str:
    """The buyer orders in the storefront; returns what the channel then believes."""
    fact = stage.facts["orders"][order]
    answer = stage.perform(
        "place_order",
        order,
        user=fact["ec_user_id"],
        org=fact["org"],
        lines=fact["lines"],
        delivery_fen=fact["delivery_fen"],
        packing_fen=fact["packing_fen"],
        acct_used_flag=fact["acct_used_flag"],
        **({"prescription": fact["prescription"]} if "prescription" in fact else {}),
    )
    return str(answer.get("ok", {}).get("state", ""))


def place_with_consent(stage: Stage, order: str) -> str:
    """Consent first, then the order, then whatever time the channel needs to find its way to the buyer."""
    consent(stage, order)
    place(stage, order)
    return stage.let_work(order)


def confirm(stage: Stage, order: str, *, cash: str = "collect") -> list[str]:
    """The buyer confirms every payment page that is open for him; returns the pay orders he confirmed."""
    fact = stage.facts["orders"][order]
    rows = stage.control.call("GET", "/orders")["orders"]
    open_pages = [row["pay_ord_id"] for row in rows if row["psn_no"] == fact["psn_no"] and row["ord_stas"] in WAITING]
    return [number for number in open_pages if stage.act("/person/confirm", pay_ord_id=number, cash=cash) is not None]


def ship(stage: Stage, order: str) -> None:
    """Ask whether the goods may leave, and keep the books of that moment."""
    stage.perform("ship", order)
    stage.snapshot(f"ship {len(stage.moments)}", ship_of=order)


def buy(stage: Stage, params: Json, *, name: str = "A1", buyer: str = "") -> str:
    """The whole way to a paid order, with the notice delivered and the channel's jobs run."""
    order = open_order(stage, params, name=name, buyer=buyer)
    place_with_consent(stage, order)
    confirm(stage, order)
    stage.deliver()
    stage.run_jobs()
    stage.let_work(order, until=frozenset({"paid", "failed", "manual_review"}))
    return order
