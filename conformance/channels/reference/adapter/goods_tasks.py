"""``perform`` for goods: handing over, taking back, what the shop says, what it takes in and what it calls it."""

from collections.abc import Mapping
from typing import Any, Final

from conformance.channels.reference.adapter.tasks import Task, Unable, known_shop, on_order, told_of
from conformance.channels.reference.channel import Channel
from conformance.channels.reference.orders import Order
from conformance.channels.reference.outcomes import Answered, Outcome, Refused
from conformance.channels.reference.packs import Pack, Taken
from conformance.channels.reference.parts import Json
from conformance.channels.reference.walking import reason


def dispense(channel: Channel, body: Mapping[str, Any]) -> Json:
    """Hand goods over."""
    packs = tuple(_pack(body["order"], pack) for pack in body["packs"])
    return _handled(channel, channel.dispense(body["order"], packs))


def take_back(channel: Channel, body: Mapping[str, Any]) -> Json:
    """Goods come back, or are said to."""
    told = channel.take_back(body["order"], received=body["received"], delivered=body.get("delivered", False))
    return _handled(channel, told)


def receive_stock(channel: Channel, body: Mapping[str, Any]) -> Json:
    """Goods came in."""
    known_shop(channel, body["org"])
    told = channel.receive_stock(body["org"], list(body["goods"]), tuple(body.get("corrects", ())))
    if isinstance(told, Taken):
        failed = [{"batch": batch, "why": why} for batch, why in told.failed]
        return {"ok": {"org": body["org"], "taken": list(told.taken), "failed": failed}}
    return _unhappy(told)


def map_drug(channel: Channel, body: Mapping[str, Any]) -> Json:
    """A code of the shop's own."""
    known_shop(channel, body["org"])
    told = channel.map_drug(body["org"], dict(body))
    return {"ok": {"org": body["org"]}} if isinstance(told, Answered) else _unhappy(told)


def _handled(channel: Channel, told: Order | Outcome) -> Json:
    return told_of(channel, told) if isinstance(told, Order) else _unhappy(told)


def _unhappy(outcome: Outcome) -> Json:
    """A refusal is told as one; what nobody knows could not be done.

    Raises:
        Unable: no answer that can be trusted.
    """
    why = reason(outcome)
    if isinstance(outcome, Refused):
        return {"refused": {"reason_zh": why, "reason_en": f"the platform refused: {why}"}}
    raise Unable(f"平台无应答，结果未知：{why}", f"no answer, the outcome is unknown: {why}")


def _pack(order: str, pack: Mapping[str, Any]) -> Pack:
    return Pack(
        pack_no="", order=order, med_list_codg=pack["med_list_codg"], cnt=pack["cnt"], batch=pack["batch"],
        made=pack["made"], expires=pack.get("expires", ""), trace_codes=tuple(pack.get("trace_codes", ())),
        split=pack.get("split", False), no_code=pack.get("no_code", False),
    )  # fmt: skip


GOODS_TASKS: Final[Mapping[str, Task]] = {
    "dispense": dispense, "take_back": take_back, "receive_stock": receive_stock, "map_drug": map_drug,
    "refuse_by_shop": on_order(Channel.refuse_by_shop), "out_of_stock": on_order(Channel.out_of_stock),
}  # fmt: skip
"""Task → what it does."""
