"""Prescription medicine bought online: fetched, reviewed by a pharmacist, paid, dispensed, brought to the door."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

PHARMACIST = "寅"


def fill(stage: Stage, params: Json) -> None:
    """The whole way, from the hospital to the receipt, as far as the pharmacist lets it come."""
    order = order_on_prescription(stage, params)
    stage.take_beliefs("before_review")
    review(stage, order, passed=params.get("passed", True))
    stage.let_work(order)
    shopping.ship(stage, order)
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "failed", "cancelled"}))
    stage.take_beliefs("after_payment")
    for _ in range(int(params.get("asks_to_ship", 1))):
        shopping.ship(stage, order)
        stage.run_jobs()
    for status in params.get("courier", ()):
        stage.perform("deliver", order, delv_stas_codg=status)
    if params.get("courier"):
        stage.perform("receive", order)


def order_on_prescription(stage: Stage, params: Json) -> str:
    """A hospital prescribes ``prescribed`` packs of each medicine that needs it; the buyer consents and orders."""
    order = shopping.open_order(stage, {"basket": "antibiotic", **params})
    fact = stage.facts["orders"][order]
    wanted = [line for line in fact["lines"] if line["rx_flag"] != "0"]
    lines = [{"med_list_codg": line["med_list_codg"], "cnt": params.get("prescribed", line["cnt"])} for line in wanted]
    issued = stage.act("/world", change="prescription", psn_no=fact["psn_no"], lines=lines)
    assert issued is not None
    own = {"psn_no": fact["psn_no"], "hi_rxno": issued["hi_rxno"], "app_id": stage.app_id}
    given = stage.act("/person/circulate", **own)
    assert given is not None
    fact["prescription"] = {"hi_rxno": issued["hi_rxno"], "auth_circ_biz_sn": given["authCircBizSn"]}
    fact["prescribed"] = lines
    shopping.consent(stage, order)
    shopping.place(stage, order)
    stage.run_jobs()
    return order


def review(stage: Stage, order: str, *, passed: bool) -> None:
    """The pharmacist shows the own e-voucher and decides."""
    person = stage.cast.people[PHARMACIST]
    shown = stage.act("/person/show_code", psn_no=person["psn_no"])
    assert shown is not None
    who = {
        "name": person["psn_name"], "cert_type": "01", "certno": person["certno"], "code": "Y440100000001",
        "qr": shown["qr"],
    }  # fmt: skip
    opinion = "用药合理" if passed else "剂量超出说明书"
    stage.perform("review", order, pharmacist=who, passed=passed, opinion=opinion)
    stage.let_work(order, rounds=4)
