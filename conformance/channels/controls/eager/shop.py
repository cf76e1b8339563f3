"""The eager control as its driver sees it: tasks, inbox, timer."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from conformance.channels.controls.driving import Declined, Impossible, Kind, Outside
from conformance.channels.controls.eager import acts, counter, deciding, goods, shelf
from conformance.channels.controls.eager.log import Log
from conformance.channels.controls.wire import Facts, Json, barred, datetime19, line_fen


class Eager:
    """See the package."""

    def __init__(self, outside: Outside) -> None:
        self.log = Log(outside.notes)
        self.do = acts.Doing(outside, self.log)
        self.outside = outside

    def perform(self, task: str, body: Mapping[str, Any]) -> Json | None:
        """A business task."""
        known = TASKS.get(task)
        if known is None:
            return None
        self._open_shops()
        return known(self, body)

    def place_order(self, body: Mapping[str, Any]) -> Json:
        """An online purchase; the same order again is the same order."""
        name, held = body["order"], self.log.facts(body["order"])
        if not held or held["over"] in deciding.BEGIN_ANEW:
            self._begin(body, "online", held)
            if why := barred(body["lines"]):
                self.do.end(name, "failed", f"{why}不能在线上用医保购买")
            elif why := shelf.objection(self.do, name):
                self.do.end(name, "failed", why)
        return self._said(name, self._hurry(name))

    def counter_sale(self, body: Mapping[str, Any]) -> Json:
        """A sale at the counter."""
        name, held = body["order"], self.log.facts(body["order"])
        if not held or held["over"] in deciding.BEGIN_ANEW:
            self._begin(body, "counter", held)
            shown = {key: value for key, value in body["certificate"].items() if value}
            self.log.note(name, shown=shown)
            if why := goods.untraced(body["lines"], datetime19(self.do.wire.now_ms())[:10]):
                self.do.end(name, "failed", f"{why}追溯码未扫全")
        return self._said(name, self._hurry(name))

    def check(self, body: Mapping[str, Any]) -> Json:
        """Ask now."""
        name, f = body["order"], self._known(body)
        if f["rail"] == "online" and f["pay_id"] and not f["final"]:
            self.log.note(name, stale=True, over="", tries=0)
        return self._said(name, self._hurry(name))

    def undo(self, body: Mapping[str, Any]) -> Json:
        """Cancel or refund: the state says how."""
        name, f = body["order"], self._known(body)
        if f["over"] == "manual_review" and f["final"]:
            raise Declined("须由人工处理")
        if f["over"] not in (*deciding.BEGIN_ANEW, "refunded"):
            wish = "refund" if body["task"] == "refund" else f["wish"] if f["wish"] == "refund" else "cancel"
            asks = f["rail"] == "online" and bool(f["pay_id"])
            self.log.note(name, wish=wish, over="", stale=asks, tries=0)
        return self._said(name, self._hurry(name))

    def refund_delivery(self, body: Mapping[str, Any]) -> Json:
        """Delivery money goes back at the desk."""
        name, f = body["order"], self._known(body)
        desk = f["desk"]
        if deciding.word(f) != "paid" or not desk or body["fen"] > f["freight"] - desk["freight_back"]:
            raise Declined("没有这么多可退的配送费")
        one = {"no": self.do.number("ED"), "part": "freight", "fen": body["fen"], "done": False}
        self.log.note(name, returns=[*f["returns"], one], tries=0)
        return self._said(name, self._hurry(name))

    def ship(self, body: Mapping[str, Any]) -> Json:
        """May the goods leave?"""
        f = self._known(body)
        if deciding.word(f) != "paid":
            raise Declined("付款未确认，不能发货")
        return self._said(body["order"], f)

    def no_supply(self, body: Mapping[str, Any]) -> Json:
        """The shop will not, or cannot, supply all of it: the whole order goes back."""
        self._known(body)
        self.log.note(body["order"], unsupplied=True)
        return self.undo({**body, "task": "refund"})

    def dispense(self, body: Mapping[str, Any]) -> Json:
        """The shop has scanned the goods: may they leave?"""
        f = self._known(body)
        if deciding.word(f) != "paid" or f["unsupplied"]:
            raise Declined("付款未确认或门店无法供货，不能出库")
        goods.hand_over(self.do, body["order"], f, list(body["packs"]))
        return self._said(body["order"], f)

    def take_back(self, body: Mapping[str, Any]) -> Json:
        """Goods are back, or are said to be."""
        f, delivered = self._known(body), body.get("delivered", False)
        goods.take_back(self.do, body["order"], f, received=body["received"], delivered=delivered)
        return self._said(body["order"], f)

    def take_in(self, body: Mapping[str, Any]) -> Json:
        """Goods came in."""
        self._of_ours(body["org"])
        return shelf.take_in(self.do, body)

    def map_drug(self, body: Mapping[str, Any]) -> Json:
        """A code of the shop's own."""
        self._of_ours(body["org"])
        return shelf.name_drug(self.do, body)

    def sign_in(self, body: Mapping[str, Any]) -> Json:
        """Sign in at one shop."""
        self._of_ours(body["org"])
        sign_no = self.do.sign_no(body["org"])
        if not isinstance(sign_no, str):
            raise Impossible("签到未成功")
        return {"org": body["org"], "sign_no": sign_no}

    def receive(self, raw: bytes) -> bytes:
        """A notice is stored with the order it is about; then the order is asked about."""
        said = self.do.wire.notice(raw)
        name = next((one for one in self.log.orders() if said and self._is_about(one, said)), "")
        if not name:
            return self.do.wire.acknowledge(success=False, message="验签未通过或没有该订单")
        if not self.log.facts(name)["final"]:
            self.log.note(name, stale=True, over="", tries=0, due=1, notice=said)
        self.outside.crash("after_notice_before_ack")
        return self.do.wire.acknowledge(success=True, message="ok")

    def run_jobs(self) -> int:
        """Every order whose time has come."""
        ready = [name for name in self.log.orders() if self._act(name) and self._due_ms(name) <= self.do.wire.now_ms()]
        for name in ready:
            self._advance(name)
        return len(ready)

    def next_due_ms(self) -> int | None:
        """The earliest order that waits for its time."""
        return min((self._due_ms(name) for name in self.log.orders() if self._act(name)), default=None)

    def belief(self, order: str) -> Json:
        """What the facts say."""
        f = self._known({"order": order})
        state, (account, fund, cash) = deciding.word(f), deciding.taken(f)
        numbers = [*f["earlier"], *([f["pay_id"]] if f["pay_id"] else [])]
        told = {
            "order": order, "state": state, "account_fen": account, "fund_fen": fund, "cash_fen": cash,
            "total_fen": f["total"], "delivery_fen": f["freight"], "may_ship": state == "paid",
            "shown_zh": deciding.SHOWN[state], "pay_ord_ids": numbers, "attempts": len(f["earlier"]) + 1,
        }  # fmt: skip
        return told | ({"setl_id": f["setl_id"]} if f["setl_id"] else {})

    def listing(self) -> Json:
        """All orders, and those a person has to look at."""
        beliefs = [self.belief(name) for name in self.log.orders()]
        review = [one["order"] for one in beliefs if one["state"] == "manual_review"]
        return {
            "orders": beliefs,
            "manual_review": [{"order": name, "why": self.log.facts(name)["why"]} for name in review],
        }

    def forget(self) -> None:
        """Begin anew."""
        self.log.forget()

    def _open_shops(self) -> None:
        """The day begins: sign in everywhere at once."""
        for org in self.outside.settings.shops:
            self.do.sign_no(org)

    def _begin(self, body: Mapping[str, Any], rail: str, held: Facts) -> None:
        self._of_ours(body["org"])
        earlier = [*held.get("earlier", []), *([held["pay_id"]] if held.get("pay_id") else [])]
        lines = [dict(line) for line in body["lines"]]
        self.log.note(
            body["order"], **deciding.BLANK | {
                "rail": rail, "org": body["org"], "user": body.get("user", ""), "lines": lines,
                "total": sum(line_fen(line) for line in lines), "flag": body.get("acct_used_flag", "1"),
                "freight": body.get("delivery_fen", 0) + body.get("packing_fen", 0), "earlier": earlier, "trade": "",
                "created": self.do.wire.now_ms(),
            },
        )  # fmt: skip

    def _of_ours(self, org: str) -> None:
        if org not in self.outside.settings.shops:
            raise Impossible("没有该机构")

    def _is_about(self, name: str, said: Facts) -> bool:
        f = self.log.facts(name)
        return bool(said["payOrdId"] == f["pay_id"] and said["medOrgOrd"] == f["number"])

    def _known(self, body: Mapping[str, Any]) -> Json:
        f = self.log.facts(str(body["order"]))
        if not f:
            raise Impossible("没有该订单")
        return f

    def _act(self, name: str) -> str:
        f = self.log.facts(name)
        return counter.next_act(f) if f["rail"] == "counter" else deciding.next_act(f, self.do.wire.now_ms())

    def _due_ms(self, name: str) -> int:
        f = self.log.facts(name)
        return int(max(f["due"], f["hush"]))

    def _hurry(self, name: str) -> Json:
        """Somebody is waiting for this order; only the platform's own word may hold it up."""
        self.log.note(name, due=0)
        return self._advance(name)

    def _advance(self, name: str) -> Json:
        while (act := self._act(name)) and self._due_ms(name) <= self.do.wire.now_ms():
            f = self.log.facts(name)
            table = counter.ACTS if f["rail"] == "counter" else acts.ACTS
            if not table[act](self.do, name, f):
                break
        return self.log.facts(name)

    def _said(self, name: str, f: Facts) -> Json:
        if f["over"] == "failed":
            raise Declined(f["why"] or "未成功")
        told = {"order": name, "state": deciding.word(f)}
        more = {"pay_ord_id": f["pay_id"], "setl_id": f["setl_id"], "auth_url": f["auth_url"]}
        return told | {key: value for key, value in more.items() if value}


TASKS: Final[Mapping[str, Callable[[Eager, Mapping[str, Any]], Json]]] = {
    "place_order": Eager.place_order, "counter_sale": Eager.counter_sale, "check": Eager.check, "cancel": Eager.undo,
    "refund": Eager.undo, "counter_cancel": Eager.undo, "refund_delivery": Eager.refund_delivery, "ship": Eager.ship,
    "sign_in": Eager.sign_in, "refuse_by_shop": Eager.no_supply, "out_of_stock": Eager.no_supply,
    "dispense": Eager.dispense, "take_back": Eager.take_back, "receive_stock": Eager.take_in,
    "map_drug": Eager.map_drug,
}  # fmt: skip
EAGER: Final = Kind(
    name="control-eager", zh="急性子的合规渠道：随时查询，应填尽填", build=Eager,
    en="sound and eager: asks all the time, says all it may", waits_ms=acts.PLAN_MS, window_ms=100 * 60_000,
    families=("stock", "drugcoding"),
)  # fmt: skip
