"""What follows from the facts: the next act, and what the buyer may be told. Pure; nothing is sent here."""

from typing import Any

from conformance.channels.controls.wire import TAKEN, Facts, Json

BLANK: Json = {
    "auth": "", "auth_q": "", "auth_at": 0, "auth_url": "", "payer": None, "entitled": False, "number": "", "batch": "",
    "begun": 0, "pay_id": "", "token": "", "visit": "", "state": "", "setl_type": "", "setl_id": "", "split": None,
    "placed": 0, "lost": "", "stale": False, "desk": None, "returns": [], "wish": "", "refunds": {}, "consent_for": "",
    "over": "", "why": "", "final": False, "due": 0, "hush": 0, "tries": 0,
    "unsupplied": False,
}  # fmt: skip
"""An order nobody has done anything about. ``over``: the word it ends with. ``final``: not even asking lifts that.
``unsupplied``: the shop said that it will not, or cannot, hand it over."""
CONSENT_LIFE_MS = 7 * 60_000
DEAD = ("12", "15")
BEGIN_ANEW = ("failed", "cancelled", "not_paid")
NOTHING_BOUGHT = (*BEGIN_ANEW, "refunded")
SHOWN = {
    "not_sent": "待提交", "in_doubt": "正在向医保平台核实，请稍候", "paid": "已付款", "not_paid": "未付款",
    "refunding": "正在退款", "refunded": "款项已全部退回", "partly_refunded": "款项已部分退回",
    "cancelled": "已取消，未收款", "failed": "未成功，未收款", "manual_review": "客服处理中",
}  # fmt: skip


def next_act(f: Facts, now_ms: int) -> str:
    """The act that is due for an online order, or an empty text when it has come to rest."""
    if f["over"]:
        return ""
    if any(not one["done"] for one in f["returns"]):
        return "hand_back"
    if f["lost"] in ("6202", "6401", "6203") or f["stale"]:
        return "ask"
    if not f["pay_id"]:
        return _before_upload(f, now_ms)
    return _by_state(f, now_ms)


def _before_upload(f: Facts, now_ms: int) -> str:
    if f["wish"] and not f["lost"]:
        return "drop"
    if not consented(f, now_ms):
        return "authorise"
    if not f["payer"]:
        return "identify"
    return "upload" if f["entitled"] else "entitle"


def _by_state(f: Facts, now_ms: int) -> str:
    state, desk = f["state"], f["desk"]
    if desk and desk["told_in"] != state and state not in ("1", "2"):
        return "ask_desk"
    if state == "16" or (state in DEAD and held_fen(f)):
        return "call_person"
    if state in DEAD:
        return "close"
    if state in ("7", "13"):
        return "plan_returns" if held_fen(f) else "close"
    if f["wish"]:
        return _undo(f, now_ms)
    if state == "0" or (state == "1" and not f["split"]):
        return "place" if consented(f, now_ms) else "authorise"
    if state in ("1", "2"):
        return "open_desk" if desk is None and to_collect(f) != (0, 0) else "ask"
    if settled(f):
        return "" if cash_is_in(f) else "open_desk" if desk is None else "ask_desk"
    return "call_person" if state in ("8", "9", "10", "11") else "ask"


def _undo(f: Facts, now_ms: int) -> str:
    """The way back by the state the order is in. What was only to be given up and is paid after all, stays paid."""
    if f["state"] in ("0", "1"):
        return "withdraw"
    if f["wish"] == "give_up":
        return "keep"
    if settled(f) or (f["state"] == "8" and "HI" in f["refunds"]):
        return "refund" if not f["consent_for"] or consented(f, now_ms) else "authorise"
    return "call_person" if f["state"] in ("8", "9", "10", "11") else "ask"


def consented(f: Facts, now_ms: int) -> bool:
    """Whether there is a consent that may still be used."""
    return bool(f["auth"]) and now_ms - f["auth_at"] <= CONSENT_LIFE_MS


def settled(f: Facts) -> bool:
    """Whether the platform says that the purchase is paid, as far as it knows."""
    return f["state"] in TAKEN or (f["state"] == "3" and f["setl_type"] == "CASH")


def to_collect(f: Facts) -> tuple[int, int]:
    """Cash share and freight, in fen."""
    return (f["split"]["cash"] if f["split"] else 0), f["freight"]


def held_fen(f: Facts) -> int:
    """What the cash desk holds of the buyer."""
    desk = f["desk"]
    return max(0, sum(to_collect(f)) - desk["cash_back"] - desk["freight_back"]) if desk and desk["paid"] else 0


def cash_is_in(f: Facts) -> bool:
    """No cash is due, or the desk said in the present state that it has it."""
    desk = f["desk"]
    return not sum(to_collect(f)) or bool(desk and desk["paid"] and desk["told_in"] == f["state"])


def word(f: Facts) -> str:
    """The belief, of the contract's closed list."""
    if f["over"]:
        return str(f["over"])
    if f["rail"] == "counter":
        return _counter_word(f)
    undoing = f["wish"] in ("refund", "cancel") and f["state"] in (*TAKEN, "3", "7", "8", "13")
    if f["lost"] == "6203" or undoing or (f["state"] in ("7", "13") and held_fen(f)):
        return "refunding"
    if f["lost"] or f["stale"]:
        return "in_doubt"
    if not f["pay_id"]:
        return "not_sent"
    if settled(f):
        return "paid" if cash_is_in(f) else "in_doubt"
    return {"0": "not_paid", "1": "not_paid", "7": "refunded", "12": "cancelled", "15": "failed"}.get(
        f["state"], "in_doubt"
    )


def _counter_word(f: Facts) -> str:
    if f["lost"]:
        return "refunding" if f["lost"] == "2103" else "in_doubt"
    return "paid" if f["setl_id"] else "not_sent"


def taken(f: Facts) -> tuple[int, int, int]:
    """Account, fund and cash that are taken from the buyer at this moment."""
    split: dict[str, Any] = f["split"] or {"account": 0, "fund": 0, "cash": 0}
    if f["rail"] == "counter":
        stands = f["setl_id"] and f["over"] in ("", "manual_review")
        return (split["account"], split["fund"], split["cash"]) if stands else (0, 0, 0)
    insured = f["state"] in (*TAKEN, "9", "10")
    return (split["account"] if insured else 0), (split["fund"] if insured else 0), held_fen(f)
