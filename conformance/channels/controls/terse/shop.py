"""The terse control as its driver sees it: tasks, inbox, alarm clock."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from conformance.channels.controls.driving import Declined, Impossible, Kind, Outside
from conformance.channels.controls.terse import buying, charging, comparing, filling, naming, till
from conformance.channels.controls.terse.errand import NAPS_MS, Errands, Later, Over
from conformance.channels.controls.terse.sheet import Row, Sheet
from conformance.channels.controls.wire import E_VOUCHER, Json, barred, line_fen
from conformance.channels.reference.outcomes import Answered

UNSOLD: Final = ("cancelled", "not_paid")


class Terse:
    """See the package."""

    def __init__(self, outside: Outside) -> None:
        self.sheet = Sheet(outside.notes)
        self.do = Errands(outside, self.sheet)
        self.outside = outside

    def perform(self, task: str, body: Mapping[str, Any]) -> Json | None:
        """A business task."""
        known = TASKS.get(task)
        return known(self, body) if known else None

    def sell(self, body: Mapping[str, Any]) -> Json:
        """An order, online or at the counter; what stands already is only looked at again."""
        row = self.sheet.row(body["order"])
        if row is None or (row.shut and row.word in UNSOLD):
            row = self._fresh(body, row)
            self.sheet.save(row)
        return self._told(self._go(row), new=True)

    def check(self, body: Mapping[str, Any]) -> Json:
        """Look now."""
        row = self._row(body)
        if row.rail == "online" and row.shut < 2:
            row.shut, row.naps, row.unheard = 0, 0, row.unheard or ("6301" if row.pay_ord_id else "")
            row = self._go(row)
        return self._told(row)

    def undo(self, body: Mapping[str, Any]) -> Json:
        """Cancel or refund: what the order turns out to be decides."""
        row = self._row(body)
        if row.shut == 2 and row.word == "manual_review":
            raise Declined("已转人工")
        if row.shut == 2:
            return self._told(row)
        row.wish, row.shut, row.naps = "back", 0, 0
        row.word = "refunding" if row.word == "paid" else row.word
        return self._told(self._go(row))

    def refund_delivery(self, body: Mapping[str, Any]) -> Json:
        """Delivery money alone."""
        row = self._row(body)
        if row.word != "paid" or body["fen"] > row.freight or row.fee_back:
            raise Declined("不能退这笔配送费")
        row.fee_back = {"fen": body["fen"], "number": self.do.number(row, "U")}
        return self._told(self._go(row))

    def ship(self, body: Mapping[str, Any]) -> Json:
        """Only what is paid leaves."""
        row = self._row(body)
        if row.word != "paid":
            raise Declined("未付款")
        if row.rx:
            filling.leave(self.do, row)
        return self._told(row)

    def review(self, body: Mapping[str, Any]) -> Json:
        """A pharmacist's word on a prescription."""
        row = self._row(body)
        filling.review(self.do, row, body)
        row.naps = 0
        return self._told(self._go(row))

    def deliver(self, body: Mapping[str, Any]) -> Json:
        """The courier is one step further."""
        row = self._row(body)
        filling.carry(self.do, row, "7209", body["delv_stas_codg"])
        return self._told(row)

    def hand_over(self, body: Mapping[str, Any]) -> Json:
        """The buyer has it."""
        row = self._row(body)
        filling.carry(self.do, row, "7210", "")
        return self._told(row)

    def map_drug(self, body: Mapping[str, Any]) -> Json:
        """A code of the shop's own."""
        if body["org"] not in self.outside.settings.shops:
            raise Impossible("没有该机构")
        return naming.map_drug(self.do, body)

    def reconcile(self, body: Mapping[str, Any]) -> Json:
        """A day of a shop against the platform's books; what was paid under an id not told yet is asked about first."""
        org, day = body["org"], body["day"]
        if org not in self.outside.settings.shops:
            raise Impossible("没有该机构")
        for row in self.sheet.rows():
            if row.org == org and row.rail == "online" and row.word == "paid" and not row.booked:
                row.unheard = row.unheard or "6301"
                self._go(row)
        came = comparing.act(self.do, org, day, comparing.compare(self.do, org, day))
        for name, back in came.again.items():
            row = self._go(self._row({"order": name}))
            if back:
                comparing.enter_return(self.do, row, day)
        told = {"rows": came.rows, "differing": came.differing, "foreign": came.foreign}
        return {"org": org, "day": day, "orders": sorted(came.again), **told}

    def sign_in(self, body: Mapping[str, Any]) -> Json:
        """Sign in."""
        if body["org"] not in self.outside.settings.shops:
            raise Impossible("没有该机构")
        row = Row(ord="", rail="counter", org=body["org"], basket=[], total=0)
        asked = {"data": {"fixmedins_type": "2", "fixmedins_code": body["org"]}}
        if not isinstance(self.do.frame(row, "1201", asked), Answered):
            raise Impossible("签到未成功")
        return {"org": body["org"]}

    def receive(self, raw: bytes) -> bytes:
        """A notice sets the alarm; nothing it says is taken over."""
        said = self.do.wire.notice(raw)
        row = self.sheet.paid_by(said["payOrdId"]) if said else None
        if said is None or row is None or said["medOrgOrd"] != row.med_org_ord:
            return self.do.wire.acknowledge(success=False, message="拒收")
        if row.shut < 2 and not row.wish:
            row.shut, row.naps, row.wake, row.unheard = 0, 0, 1, row.unheard or "6301"
            self.sheet.save(row)
        self.outside.crash("after_notice_before_ack")
        return self.do.wire.acknowledge(success=True, message="已收")

    def run_jobs(self) -> int:
        """Every order whose alarm has rung."""
        rang = self.sheet.awake(self.do.wire.now_ms())
        for row in rang:
            self._go(row)
        return len(rang)

    def next_due_ms(self) -> int | None:
        """The next alarm."""
        return self.sheet.next_alarm()

    def belief(self, order: str) -> Json:
        """The row, read out."""
        row = self._row({"order": order})
        told = {
            "order": order, "state": row.word, "account_fen": row.account, "fund_fen": row.fund, "cash_fen": row.cash,
            "total_fen": row.total, "delivery_fen": row.freight, "may_ship": row.word == "paid",
            "shown_zh": SHOWN[row.word], "attempts": len(row.past) + 1,
            "pay_ord_ids": [*row.past, *([row.pay_ord_id] if row.pay_ord_id else [])],
        }  # fmt: skip
        return told | ({"setl_id": row.setl_id} if row.setl_id else {})

    def listing(self) -> Json:
        """All rows, and those for a person."""
        rows = self.sheet.rows()
        return {
            "orders": [{"order": row.ord, "state": row.word} for row in rows],
            "manual_review": [{"order": row.ord, "why": row.why} for row in rows if row.word == "manual_review"],
        }

    def forget(self) -> None:
        """Begin anew."""
        self.sheet.clear()

    def _fresh(self, body: Mapping[str, Any], before: Row | None) -> Row:
        if body["org"] not in self.outside.settings.shops:
            raise Impossible("没有该机构")
        rail = "counter" if body["task"] == "counter_sale" else "online"
        basket = charging.cut(body["lines"], body.get("coupon_fen", 0))
        rx = dict(body.get("prescription", {}))
        offered = [{**line, "rx_flag": "0"} for line in basket] if rx else basket
        if rail == "online" and (why := barred(offered)):
            raise Declined(f"{why}不可线上医保购买")
        past = self._past(before)
        shown = dict(body.get("certificate", {}))
        code = shown["mdtrt_cert_no"] if shown.get("mdtrt_cert_type") == E_VOUCHER else ""
        shown |= {"mdtrt_cert_no": ""} if code else {}
        row = Row(
            ord=body["order"], rail=rail, org=body["org"], basket=basket, total=sum(map(line_fen, basket)), past=past,
            freight=body.get("delivery_fen", 0) + body.get("packing_fen", 0), user=body.get("user", ""),
            flag=body.get("acct_used_flag", "1"), made=self.do.wire.now_ms(), shown=shown, code=code, rx=rx,
        )  # fmt: skip
        if before:
            row.said, row.booked = before.said, before.booked
        if why := naming.objection(self.sheet, row):
            raise Declined(why)
        return row

    def _past(self, before: Row | None) -> list[str]:
        """Payments begun for the same order before."""
        return [*before.past, *([before.pay_ord_id] if before.pay_ord_id else [])] if before else []

    def _row(self, body: Mapping[str, Any]) -> Row:
        row = self.sheet.row(str(body["order"]))
        if row is None:
            raise Impossible("没有该订单")
        return row

    def _told(self, row: Row, *, new: bool = False) -> Json:
        if new and row.shut and row.word in UNSOLD:
            raise Declined(row.why)
        told = {"order": row.ord, "state": row.word}
        more = {"pay_ord_id": row.pay_ord_id, "setl_id": row.setl_id, "auth_url": row.consent_url}
        return told | {key: value for key, value in more.items() if value}

    def _go(self, row: Row) -> Row:
        """Run the errand; write down how far it came and when to go on."""
        if row.shut or self.do.wire.now_ms() < row.quiet:
            self.sheet.save(row)
            return row
        row.wake = 0
        try:
            (till if row.rail == "counter" else buying).go_on(self.do, row)
        except Later as late:
            self._nap(row, late.quiet_ms)
        except Over as over:
            row.word, row.why = over.word, over.why or row.why or "已结束"
            row.shut, row.wake = 2 if over.for_good else 1, 0
        self.sheet.save(row)
        return row

    def _nap(self, row: Row, quiet_ms: int) -> None:
        """Sleep; after the last nap a person decides, or what is known to be unpaid is withdrawn."""
        now_ms = self.do.wire.now_ms()
        if row.naps < len(NAPS_MS):
            row.wake, row.naps = now_ms + max(NAPS_MS[row.naps], quiet_ms), row.naps + 1
            row.quiet = now_ms + quiet_ms if quiet_ms else row.quiet
        elif row.rail == "online" and not row.pay_ord_id and not row.unheard:
            row.word, row.why, row.shut, row.wake = "not_paid", "一直未授权", 2, 0
        elif _unpaid(row):
            row.wish, row.why, row.naps, row.wake = "drop", "一直未付款", 0, now_ms
        else:
            row.word, row.why, row.shut, row.wake = "manual_review", "多次询问无果", 1, 0


