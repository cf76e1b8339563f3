"""The sealed frame of the pay centre, the e-voucher and the prescription centre: SM4 inside, SM2 outside.

``peek`` reads the outside before any key is known, so that traffic can be attributed even when it is then
refused; ``open_sealed`` checks a request or a notice; ``open_answer`` checks an answer, where an error may
come bare; ``seal`` makes all of them. Source: the message security chapter of the pay-centre specification.

The clear content is sealed in its cleaned form, as the published samples do: a reader never meets an empty
field, absent and empty mean the same.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from schemas import jsontext
from simulator.wire import canonical, sm2, sm4
from simulator.wire.canonical import TextForm
from simulator.wire.envelope import Opened, Peeked, opened, peek, read_object, require
from simulator.wire.errors import WireError
from simulator.wire.sm2 import PrivateKey, PublicKey
from simulator.wire.timestamps import parse_timestamp

PLAIN: Final = "plain"


@dataclass(frozen=True, slots=True)
class Credentials:
    """One side's view of a registration: its own private key and the other side's public key (TEST keys)."""

    app_id: str
    app_secret: str = field(repr=False)
    private: PrivateKey = field(repr=False)
    peer: PublicKey
    version: str = "2.0.1"
    enc_type: str = "SM4"


@dataclass(frozen=True, slots=True)
class Leniency:
    """What is accepted beyond the specification; whatever is used leaves a note on the message.

    ``der``: signatures in DER (D8). ``plain``: frames with encType plain and no signature.
    ``either_number_form``: signatures over numbers as strings (D1). ``client_forms``: the remaining text
    forms of live clients (D2, D3). ``versions``: accepted beside the registered one.
    """

    der: bool = False
    plain: bool = False
    either_number_form: bool = True
    client_forms: bool = False
    versions: frozenset[str] = frozenset({"1.0.0", "2.0.1"})


def seal(
    credentials: Credentials,
    data: Mapping[str, object] | None,
    *,
    timestamp: str,
    trans_type: str | None = None,
    code: int | None = None,
    message: str | None = None,
    success: bool | None = None,
    extra: object = None,
    signed_as: Literal["numbers", "strings"] = "numbers",
    hex_as: Literal["upper", "lower"] = "upper",
) -> bytes:
    """The frame as bytes to send; ``timestamp`` is sent as given.

    ``data`` None makes an answer without content. With credentials of encType ``plain`` the content travels
    clear and unsigned. ``hex_as`` lower is what one live client sends (D5); readers take either.
    """
    frame: dict[str, object] = {
        "appId": credentials.app_id,
        "timestamp": timestamp,
        "version": credentials.version,
        "encType": credentials.enc_type,
        "signType": "SM2",
        "transType": trans_type,
        "code": code,
        "message": message,
        "success": success,
        "extra": extra,
    }
    frame = {name: value for name, value in frame.items() if value is not None}
    if credentials.enc_type == PLAIN:
        return jsontext.compact(frame if data is None else frame | {"data": data})
    clear = b"" if data is None else canonical.data_text(data)
    signed = clear if signed_as == "numbers" or not data else canonical.data_text(data, signed_as)
    text = canonical.sign_text_around(frame, signed, credentials.app_secret, form=signed_as)
    if data is not None:
        key = sm4.derive_key(credentials.app_id, credentials.app_secret)
        upper = sm4.encrypt(key, clear)
        frame["encData"] = upper if hex_as == "upper" else upper.lower()
    frame["signData"] = base64.b64encode(credentials.private.sign(text)).decode()
    return jsontext.compact(frame)


def open_sealed(source: bytes | str | Peeked, credentials: Credentials, *, lenient: Leniency = Leniency()) -> Opened:
    """Verify and decrypt a request or a notice. Raises ``WireError``; freshness is the caller's to judge."""
    peeked = source if isinstance(source, Peeked) else peek(source)
    if peeked.enc_type == PLAIN or ("encData" not in peeked.envelope and "data" in peeked.envelope):
        plain = _open_plain(peeked, credentials, lenient)
        require(peeked, "data")
        return plain
    require(peeked, "appId", "timestamp", "version", "encType", "signType", "encData", "signData")
    return _open(peeked, credentials, lenient)


def open_answer(source: bytes | str | Peeked, credentials: Credentials, *, lenient: Leniency = Leniency()) -> Opened:
    """Verify and decrypt an answer.

    A bare refusal (code and message alone) comes back with ``signed`` False and no data; a bare answer that
    claims success raises ``WireError`` unsealed, for nobody stands behind it. A signed one may lack content.
    """
    peeked = source if isinstance(source, Peeked) else peek(source)
    if peeked.enc_type == PLAIN and lenient.plain:
        return _open_plain(peeked, credentials, lenient)
    if "signData" not in peeked.envelope and "encData" not in peeked.envelope:
        bare = opened(peeked, None, timestamp_ms=None, notes=("bare",))
        if not bare.refused:
            raise WireError("unsealed", field="signData")
        return bare
    require(peeked, "appId", "timestamp", "version", "encType", "signType", "signData")
    return _open(peeked, credentials, lenient)


