"""What was answered around a finding, so that a reader need not open the trace: by the channel, and by the platform."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from conformance import telling
from conformance.evidence import Asked, Evidence, Line
from conformance.findings import Both
from conformance.report import plain

MOST: Final = 6
"""Answers shown with one finding."""
NUMBERS: Final = ("payOrdId", "medOrgOrd", "setl_id")
"""By which a message says what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who answered what to whom, in words."""

    to: Both
    said: Both

    def document(self) -> dict[str, Any]:
        """As results.json has it."""
        return {"to": self.to.document(), "said": self.said.document()}


def answers(evidence: Evidence, marked: tuple[int, ...]) -> list[Answer]:
    """What came back to each marked line (with none marked, to each notice that was not confirmed); then what the
    driver said next, or in the end."""
    lines = [line for line in evidence.lines() if line.seq in marked]
    lines_told = lines or [line for line in evidence.notices() if line.raw["outcome"] != "ok"]
    told = [answer for line in lines_told for answer in _to_line(line)]
    told.extend(_to_suite(asked) for asked in _asked(evidence, lines))
    return told[:MOST]


def _to_line(line: Line) -> Iterator[Answer]:
    if line.direction == "out":
        yield Answer(
            to=Both(f"渠道对通知#{line.seq} {line.code}", f"channel to notice #{line.seq} {line.code}"),
            said=telling.acknowledged(line),
        )
    elif line.raw.get("refusal"):
        yield Answer(to=Both(f"平台对#{line.seq}", f"platform to #{line.seq}"), said=telling.refused(line))


def _asked(evidence: Evidence, lines: list[Line]) -> list[Asked]:
    """Performs and beliefs: the first of each order after the last marked line; with none marked, the last of each."""
    heard = [one for one in evidence.asked() if one.verb in ("perform", "believe") and one.order]
    if not lines:
        return list({(one.order, one.verb): one for one in heard}.values())
    first: dict[tuple[str, str], Asked] = {}
    mine = _orders(evidence, lines)
    for one in heard:
        if one.after_seq >= lines[-1].seq and one.order in mine:
            first.setdefault((one.order, one.verb), one)
    return list(first.values())


def _orders(evidence: Evidence, lines: list[Line]) -> set[str]:
    """The shop orders these lines are about, by the numbers the channel told of them; all when none is named."""
    keys = {line.key(name) for line in lines for name in NUMBERS} - {""}
    named = {one.order for one in evidence.asked() if keys & set(_numbers(one.answer))}
    return named or {one.order for one in evidence.asked()}


def _numbers(answer: Mapping[str, Any]) -> Iterator[str]:
    for value in answer.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))


def _to_suite(asked: Asked) -> Answer:
    task = plain.task(asked.task or asked.verb)
    return Answer(
        to=Both(f"渠道对“{task.zh} {asked.order}”", f"channel to “{task.en} {asked.order}”"), said=telling.said(asked)
    )
