"""What was answered, in words: a refusal of the platform with its rule and its way out, what the channel said, and what
it holds of an order and when."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from conformance.evidence import Asked, Line
from conformance.findings import UNSAID, Both
from schemas import jsontext
from schemas.loader import document

LONGEST: Final = 300
"""Characters of an answer that are shown; the whole stands in the trace."""

MOMENTS: Final[Mapping[str, Both]] = MappingProxyType(
    {
        "quiescent": Both("一切办完之后", "once nothing is due any more"),
        "after_answer": Both("应答到达之后", "after the answer"),
        "after_cancelling": Both("取消之后", "after the cancellation"),
        "after_change": Both("情况变化之后", "after the change"),
        "after_crash": Both("进程中断并重启之后", "after the crash and the restart"),
        "after_forgery": Both("收到伪造通知之后", "after the forged notice"),
        "after_hand_over": Both("交付之后", "after the hand-over"),
        "after_lapse": Both("逾期之后", "after it lapsed"),
        "after_loss": Both("应答丢失之后", "after the answer was lost"),
        "after_notice": Both("收到通知之后", "after the notice"),
        "after_old_notice": Both("收到旧密钥签名的通知之后", "after a notice under the old key"),
        "after_ordering": Both("下单之后", "after ordering"),
        "after_payment": Both("付款之后", "after the payment"),
        "after_refund": Both("要求退款之后", "after a refund was asked for"),
        "after_refusal": Both("被拒之后", "after the refusal"),
        "after_return": Both("商品退回之后", "after the goods came back"),
        "after_reversal": Both("冲正之后", "after the reversal"),
        "after_rush": Both("高峰之后", "after the rush"),
        "after_sale": Both("售出之后", "after the sale"),
        "after_silence": Both("平台不应答之后", "after the platform's silence"),
        "after_statement": Both("对账之后", "after the statement"),
        "before_confirmation": Both("买方确认之前", "before the buyer confirmed"),
        "before_review": Both("审方之前", "before the review"),
        "crowded": Both("订单同时在办时", "while many orders are open"),
        "data_confirmed": Both("买方确认订单信息之后", "once the buyer confirmed the order's data"),
        "half_paid": Both("医保已付、自费未付时", "while insurance is paid and the cash share is not"),
        "while_confirming": Both("买方正在确认时", "while the buyer is confirming"),
    }
)
"""Moment at which a story asks what the channel holds → when that is, for people."""


def held(*states: str) -> Both:
    """What a channel holds of an order, each state as the contract words it, its name behind."""
    titles = [f"{_states().get(state, '')}（{state}）" if state in _states() else state for state in states]
    return Both("或".join(titles), " or ".join(states))


def moment(name: str) -> Both:
    """When a channel was asked; a number at the end of the name is left out, a name without words stays as it is."""
    return MOMENTS.get(name.rstrip("0123456789_"), Both(name, f"at {name}"))


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


@cache
def _states() -> dict[str, str]:
    rows = document("suite/driver.json").schema["$defs"]["state"]["oneOf"]
    return {row["const"]: row["title"] for row in rows}
