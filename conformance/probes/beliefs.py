"""Rules of what the channel would tell its user, held against what the platform's books say was true at that moment."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conformance import telling
from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.oracle.amounts import basket_fen
from conformance.oracle.books import Truth
from conformance.probes.reading import QUIESCENT, ShopOrder, shop_orders, truth

Json = Mapping[str, Any]

NOTHING_TAKEN = frozenset({"not_sent", "not_paid", "failed", "cancelled"})
UNCERTAIN = frozenset({"in_doubt", "refunding", "manual_review"})
_ENLIGHTENING = ("6301", "6203", "2601", "3201", "3202", "5203")
"""Calls whose answer may end a doubt."""


def never_wrong(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A certain belief agrees with the books; an uncertain one is never wrong, nor is one the channel could not know
    to be outdated: the buyer did something just now and nobody told it yet."""
    for row in evidence.beliefs():
        now = truth(evidence, row["moment"], row["order"])
        expected = _contradicted(row["state"], now)
        if expected is None:
            yield Held()
        elif row["moment"] == QUIESCENT or not _outdated(evidence, row):
            when, told = telling.moment(row["moment"]), telling.held(row["state"])
            yield Broken(
                expected,
                Both(
                    f"{when.zh}，订单{row['order']}判断为{told.zh}",
                    f"{when.en}, order {row['order']} is held to be {told.en}",
                ),
                _last_heard_of(evidence, row),
            )


