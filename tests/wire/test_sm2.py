"""SM2 against the standard's sample, the golden vectors and two independent libraries."""

import base64
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from gmssl import sm2 as gmssl_sm2
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.wire import curve
from simulator.wire.sm2 import DEFAULT_UID, PrivateKey, PublicKey, raw_from_der
from tests.wire.golden import golden

VECTORS = golden("sm2")
VALID = {each["name"]: each for each in VECTORS["valid"]}
INVALID = {each["name"]: each for each in VECTORS["invalid"]}
KEY = PrivateKey.from_seed("a channel")
OTHER = PrivateKey.from_seed("another channel")
SCALARS = st.integers(1, curve.N - 2)


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def public_of(each: Any) -> PublicKey:
    return PublicKey.from_base64(b64(bytes.fromhex(each["public_hex"])))


def der(raw: bytes) -> bytes:
    """The DER form of a raw signature, which nobody may emit."""
    parts = b""
    for half in (raw[:32], raw[32:]):
        value = half.lstrip(b"\0")
        value = b"\0" + value if value[0] & 0x80 else value
        parts += bytes([2, len(value)]) + value
    return bytes([0x30, len(parts)]) + parts


@pytest.mark.parametrize("name", VALID)
def test_a_published_signature_verifies(name: str) -> None:
    each = VALID[name]
    key, message = public_of(each), each["message_utf8"].encode()
    assert PrivateKey(int(each["private_hex"], 16)).public == key
    assert key.verify(message, bytes.fromhex(each["signature_hex"]), uid=each["uid_ascii"].encode())


def test_the_standards_sample_is_reproduced_to_the_byte() -> None:
    each = VALID["GB/T 32918.5"]
    key = PrivateKey(int(each["private_hex"], 16))
    signature = key.sign(each["message_utf8"].encode(), k=int(each["k_hex"], 16))
    assert signature.hex() == each["signature_hex"]


@pytest.mark.parametrize("name", INVALID)
def test_a_wrong_signature_is_refused(name: str) -> None:
    each = INVALID[name]
    assert not public_of(each).verify(each["message_utf8"].encode(), bytes.fromhex(each["signature_hex"]))


def test_a_signature_under_another_user_id_verifies_only_there() -> None:
    signature = KEY.sign(b"text", uid=b"appSecret")
    assert KEY.public.verify(b"text", signature, uid=b"appSecret")
    assert not KEY.public.verify(b"text", signature)


@given(SCALARS, st.binary(max_size=80))
@settings(max_examples=30)
def test_what_a_key_signs_its_public_key_verifies_and_no_other(scalar: int, message: bytes) -> None:
    key = PrivateKey(scalar)
    signature = key.sign(message)
    assert key.public.verify(message, signature)
    assert not key.public.verify(message + b"\0", signature)
    assert key == KEY or not KEY.public.verify(message, signature)


@given(st.integers(0, 511))
def test_any_flipped_bit_breaks_a_signature(bit: int) -> None:
    signature = int.from_bytes(KEY.sign(b"text")) ^ (1 << bit)
    assert not KEY.public.verify(b"text", signature.to_bytes(64))


@given(st.binary(max_size=80))
def test_garbage_is_a_plain_no(garbage: bytes) -> None:
    assert KEY.public.verify(b"text", garbage) is False


def test_no_two_signatures_are_alike_even_over_the_same_text() -> None:
    """The platform tells a repeated sealed message by its signature."""
    signatures = {KEY.sign(b"text") for _ in range(4)}
    assert len(signatures) == 4
    assert all(KEY.public.verify(b"text", signature) for signature in signatures)
    assert not OTHER.public.verify(b"text", signatures.pop())


@pytest.mark.parametrize("k", [0, -1, curve.N, curve.N + 5])
def test_a_nonce_out_of_range_signs_nothing(k: int) -> None:
    with pytest.raises(ValueError, match="nonce"):
        KEY.sign(b"text", k=k)


def test_a_key_survives_base64_in_every_accepted_length() -> None:
    private, public = base64.b64decode(KEY.to_base64()), base64.b64decode(KEY.public.to_base64())
    assert (len(private), len(public), public[0]) == (32, 65, 4)
    assert PrivateKey.from_base64(b64(private)) == PrivateKey.from_base64(b64(b"\0" + private)) == KEY
    assert PublicKey.from_base64(b64(public)) == PublicKey.from_base64(b64(public[1:])) == KEY.public


