"""A lost answer of the cash desk: it has done what it was asked, and its caller hears nothing."""

from typing import Any

import pytest

from schemas import jsontext
from simulator.wire.transport import NoAnswer
from tests.simulator.shop import Json, Shop, a_platform


def desk(shop: Shop, action: str, **body: Any) -> Json:
    headers = {"authorization": f"Bearer {shop.told['cashDesk']['token']}"}
    told = jsontext.parse(shop.post(f"/house/cash/{action}", jsontext.compact(body), headers).body)
    assert isinstance(told, dict)
    return told


def test_the_desk_was_opened_and_collects_though_its_answer_is_lost() -> None:
    shop = Shop(a_platform())
    order = shop.placed()
    opening = {"outTradeNo": "T1", "payOrdId": order["payOrdId"], "cashFen": 0, "freightFen": 600}
    shop.act("/faults", {"name": "cash_answer_lost", "match": {"code": "cash.open"}})
    with pytest.raises(NoAnswer):
        desk(shop, "open", **opening)
    line = shop.journal()[-1]
    assert (line["code"], line["outcome"], line["kept"]) == ("cash.open", "silent", True)
    assert line["fault"]["name"] == "cash_answer_lost"
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    assert desk(shop, "query", outTradeNo="T1")["state"] == "paid"
    assert desk(shop, "open", **opening)["state"] == "paid"


def test_a_refund_whose_answer_is_lost_has_been_made_once() -> None:
    shop = Shop(a_platform())
    order = shop.placed()
    desk(shop, "open", outTradeNo="T1", payOrdId=order["payOrdId"], cashFen=0, freightFen=600)
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    shop.act("/faults", {"name": "cash_answer_lost", "match": {"code": "cash.refund"}})
    back = {"outTradeNo": "T1", "part": "freight", "fen": 200, "refundNo": "R1"}
    with pytest.raises(NoAnswer):
        desk(shop, "refund", **back)
    assert desk(shop, "refund", **back)["freightRefundedFen"] == 200


def test_an_answer_of_another_act_and_a_refusal_are_spared() -> None:
    shop = Shop(a_platform())
    shop.act("/faults", {"name": "cash_answer_lost", "match": {"code": "cash.open"}})
    assert desk(shop, "query", outTradeNo="T9")["rule"] == "cash_unknown"
    assert desk(shop, "open", outTradeNo="")["rule"] == "cash_field"
    assert shop.act("/faults", method="GET")["faults"][0]["waiting"] is True
