"""SM3, SM4 and the key of a sealed frame."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire import primitives, sm4
from simulator.wire.errors import WireError
from tests.wire.golden import APP_ID, APP_SECRET, KEYS, golden

VECTORS = golden("sm3_sm4")
KEY = sm4.derive_key(APP_ID, APP_SECRET)
DIGESTS = [primitives._sm3_of_cryptography]
if "sm3" in hashlib.algorithms_available:
    DIGESTS.append(primitives._sm3_of_hashlib)


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("each", VECTORS["sm3"], ids=lambda each: each["name"])
def test_sm3_gives_the_standards_digests_from_either_library(digest, each) -> None:
    assert digest(each["message_utf8"].encode()).hex() == each["digest_hex"]


@pytest.mark.parametrize("each", VECTORS["sm4"], ids=lambda each: each["name"])
def test_sm4_gives_the_standards_block_both_ways(each) -> None:
    key, clear, sealed = (bytes.fromhex(each[name]) for name in ("key_hex", "clear_hex", "sealed_hex"))
    assert primitives.sm4_encrypt(key, clear) == sealed
    assert primitives.sm4_decrypt(key, sealed) == clear


def test_the_key_is_the_head_of_the_encrypted_secret() -> None:
    assert sm4.encrypt(APP_ID.encode()[:16], APP_SECRET.encode()) == KEYS["derived_c_hex"]
    assert KEY.decode() == KEYS["sm4_key_ascii"]


@pytest.mark.parametrize("app_id", ["", "too short", "十六个字的应用标识不是字符集内的"])
def test_an_app_id_that_cannot_be_a_key_is_refused(app_id: str) -> None:
    with pytest.raises(ValueError, match="appId"):
        sm4.derive_key(app_id, APP_SECRET)


@given(st.binary(max_size=80))
def test_what_is_encrypted_decrypts_in_either_case_of_hex(clear: bytes) -> None:
    sealed = sm4.encrypt(KEY, clear)
    assert sealed == sealed.upper()
    assert sm4.decrypt(KEY, sealed) == sm4.decrypt(KEY, sealed.lower()) == clear


NO_HEX = ["0", "zz", "00 11", " 00", "00\n", "é0"]
NO_CIPHERTEXT = ["", "00", "00" * 15, "00" * 17, sm4.encrypt(KEY, b"x" * 16)[:32]]


@pytest.mark.parametrize("text", NO_HEX)
def test_what_is_no_hex_is_an_encoding_fault(text: str) -> None:
    with pytest.raises(WireError) as fault:
        sm4.decrypt(KEY, text)
    assert (fault.value.rule, fault.value.field) == ("bad_encoding", "encData")


@pytest.mark.parametrize("text", NO_CIPHERTEXT)
def test_what_does_not_decrypt_is_a_ciphertext_fault(text: str) -> None:
    with pytest.raises(WireError) as fault:
        sm4.decrypt(KEY, text)
    assert fault.value.rule == "bad_ciphertext"
