"""The OpenAPI document: whole, accepted by the field's tools, and kept by every answer the platform gives."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from schemas import jsontext, loader
from simulator.edge import openapi
from simulator.wire.timestamps import digits14
from simulator.wire.transport import HttpReply, HttpRequest
from tests.simulator.shop import INSTITUTION_PATH, Shop, a_platform

Json = dict[str, Any]
EVERYTHING = sorted(loader.interfaces().values(), key=lambda one: one.code)
WITHOUT_BEHAVIOUR = [one for one in EVERYTHING if not one.stateful and one.surface != "notice"]


def _names_its_sender(one: loader.InterfaceSchema) -> bool:
    return one.surface == "prescription" and "fixmedinsCode" in one.input.schema["properties"]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop(a_platform(), courier="manual", switches={"plain": True, "sign_in": "off"})


@pytest.fixture(scope="module")
def document() -> Json:
    return openapi.document("/r/main")


def fetched(shop: Shop, path: str, method: str = "GET") -> HttpReply:
    return shop.control.transport.send(HttpRequest(method, path, {}, b""), timeout_ms=1_000)


def said(shop: Shop, one: loader.InterfaceSchema, data: object) -> Json:
    """What the platform answers to one message of the shop, in plain mode."""
    if one.surface == "institution":
        frame = shop.institution_frame(one.code, data)  # type: ignore[arg-type]  # wrong types are the point
        body = shop.post(f"{INSTITUTION_PATH}/{one.code}", frame).body
    else:
        seal = {"appId": shop.told["appId"], "timestamp": digits14(shop.now_ms), "data": data}
        body = shop.post(one.path, jsontext.compact({**openapi.SEAL, **seal})).body
    answer = jsontext.parse(body)
    assert isinstance(answer, dict)
    return answer


def test_every_interface_has_its_operation_and_every_notice_its_webhook(document: Json) -> None:
    told = [operation["post"]["operationId"] for operation in document["paths"].values()]
    assert len(told) == len(set(told))
    served = {openapi.address(one) for one in EVERYTHING if one.surface != "notice"}
    assert set(document["paths"]) == {*served, INSTITUTION_PATH}
    assert set(document["webhooks"]) == {one.code for one in EVERYTHING if one.surface == "notice"}


def test_every_reference_leads_somewhere(document: Json) -> None:
    printed = jsontext.compact(document).decode()
    for name in document["components"]["schemas"]:
        printed = printed.replace(f'"#/components/schemas/{name}"', "")
    assert "#/" not in printed


def test_the_document_is_served_for_every_room(shop: Shop) -> None:
    for path, base in (("/openapi.json", "/"), ("/r/main/openapi.json", "/r/main")):
        reply = fetched(shop, path)
        told = jsontext.parse(reply.body)
        assert isinstance(told, dict)
        assert (reply.status, told["servers"]) == (200, [{"url": base}])
    assert fetched(shop, "/r/nowhere/openapi.json").status == 404
    assert fetched(shop, "/openapi.json", "POST").headers["allow"] == "GET, HEAD"


@pytest.mark.slow
def test_a_validator_of_openapi_accepts_the_document(document: Json) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


@pytest.mark.parametrize("one", WITHOUT_BEHAVIOUR, ids=lambda one: one.code)
def test_an_interface_without_behaviour_judges_the_message_and_says_that_it_does_no_more(
    shop: Shop, one: loader.InterfaceSchema
) -> None:
    names = loader.example_names(one)
    valid = loader.example(one, "valid_input_full")
    frame = "institution_answer" if one.surface == "institution" else "sealed_answer"
    wrong = [name for name in names if name.startswith("invalid_input_")]
    assert wrong
    for data, words in ((valid, f"接口 {one.code} 暂不支持办理"), *((loader.example(one, name), "") for name in wrong)):
        answer = said(shop, one, _from_here(shop, data, valid))
        assert loader.document(f"envelopes/{frame}.json").check(answer) == []
        text = str(answer.get("err_msg") or answer.get("message"))
        assert (words or "字段") in text
        assert int(answer.get("infcode", answer.get("code", 0))) != 0


def _from_here(shop: Shop, data: object, valid: object) -> object:
    """An example in the hands of our shop: the institution named in a prescription's message is to be its own."""
    assert isinstance(valid, dict)
    named = valid.get("fixmedinsCode")
    if not isinstance(data, dict) or named is None or data.get("fixmedinsCode") != named:
        return data
    return {**data, "fixmedinsCode": shop.org}


@pytest.mark.parametrize("code", [one.code for one in WITHOUT_BEHAVIOUR if _names_its_sender(one)])
def test_a_prescription_message_in_the_name_of_others_is_refused(shop: Shop, code: str) -> None:
    one = loader.interface(code)
    answer = said(shop, one, loader.example(one, "valid_input_full"))
    assert "不在该应用的授权范围内" in answer["message"] and "fixmedinsCode" in answer["message"]


def test_what_the_contract_does_not_know_is_accepted_and_noted(shop: Shop) -> None:
    one = loader.interface("3101")
    valid = loader.example(one, "valid_input_full")
    assert isinstance(valid, dict)
    said(shop, one, {**valid, "field_of_tomorrow": "1"})
    assert "unknown field field_of_tomorrow" in shop.journal()[-1]["notes"]
