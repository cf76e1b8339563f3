"""What the eager control does, one exchange at a time. Each act says whether the next may follow at once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from conformance.channels.controls.driving import Outside
from conformance.channels.controls.eager import deciding, saying
from conformance.channels.controls.eager.log import Log
from conformance.channels.controls.wire import Facts, Json, Wire, insured, split_of
from conformance.channels.reference.outcomes import Answered, Outcome, Refused, Silent, Undelivered
from schemas.amount import AmountError
from simulator.wire.timestamps import digits14

PLAN_MS: Final = tuple(1000 * s for s in (3, 7, 20, 40, 60, 120, 180, 300, 300, 300, 300, 300))
"""Pauses between two tries of the same thing; then patience is at its end."""
CHANGING: Final = ("6201", "6202", "6401", "6203", "2102", "2103", "2601")


class Doing:
    """The acts, with everything they need."""

    def __init__(self, outside: Outside, log: Log) -> None:
        self.outside = outside
        self.log = log
        self.wire = Wire.of(outside.settings, outside.transport, outside.clock, log)

    def number(self, letter: str) -> str:
        """A serial: letter, our prefix, the day, a count."""
        prefix, day = self.outside.settings.serial_prefix, digits14(self.wire.now_ms())[2:8]
        return f"{letter}{prefix}{day}{self.log.next_number('serial'):07d}"

    def told(self, name: str, code: str, data: Json) -> Outcome:
        """Send a message that changes something: first noted as lost, until an answer says otherwise."""
        self.log.note(name, lost=code, due=self.wire.now_ms() + PLAN_MS[0])
        outcome = self.wire.send(code, data)
        self.outside.crash(f"after_send:{code}")
        return outcome

    def framed(self, f: Facts, code: str, content: Json, msgid: str = "") -> Outcome:
        """A message in the institution frame; all shops were signed in when the day's business began."""
        sign_no = self.sign_no(f["org"])
        if not isinstance(sign_no, str):
            return sign_no
        insured_at = f["payer"]["insuplc_admdvs"] if f.get("payer") else ""
        told = msgid or self.wire.msgid(f["org"])
        outcome = self.wire.frame(code, f["org"], content, msgid=told, sign_no=sign_no, insured_at=insured_at)
        if not (isinstance(outcome, Refused) and "签到" in outcome.why):
            return outcome
        self.log.note(f"sign-in {f['org']} {digits14(self.wire.now_ms())[:8]}", sign_no="")
        return Undelivered(outcome.why)

    def sign_no(self, org: str) -> str | Outcome:
        """Today's sign-in at a shop."""
        about = f"sign-in {org} {digits14(self.wire.now_ms())[:8]}"
        if known := self.log.facts(about).get("sign_no"):
            return str(known)
        outcome = self.wire.frame("9001", org, saying.sign_in(), msgid=self.wire.msgid(org))
        if not isinstance(outcome, Answered):
            return outcome
        self.log.note(about, sign_no=str(outcome.data["signinoutb"]["sign_no"]))
        return str(outcome.data["signinoutb"]["sign_no"])

    def wait(self, name: str, outcome: Outcome | None = None, **facts: Any) -> bool:
        """Try again after the next pause, and not before the platform wants to hear from us; or ask a person."""
        f = self.log.note(name, **facts)
        if f["tries"] >= len(PLAN_MS):
            return self.out_of_patience(name, f)
        now_ms = self.wire.now_ms()
        asked_ms = outcome.retry_after_ms if isinstance(outcome, Silent | Undelivered) else 0
        hush = now_ms + asked_ms if asked_ms else f["hush"]
        self.log.note(name, tries=f["tries"] + 1, due=max(now_ms + PLAN_MS[f["tries"]], hush), hush=hush)
        return False

    def out_of_patience(self, name: str, f: Facts) -> bool:
        """Nothing more will come: withdrawn when it is known to be unpaid, else a person's turn."""
        if f["lost"] or f["stale"] or f["refunds"] or f["state"] not in ("", "0", "1"):
            return self.person(name, "多次核实无果")
        if not f["pay_id"]:
            return self.end(name, "cancelled", "超时未授权")
        if f["wish"]:
            return self.person(name, "多次撤销无果")
        self.log.note(name, wish="cancel", why="超时未付款", stale=True, tries=0, due=self.wire.now_ms())
        return True

    def person(self, name: str, why: str, *, final: bool = False) -> bool:
        """A person's turn."""
        self.log.note(name, over="manual_review", why=why, final=final)
        return False

    def end(self, name: str, over: str, why: str) -> bool:
        """Over and certain."""
        self.log.note(name, over=over, why=why, lost="", stale=False, final=True)
        return False

    def heard(self, name: str, **facts: Any) -> bool:
        """An answer came: patience is new, and the next act may follow."""
        self.log.note(name, tries=0, due=self.wire.now_ms(), **facts)
        return True


