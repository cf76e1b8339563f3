"""A small shop for the tests of the domain: a unit of work over an empty store, a few people, a few drugs."""

from dataclasses import dataclass, field, replace
from typing import Any

from simulator.assembly import record_kinds
from simulator.cities import load
from simulator.domain import ledger, payment
from simulator.domain.bill import Bill, Line
from simulator.domain.cash import CashOrder, open_order
from simulator.domain.consent import grant
from simulator.domain.ledger import Posting
from simulator.domain.moment import read
from simulator.domain.money import product_fen
from simulator.domain.order_record import Order
from simulator.domain.orders import Placing, Upload, place, upload
from simulator.domain.records import Channel, Drug, Institution, Person, Restriction
from simulator.domain.refunds import Asked, refund
from simulator.domain.rules import Switches
from simulator.domain.timetable import sweep
from simulator.domain.world_changes import set_balance
from simulator.store.store import Room, Store
from simulator.store.unit import RoomUnit

APP, SHOP = "APP-TEST", "P11010590001"
BUYER, GIVER, SECOND_GIVER = "PSN-BUYER", "PSN-GIVER", "PSN-GIVER-2"

DRUGS = (
    Drug(med_list_codg="A", reg_name="甲类药", chrgitm_lv="01", selfpay_bp=0),
    Drug(med_list_codg="B", reg_name="乙类药", chrgitm_lv="02", selfpay_bp=1_000),
    Drug(med_list_codg="C", reg_name="丙类药"),
    Drug(med_list_codg="CAP", reg_name="限价药", chrgitm_lv="02", selfpay_bp=1_000, pric_uplmt="10.000000"),
    Drug(
        med_list_codg="LADIES", reg_name="限女性", chrgitm_lv="01", selfpay_bp=0,
        restrictions=(Restriction(kind="sex", value="2", text="限女性"),),
    ),
    Drug(med_list_codg="RX", reg_name="处方药", rx_flag="1"),
    Drug(med_list_codg="BARRED", reg_name="含麻黄碱药", online_barred=True),
)  # fmt: skip


