"""The parts of an exchange done alone, on the very messages and answers of a whole one.

Everything a part needs is made before it is timed: the crypto gets finished texts, the checks get parsed values.
"""

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from loadtests.bench.shop import PLAIN
from schemas import jsontext
from schemas.loader import document, interface
from simulator.wire import canonical, sealed, sm4, tif
from simulator.wire.sealed import Credentials
from simulator.wire.sm2 import PrivateKey
from simulator.wire.transport import HttpReply, HttpRequest

Work = Callable[[], None]
_SOME_KEY = "TEST-ONLY bench"


def crypto(code: str, told: Mapping[str, Any], requests: Sequence[HttpRequest], answers: Sequence[HttpReply]) -> Work:
    """Only what the frame's protection takes. ``told``: the channel's registration."""
    if code == PLAIN:
        return _gateway(str(told["tif"]["secret"]), [request.headers for request in requests])
    own = _credentials(told)
    key = sm4.derive_key(own.app_id, own.app_secret)
    asked = [_opened(request.body, own, key) for request in requests]
    said = [_said(answer.body, own, key) for answer in answers]

    def work() -> None:
        for (text, signature, sealed_hex), (answer_text, clear) in zip(asked, said, strict=True):
            sm4.decrypt(key, sealed_hex)
            own.peer.verify(text, signature)
            sm4.encrypt(key, clear)
            own.private.sign(answer_text)

    return work


def validation(
    code: str, told: Mapping[str, Any], requests: Sequence[HttpRequest], answers: Sequence[HttpReply]
) -> Work:
    """The checks of the request, its frame included, and of the answer."""
    schema, frame = interface(code), document("envelopes/institution_request.json")
    envelopes: list[Any] = []
    if code == PLAIN:
        whole: list[Any] = [_parsed(request.body) for request in requests]
        asked = [one["input"] for one in whole]
        said = [_parsed(answer.body)["output"] for answer in answers]
        envelopes = [{**one, "input": {}} for one in whole]
    else:
        own = _credentials(told)
        key = sm4.derive_key(own.app_id, own.app_secret)
        asked = [sealed.open_sealed(request.body, own).data for request in requests]
        said = [_parsed(_said(answer.body, own, key)[1]) for answer in answers]

    def work() -> None:
        for check, values in ((frame.check, envelopes), (schema.check_input, asked), (schema.check_output, said)):
            for value in values:
                check(value)

    return work


def all_good(code: str, answers: Sequence[HttpReply]) -> None:
    """Figures of refusals would be worthless.

    Raises:
        RuntimeError: an answer says no.
    """
    for answer in answers:
        told = _frame(answer.body)
        if told.get("infcode" if code == PLAIN else "code") not in (0, "0"):
            raise RuntimeError(f"{code} was refused: {answer.body[:300].decode()}")


def _gateway(secret: str, sent: Sequence[Mapping[str, str]]) -> Work:
    now_ms = time.time_ns() // 1_000_000

    def work() -> None:
        for headers in sent:
            tif.verify(headers, now_ms=now_ms, lookup=lambda _: secret)

    return work


def _credentials(told: Mapping[str, Any]) -> Credentials:
    """The platform's side; it signs with a key of the same kind as its own, which it alone knows."""
    peer = PrivateKey.from_base64(told["channelPrivateKey"]).public
    return Credentials(told["appId"], told["appSecret"], PrivateKey.from_seed(_SOME_KEY), peer)


def _opened(body: bytes, own: Credentials, key: bytes) -> tuple[bytes, bytes, str]:
    """The signed text of a request, its signature and its sealed content."""
    frame = _frame(body)
    data = jsontext.parse(sm4.decrypt(key, frame["encData"]))
    return canonical.sign_text(frame, data, own.app_secret), base64.b64decode(frame["signData"]), frame["encData"]


def _said(body: bytes, own: Credentials, key: bytes) -> tuple[bytes, bytes]:
    """The signed text of an answer and its clear content."""
    frame = _frame(body)
    clear = sm4.decrypt(key, frame["encData"])
    return canonical.sign_text(frame, jsontext.parse(clear), own.app_secret), clear


def _parsed(body: bytes) -> Any:
    return jsontext.plain(jsontext.parse(body))


def _frame(body: bytes) -> Any:
    return jsontext.parse(body)
