"""Rules of the unknown outcome: ask before repeating, keep the number, never undo blindly, never give up."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import QUIESCENT, about, by_order, shop_orders
from conformance.sight import on_the_wire, on_the_wire_when

Json = Mapping[str, Any]

UNDOING = ("6203", "6401", "2103", "2601")


@on_the_wire
def asks_first(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a message of ``codes`` whose answer never came (by one of ``faults``, when given), the next thing said
    about that order is a question (``ask``)."""
    ask = params.get("ask", "6301")
    for line in _unheard(evidence, params):
        following = about(evidence, line.key("payOrdId"), after=line.seq)
        if not following:
            continue
        if following[0].code == ask:
            yield Held((line.seq, following[0].seq))
        else:
            yield Broken(
                Both(
                    f"{line.code}结果未知后先用{ask}查询",
                    f"{ask} before anything else once the outcome of {line.code} is unknown",
                ),
                Both(f"直接发送{_called(following[0])}", f"{_called(following[0])} was sent at once"),
                (line.seq, following[0].seq),
            )


@on_the_wire_when("owner", "payOrdId")
def same_serial(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a message of ``code`` whose answer never came, the next one of its ``owner`` carries the same ``field``.

    ``alike`` names a field by which two messages of one owner are different things: the parts of a refund.
    """
    code, field, alike = params["code"], params["field"], (params["owner"], *params.get("alike", ()))
    lines = evidence.calls(code)
    for position, line in enumerate(lines):
        if line.heard:
            continue
        again = next((later for later in lines[position + 1 :] if _alike(line, later, alike)), None)
        if again is None:
            continue
        if again.sent(field) == line.sent(field):
            yield Held((line.seq, again.seq))
        else:
            yield Broken(
                Both(f"重发{code}沿用{field}={line.sent(field)}", f"{code} repeated with {field} {line.sent(field)}"),
                Both(f"换成了{again.sent(field)}", f"it was changed to {again.sent(field)}"),
                (line.seq, again.seq),
            )


@on_the_wire
def undoes_only_what_it_knows(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Between a message whose answer never came and the next answer about that order, nothing is undone."""
    for line in _unheard(evidence, params):
        following = about(evidence, line.key("payOrdId"), after=line.seq)
        blind = list(_until_heard(following))
        undone = next((later for later in blind if later.code in UNDOING), None)
        if undone is not None:
            yield Broken(
                Both("查明结果之前不退款、不撤销", "no refund and no withdrawal before the outcome is known"),
                Both(f"结果未知时发送了{undone.code}", f"{undone.code} was sent while the outcome was unknown"),
                (line.seq, undone.seq),
            )
        elif following:
            yield Held((line.seq,))


def keeps_asking(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A question that got no answer is asked again until one comes, or the order is put before a person."""
    for pay_ord_id, questions in by_order(evidence.calls(params.get("ask", "6301"))):
        lost = [line for line in questions if not line.heard]
        if not lost:
            continue
        answered = [line for line in questions if line.heard and line.seq > lost[-1].seq]
        if answered or _with_a_person(evidence, pay_ord_id):
            yield Held((lost[-1].seq, *(line.seq for line in answered[:1])))
        else:
            yield Broken(
                Both("继续查询，直到有答复或转人工", "asked again until an answer comes, or put before a person"),
                Both(f"{len(lost)}次查询无答复后不再查询", f"given up after {len(lost)} questions without an answer"),
                tuple(line.seq for line in lost),
            )


def asks_after_crash(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Brought up again after a crash, the channel asks about what was under way before it sends anything new."""
    crash = evidence.facts.get("crash")
    if not crash:
        return
    order = next(order for order in shop_orders(evidence) if order.name == crash["order"])
    for pay_ord_id in order.pay_ord_ids:
        following = about(evidence, pay_ord_id, after=int(crash["seq"]))
        if following and following[0].code == "6301":
            yield Held((following[0].seq,))
        else:
            told = (
                Both(f"先发送了{following[0].code}", f"{following[0].code} came first")
                if following
                else Both("没有查询", "never asked")
            )
            yield Broken(
                Both("重启后先用6301查询该订单", "6301 for that order, first thing after the restart"),
                told,
                tuple(line.seq for line in following[:1]),
            )


def _unheard(evidence: Evidence, params: Json) -> list[Line]:
    faults = params.get("faults", ())
    return [
        line
        for line in evidence.calls(*params["codes"])
        if not line.heard and line.key("payOrdId") and (not faults or line.fault in faults)
    ]


def _alike(one: Line, other: Line, fields: tuple[str, ...]) -> bool:
    return all(one.sent(field) == other.sent(field) for field in fields)


def _until_heard(lines: list[Line]) -> Iterator[Line]:
    for line in lines:
        yield line
        if line.code == "6301" and line.heard:
            return


def _with_a_person(evidence: Evidence, pay_ord_id: str) -> bool:
    owners = [order.name for order in shop_orders(evidence) if pay_ord_id in order.pay_ord_ids]
    return any(row["order"] in owners and row["state"] == "manual_review" for row in evidence.beliefs(QUIESCENT))


def _called(line: Line) -> str:
    return f"{line.surface}.{line.code}" if line.surface == "cash" else line.code
