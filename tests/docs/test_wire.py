"""The page of what stands between the field tables: its recipes work, its tables are whole."""

import base64
import hashlib
import hmac
import re
from pathlib import Path

import pytest

from conformance.channels.reference.beliefs import OF_STATE
from schemas import jsontext
from simulator.domain import cash
from simulator.wire import csb, tif
from tests.simulator.shop import START_MS, Shop, a_platform

DOCS = Path(__file__).resolve().parents[2] / "docs"
LANGUAGES = ("en", "zh")


def page(language: str) -> str:
    return (DOCS / language / "wire.md").read_text(encoding="utf-8")


def test_the_recipe_of_the_tif_gateway_is_the_one_that_is_verified() -> None:
    assert all("timestamp + secret + nonce + timestamp" in page(language) for language in LANGUAGES)
    timestamp, nonce = str(START_MS // 1000), "N1"
    signature = hashlib.sha256(f"{timestamp}S{nonce}{timestamp}".encode()).hexdigest()
    sent = {
        "x-tif-paasid": "P", "x-tif-timestamp": timestamp, "x-tif-nonce": nonce, "x-tif-signature": signature,
    }  # fmt: skip
    assert tif.verify(sent, now_ms=START_MS, lookup={"P": "S"}.get) == "P"


def test_the_recipe_of_the_csb_gateway_is_the_one_that_is_verified() -> None:
    (recipe,) = {re.search(r'"(_api_access_key=…[^"]+)"', page(language))[1] for language in LANGUAGES}  # type: ignore[index]  # the page holds it
    names = re.findall(r"(_api_\w+)=", recipe)
    values = {
        "_api_access_key": "A", "_api_name": "1101", "_api_timestamp": str(START_MS), "_api_version": "1.0.0",
    }  # fmt: skip
    text = "&".join(f"{name}={values[name]}" for name in names)
    signature = base64.b64encode(hmac.digest(b"S", text.encode(), "sha1")).decode()
    caller = csb.verify({**values, "_api_signature": signature}, now_ms=START_MS, lookup={"A": "S"}.get)
    assert caller.access_key == "A"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_row_and_its_sound_belief(language: str) -> None:
    rows = {}
    for states, belief in re.findall(r"^\| ([\d、, ]+) \| [^|]+ \| ([^|]+) \|", page(language), re.MULTILINE):
        rows |= dict.fromkeys(re.split("[、,] ?", states.strip()), belief)
    assert sorted(rows, key=int) == sorted(OF_STATE, key=int)
    assert {state: belief for state, belief in OF_STATE.items() if belief not in rows[state]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cash_desk_is_asked_as_the_page_says(language: str) -> None:
    table = dict(re.findall(r"^\| `/(\w+)` \| `([^`]+)` \|", page(language), re.MULTILINE))
    assert table.keys() == cash.DESK.keys()
    shop = Shop(a_platform(), courier="manual")
    order = shop.placed(shop.person("测试乙"))
    values = {
        "outTradeNo": "T1", "payOrdId": order["payOrdId"], "cashFen": int(order["split"]["ownPayAmt"].replace(".", "")),
        "freightFen": 600, "refundNo": "R1", "part": "freight", "fen": 600,
    }  # fmt: skip
    desk, states = shop.told["cashDesk"], []
    for act in ("open", "query", "refund"):
        body = jsontext.compact({name: values[name] for name in table[act].split(", ")})
        path = desk["path"].removeprefix(f"/r/{shop.room}")
        reply = shop.post(f"{path}/{act}", body, {"authorization": f"Bearer {desk['token']}"})
        told = jsontext.parse(reply.body)
        assert reply.status == 200, told
        states.append((told["state"], told["freightRefundedFen"]))
        if act == "open":
            shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    assert states == [("open", 0), ("paid", 0), ("paid", 600)]
