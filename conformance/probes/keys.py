"""Rules of changing keys: the new one from its moment, the old one to the end of its grace and not longer."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.notices import RETIRED
from conformance.probes.traffic import SEALED_SURFACES

Json = Mapping[str, Any]

EARLIER = "signed with the earlier key"
"""What the platform notes on a message that verified with the channel's key before its change."""


def old_key_in_grace(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A notice signed with the old key is acknowledged as long as its grace lasts."""
    for line in _old_notices(evidence):
        if line.at_ms > _until_ms(evidence):
            continue
        if line.acknowledged:
            yield Held((line.seq,))
        else:
            yield Broken(
                Both("宽限期内旧钥仍可验签", "the old key still verifies while its grace lasts"),
                Both("在途的通知未被确认", "a notice under way was not acknowledged"),
                (line.seq,),
            )


def old_key_after_grace(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A notice signed with the old key is not acknowledged once its grace is over."""
    for line in _old_notices(evidence):
        if line.at_ms <= _until_ms(evidence):
            continue
        if line.acknowledged:
            yield Broken(
                Both("宽限期过后旧钥不再可信", "the old key is not trusted once its grace is over"),
                Both("以旧钥签名的通知被确认", "a notice signed with the old key was acknowledged"),
                (line.seq,),
            )
        else:
            yield Held((line.seq,))


def own_key_changed(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """From the moment of its own change on, no sealed message of the channel is signed with the old key."""
    rotation = evidence.facts.get("rotation", {})
    for line in evidence.calls():
        later = line.surface in SEALED_SURFACES and line.at_ms >= int(rotation.get("from_ms", line.at_ms + 1))
        if not later:
            continue
        if EARLIER in line.raw.get("notes", ()) or line.rule == "bad_signature":
            yield Broken(
                Both("自启用时刻起用新钥签名", "signed with the new key from its moment on"),
                Both(f"{line.code}仍用旧钥签名", f"{line.code} was signed with the old key"),
                (line.seq,),
            )
        else:
            yield Held((line.seq,))


def _old_notices(evidence: Evidence) -> list[Line]:
    return [line for line in evidence.notices() if line.fault == RETIRED]


def _until_ms(evidence: Evidence) -> int:
    return int(evidence.facts["rotation"]["old_until_ms"])
