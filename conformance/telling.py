"""What was answered, in words: a refusal of the platform with its rule and its way out, and what the channel said."""

from collections.abc import Mapping
from typing import Final

from conformance.evidence import Asked, Line
from conformance.findings import UNSAID, Both
from schemas import jsontext

LONGEST: Final = 300
"""Characters of an answer that are shown; the whole stands in the trace."""


def refused(line: Line) -> Both:
    """The platform's no to a message: interface, rule, text, way out; nothing when it said yes."""
    refusal = line.raw.get("refusal")
    if not refusal:
        return UNSAID
    rule = " ".join(str(refusal[name]) for name in ("code", "rule") if refusal.get(name))
    rule = f"[{rule}] " if rule else ""
    way_zh, way_en = refusal.get("way_zh", ""), refusal.get("way_en", "")
    return Both(
        f"平台拒绝{line.code}：{rule}{refusal['zh']}" + (f"；出路：{way_zh}" if way_zh else ""),
        f"the platform refused {line.code}: {rule}{refusal['en']}" + (f"; way out: {way_en}" if way_en else ""),
    )


def acknowledged(line: Line) -> Both:
    """What the channel's inbox answered to a notice: HTTP status and body, or that nothing came."""
    answer, status = line.raw.get("answer"), line.raw.get("status")
    if not status:
        return Both("没有应答", "no answer")
    told = shown(answer) if answer is not None else "-"
    return Both(f"HTTP {status} {told}", f"HTTP {status} {told}")


def said(asked: Asked) -> Both:
    """What the channel's driver answered, its own reason when it gave one."""
    reason_zh, reason_en = asked.answer.get("reason_zh"), asked.answer.get("reason_en")
    if asked.kind in ("refused", "unable") and (reason_zh or reason_en):
        zh, en = str(reason_zh or reason_en), str(reason_en or reason_zh)
        return Both(f"{asked.kind}：{zh}", f"{asked.kind}: {en}")
    if asked.kind == "unsupported":
        return Both(asked.kind, asked.kind)
    told = f"{asked.kind} {shown(asked.raw['answer'][asked.kind])}"
    return Both(told, told)


def shown(value: object) -> str:
    """A value as one line of JSON, cut where it grows too long to read."""
    text = jsontext.compact(_plain(value)).decode()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value
