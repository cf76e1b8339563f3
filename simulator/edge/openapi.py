"""The whole contract as an OpenAPI 3.1 document, put together from the schemas at run time: ``GET /openapi.json``.

One operation per interface. The institution interfaces share one address; each also answers at that address with its
code behind it, which is what the document lists. The sealed surfaces are described unsealed (``encType`` plain), as a
room with the switch ``plain`` takes them; sealed, ``encData`` and ``signData`` stand in the place of ``data``. What the
platform sends to a channel or a hospital stands under ``webhooks``.

Any tool that reads OpenAPI can use it: generated clients, Swagger UI, or hostile messages, signed and sealed by
``examples/signing_hook.py``.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from schemas import jsontext, loader
from schemas.loader import InterfaceSchema
from simulator.stages.routing import INSTITUTION, INSTITUTION_PATH
from simulator.wire.transport import HttpReply, HttpRequest

Json = dict[str, Any]

PATH: Final = "/openapi.json"
JSON: Final = "application/json"
STREAM: Final = "application/octet-stream"
FORM: Final = "multipart/form-data"
FILE_UPLOAD: Final = "9101"
NOTICE: Final = "notice"
TITLE: Final = "医保平台模拟器 / mock medical-insurance platform"
INTRODUCTION: Final = (
    "医保平台模拟器的全部接口。机构接口（两定接口）外层为 infno 报文；支付中心、电子凭证、电子处方为密文报文，"
    "此处按明文模式（encType 为 plain）描述，密文时 data 由 encData 与 signData 代替。"
    "业务上的拒绝也以 200 应答：infcode 不为 0，或 code 不为 0。\n\n"
    "Every interface of the mock platform. Institution interfaces travel in an infno frame; pay centre, e-voucher and "
    "prescription centre in a sealed one, described here in plain mode (encType plain); sealed, encData and signData "
    "replace data. A refusal of the business is answered with 200 too: infcode, or code, is not 0."
)
GATEWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "tif": ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature"),
    "csb": ("_api_name", "_api_version", "_api_timestamp", "_api_access_key", "_api_signature"),
}
"""Headers of the two gateway signatures; a room with the switch ``plain`` asks for neither."""
REFUSALS: Final[Mapping[str, str]] = {
    "404": "没有该地址或房间 / no such address or room",
    "405": "只接受 POST / POST only",
    "413": "报文过大 / message too large",
    "500": "平台自身故障，本次请求未生效 / our own fault; nothing happened",
}
FRAME: Final[Json] = {
    "msgid": "P11010800001202407011030450001",
    "mdtrtarea_admvs": "110100",
    "insuplc_admdvs": "110100",
    "recer_sys_code": "MBS_LOCAL",
    "infver": "V1.0",
    "opter_type": "1",
    "opter": "0001",
    "opter_name": "测试员",
    "inf_time": "2024-07-01 10:30:45",
    "fixmedins_code": "P11010800001",
    "fixmedins_name": "测试药店甲（海淀）",
}
SEAL: Final[Json] = {
    "appId": "TEST-APP-ID",
    "timestamp": "20240701103045",
    "version": "2.0.1",
    "encType": "plain",
    "signType": "SM2",
}


def answer(base: str, request: HttpRequest) -> HttpReply:
    """The document for the rooms at ``base`` (empty for the main room, else ``/r/<room>``)."""
    if request.method not in ("GET", "HEAD"):
        refusal = jsontext.compact({"code": 405, "message": "只接受GET"})
        return HttpReply(405, {"content-type": JSON, "allow": "GET, HEAD"}, refusal)
    return HttpReply(200, {"content-type": f"{JSON};charset=utf-8"}, _printed(base))


@lru_cache(4)
def _printed(base: str) -> bytes:
    return jsontext.compact(document(base))


def document(base: str = "") -> Json:
    """The document as it is printed."""
    everything = sorted(loader.interfaces().values(), key=lambda one: one.code)
    served = [one for one in everything if one.surface != NOTICE]
    paths: dict[str, Json] = {INSTITUTION_PATH: {"post": _any_institution_call()}}
    for path in dict.fromkeys(map(address, served)):
        paths[path] = {"post": _operation([one for one in served if address(one) == path])}
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": _version(), "description": INTRODUCTION},
        "servers": [{"url": base or "/"}],
        "tags": [{"name": family} for family in sorted({one.family for one in everything})],
        "paths": paths,
        "webhooks": {one.code: {"post": _operation([one])} for one in everything if one.surface == NOTICE},
        "components": {"schemas": _schemas(everything), "securitySchemes": _gateways()},
    }


def _version() -> str:
    try:
        return version("yibao-channel-lab")
    except PackageNotFoundError:
        return "0"


def address(one: InterfaceSchema) -> str:
    """Where an interface is called: its own path, or its code behind the one institution path."""
    return f"{INSTITUTION_PATH}/{one.code}" if one.surface == INSTITUTION else one.path


def _any_institution_call() -> Json:
    """The one address for every institution interface: the frame's ``infno`` says which."""
    return {
        "operationId": "institution",
        "summary": "任一机构接口 / any institution interface",
        "security": _security(),
        "requestBody": {"required": True, "content": {JSON: {"schema": _ref("InstitutionRequest")}}},
        "responses": {
            "200": {
                "description": "应答 / answer",
                "content": {JSON: {"schema": _ref("InstitutionAnswer")}, STREAM: {}},
            },
            **_refusals(gateway=True),
        },
    }