@dataclass
class Scene:
    """One channel, one pharmacy, one buyer with two givers; ``troubles`` answers what is armed, once each."""

    switches: Switches = field(default_factory=Switches)
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        store = Store(":memory:", record_kinds())
        room = store.put_room(Room(name="scene", secret="TEST-ONLY"))
        self.unit = RoomUnit(
            store, room, now_ms=read("2026-01-05 09:00:00"), city=load("beijing"), switches=self.switches,
            trouble=lambda *_: self.troubles.pop(0) if self.troubles else "",
        )  # fmt: skip
        self.count = 0
        self.unit.put(
            Channel(app_id=APP, name="t", app_secret="s", public_key="", platform_private_key="", orgs=(SHOP,))
        )
        self.unit.put(Institution(fixmedins_code=SHOP, fixmedins_name="测试药店", admdvs="110105"))
        for drug in DRUGS:
            self.unit.put(drug)
        for psn_no, givers in ((BUYER, (GIVER, SECOND_GIVER)), (GIVER, ()), (SECOND_GIVER, ())):
            self.unit.put(
                Person(psn_no=psn_no, psn_name=psn_no, certno=f"99{psn_no}", card_no=f"K{psn_no}",
                       ec_user_id=f"U{psn_no}", givers=givers)
            )  # fmt: skip
        self.fund(BUYER, 5_000)

    def fund(self, psn_no: str, fen: int) -> None:
        """Give a person that balance."""
        set_balance(self.unit, psn_no, fen)

    def balance(self, psn_no: str = BUYER) -> int:
        """What is on the personal account, in fen."""
        return self.unit.balance(ledger.own(psn_no))

    def serial(self) -> int:
        """1, 2, 3 …"""
        self.count += 1
        return self.count

    def later(self, ms: int) -> None:
        """Let time pass, with all that time does."""
        self.unit.now_ms += ms
        sweep(self.unit)

    def change(self, record: Any, **values: object) -> None:
        """Change a register entry."""
        self.unit.put(replace(record, **values))

    def consent(self) -> str:
        """The buyer's consent, fresh."""
        return grant(self.unit, self.unit.get(Person, BUYER), APP, SHOP).pay_auth_no  # type: ignore[arg-type]  # the scene always has it

    def order(self, *lines: tuple[str, str, str], flag: str = "1", serial: str = "", auth: str = "") -> Order:
        """6201 of these (drug, cnt, pric) lines."""
        auth = auth or self.consent()
        asked = Upload(
            app_id=APP, bill=bill(*lines, flag=flag), med_org_ord=serial or f"M{self.serial()}", id_no=f"99{BUYER}",
            user_name=BUYER, id_type="01", mdtrt_id="", ipt_otp_no="1", fee_type="07", chrg_bchno="CB",
            pay_auth_no=auth, ec_token="",
        )  # fmt: skip
        return upload(self.unit, asked)

    def place(self, order: Order, *, serial: str = "", auth: str = "", flag: str = "") -> Order:
        """6202."""
        asked = Placing(
            pay_ord_id=order.pay_ord_id, pay_token=order.pay_token, org_codg=SHOP,
            org_biz_ser=serial or f"B{self.serial()}", pay_auth_no=auth or order.pay_auth_no, chrg_bchno="CB",
            mdtrt_id="", acct_used_flag=flag,
        )  # fmt: skip
        return place(self.unit, order, asked)

    def placed(self, *lines: tuple[str, str, str], flag: str = "1", freight_fen: int = 0) -> Order:
        """6201 and 6202, and the cash desk opened for what is not insured."""
        order = self.place(self.order(*lines, flag=flag))
        assert order.split is not None
        self.open_cash(order, order.split.cash_fen, freight_fen)
        return order

    def open_cash(self, order: Order, cash_fen: int, freight_fen: int = 0) -> None:
        """The channel asks the buyer for cash, if there is any to ask for."""
        if cash_fen + freight_fen:
            body = {
                "outTradeNo": f"C{self.serial()}", "payOrdId": order.pay_ord_id, "cashFen": cash_fen,
                "freightFen": freight_fen,
            }  # fmt: skip
            open_order(self.unit, self.unit.get(Channel, APP), body)  # type: ignore[arg-type]  # the scene always has it

    def paid(self, *lines: tuple[str, str, str], flag: str = "1", freight_fen: int = 0) -> Order:
        """An order up to the person's confirmation."""
        return payment.confirm(self.unit, self.placed(*lines, flag=flag, freight_fen=freight_fen))

    def refund(self, order: Order, refd_type: str = "ALL", *, cash_fen: int | None = None, serial: str = "") -> Order:
        """6203 with the parts left to the platform where the type allows it."""
        split = order.split
        assert split is not None
        cash = {"ALL": order.cash_taken_fen, "HI": 0, "CASH": cash_fen or 0}[refd_type]
        insured = 0 if refd_type == "CASH" else split.insured_fen
        asked = Asked(
            app_refd_sn=serial or f"R{self.serial()}", refd_type=refd_type, totl_fen=insured + cash, acct_fen=None,
            fund_fen=None, cash_fen=cash, ec_token="", pay_auth_no=order.pay_auth_no,
        )  # fmt: skip
        return refund(self.unit, order, asked)[0]

    def cash_book(self, order: Order) -> CashOrder:
        """The one cash payment of an order."""
        (found,) = self.unit.find(CashOrder, "pay_ord_id", order.pay_ord_id)
        return found

    def transfers(self, kind: str = "") -> list[tuple[str, tuple[Posting, ...]]]:
        """Booked transfers after the opening ones, as (kind, postings)."""
        return [
            (transfer.kind, transfer.postings)
            for transfer in self.unit.posted
            if transfer.kind != "ADJUST" and kind in ("", transfer.kind)
        ]


def bill(*lines: tuple[str, str, str], flag: str = "1", psn_no: str = BUYER) -> Bill:
    """A bill whose amounts are right."""
    rows = tuple(
        Line(feedetl_sn=str(place), med_list_codg=code, medins_list_codg=code, cnt=cnt, pric=pric,
             amount_fen=product_fen(cnt, pric))
        for place, (code, cnt, pric) in enumerate(lines, 1)
    )  # fmt: skip
    return Bill(
        fixmedins_code=SHOP, psn_no=psn_no, insutype="310", med_type="41", acct_used_flag=flag,
        total_fen=sum(row.amount_fen for row in rows), lines=rows,
    )  # fmt: skip