def _open_plain(peeked: Peeked, credentials: Credentials, lenient: Leniency) -> Opened:
    if not lenient.plain or peeked.enc_type != PLAIN:
        raise WireError("unsealed", field="encData")
    require(peeked, "appId", "timestamp", "version")
    _check_registration(peeked, credentials, lenient)
    data = peeked.envelope.get("data")
    if data is not None and not isinstance(data, dict):
        raise WireError("not_object", field="data")
    notes = ("plain", *_outer_notes(peeked, credentials))
    return opened(peeked, data, timestamp_ms=parse_timestamp(peeked.timestamp), notes=notes)


def _open(peeked: Peeked, credentials: Credentials, lenient: Leniency) -> Opened:
    if peeked.enc_type != "SM4":
        raise WireError("unsupported_enc_type", field="encType")
    if peeked.sign_type != "SM2":
        raise WireError("unsupported_sign_type", field="signType")
    _check_registration(peeked, credentials, lenient)
    timestamp_ms = parse_timestamp(peeked.timestamp)
    notes = _outer_notes(peeked, credentials)
    signature, note = _signature(peeked.envelope["signData"], lenient)
    data = _decrypted(peeked, credentials)
    form = _matching_form(peeked, data, credentials, signature, lenient)
    notes += [found for found in (note, "" if form == "numbers" else f"signed_as_{form}") if found]
    text = base64.b64encode(signature).decode()
    return opened(peeked, data, timestamp_ms=timestamp_ms, signature=text, notes=tuple(notes))


def _check_registration(peeked: Peeked, credentials: Credentials, lenient: Leniency) -> None:
    if peeked.app_id != credentials.app_id:
        raise WireError("unknown_app", field="appId")
    if peeked.version != credentials.version and peeked.version not in lenient.versions:
        raise WireError("bad_version", field="version", version=peeked.version[:20])


def _outer_notes(peeked: Peeked, credentials: Credentials) -> list[str]:
    sealed = peeked.envelope.get("encData")
    found = {
        "other_version": peeked.version != credentials.version,
        "timestamp_in_ms": len(peeked.timestamp) == 13,
        "timestamp_in_s": len(peeked.timestamp) == 10,
        "lower_case_hex": isinstance(sealed, str) and sealed != sealed.upper(),
        "clear_data_ignored": sealed is not None and "data" in peeked.envelope,
    }
    return [note for note, holds in found.items() if holds]


def _signature(value: object, lenient: Leniency) -> tuple[bytes, str]:
    """The raw signature and a note; only its one canonical Base64 counts, so that it names a message."""
    try:
        raw = base64.b64decode(value if isinstance(value, str) else "", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or base64.b64encode(raw).decode() != value:
        raise WireError("bad_encoding", field="signData", wanted="Base64")
    if len(raw) == sm2.SIGNATURE_BYTES:
        return raw, ""
    from_der = sm2.raw_from_der(raw)
    if from_der is None:
        raise WireError("bad_encoding", field="signData", wanted="Base64(r||s), 64 bytes")
    if not lenient.der:
        raise WireError("der_signature", field="signData")
    return from_der, "der_signature"


def _decrypted(peeked: Peeked, credentials: Credentials) -> dict[str, object] | None:
    sealed = peeked.envelope.get("encData")
    if sealed is None:
        return None
    if not isinstance(sealed, str):
        raise WireError("bad_encoding", field="encData", wanted="hex")
    key = sm4.derive_key(credentials.app_id, credentials.app_secret)
    return read_object(sm4.decrypt(key, sealed), "encData")


def _matching_form(
    peeked: Peeked, data: object, credentials: Credentials, signature: bytes, lenient: Leniency
) -> TextForm:
    tried: set[bytes] = set()
    for form in _forms(lenient):
        text = canonical.sign_text(peeked.envelope, data, credentials.app_secret, form=form)
        if text not in tried and credentials.peer.verify(text, signature):
            return form
        tried.add(text)
    raise WireError("bad_signature", field="signData")


def _forms(lenient: Leniency) -> tuple[TextForm, ...]:
    forms: tuple[TextForm, ...] = ("numbers",)
    if lenient.either_number_form:
        forms += ("strings",)
    if lenient.client_forms:
        forms += ("sign_util", "sign_util_ci", "portal")
    return forms
