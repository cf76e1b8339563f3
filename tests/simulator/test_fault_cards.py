"""Fault cards: who buys as the person, the drug or the total of a card meets its bad day, each order once."""

from pathlib import Path
from typing import Any

import pytest

from simulator.faults import cards
from simulator.wire.transport import NoAnswer
from tests.simulator.shop import PATHS, STOMACH_POWDER, Shop, a_platform


@pytest.fixture
def shop() -> Shop:
    return Shop(a_platform())


def place(shop: Shop, order: Any) -> str:
    try:
        reply = shop.post(PATHS["6202"], shop.frame("6202", shop.placing(order)))
    except NoAnswer:
        return "silent"
    return str(reply.status)


def deal(shop: Shop, *names: str, **body: Any) -> Any:
    return shop.act("/cards", {"cards": list(names), **body})


def deck(**card: Any) -> dict[str, Any]:
    return {"mine": {"zh": "一张卡片", "en": "a card", "faults": [{"name": "http_status"}], **card}}


def test_a_card_strikes_each_order_of_its_person_once_and_nobody_elses(shop: Shop) -> None:
    deal(shop, "answer-lost")
    struck = shop.person("测试寅")
    first, second, other = shop.uploaded(struck), shop.uploaded(struck), shop.uploaded()
    assert [place(shop, first), place(shop, first)] == ["silent", "200"]
    assert [place(shop, second), place(shop, other)] == ["silent", "200"]
    assert shop.state(first) == "1"


def test_every_card_of_the_shipped_deck_can_be_dealt_together(shop: Shop) -> None:
    told = deal(shop)
    assert told["dealt"] == list(cards.shipped())
    assert len(told["fault_ids"]) == sum(len(card["faults"]) for card in cards.shipped().values())
    assert all(one["each_order"] for one in shop.act("/faults", method="GET")["faults"])


def test_whoever_has_no_card_meets_no_fault(shop: Shop) -> None:
    deal(shop, *(name for name, card in cards.shipped().items() if "person" in card))
    shop.paid()
    assert [line["fault"] for line in shop.journal() if line["fault"]] == []


def test_a_card_of_a_total_knows_the_upload_and_what_comes_after(shop: Shop) -> None:
    deal(shop, "mine", deck=deck(total="19.80", faults=[{"name": "http_status", "match": {"code": "6202"}}]))
    assert place(shop, shop.uploaded(packs=1)) == "503"
    assert place(shop, shop.uploaded(packs=2)) == "200"
    deal(shop, "mine", deck=deck(total="59.40", faults=[{"name": "http_status", "match": {"code": "6201"}}]))
    person = shop.person()
    basket = shop.basket(person, shop.consent(person), packs=3)
    assert shop.post(PATHS["6201"], shop.frame("6201", basket)).status == 503
    assert shop.post(PATHS["6201"], shop.frame("6201", basket, timestamp="20240701103046")).status == 200


def test_a_card_of_a_drug_strikes_at_the_confirmation_too(shop: Shop) -> None:
    deal(shop, "mine", deck=deck(drug=STOMACH_POWDER, faults=[{"name": "core_refuses"}]))
    assert shop.state(shop.paid()) == "15"


def test_a_storm_is_dealt_whole(shop: Shop) -> None:
    deal(shop, "storm")
    order = shop.uploaded(shop.person("测试戊"))
    assert place(shop, order) == "silent"
    asked = [shop.frame("6301", shop.asking(order), timestamp=f"2024070110304{n}") for n in range(3)]
    assert shop.post(PATHS["6301"], asked[0]).status == 502
    with pytest.raises(NoAnswer):
        shop.post(PATHS["6301"], asked[1])
    assert shop.post(PATHS["6301"], asked[2]).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"cards": ["nothing"]}, "cards"),
        ({"cards": "storm"}, "cards"),
        ({"deck": []}, "deck"),
        ({"deck": {"mine": {"zh": "一张卡片", "en": "a card", "faults": [{"name": "slow"}]}}}, "deck"),
        ({"deck": deck(person="无此人")}, "mine"),
        ({"deck": deck(drug="X")}, "mine"),
        ({"deck": deck(total="1.00", faults=[{"name": "nothing"}])}, "name"),
    ],
)
def test_a_wrong_card_is_refused_by_its_field_and_nothing_is_dealt(shop: Shop, body: Any, field: str) -> None:
    status, told = shop.control("POST", "/rooms/main/cards", body)
    assert (status, told["error"]["field"]) == (400, field)
    assert shop.act("/faults", method="GET")["faults"] == []


def test_each_order_must_be_true_or_false(shop: Shop) -> None:
    status, told = shop.control("POST", "/rooms/main/faults", {"name": "slow", "each_order": "yes"})
    assert (status, told["error"]["field"]) == (400, "each_order")


def test_a_deck_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "deck.toml"
    path.write_text('[mine]\nzh = "一张卡片"\nen = "a card"\ntotal = "1.00"\nfaults = [{ name = "slow" }]\n', "utf-8")
    assert cards.read(path)["mine"]["total"] == "1.00"
