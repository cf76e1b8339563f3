"""The outside of a sealed frame: what can be read of it before, and what is known of it after, it is opened.

Source: the message format chapter of the pay-centre specification.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from schemas import jsontext
from simulator.wire.errors import WireError


@dataclass(frozen=True, slots=True)
class Peeked:
    """The outside of a frame, unverified; a field that is absent or no text reads as ""."""

    envelope: Mapping[str, object]
    app_id: str
    timestamp: str
    version: str
    enc_type: str
    sign_type: str
    trans_type: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A frame that passed. ``signature`` is the raw signature in Base64, "" when unsigned.

    ``data`` is None only in an answer without content; ``timestamp_ms`` only in a bare answer.
    """

    app_id: str
    timestamp: str
    timestamp_ms: int | None
    version: str
    trans_type: str
    data: dict[str, object] | None
    code: int | None
    message: str
    success: bool | None
    signed: bool
    signature: str
    extra: object
    notes: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Whether an answer says no: ``success`` false, or a ``code`` that is not zero."""
        return self.success is False or self.code not in (None, 0)


def peek(raw: bytes | str) -> Peeked:
    """Read the outside of a frame. Raises ``WireError`` not_json, not_object."""
    envelope = read_object(raw, "报文 / message")
    return Peeked(
        envelope,
        _text_of(envelope, "appId"),
        _text_of(envelope, "timestamp"),
        _text_of(envelope, "version"),
        _text_of(envelope, "encType"),
        _text_of(envelope, "signType"),
        _text_of(envelope, "transType"),
    )


def opened(
    peeked: Peeked,
    data: dict[str, object] | None,
    *,
    timestamp_ms: int | None,
    signature: str = "",
    notes: tuple[str, ...] = (),
) -> Opened:
    """Put together what was checked: the outside, the clear content and what was noted on the way."""
    return Opened(
        app_id=peeked.app_id,
        timestamp=peeked.timestamp,
        timestamp_ms=timestamp_ms,
        version=peeked.version,
        trans_type=peeked.trans_type,
        data=None if data is None else plain_object(data),
        code=_first_code(peeked.envelope, "code", "respCode", "responseCode"),
        message=_first_text(peeked.envelope, "message", "msg", "errorMsg", "respMessage"),
        success=_success(peeked.envelope),
        signed=bool(signature),
        signature=signature,
        extra=jsontext.plain(peeked.envelope.get("extra")),
        notes=notes,
    )


def require(peeked: Peeked, *names: str) -> None:
    """Raise ``WireError`` missing_field for the first of ``names`` that is absent, null or ""."""
    for name in names:
        if peeked.envelope.get(name) in (None, ""):
            raise WireError("missing_field", field=name)


def read_object(raw: bytes | str, name: str) -> dict[str, object]:
    """One JSON object, or ``WireError`` not_json, not_object naming ``name``."""
    try:
        document = jsontext.parse(raw)
    except jsontext.JsonError as fault:
        raise WireError("not_json", field=name, reason=str(fault)) from None
    if not isinstance(document, dict):
        raise WireError("not_object", field=name)
    return document


def plain_object(document: dict[str, object]) -> dict[str, object]:
    """What readers behind the wire are given: the digits a signature needed are values from here on."""
    return {name: jsontext.plain(value) for name, value in document.items()}


def result_code(value: object) -> int | None:
    """A result code as a number; "0000" is zero, what is no whole number is a refusal, -1; absent is None."""
    if value is None or value == "":
        return None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return int(value) if value == int(value) else -1
    digits = value.strip().removeprefix("-") if isinstance(value, str) else ""
    return int(str(value)) if digits.isascii() and digits.isdigit() and len(digits) < 19 else -1


def _first_code(envelope: Mapping[str, object], *names: str) -> int | None:
    return next((code for name in names if (code := result_code(envelope.get(name))) is not None), None)


def _text_of(envelope: Mapping[str, object], name: str) -> str:
    value = envelope.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _first_text(envelope: Mapping[str, object], *names: str) -> str:
    return next((text for name in names if (text := _text_of(envelope, name))), "")


def _success(envelope: Mapping[str, object]) -> bool | None:
    value = envelope.get("success")
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value if isinstance(value, bool) else None
