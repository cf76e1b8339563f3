"""Both gateway signatures, and the refusals that come before any frame is read."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

import pytest

from schemas import jsontext
from simulator.wire import csb, gateway, tif
from simulator.wire.errors import WireError

NOW_MS = 1_767_240_000_123
SECRETS = {"pharmacy-app": "a test secret"}
TIF = tif.headers("pharmacy-app", "a test secret", now_ms=NOW_MS, nonce="n-1")
CSB = csb.headers("2102", "pharmacy-app", "a test secret", now_ms=NOW_MS)


def tif_verify(sent: Mapping[str, str], now_ms: int = NOW_MS) -> str:
    return tif.verify(sent, now_ms=now_ms, lookup=SECRETS.get)


def csb_verify(sent: Mapping[str, str], now_ms: int = NOW_MS) -> str:
    return csb.verify(sent, now_ms=now_ms, lookup=SECRETS.get).access_key


GATEWAYS = pytest.mark.parametrize(
    ("verify", "sent", "window_ms"),
    [(tif_verify, TIF, tif.WINDOW_MS), (csb_verify, CSB, csb.WINDOW_MS)],
    ids=["TIF", "CSB"],
)
Verify = Callable[..., str]


def refused(verify: Verify, sent: Mapping[str, str], now_ms: int = NOW_MS) -> tuple[str, str]:
    with pytest.raises(WireError) as fault:
        verify(sent, now_ms)
    return fault.value.rule, fault.value.field


def test_the_tif_signature_is_sha256_over_timestamp_secret_nonce_timestamp() -> None:
    text = "1767240000a test secretn-11767240000"
    assert TIF["x-tif-signature"] == hashlib.sha256(text.encode()).hexdigest()
    assert TIF["x-tif-timestamp"] == "1767240000"


def test_the_csb_signature_is_hmac_sha1_over_the_sorted_headers() -> None:
    text = "_api_access_key=pharmacy-app&_api_name=2102&_api_timestamp=1767240000123&_api_version=1.0.0"
    digest = hmac.digest(b"a test secret", text.encode(), "sha1")
    assert CSB["_api_signature"] == base64.b64encode(digest).decode()


def test_csb_tells_who_called_what() -> None:
    assert csb.verify(CSB, now_ms=NOW_MS, lookup=SECRETS.get) == csb.Caller("pharmacy-app", "2102", "1.0.0")


@GATEWAYS
def test_a_sound_request_passes_whatever_the_case_of_its_headers(verify: Verify, sent, window_ms: int) -> None:
    assert verify(sent) == "pharmacy-app"
    assert verify({name.upper(): value for name, value in sent.items()}) == "pharmacy-app"


def test_tif_hex_may_be_upper_case() -> None:
    assert tif_verify(TIF | {"x-tif-signature": TIF["x-tif-signature"].upper()}) == "pharmacy-app"


@GATEWAYS
def test_each_missing_or_blank_header_is_named(verify: Verify, sent, window_ms: int) -> None:
    for name in sent:
        without = {other: value for other, value in sent.items() if other != name}
        assert refused(verify, without) == ("gateway_header_missing", name)
        assert refused(verify, without | {name: "  "}) == ("gateway_header_missing", name)


@GATEWAYS
def test_the_window_is_open_both_ways_and_closes(verify: Verify, sent, window_ms: int) -> None:
    stamped = next(name for name in sent if "timestamp" in name)
    moment_ms = int(sent[stamped]) * (1000 if len(sent[stamped]) == 10 else 1)
    for sign in (1, -1):
        assert verify(sent, moment_ms + sign * window_ms) == "pharmacy-app"
        assert refused(verify, sent, moment_ms + sign * (window_ms + 1)) == ("gateway_stale", stamped)


@GATEWAYS
@pytest.mark.parametrize("text", ["soon", "20260101120000", "17672400001", "-767240000", "１７６７２４００００"])
def test_an_unreadable_time_is_stale(verify: Verify, sent, window_ms: int, text: str) -> None:
    stamped = next(name for name in sent if "timestamp" in name)
    assert refused(verify, sent | {stamped: text}) == ("gateway_stale", stamped)


@GATEWAYS
def test_an_unknown_application_is_refused(verify: Verify, sent, window_ms: int) -> None:
    named = next(name for name in sent if name.endswith(("paasid", "access_key")))
    assert refused(verify, sent | {named: "stranger"}) == ("gateway_unknown_key", named)


@GATEWAYS
def test_a_wrong_signature_or_a_changed_signed_header_is_refused(verify: Verify, sent, window_ms: int) -> None:
    signature = next(name for name in sent if name.endswith("signature"))
    for wrong in ("x", sent[signature][:-1], sent[signature] + "0", "签名"):
        assert refused(verify, sent | {signature: wrong}) == ("gateway_signature", signature)
    covered = [name for name in sent if name.endswith(("nonce", "api_name", "api_version"))]
    for name in covered:
        assert refused(verify, sent | {name: "other"}) == ("gateway_signature", signature)


def test_another_secret_is_a_wrong_signature() -> None:
    forged = tif.headers("pharmacy-app", "guessed", now_ms=NOW_MS, nonce="n-1")
    assert refused(tif_verify, forged) == ("gateway_signature", "x-tif-signature")


def test_a_refusal_is_no_institution_frame_and_shows_no_secret() -> None:
    with pytest.raises(WireError) as fault:
        csb_verify(CSB | {"_api_signature": "x"})
    body = jsontext.parse(gateway.refusal(fault.value))
    assert isinstance(body, dict)
    assert list(body) == ["code", "message"]
    assert body["code"] == 401
    assert "_api_signature" in body["message"]
    assert "secret" not in body["message"]
