"""The driver contract as an OpenAPI 3.1 document, for a vendor who serves it: one ``POST /VERB`` for each verb."""

from collections.abc import Iterable
from typing import Any, Final

from conformance.drivers import contract
from conformance.drivers.contract import Json, Verb
from conformance.drivers.over_http import TOKEN

SERVER: Final = "http://127.0.0.1:9000/driver"
TITLE: Final = "驱动约定 / driver contract"
INTRODUCTION: Final = (
    "由渠道一侧的适配器提供，套件调用。总以HTTP 200应答一个JSON对象："
    "ok、refused、unable、unsupported恰有其一。\n\n"
    "Served by the adapter beside a channel and called by the suite. Always answered with HTTP 200 and one JSON "
    "object: exactly one of ok, refused, unable, unsupported."
)
_LEFT_OUT: Final = ("request_line", "answer_line", "verb")
_HERE, _THERE = "#/$defs/", "#/components/schemas/"


def describe() -> Json:
    """The document."""
    verbs = contract.verbs()
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": _version(), "description": INTRODUCTION},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": SERVER}],
        "security": [{}, {"token": []}],
        "paths": {f"/{verb.name}": {"post": _operation(verb)} for verb in verbs},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": f"{TOKEN}, when the suite has one"}
            },
            "schemas": dict(_schemas(verbs)),
        },
    }


def _operation(verb: Verb) -> Json:
    asked = {"$ref": f"{_THERE}{verb.body}"} if verb.body else {"type": "object"}
    told = {"$ref": f"{_THERE}{verb.name}_answer" if verb.ok else f"{_THERE}answer"}
    return {
        "operationId": verb.name,
        "summary": f"{verb.zh} / {verb.en}",
        "requestBody": {"required": True, "content": {"application/json": {"schema": asked}}},
        "responses": {"200": {"description": "应答 / the answer", "content": {"application/json": {"schema": told}}}},
    }


def _schemas(verbs: Iterable[Verb]) -> Iterable[tuple[str, Json]]:
    for name, schema in contract.definitions().items():
        if name not in _LEFT_OUT:
            yield name, _moved(schema)
    for verb in verbs:
        if verb.ok:
            ok = {"properties": {"ok": {"$ref": f"{_THERE}{verb.ok}"}}}
            yield f"{verb.name}_answer", {"allOf": [{"$ref": f"{_THERE}answer"}, ok]}


def _moved(node: Any) -> Any:
    """The same schema with its references at their place in this document."""
    if isinstance(node, dict):
        return {name: value.replace(_HERE, _THERE) if name == "$ref" else _moved(value) for name, value in node.items()}
    return [_moved(one) for one in node] if isinstance(node, list) else node


def _version() -> str:
    return str(contract.definitions()["hello_ok"]["properties"]["contract"]["const"])