def _unpaid(row: Row) -> bool:
    """Whether an order is known to wait for nobody but its buyer."""
    waits = row.state == "1" or (row.state == "0" and bool(row.cashier))
    return waits and row.word == "not_paid" and not row.unheard and not row.wish


SHOWN: Final = {
    "not_sent": "未提交", "in_doubt": "确认中", "paid": "已付", "not_paid": "未付", "refunding": "退款中",
    "refunded": "已退", "cancelled": "已取消", "manual_review": "人工处理",
}  # fmt: skip
TASKS: Final[Mapping[str, Callable[[Terse, Mapping[str, Any]], Json]]] = {
    "place_order": Terse.sell, "counter_sale": Terse.sell, "check": Terse.check, "cancel": Terse.undo,
    "refund": Terse.undo, "counter_cancel": Terse.undo, "refund_delivery": Terse.refund_delivery, "ship": Terse.ship,
    "sign_in": Terse.sign_in, "reconcile": Terse.reconcile, "map_drug": Terse.map_drug, "review": Terse.review,
    "deliver": Terse.deliver, "receive": Terse.hand_over,
}  # fmt: skip
TERSE: Final = Kind(
    name="control-terse", zh="惜字如金的合规渠道：能省则省，等通知再查一次", build=Terse, waits_ms=NAPS_MS,
    en="sound and terse: says what it must, waits to be told and asks once", window_ms=80 * 60_000,
    families=("drugcoding", "cashier", "prescription", "coupon", "scan", "reconciliation"),
)  # fmt: skip