WRONG_PRIVATE = [b"", b"\1" * 31, b"\1" * 33, b"\0" * 32, (curve.N - 1).to_bytes(32), b"\xff" * 32]
WRONG_PUBLIC = [b"", b"\5" * 64, b"\x02" + bytes(64), *(bytes.fromhex(t) for t in VECTORS["not_on_curve_hex"])]


@pytest.mark.parametrize("raw", WRONG_PRIVATE)
def test_a_malformed_private_key_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="SM2"):
        PrivateKey.from_base64(b64(raw))


@pytest.mark.parametrize("raw", WRONG_PUBLIC)
def test_a_public_key_off_the_curve_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="SM2"):
        PublicKey.from_base64(b64(raw))


@pytest.mark.parametrize("read", [PrivateKey.from_base64, PublicKey.from_base64])
def test_a_key_that_is_no_base64_is_refused(read: Any) -> None:
    with pytest.raises(ValueError, match="Base64"):
        read("not base64 at all!")


def test_a_private_key_never_shows_itself() -> None:
    assert str(KEY.scalar) not in repr(KEY)
    assert f"{KEY.scalar:x}" not in repr(KEY)


@given(SCALARS)
@settings(max_examples=30)
def test_der_reads_back_as_the_same_raw_signature(scalar: int) -> None:
    raw = scalar.to_bytes(32) + KEY.sign(b"text")[32:]
    assert raw_from_der(der(raw)) == raw


SOUND_DER = der(KEY.sign(b"text"))
WRONG_DER = {
    "empty": b"",
    "truncated": SOUND_DER[:-1],
    "trailing byte": SOUND_DER + b"\0",
    "not a sequence": b"\x31" + SOUND_DER[1:],
    "negative integer": bytes([0x30, 6, 2, 1, 0x80, 2, 1, 1]),
    "one integer": bytes([0x30, 6, 2, 4, 1, 1, 1, 1]),
    "an integer of 33 bytes": bytes([0x30, 38, 2, 33, *([1] * 33), 2, 1, 1]),
    "an empty integer": bytes([0x30, 6, 2, 0, 2, 2, 1, 1]),
}


@pytest.mark.parametrize("text", WRONG_DER.values(), ids=WRONG_DER.keys())
def test_what_is_not_exactly_der_is_not_read(text: bytes) -> None:
    assert raw_from_der(text) is None


# ---------------------------------------------------------------- arithmetic


def naive_product(scalar: int, point: tuple[int, int]) -> tuple[int, int] | None:
    """Double and add, straight from the definition, sharing nothing with the tables."""
    result: tuple[int, int] | None = None
    addend: tuple[int, int] | None = point
    while scalar:
        if scalar & 1:
            result = naive_sum(result, addend)
        addend = naive_sum(addend, addend)
        scalar >>= 1
    return result


def naive_sum(left: tuple[int, int] | None, right: tuple[int, int] | None) -> tuple[int, int] | None:
    if left is None or right is None:
        return left or right
    p = int(curve.P)
    if left[0] == right[0] and (left[1] + right[1]) % p == 0:
        return None
    if left == right:
        slope = (3 * left[0] ** 2 + curve.A) * pow(2 * left[1], -1, p) % p
    else:
        slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, p) % p
    x = (slope * slope - left[0] - right[0]) % p
    return x, (slope * (left[0] - x) - left[1]) % p


EDGES = [1, 2, 15, 16, 17, 31, 32, 127, 128, 129, 255, 256, curve.N - 1, curve.N - 2, 2**256 - 1]


@pytest.mark.parametrize("scalar", EDGES)
@pytest.mark.parametrize("uses", [1, 200, 10_001])
def test_a_product_by_table_is_the_product_by_definition(scalar: int, uses: int) -> None:
    """Both for a point just met and for one whose table has been widened."""
    public = PrivateKey.from_seed(f"met {uses} times, {scalar}").public
    point = (public.x, public.y)
    for _ in range(uses):
        table = curve.table_of(point)
    assert curve.affine(curve.total(curve.multiples(table, scalar))) == naive_product(scalar, point)


def test_a_point_added_to_itself_is_doubled_and_to_its_opposite_vanishes() -> None:
    x, y = curve.G
    assert curve.affine(curve.total([curve.G, curve.G])) == naive_product(2, curve.G)
    assert curve.total([curve.G, (x, curve.P - y)])[2] == 0
    assert curve.affine(curve.total([curve.G, (x, curve.P - y), curve.G])) == curve.G


def test_zero_times_a_point_is_infinity() -> None:
    assert curve.total(curve.multiples(curve.table_of(curve.G), 0)) == curve.INFINITY


