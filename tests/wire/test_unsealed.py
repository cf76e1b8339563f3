"""Frames that nobody signed: plain ones where they are allowed, and bare answers that may only refuse."""

from typing import Any

import pytest

from schemas import jsontext
from simulator.wire.errors import WireError
from simulator.wire.sealed import Leniency, open_answer, seal
from tests.wire.frames import DATA, PLAIN, frame, opened, refusal
from tests.wire.golden import CHANNEL, TIMESTAMP

# ---------------------------------------------------------------- plain


def test_a_plain_frame_opens_only_where_allowed_and_is_never_signed() -> None:
    raw = seal(PLAIN, DATA, timestamp=TIMESTAMP)
    assert b"signData" not in raw
    assert refusal(raw).rule == "unsealed"
    request = opened(raw, plain=True)
    assert (request.data, request.signed, request.signature) == (DATA, False, "")
    assert request.notes == ("plain",)


def test_a_plain_answer_opens_only_where_allowed() -> None:
    raw = seal(PLAIN, {"a": "1"}, timestamp=TIMESTAMP, code=0, success=True)
    with pytest.raises(WireError, match="unsealed"):
        open_answer(raw, CHANNEL)
    assert open_answer(raw, CHANNEL, lenient=Leniency(plain=True)).data == {"a": "1"}


NOT_PLAIN = {
    "encType says SM4": (frame(encData=None, signData=None, data=DATA), "unsealed"),
    "content is a list": (frame(encType="plain", encData=None, data=[1]), "not_object"),
    "no content": (frame(encType="plain", encData=None), "missing_field"),
    "another application": (frame(encType="plain", data=DATA, appId="0" * 32), "unknown_app"),
    "no timestamp": (frame(encType="plain", data=DATA, timestamp=None), "missing_field"),
    "an unreadable timestamp": (frame(encType="plain", data=DATA, timestamp="soon"), "bad_timestamp"),
}


@pytest.mark.parametrize(("raw", "rule"), NOT_PLAIN.values(), ids=NOT_PLAIN.keys())
def test_plain_leniency_is_no_licence(raw: dict[str, Any], rule: str) -> None:
    assert refusal(raw, plain=True).rule == rule


# ---------------------------------------------------------------- bare answers

BARE_REFUSALS = {
    "a code": ({"code": 500, "message": "系统繁忙"}, 500, "系统繁忙"),
    "a code as text": ({"code": "0114", "msg": "APPID不一致"}, 114, "APPID不一致"),
    "a code that is no number": ({"code": "PAY_FAIL", "errorMsg": "x"}, -1, "x"),
    "a code that is a truth value": ({"code": True}, -1, ""),
    "a fractional code": ({"code": jsontext.parse("0.5")}, -1, ""),
    "a code longer than any number": ({"code": "9" * 5000}, -1, ""),
    "another name": ({"respCode": 7, "respMessage": "y"}, 7, "y"),
    "success false": ({"success": False, "message": "z"}, None, "z"),
    "success false as text": ({"success": "false", "code": 0}, 0, ""),
    "a gateway's own": ({"message": "m", "success": False, "code": 500159}, 500159, "m"),
    "with an unreadable timestamp": ({"code": 1, "timestamp": "soon"}, 1, ""),
}


@pytest.mark.parametrize(("body", "code", "message"), BARE_REFUSALS.values(), ids=BARE_REFUSALS.keys())
def test_a_bare_refusal_is_read_as_one(body: dict[str, Any], code: int | None, message: str) -> None:
    answer = open_answer(jsontext.compact(body), CHANNEL)
    assert (answer.refused, answer.signed, answer.data, answer.notes) == (True, False, None, ("bare",))
    assert (answer.code, answer.message) == (code, message)


@pytest.mark.parametrize(
    "body",
    [{}, {"code": 0}, {"code": "0000"}, {"success": True}, {"code": 0, "data": {"ordStas": "6"}}, {"message": "ok"}],
)
def test_a_bare_success_is_never_accepted(body: dict[str, Any]) -> None:
    assert refusal(body, how=open_answer).rule == "unsealed"


@pytest.mark.parametrize("body", [{"code": 1, "message": "no"}, {"code": 0}, {}])
def test_a_request_is_never_bare(body: dict[str, Any]) -> None:
    assert refusal(body).rule == "missing_field"