def never_undecided(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """When nothing is due any more, no order is left in doubt that the platform would have explained."""
    for row in evidence.beliefs(QUIESCENT):
        open_ended = row["state"] in ("in_doubt", "refunding") and not truth(evidence, QUIESCENT, row["order"]).unknown
        if open_ended:
            told = telling.held(row["state"])
            yield Broken(
                Both("查明结果或转人工处理", "found out, or put before a person"),
                Both(f"订单{row['order']}一直停在{told.zh}", f"order {row['order']} stays {told.en} for ever"),
            )
        else:
            yield Held()


def right_amounts(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """When nothing is due any more, the amounts held to be taken are those the books show."""
    for row in evidence.beliefs(QUIESCENT):
        if row["state"] in UNCERTAIN:
            continue
        now = truth(evidence, QUIESCENT, row["order"])
        due = {"account_fen": now.account_fen, "fund_fen": now.fund_fen}
        if now.pay_ord_ids:
            due["cash_fen"] = now.cash_fen + now.freight_fen
        off = {name: fen for name, fen in due.items() if row[name] != fen}
        if off:
            told = ", ".join(f"{name} {row[name]}" for name in off)
            books = ", ".join(f"{name} {fen}" for name, fen in off.items())
            yield Broken(Both(f"账本：{books}", f"the books: {books}"), Both(f"渠道：{told}", f"the channel: {told}"))
        else:
            yield Held()


def right_price(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The price of the medicines is the sum of its rounded lines, without delivery and packing."""
    for row in evidence.beliefs(QUIESCENT):
        fact = evidence.orders()[row["order"]]
        due = basket_fen(fact["lines"])
        if row["total_fen"] == due:
            yield Held()
        else:
            yield Broken(
                Both(f"药品合计{due}分", f"medicines for {due} fen"),
                Both(f"渠道记为{row['total_fen']}分", f"the channel has {row['total_fen']} fen"),
            )


def is_one_of(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """At a ``moment`` (the end when none is named) the order the scenario is about is held to be one of ``states``.

    ``when`` names what must have come about first: without it there is nothing to see.
    """
    name = params.get("moment", QUIESCENT)
    came_about = _CONDITIONS[params.get("when", "always")]
    for row in evidence.beliefs(name):
        if row["order"] != evidence.facts["subject"] or not came_about(evidence, row["order"]):
            continue
        if row["state"] in params["states"]:
            yield Held()
        else:
            when, wanted = telling.moment(name), telling.held(*params["states"])
            told, shown = telling.held(row["state"]), row["shown_zh"]
            yield Broken(
                Both(f"{when.zh}，应为{wanted.zh}", f"{when.en}: {wanted.en}"),
                Both(f"判断为{told.zh}，页面显示“{shown}”", f"held to be {told.en}, the user reads “{shown}”"),
            )


def in_doubt_until_heard(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """While a message of ``codes`` and every question about it went unanswered, the channel claims to know nothing."""
    for row in evidence.beliefs(params["moment"]):
        until = int(evidence.moment(row["moment"])["after_seq"])
        order = next(order for order in shop_orders(evidence) if order.name == row["order"])
        asked = [line for line in evidence.calls() if line.seq <= until]
        lost = [line for line in asked if line.code in params["codes"] and not line.heard and _concerns(line, order)]
        if not lost or any(line.heard and line.seq > lost[-1].seq and line.code in _ENLIGHTENING for line in asked):
            continue
        if row["state"] in UNCERTAIN:
            yield Held((lost[-1].seq,))
        else:
            told = telling.held(row["state"])
            yield Broken(
                Both("判断为结果未知（in_doubt）或转人工", "held to be in_doubt, or put before a person"),
                Both(f"没有任何答复就判断为{told.zh}", f"held to be {told.en} without any answer"),
                (lost[-1].seq,),
            )


def listed_for_review(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Every order a person must decide stands in the list a person reads, with a reason."""
    listed = {row["order"] for row in evidence.record["listing"].get("manual_review", ())}
    for row in evidence.beliefs(QUIESCENT):
        if row["state"] != "manual_review":
            continue
        if row["order"] in listed:
            yield Held()
        else:
            yield Broken(
                Both("出现在人工处理清单中", "it stands in the manual-review list"),
                Both(f"清单中没有订单{row['order']}", f"order {row['order']} is not on it"),
            )


def goods_leave_only_paid(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Goods leave when the purchase stands in the books, and then they may."""
    for asked in evidence.asked("perform", "ship"):
        moment = next(
            name
            for name, books in evidence.record["moments"].items()
            if books.get("ship_of") == asked.order and books["after_seq"] == asked.after_seq
        )
        bought, left = truth(evidence, moment, asked.order).bought, asked.kind == "ok"
        if left and not bought:
            yield Broken(
                Both("未确认付款前不发货", "no goods leave before payment is certain"),
                Both(f"订单{asked.order}已放行发货", f"order {asked.order} was let go"),
            )
        else:
            yield Held()


def tells_twins_apart(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Of two equal orders, one paid and one not, the channel says different things."""
    twins = evidence.facts["twins"]
    if sorted(truth(evidence, QUIESCENT, name).bought for name in twins) != [False, True]:
        return
    states = {row["order"]: row["state"] for row in evidence.beliefs(QUIESCENT)}
    told = [states.get(name, "") for name in twins]
    if len(set(told)) == len(told):
        yield Held()
    else:
        yield Broken(
            Both("一张已支付、一张未支付", "one paid, one not"),
            Both(f"两张都判断为{telling.held(told[0]).zh}", f"both are held to be {told[0]}"),
        )


def _concerns(line: Line, order: ShopOrder) -> bool:
    return line.key("payOrdId") in order.pay_ord_ids or line.sent("psn_no") == order.psn_no


def _last_heard_of(evidence: Evidence, row: Json) -> tuple[int, ...]:
    """The last message about the order before it was asked for: what the belief rests on."""
    until = int(evidence.moment(row["moment"])["after_seq"])
    order = next(order for order in shop_orders(evidence) if order.name == row["order"])
    return tuple(line.seq for line in evidence.calls() if line.seq <= until and _concerns(line, order))[-1:]


def _outdated(evidence: Evidence, row: Json) -> bool:
    """Whether money last moved by an act that was not the channel's, and it has heard nothing about the order since."""
    until = int(evidence.moment(row["moment"])["after_seq"])
    order = next(order for order in shop_orders(evidence) if order.name == row["order"])
    moved = [line for line in evidence.lines() if line.seq <= until and line.moved(order.psn_no, order.pay_ord_ids)]
    if not moved or moved[-1].direction != "act":
        return False
    return not any(
        line.heard and line.key("payOrdId") in order.pay_ord_ids
        for line in evidence.calls()
        if moved[-1].seq < line.seq <= until
    )


def _fault_struck(evidence: Evidence, order: str) -> bool:
    return any(line.fault for line in evidence.lines())


def _ended_abnormally(evidence: Evidence, order: str) -> bool:
    """EXP; or a part of the refund failed and something of the buyer's is still taken when nothing is due any more."""
    answers = {line.answered("refStatus") for line in evidence.calls("6203")}
    return "EXP" in answers or ("FAIL" in answers and bool(truth(evidence, QUIESCENT, order).taken_fen))


def _crashed(evidence: Evidence, order: str) -> bool:
    """The message at whose sending the channel had to die did go out, and the platform took it."""
    crash = evidence.facts.get("crash", {})
    code = str(crash.get("point", "")).partition(":")[2]
    return any(line.accepted and line.seq <= int(crash["seq"]) for line in evidence.calls(code)) if code else False


def _took_notice(evidence: Evidence, order: str) -> bool:
    return any(line.acknowledged for line in evidence.notices())


_CONDITIONS: Mapping[str, Callable[[Evidence, str], bool]] = {
    "always": lambda evidence, order: True,
    "opened": lambda evidence, order: bool(truth(evidence, QUIESCENT, order).states),
    "paid": lambda evidence, order: truth(evidence, QUIESCENT, order).ever_paid,
    "given_back": lambda evidence, order: (
        truth(evidence, QUIESCENT, order).ever_paid and not truth(evidence, QUIESCENT, order).taken_fen
    ),
    "platform_in_doubt": lambda evidence, order: truth(evidence, QUIESCENT, order).unknown,
    "fault_struck": _fault_struck,
    "abnormal_end": _ended_abnormally,
    "crashed": _crashed,
    "notice_taken": _took_notice,
}
"""What ``is_one_of`` may wait for: facts of the record, not of the channel's own words."""


def _contradicted(state: str, now: Truth) -> Both | None:
    """What the books say when they contradict a certain belief."""
    if state == "paid" and not now.bought:
        return Both("账本：没有成立的支付", "the books: no payment stands")
    if state in NOTHING_TAKEN and now.taken_fen:
        return Both(f"账本：已从买方取走{now.taken_fen}分", f"the books: {now.taken_fen} fen were taken from the buyer")
    if state == "refunded" and (now.taken_fen or not now.ever_paid):
        if now.taken_fen:
            return Both(f"账本：仍有{now.taken_fen}分未退", f"the books: {now.taken_fen} fen are not back")
        return Both("账本：从未支付过", "the books: it was never paid")
    if state == "partly_refunded" and not (now.taken_fen and now.returned):
        return Both("账本：没有部分退款", "the books: there is no partial refund")
    return None
