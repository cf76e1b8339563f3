"""Rules of single messages: sealed, well signed, well formed, each with a number of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]

SEALED_SURFACES = ("pay_centre", "evoucher", "prescription")


@on_the_wire
def sealed(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Everything sent to the pay centre, the e-voucher platform and the prescription centre is sealed."""
    yield from _protected(
        evidence,
        SEALED_SURFACES,
        Both("encData加密、signData签名的报文", "a message with encData and signData"),
        Both("以明文发送", "was sent in clear"),
    )


@on_the_wire
def signed_at_gateway(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Everything sent in the institution frame carries the signature of the gateway (TIF or CSB)."""
    yield from _protected(
        evidence,
        ("institution",),
        Both("带网关签名头的报文", "a message with the headers of the gateway's signature"),
        Both("未签名", "was sent unsigned"),
    )


def _protected(evidence: Evidence, surfaces: tuple[str, ...], expected: Both, missing: Both) -> Iterator[Finding]:
    for line in evidence.calls():
        if line.surface not in surfaces:
            continue
        if line.raw.get("sealed"):
            yield Held((line.seq,))
        else:
            found = Both(f"{line.code}{missing.zh}", f"{line.code} {missing.en}")
            yield Broken(expected, found, (line.seq,))


@on_the_wire
def never_refused(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Nothing the channel sends is refused by one of ``rules`` (of ``codes`` only, when given)."""
    for line in evidence.calls(*params.get("codes", ())):
        if line.refused_by_fault or _ended_by_platform(evidence, line) or _hospital_columns(evidence, line):
            continue
        if line.rule in params["rules"]:
            refusal = line.raw["refusal"]
            field = f"（{refusal['field']}）" if refusal.get("field") else ""
            yield Broken(
                Both("平台接受的报文", "a message the platform does not object to"),
                Both(f"{line.code}被拒绝{field}：{refusal['zh']}", f"{line.code} was refused: {refusal['en']}"),
                (line.seq,),
            )
        else:
            yield Held((line.seq,))


@on_the_wire
def distinct(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The value of ``field`` never returns among the messages of ``codes``."""
    first: dict[str, int] = {}
    field = params["field"]
    for line in evidence.calls(*params["codes"]):
        value = str(line.raw.get("msgid", "")) if field == "msgid" else line.sent(field)
        if not value:
            continue
        if value in first:
            yield Broken(
                Both(f"每次发送新的{field}", f"a new {field} each time"),
                Both(f"{line.code}重复使用{value}", f"{line.code} used {value} again"),
                (first[value], line.seq),
            )
        else:
            first[value] = line.seq
            yield Held((line.seq,))


@on_the_wire
def tells_one_time(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The time a message carries in ``field`` has the exact form of fourteen digits, when it is given at all."""
    for line in evidence.calls(*params["codes"]):
        value = line.sent(params["field"])
        if not value:
            continue
        if len(value) == 14 and value.isdigit():
            yield Held((line.seq,))
        else:
            yield Broken(
                Both("yyyyMMddHHmmss", "yyyyMMddHHmmss"),
                Both(f"{params['field']}={value}", f"{params['field']}={value}"),
                (line.seq,),
            )


def _hospital_columns(evidence: Evidence, line: Line) -> bool:
    """Whether the room wants of 6201 the columns printed for hospitals (order-life 9.19), which no purchase has."""
    in_force = evidence.record.get("platform", {}).get("in_force", {})
    return line.code == "6201" and line.rule == "schema_miss" and in_force.get("otc_fields") == "as_printed"


def _ended_by_platform(evidence: Evidence, line: Line) -> bool:
    """Whether a sign-in of that shop and day was heard of and is over all the same: the channel learns it from this."""
    if line.rule != "not_signed_in":
        return False
    day, org = str(line.raw.get("at", ""))[:10], line.raw.get("org")
    return any(
        one.seq < line.seq and one.accepted and one.heard and one.raw.get("org") == org
        and str(one.raw.get("at", ""))[:10] == day
        for one in evidence.calls("9001")
    )  # fmt: skip
