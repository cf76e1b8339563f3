"""1901 answers from the very lists that requests are checked against."""

from typing import Any

import pytest

from schemas.loader import dictionaries, dictionary
from tests.simulator.shop import Shop, a_platform

Json = dict[str, Any]
ASKED = {"admdvs": "110100", "date": "2024-07-01", "Vali_Flag": "1", "parent_value": ""}


@pytest.fixture(scope="module")
def shop() -> Shop:
    opened = Shop(a_platform(), courier="manual")
    opened.sign_in()
    return opened


def entries(shop: Shop, kind: str, **fields: object) -> list[Json]:
    told = shop.institution("1901", {"data": {**ASKED, "type": kind, **fields}})
    assert told["infcode"] == 0, told
    return list(told["output"]["list"])


@pytest.mark.parametrize("spelling", ["med_type", "MED_TYPE", "MedType"])
def test_a_list_is_found_in_any_spelling(shop: Shop, spelling: str) -> None:
    rows = entries(shop, spelling)
    assert {row["value"]: row["label"] for row in rows} == dict(dictionary("med_type"))
    assert [row["sort"] for row in rows] == [str(place) for place in range(1, len(rows) + 1)]
    assert {(row["type"], row["valiFlag"], row["parentValue"]) for row in rows} == {(spelling, "1", "0")}


def test_camel_case_lists_are_found_by_their_upper_case_names(shop: Shop) -> None:
    assert {row["value"] for row in entries(shop, "FEE_TYPE")} == set(dictionary("feeType"))


def test_every_list_there_is_can_be_asked_for(shop: Shop) -> None:
    for name in sorted(dictionaries()):
        if len(name) <= 30:
            assert [row["value"] for row in entries(shop, name)] == list(dictionary(name))


def test_lists_have_one_level_and_hold_only_what_is_valid(shop: Shop) -> None:
    assert entries(shop, "gend", parent_value="0")
    assert entries(shop, "gend", parentValue="9") == []
    assert entries(shop, "gend", Vali_Flag="0") == []
    assert entries(shop, "gend", Vali_Flag=None, valiFlag="1")


@pytest.mark.parametrize("kind", ["no_such_list", "../envelopes/sealed_request", "..", "med_type.json", "*"])
def test_a_list_that_is_not_there_is_refused_and_nothing_else_is_read(shop: Shop, kind: str) -> None:
    told = shop.institution("1901", {"data": {**ASKED, "type": kind}})
    assert told["infcode"] == -1 and "type" in told["err_msg"]
    assert shop.journal()[-1]["refusal"]["rule"] == "unknown_dictionary"


def test_a_date_that_does_not_exist_is_refused(shop: Shop) -> None:
    told = shop.institution("1901", {"data": {**ASKED, "type": "gend", "date": "2023-02-29"}})
    assert told["infcode"] == -1 and "date" in told["err_msg"]
