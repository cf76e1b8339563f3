"""Rules of hard and stormy days: refusals heeded, what is dead stays dead, what ended is told as it ended."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from conformance import telling
from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import QUIESCENT, about, by_order, shop_orders, subject, truth
from conformance.probes.sessions import SIGNED_OUT
from conformance.sight import on_the_wire
from schemas import jsontext

Json = Mapping[str, Any]
ONE_MOMENT_MS = 1_000
"""House: a notice that leaves with the settlement arrives within it, on a clock that runs on as on one that stands."""

DEAD = ("12", "13", "15")


def renewed_when_over(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a refusal for the sign-in, an accepted 9001 is the next thing said for that institution."""
    lines = [line for line in evidence.calls() if line.surface == "institution"]
    for position, line in enumerate(lines):
        if line.rule not in SIGNED_OUT:
            continue
        later = [one for one in lines[position + 1 :] if one.raw.get("org") == line.raw.get("org")]
        if later and later[0].code == "9001" and later[0].accepted:
            yield Held((line.seq, later[0].seq))
        else:
            told = (
                Both(f"又发送了{later[0].code}", f"{later[0].code} was sent")
                if later
                else Both("没有再签到", "no sign-in followed")
            )
            yield Broken(
                Both("先重新签到（9001）", "9001 first"), told, (line.seq, *(one.seq for one in later[:1]))
            )  # fmt: skip


def all_are(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """When nothing is due any more, every order of the story is held to be one of ``states``."""
    for row in evidence.beliefs(QUIESCENT):
        if row["state"] in params["states"]:
            yield Held()
        else:
            wanted, told = telling.held(*params["states"]), telling.held(row["state"])
            yield Broken(
                Both(f"订单{row['order']}为{wanted.zh}", f"order {row['order']} is {wanted.en}"),
                Both(f"判断为{told.zh}", f"held to be {told.en}"),
            )


@on_the_wire
def dead_stays_dead(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Once the channel has heard that a pay order is withdrawn or failed, no 6202 names it again."""
    for number, lines in by_order(evidence.calls()):
        heard = next((line for line in lines if line.heard and _ended(line)), None)
        if heard is None:
            continue
        placed = next((line for line in about(evidence, number, after=heard.seq) if line.code == "6202"), None)
        if placed is None:
            yield Held((heard.seq,))
        else:
            yield Broken(
                Both("该支付订单不再下单", "no further 6202 for this pay order"),
                Both("对已终结的订单发送了6202", "6202 was sent for a pay order that had ended"),
                (heard.seq, placed.seq),
            )


@on_the_wire
def refused_consent_left(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The consent of a 6202 that was refused by one of ``rules`` is in no later 6201 or 6202."""
    lines = evidence.calls("6201", "6202")
    for refused in (line for line in lines if line.rule in params["rules"]):
        again = next((line for line in lines if line.seq > refused.seq and _consent(line) == _consent(refused)), None)
        if again is None:
            yield Held((refused.seq,))
        else:
            yield Broken(
                Both("不再使用失效的授权", "the lapsed consent is not used again"),
                Both(f"{again.code}又用了它", f"{again.code} used it again"),
                (refused.seq, again.seq),
            )


def _consent(line: Line) -> str:
    """The keyed hash that stands for payAuthNo in the journal, however its field hides it."""
    return line.sent("payAuthNo").rpartition("#")[2]


def placed_after_refusal(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A 6202 refused by one of ``rules`` is followed by one for the same pay order that is accepted."""
    for number, lines in by_order(evidence.calls("6202")):
        refused = next((line for line in lines if line.rule in params["rules"]), None)
        if refused is None:
            continue
        placed = next((line for line in lines if line.seq > refused.seq and line.accepted), None)
        if placed:
            yield Held((refused.seq, placed.seq))
        else:
            yield Broken(
                Both(f"支付订单{number}继续下单", f"pay order {number} goes on"),
                Both("被拒后没有再下单成功", "it was never placed after the refusal"),
                (refused.seq,),
            )


@on_the_wire
def heeds_refusals(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """No message that was refused is sent unchanged more than ``most`` times."""
    refused = [line for line in evidence.calls() if line.rule and line.code]
    times = Counter(_said(line) for line in refused)
    for said, count in times.items():
        seqs = tuple(line.seq for line in refused if _said(line) == said)
        if count <= int(params["most"]):
            yield Held(seqs)
        else:
            yield Broken(
                Both(f"同一报文至多发送{params['most']}次", f"the same message at most {params['most']} times"),
                Both(f"{said[0]}被拒{count}次", f"{said[0]} was refused {count} times"),
                seqs,
            )


def paid_once_and_told(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """An order that was paid was paid once, and is told to be paid."""
    order = subject(evidence)
    now = truth(evidence, QUIESCENT, order.name)
    states = [row["state"] for row in evidence.beliefs(QUIESCENT) if row["order"] == order.name]
    if not now.ever_paid:
        return
    if now.pays == 1 and states == ["paid"]:
        yield Held()
    else:
        told = telling.held(*states)
        yield Broken(
            Both("支付一次，判断为已支付（paid）", "paid once, and held to be paid"),
            Both(f"支付{now.pays}次，判断为{told.zh}", f"paid {now.pays} times, held to be {told.en}"),
        )


@on_the_wire
def one_serial(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a 6203 whose answer never came, no other appRefdSn is used for that part (``refdType``) of the order."""
    parts: dict[tuple[str, str], list[Line]] = {}
    for line in evidence.calls("6203"):
        parts.setdefault((line.key("payOrdId"), line.sent("refdType")), []).append(line)
    for lines in parts.values():
        if all(line.heard for line in lines):
            continue
        serials = sorted({line.sent("appRefdSn") for line in lines})
        if len(serials) == 1:
            yield Held(tuple(line.seq for line in lines))
        else:
            yield Broken(
                Both("只用一个appRefdSn", "one appRefdSn"),
                Both(f"用了{'、'.join(serials)}", f"{', '.join(serials)} were used"),
                tuple(line.seq for line in lines),
            )


def lapsed(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """An order that lapsed unpaid at the platform is held to be one of ``states``."""
    for order in shop_orders(evidence):
        now = truth(evidence, QUIESCENT, order.name)
        if now.ever_paid or not now.states or any(state not in DEAD for state in now.states):
            continue
        yield from all_are(_only(evidence, order.name), params)


def kept_though_early(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A payment whose notice came before the answer of 6202 still stands at the end, and is told so."""
    early = any(
        line.code == "6202" and later.direction == "out" and later.at_ms - line.at_ms < ONE_MOMENT_MS
        for line, later in pairwise(evidence.lines())
    )
    if early:
        yield from paid_once_and_told(evidence, params)


def _only(evidence: Evidence, order: str) -> Evidence:
    return Evidence({**evidence.record, "beliefs": [row for row in evidence.beliefs() if row["order"] == order]})


def _ended(line: Line) -> bool:
    return line.answered("ordStas") in DEAD or (line.code == "6401" and line.accepted)


def _said(line: Line) -> tuple[str, str]:
    return line.code, jsontext.compact(line.raw.get("request") or {}).decode()
