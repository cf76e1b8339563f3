"""The institution frame (``infno`` interfaces): eighteen fields around ``input``, six around ``output``.

``input`` comes as an object, in a few regions as JSON text; ``infcode`` goes out as a number, in a few
regions as text, and both are read. Source: the message chapter of the national interface specification for
designated institutions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Final, Literal

from schemas import jsontext
from simulator.wire.envelope import plain_object, read_object, result_code
from simulator.wire.errors import WireError
from simulator.wire.timestamps import digits14, digits17

MSGID_CHARS: Final = 30
INSTITUTION_CHARS: Final = 12
REGION_CHARS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A request under its wire names, in wire order; ``inf_time`` reads yyyy-MM-dd HH:mm:ss."""

    infno: str
    msgid: str
    mdtrtarea_admvs: str
    insuplc_admdvs: str = ""
    recer_sys_code: str = "MBS_LOCAL"
    dev_no: str = ""
    dev_safe_info: str = ""
    cainfo: str = ""
    signtype: str = ""
    infver: str = "V1.0"
    opter_type: str
    opter: str
    opter_name: str
    inf_time: str
    fixmedins_code: str
    fixmedins_name: str
    sign_no: str = ""
    input: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ParsedFrame:
    """A request as read: the whole envelope with ``input`` as an object, and what was noted on the way."""

    infno: str
    msgid: str
    fixmedins_code: str
    envelope: dict[str, object]
    input: dict[str, object]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer as read. ``infcode`` is None when the body is a gateway's refusal, not an institution frame."""

    infcode: int | None
    inf_refmsgid: str
    err_msg: str
    output: dict[str, object]
    gateway_code: int | None

    @property
    def succeeded(self) -> bool:
        """Success is the numeric value zero and nothing else."""
        return self.infcode == 0


def msgid(fixmedins_code: str, ms: int, seq: int) -> str:
    """The sender's message id, 30 characters: institution, ``yyyyMMddHHmmss`` (Beijing time), 4 digits.

    Raises ``ValueError`` when the institution code has not 12 characters.
    """
    if len(fixmedins_code) != INSTITUTION_CHARS:
        raise ValueError("fixmedins_code 应为 12 位 / fixmedins_code has 12 characters")
    return f"{fixmedins_code}{digits14(ms)}{seq % 10_000:04d}"


def refmsgid(region: str, ms: int, seq: int) -> str:
    """The receiver's message id, 30 characters: region, ``yyyyMMddHHmmss``, 10 digits.

    Raises ``ValueError`` when the region has not 6 characters.
    """
    if len(region) != REGION_CHARS:
        raise ValueError("行政区划代码应为 6 位 / a division code has 6 characters")
    return f"{region}{digits14(ms)}{seq % 10**10:010d}"


def request_frame(frame: Frame, *, input_as: Literal["object", "text"] = "object") -> bytes:
    """The request as bytes; ``input_as`` text sends ``input`` as JSON text."""
    fields: dict[str, object] = {field.name: getattr(frame, field.name) for field in fields_of(frame)}
    if input_as == "text":
        fields["input"] = jsontext.compact(frame.input).decode()
    return jsontext.compact(fields)


def parse_frame(raw: bytes | str) -> ParsedFrame:
    """Read a request. Raises ``WireError`` not_json, not_object, missing_field (infno, msgid, input).

    Everything else about the envelope is its schema's to judge.
    """
    envelope = plain_object(read_object(raw, "报文 / message"))
    notes = []
    infno = envelope.get("infno")
    if isinstance(infno, int):
        infno = envelope["infno"] = str(infno)
        notes.append("infno_as_number")
    for name in ("infno", "msgid", "input"):
        if envelope.get(name) in (None, ""):
            raise WireError("missing_field", field=name)
    content = envelope["input"]
    if isinstance(content, str):
        content = envelope["input"] = plain_object(read_object(content, "input"))
        notes.append("input_as_text")
    if not isinstance(content, dict):
        raise WireError("not_object", field="input")
    return ParsedFrame(
        infno=_text(envelope, "infno"),
        msgid=_text(envelope, "msgid"),
        fixmedins_code=_text(envelope, "fixmedins_code"),
        envelope=envelope,
        input=content,
        notes=tuple(notes),
    )


def answer_frame(
    infcode: int,
    *,
    inf_refmsgid: str,
    received_ms: int,
    responded_ms: int,
    err_msg: str = "",
    output: Mapping[str, object] | None = None,
    infcode_as: Literal["number", "string"] = "number",
) -> bytes:
    """The answer as bytes. ``infcode`` 0 is success, -1 refusal; a refusal's ``output`` is null (4.5a)."""
    return jsontext.compact(
        {
            "infcode": infcode if infcode_as == "number" else str(infcode),
            "inf_refmsgid": inf_refmsgid,
            "refmsg_time": digits17(received_ms),
            "respond_time": digits17(responded_ms),
            "err_msg": err_msg,
            "output": {} if output is None and infcode == 0 else output,
        }
    )


def parse_answer(raw: bytes | str) -> ParsedAnswer:
    """Read an answer, a gateway's refusal included.

    Raises ``WireError`` not_json, not_object, missing_field (neither infcode nor code).
    """
    envelope = read_object(raw, "报文 / message")
    infcode, code = result_code(envelope.get("infcode")), result_code(envelope.get("code"))
    if infcode is None and code is None:
        raise WireError("missing_field", field="infcode")
    output = envelope.get("output") or {}
    if isinstance(output, str):
        output = read_object(output, "output")
    if not isinstance(output, dict):
        raise WireError("not_object", field="output")
    text = _text(envelope, "err_msg") or _text(envelope, "message")
    return ParsedAnswer(
        infcode=infcode,
        inf_refmsgid=_text(envelope, "inf_refmsgid"),
        err_msg=text,
        output=plain_object(output),
        gateway_code=code if infcode is None else None,
    )


def _text(envelope: Mapping[str, object], name: str) -> str:
    value = envelope.get(name)
    return value if isinstance(value, str) else ""
