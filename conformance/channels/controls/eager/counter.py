"""The eager control at the counter."""

from collections.abc import Callable, Mapping
from typing import Final

from conformance.channels.controls.eager import saying
from conformance.channels.controls.eager.acts import Doing, identify
from conformance.channels.controls.wire import Facts, Json, sale_split
from conformance.channels.reference.outcomes import Answered, Outcome, Refused, Undelivered
from schemas.amount import AmountError


def next_act(f: Facts) -> str:
    """What is due for a sale."""
    if f["over"]:
        return ""
    if f["lost"]:
        return "reverse" if f["lost"] == "2102" else "stop"
    if f["setl_id"]:
        return "take_back" if f["wish"] else ""
    if not f["payer"]:
        return "identify"
    return "sell" if f["split"] else "quote"


def quote(do: Doing, name: str, f: Facts) -> bool:
    """2101, again until it is answered."""
    if not f["batch"]:
        f = do.log.note(name, batch=do.number("EC"))
    outcome = do.framed(f, "2101", saying.sale(f))
    if isinstance(outcome, Refused):
        return do.end(name, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    try:
        split = sale_split(outcome.data["setlinfo"])
    except AmountError:
        return do.end(name, "failed", "预结算金额不平")
    if split["total"] != f["total"]:
        return do.end(name, "failed", "预结算总额不符")
    return do.heard(name, split=split)


def sell(do: Doing, name: str, f: Facts) -> bool:
    """2102 under a message id that is in the log before it leaves."""
    outcome = _told(do, name, f, "2102", "sold_as", saying.sale(f))
    if isinstance(outcome, Refused):
        return do.end(name, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return _unheard(do, name, outcome)
    settled = outcome.data["setlinfo"]
    do.heard(name, lost="", setl_id=settled["setl_id"], visit=settled["mdtrt_id"])
    try:
        fits = sale_split(settled) == f["split"]
    except AmountError:
        fits = False
    return fits or do.person(name, "结算金额与预结算不一致", final=True)


def reverse(do: Doing, name: str, f: Facts) -> bool:
    """2601, once."""
    content = {"data": {"psn_no": f["payer"]["psn_no"], "omsgid": f["sold_as"], "oinfno": "2102"}}
    outcome = _told(do, name, f, "2601", "reversed_as", content)
    if isinstance(outcome, Answered):
        return do.end(name, "cancelled", "结算结果未知，已冲正")
    if isinstance(outcome, Undelivered):
        return do.wait(name, outcome, lost="2102")
    if isinstance(outcome, Refused):
        return do.person(name, f"冲正被拒：{outcome.why}", final=True)
    return do.wait(name, outcome)


def take_back(do: Doing, name: str, f: Facts) -> bool:
    """2103."""
    content = {"data": {"setl_id": f["setl_id"], "mdtrt_id": f["visit"], "psn_no": f["payer"]["psn_no"]}}
    outcome = _told(do, name, f, "2103", "undone_as", content)
    if isinstance(outcome, Answered):
        return do.end(name, "refunded", "已撤销")
    if isinstance(outcome, Refused):
        return do.person(name, f"撤销被拒：{outcome.why}", final=True)
    return _unheard(do, name, outcome)


def stop(do: Doing, name: str, f: Facts) -> bool:
    """An undo without an answer: only a person finds out."""
    return do.person(name, f"{f['lost']}结果未知", final=True)


def _told(do: Doing, name: str, f: Facts, code: str, kept: str, content: Json) -> Outcome:
    msgid = do.wire.msgid(f["org"])
    do.log.note(name, **{kept: msgid}, lost=code, due=do.wire.now_ms() + 3_000)
    outcome = do.framed(f, code, content, msgid)
    do.outside.crash(f"after_send:{code}")
    return outcome


def _unheard(do: Doing, name: str, outcome: Outcome) -> bool:
    return do.wait(name, outcome, **({"lost": ""} if isinstance(outcome, Undelivered) else {}))


ACTS: Final[Mapping[str, Callable[[Doing, str, Facts], bool]]] = {
    act.__name__: act for act in (identify, quote, sell, reverse, take_back, stop)
}
