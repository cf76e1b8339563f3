"""Answers a sound channel must not believe: unsealed, or another order's; and what an address must not carry."""

from typing import Any

import pytest

from schemas import jsontext
from schemas.loader import interface
from simulator.wire import sealed
from tests.simulator.shop import PATHS, Shop, a_platform


@pytest.fixture
def shop() -> Shop:
    return Shop(a_platform())


def arm(shop: Shop, name: str, **order: Any) -> None:
    shop.act("/faults", {"name": name, **order})


def test_an_unsealed_answer_takes_effect_and_carries_neither_cipher_nor_signature(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "unsealed_answer", match={"code": "6202"})
    told = jsontext.parse(shop.post(PATHS["6202"], shop.frame("6202", shop.placing(order))).body)
    assert isinstance(told, dict)
    assert "encData" not in told
    assert "signData" not in told
    assert told["success"] is True
    assert shop.state(order) == "1"


def test_a_foreign_answer_is_well_signed_complete_and_about_another_order(shop: Shop) -> None:
    order = shop.uploaded()
    shop.sealed("6202", shop.placing(order))
    arm(shop, "foreign_answer", match={"code": "6301"})
    asking = shop.asking(order)
    told = sealed.open_answer(shop.post(PATHS["6301"], shop.frame("6301", asking)).body, shop.credentials)
    assert told.signed
    assert told.data["payOrdId"] != asking["payOrdId"]
    assert told.data["ordStas"] == "6"
    assert interface("6301").check_output(told.data) == []
    assert shop.state(order) == "1"


def test_a_query_in_the_address_is_noted_by_its_names_alone(shop: Shop) -> None:
    order = shop.uploaded()
    shop.post(f"{PATHS['6202']}?idNo=990000198503120035&v=1", shop.frame("6202", shop.placing(order)))
    assert shop.journal()[-1]["notes"] == ["query in the address: idNo,v"]
    assert "990000198503120035" not in str(shop.journal()[-1])