def curve_without_gmpy2(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setitem(sys.modules, "gmpy2", None)
    spec = importlib.util.spec_from_file_location("curve_in_plain_integers", Path(curve.__file__))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_plain_integers_give_the_same_points_as_gmpy2(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = curve_without_gmpy2(monkeypatch)
    assert plain.integer is int
    for scalar in (*EDGES, KEY.scalar):
        entries = plain.multiples(plain.table_of(plain.G), scalar)
        own = curve.multiples(curve.table_of(curve.G), scalar)
        assert plain.affine(plain.total(entries)) == curve.affine(curve.total(own))


# ---------------------------------------------------------------- other people's libraries

MESSAGES = [b"", b"text", "高平市人民医院".encode(), bytes(range(256))]


def gmssl_of(key: PrivateKey) -> Any:
    raw = base64.b64decode(key.public.to_base64())[1:].hex()
    assert not raw.startswith("04"), "gmssl strips such a key's own first byte"
    return gmssl_sm2.CryptSM2(private_key=f"{key.scalar:064x}", public_key=raw)


@pytest.mark.parametrize("message", MESSAGES[1:])
def test_gmssl_and_we_accept_each_others_signatures(message: bytes) -> None:
    theirs = gmssl_of(KEY)
    assert theirs.verify_with_sm3(KEY.sign(message).hex(), message)
    assert KEY.public.verify(message, bytes.fromhex(theirs.sign_with_sm3(message)))


def test_gmssl_gives_the_same_bytes_for_the_same_nonce() -> None:
    """Signing itself, under the same digest and nonce, leaves no freedom."""
    theirs = gmssl_of(KEY)
    digest = theirs._sm3_z(b"text")
    assert theirs.sign(bytes.fromhex(digest), f"{0x1234567:064x}") == KEY.sign(b"text", k=0x1234567).hex()


OPENSSL = shutil.which("openssl")
SM2_OID = bytes.fromhex("06082a811ccf5501822d")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="not run: no openssl executable on this machine")


def openssl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    assert OPENSSL
    return subprocess.run([OPENSSL, *arguments], capture_output=True, check=False, timeout=30)


def key_files(key: PrivateKey, folder: Path) -> tuple[str, str]:
    point = b"\x03\x42\0" + base64.b64decode(key.public.to_base64())
    private = b"\x02\x01\x01\x04\x20" + key.scalar.to_bytes(32) + b"\xa0\x0a" + SM2_OID + b"\xa1\x44" + point
    public = b"\x30\x13" + bytes.fromhex("06072a8648ce3d0201") + SM2_OID + point
    files = folder / "private.der", folder / "public.der"
    for file, body in zip(files, (private, public), strict=True):
        file.write_bytes(bytes([0x30, len(body)]) + body)
    return str(files[0]), str(files[1])


@needs_openssl
@pytest.mark.parametrize("message", MESSAGES[1:])
def test_openssl_and_we_accept_each_others_signatures(message: bytes, tmp_path: Path) -> None:
    private, public = key_files(KEY, tmp_path)
    text, ours, theirs = (tmp_path / name for name in ("text", "ours", "theirs"))
    text.write_bytes(message)
    ours.write_bytes(der(KEY.sign(message)))
    form = ("-keyform", "DER", "-rawin", "-digest", "sm3", "-in", str(text))
    uid = ("-pkeyopt", f"distid:{DEFAULT_UID.decode()}")
    verified = openssl("pkeyutl", "-verify", "-pubin", "-inkey", public, *form, *uid, "-sigfile", str(ours))
    assert verified.returncode == 0, verified.stderr
    signed = openssl("pkeyutl", "-sign", "-inkey", private, *form, *uid, "-out", str(theirs))
    assert signed.returncode == 0, signed.stderr
    raw = raw_from_der(theirs.read_bytes())
    assert raw
    assert KEY.public.verify(message, raw)


@needs_openssl
def test_openssl_refuses_our_signature_under_another_user_id(tmp_path: Path) -> None:
    _, public = key_files(KEY, tmp_path)
    text, ours = tmp_path / "text", tmp_path / "ours"
    text.write_bytes(b"text")
    ours.write_bytes(der(KEY.sign(b"text", uid=b"appSecret")))
    verified = openssl(
        *("pkeyutl", "-verify", "-pubin", "-inkey", public, "-keyform", "DER", "-rawin", "-digest", "sm3"),
        *("-in", str(text), "-pkeyopt", "distid:1234567812345678", "-sigfile", str(ours)),
    )
    assert verified.returncode != 0