def authorise(do: Doing, name: str, f: Facts) -> bool:
    """Whether the buyer consented."""
    if not f["auth_q"]:
        f = do.log.note(name, auth_q=do.number("Q"), auth="")
    outcome = do.wire.send("house.auth.query", saying.consent(f, do.outside.settings.credentials.app_id))
    if isinstance(outcome, Refused):
        return do.person(name, outcome.why) if f["consent_for"] else do.end(name, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    if outcome.data["authStas"] != "1":
        return do.wait(name, auth_url=str(outcome.data.get("authUrl") or ""))
    number = str(outcome.data["payAuthNo"])
    return do.heard(name, auth=number, auth_at=do.wire.now_ms(), auth_q="", auth_url="")


def identify(do: Doing, name: str, f: Facts) -> bool:
    """1101 for every order, also for a buyer who is known."""
    outcome = do.framed(f, "1101", saying.person(f, do.wire.now_ms()))
    if isinstance(outcome, Refused):
        return do.end(name, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    payer = insured(outcome.data)
    return do.heard(name, payer=payer) if payer else do.end(name, "failed", "参保状态异常")


def entitle(do: Doing, name: str, f: Facts) -> bool:
    """2001: nothing depends on it, so one answer or none will do."""
    outcome = do.framed(f, "2001", saying.entitlement(f, do.wire.now_ms()))
    if isinstance(outcome, Refused):
        return do.end(name, "failed", outcome.why)
    return do.heard(name, entitled=True)


def upload(do: Doing, name: str, f: Facts) -> bool:
    """6201, under the same numbers until it is answered."""
    if not f["number"]:
        numbers = {"number": do.number("EA"), "batch": do.number("EB")}
        f = do.log.note(name, **numbers, begun=do.wire.now_ms())
    outcome = do.told(name, "6201", saying.upload(f, do.outside.settings.uld_latlnt))
    if isinstance(outcome, Refused) and outcome.signed:
        return do.end(name, "failed", outcome.why)
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    data = outcome.data
    more = data.get("extData")
    visit = str(data.get("mdtrtId") or (more.get("mdtrtId") if isinstance(more, dict) else "") or f["number"])
    return do.heard(name, lost="", pay_id=data["payOrdId"], token=data["payToken"], visit=visit, state="0")


def place(do: Doing, name: str, f: Facts) -> bool:
    """6202; whatever comes of it is asked about."""
    if f["placed"] >= 3:
        return do.heard(name, wish="give_up", why="多次下单未成功", stale=True)
    f = do.log.note(name, placed=f["placed"] + 1)
    outcome = do.told(name, "6202", saying.place(f, do.number("EP")))
    if isinstance(outcome, Refused) and outcome.signed:
        if "授权" in outcome.why and f["placed"] < 3 and not f["wish"]:
            return do.heard(name, lost="", auth="", stale=True)
        return do.heard(name, lost="", wish=f["wish"] or "give_up", why=outcome.why, stale=True)
    if isinstance(outcome, Undelivered):
        return do.wait(name, outcome, lost="")
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    return learned(do, name, f, outcome.data)


def ask(do: Doing, name: str, f: Facts) -> bool:
    """6301."""
    outcome = do.wire.send("6301", saying.about(f))
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome, stale=True)
    return learned(do, name, f, outcome.data)


def learned(do: Doing, name: str, f: Facts, data: Facts) -> bool:
    """The platform's word on the order; what does not fit what is known stops everything."""
    state = str(data["ordStas"])
    try:
        split = split_of(data)
    except AmountError:
        return do.person(name, "平台应答的金额不平", final=True)
    if split and (split != (f["split"] or split) or split["total"] != f["total"]):
        return do.person(name, "平台应答的金额与订单不一致", final=True)
    news: Json = {
        "state": state, "split": f["split"] or split, "setl_type": str(data.get("setlType") or f["setl_type"]),
        "setl_id": str(data.get("hiDocSn") or f["setl_id"]), "lost": "", "stale": False,
    }  # fmt: skip
    changed = state != f["state"] or f["lost"] == "6203"
    if changed and state not in ("14", "2"):
        do.heard(name, **news)
    after = do.log.note(name, **news)
    act = deciding.next_act(after, do.wire.now_ms())
    return do.wait(name) if act == "ask" else True


def withdraw(do: Doing, name: str, f: Facts) -> bool:
    """6401; refused or lost, the order is asked about."""
    outcome = do.told(name, "6401", saying.about(f))
    if isinstance(outcome, Answered):
        return do.heard(name, lost="", state="12")
    if isinstance(outcome, Refused) and outcome.signed:
        return do.wait(name, lost="", stale=True)
    return do.wait(name, outcome)


def refund(do: Doing, name: str, f: Facts) -> bool:
    """6203: what insurance paid, then the cash share; each under a serial of its own for ever."""
    kind = "CASH" if f["state"] == "8" else "ALL" if f["state"] == "3" else "HI"
    if f["refunds"].get(kind, {}).get("status"):
        return do.person(name, "退款已有结论，状态未变")
    if kind not in f["refunds"]:
        asked = {"number": do.number("ER"), "at": do.wire.now_ms(), "status": ""}
        f = do.log.note(name, refunds={**f["refunds"], kind: asked})
    outcome = do.told(name, "6203", saying.refund(f, kind))
    if isinstance(outcome, Refused) and outcome.signed:
        if f["consent_for"]:
            return do.person(name, f"退款被拒：{outcome.why}")
        return do.heard(name, lost="", consent_for="refund", auth="", auth_q="")
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    status = str(outcome.data["refStatus"])
    done = {**f["refunds"], kind: {**f["refunds"][kind], "status": status}}
    if status != "SUCC":
        do.log.note(name, lost="", refunds=done)
        return do.person(name, f"退款结果{status}", final=status == "EXP")
    return do.heard(name, lost="", refunds=done, stale=True)


def open_desk(do: Doing, name: str, f: Facts) -> bool:
    """Let the desk collect the cash share and the freight."""
    cash, freight = deciding.to_collect(f)
    number = f.get("trade") or do.number("ET")
    do.log.note(name, trade=number)
    wanted = {"outTradeNo": number, "payOrdId": f["pay_id"], "cashFen": cash, "freightFen": freight}
    outcome = do.wire.desk("open", wanted)
    if isinstance(outcome, Refused):
        return do.heard(name, wish="give_up", why=outcome.why, stale=True)
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    return do.heard(name, desk=desk_of(outcome.data, f["state"]))


def desk_of(data: Facts, state: str) -> Json:
    """The desk's word, and the state of the order in which it was given."""
    back = {"cash_back": int(data["cashRefundedFen"]), "freight_back": int(data["freightRefundedFen"])}
    return {"paid": data["state"] == "paid", "told_in": state, **back}


def ask_desk(do: Doing, name: str, f: Facts) -> bool:
    """Whether the desk has the cash."""
    outcome = do.wire.desk("query", {"outTradeNo": f["trade"]})
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    after = do.log.note(name, desk=desk_of(outcome.data, f["state"]))
    return do.wait(name, stale=True) if deciding.next_act(after, do.wire.now_ms()) == "ask_desk" else True


def plan_returns(do: Doing, name: str, f: Facts) -> bool:
    """Everything the desk still holds goes back, freight first."""
    cash, freight = deciding.to_collect(f)
    left = {"freight": freight - f["desk"]["freight_back"], "cash": cash - f["desk"]["cash_back"]}
    more = [{"no": do.number("ED"), "part": part, "fen": fen, "done": False} for part, fen in left.items() if fen > 0]
    return do.heard(name, returns=[*f["returns"], *more])


def hand_back(do: Doing, name: str, f: Facts) -> bool:
    """The first return that is not done yet."""
    one = next(one for one in f["returns"] if not one["done"])
    wanted = {"outTradeNo": f["trade"], "part": one["part"], "fen": one["fen"], "refundNo": one["no"]}
    outcome = do.wire.desk("refund", wanted)
    if not isinstance(outcome, Answered):
        return do.wait(name, outcome)
    returns = [{**other, "done": other["done"] or other == one} for other in f["returns"]]
    return do.heard(name, returns=returns, desk=desk_of(outcome.data, f["state"]))


def call_person(do: Doing, name: str, f: Facts) -> bool:
    """The state is one no machine should decide about."""
    return do.person(name, f"订单状态{f['state']}，请人工核对", final=True)


def close(do: Doing, name: str, f: Facts) -> bool:
    """Nothing is left to come."""
    ends = {"7": "refunded", "12": "failed" if f["wish"] == "give_up" else "cancelled", "13": "cancelled"}
    return do.end(name, ends.get(f["state"], "not_paid"), f["why"])


def keep(do: Doing, name: str, f: Facts) -> bool:
    """It was to be given up and is under way after all."""
    return do.heard(name, wish="", why="")


def drop(do: Doing, name: str, f: Facts) -> bool:
    """Nothing was sent yet."""
    return do.end(name, "cancelled", "提交前取消")


ACTS: Final[Mapping[str, Callable[[Doing, str, Facts], bool]]] = {
    act.__name__: act
    for act in (
        authorise, identify, entitle, upload, place, ask, withdraw, refund, open_desk, ask_desk, plan_returns,
        hand_back, call_person, close, keep, drop,
    )
}  # fmt: skip