def _operation(sharing: list[InterfaceSchema]) -> Json:
    """The operation at an address; several interfaces share one where ``transType`` tells them apart."""
    one = sharing[0]
    gateway = one.surface == INSTITUTION
    answers = [_answer(each) for each in sharing]
    return {
        "operationId": f"call_{one.code.replace('.', '_')}",
        "tags": [one.family],
        "summary": f"{one.code} {one.title_zh} / {one.title_en}",
        "description": _description(one),
        **({"security": _security()} if gateway else {}),
        "requestBody": {"required": True, "content": _bodies(sharing)},
        "responses": {
            "200": {
                "description": "应答 / answer",
                "content": {JSON: {"schema": _either(answers)}, **({STREAM: {}} if one.stream else {})},
            },
            **_refusals(gateway=gateway),
        },
    }


def _description(one: InterfaceSchema) -> str:
    behaviour = "有行为 / stateful" if one.stateful else "仅校验报文 / validated only"
    return f"{one.sender} → {one.receiver}. {one.source} [{one.confidence}]. {behaviour}."


def _bodies(sharing: list[InterfaceSchema]) -> Json:
    body: Json = {"schema": _either([_request(one) for one in sharing]), **_example(sharing[0])}
    if sharing[0].code != FILE_UPLOAD:
        return {JSON: body}
    parts = {"jsonStr": {"type": "string", "contentMediaType": JSON}, "file": {"type": "string", "format": "binary"}}
    return {JSON: body, FORM: {"schema": {"type": "object", "required": [*parts], "properties": parts}}}


def _request(one: InterfaceSchema) -> Json:
    if one.surface == INSTITUTION:
        own: Json = {"infno": {"const": one.code}, "input": _ref(_name(one, "input"))}
        return {"allOf": [_ref("InstitutionRequest"), {"properties": own}]}
    own = {"encType": {"const": "plain"}, "data": _ref(_name(one, "input"))}
    if one.trans_type:
        own["transType"] = {"const": one.trans_type}
    return {"allOf": [_ref("SealedRequest"), {"required": [*own], "properties": own}]}


def _answer(one: InterfaceSchema) -> Json:
    frame, content = ("InstitutionAnswer", "output") if one.surface == INSTITUTION else ("SealedAnswer", "data")
    told = {content: {"anyOf": [_ref(_name(one, "output")), {"type": "null"}]}}
    return {"allOf": [_ref(frame), {"properties": told}]}


def _example(one: InterfaceSchema) -> Json:
    """An example in its frame, where the interface has one."""
    name = "valid_input_minimal" if one.read == "hand" else "valid_input_full"
    if name not in loader.example_names(one):
        return {}
    content = loader.example(one, name)
    if one.surface == INSTITUTION:
        return {"example": {"infno": one.code, **FRAME, "input": content}}
    trans_type = {"transType": one.trans_type} if one.trans_type else {}
    return {"example": {**SEAL, **trans_type, "data": content}}


def _refusals(*, gateway: bool) -> Json:
    refused = {status: _refusal(text, "Refusal") for status, text in REFUSALS.items()}
    return {"401": _refusal("网关拒绝 / refused by the gateway", "GatewayRefusal"), **refused} if gateway else refused


def _refusal(text: str, schema: str) -> Json:
    return {"description": text, "content": {JSON: {"schema": _ref(schema)}}}


def _schemas(everything: list[InterfaceSchema]) -> Json:
    frames: Json = {
        "InstitutionRequest": _envelope("institution_request"),
        "InstitutionAnswer": _envelope("institution_answer"),
        "SealedRequest": _envelope("sealed_request"),
        "SealedAnswer": _envelope("sealed_answer"),
        "GatewayRefusal": _envelope("gateway_refusal"),
        "Refusal": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
        },
    }
    for one in everything:
        frames[_name(one, "input")] = one.input.schema
        frames[_name(one, "output")] = one.output.schema
    return frames


def _envelope(name: str) -> Json:
    schema = loader.document(f"envelopes/{name}.json").schema
    return {key: value for key, value in schema.items() if not key.startswith("$")}


def _name(one: InterfaceSchema, direction: str) -> str:
    return f"{one.stem}.{direction}"


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _either(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _gateways() -> Json:
    headers = [header for names in GATEWAYS.values() for header in names]
    return {header: {"type": "apiKey", "in": "header", "name": header} for header in headers}


def _security() -> list[Json]:
    return [{}, *({header: [] for header in names} for names in GATEWAYS.values())]
