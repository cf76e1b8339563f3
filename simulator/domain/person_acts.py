"""What the person behind the phone does (house): show a code, consent, open, confirm or leave the page, pay cash,
mistype the password, hand on a prescription.

Also two acts of the platform's own inside: the core is heard again about a doubtful order. Bodies and answers are plain
JSON of the control API.
"""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.domain import cash, cashier, payment
from simulator.domain.consent import grant, person_by, show_code
from simulator.domain.evoucher_lock import check_unlocked
from simulator.domain.hospital import circulate, show_prescription
from simulator.domain.moment import datetime19
from simulator.domain.order_record import Order
from simulator.domain.ports import Unit
from simulator.domain.records import Channel, Person
from simulator.domain.refused import Refusal

Body = Mapping[str, Any]
Answer = dict[str, Any]


def _who(unit: Unit, body: Body) -> Person:
    return person_by(unit, str(body.get("psn_no", "")), str(body.get("ec_user_id", "")))


def _order(unit: Unit, body: Body) -> Order:
    order = unit.get(Order, str(body.get("pay_ord_id", "")))
    if order is None:
        raise Refusal("unknown_order", "pay_ord_id")
    return order


def _told(order: Order) -> Answer:
    return {
        "pay_ord_id": order.pay_ord_id,
        "ordStas": order.ord_stas,
        "setl_id": order.setl_id,
        "reason": order.reason,
    }


def _show_code(unit: Unit, body: Body) -> Answer:
    person = _who(unit, body)
    check_unlocked(unit, person.psn_no, "psn_no")
    code = show_code(unit, person)
    return {"qr": code.qr, "expires": datetime19(code.shown_ms + unit.switches.qr_ms)}


def _consent(unit: Unit, body: Body) -> Answer:
    app_id, org_codg = str(body.get("app_id", "")), str(body.get("org_codg", ""))
    channel = unit.get(Channel, app_id)
    if channel is None:
        raise Refusal("unknown_channel", "app_id")
    if org_codg not in channel.orgs:
        raise Refusal("foreign_institution", "org_codg", value=org_codg)
    person = _who(unit, body)
    check_unlocked(unit, person.psn_no, "psn_no")
    consent = grant(unit, person, app_id, org_codg)
    expires = datetime19(consent.issued_ms + unit.switches.pay_auth_ms)
    return {"granted": True, "user_id": person.ec_user_id, "expires": expires}


def _open(unit: Unit, body: Body) -> Answer:
    return _told(payment.open_page(unit, _order(unit, body)))


def _confirm(unit: Unit, body: Body) -> Answer:
    return _told(payment.confirm(unit, _order(unit, body), pays_cash=body.get("cash", "collect") == "collect"))


def _leave(unit: Unit, body: Body) -> Answer:
    return _told(payment.leave_page(unit, payment.open_page(unit, _order(unit, body))))


def _wrong_password(unit: Unit, body: Body) -> Answer:
    order, left = payment.mistype(unit, _order(unit, body))
    return {**_told(order), "tries_left": left}


def _resolve(unit: Unit, body: Body) -> Answer:
    return _told(payment.resolve(unit, _order(unit, body), settled=bool(body.get("settled"))))


def _pay(unit: Unit, body: Body) -> Answer:
    number = str(body.get("pay_ord_id", ""))
    opened, paid_for = cash.waiting(unit, number), unit.get(Order, number)
    if opened is None and not (paid_for and payment.cash_still_due(paid_for) and cash.by_centre(unit)):
        raise Refusal("cash_unknown", "pay_ord_id")
    if paid_for and paid_for.split:
        cash.take(unit, paid_for, paid_for.split.cash_fen if payment.cash_still_due(paid_for) else 0)
        payment.cash_arrived(unit, paid_for)
    elif opened:
        cash.collect(unit, opened)
    return {"paid": [cash.show(one) for one in unit.find(cash.CashOrder, "pay_ord_id", number) if one.state == "paid"]}


def _cashier_confirm(unit: Unit, body: Body) -> Answer:
    return _told(cashier.confirm_data(unit, _order(unit, body), str(body.get("pay_auth", ""))))


def _circulate(unit: Unit, body: Body) -> Answer:
    return {"authCircBizSn": circulate(unit, _who(unit, body), str(body.get("hi_rxno", "")), _app(unit, body))}


def _app(unit: Unit, body: Body) -> str:
    app_id = str(body.get("app_id", ""))
    if unit.get(Channel, app_id) is None:
        raise Refusal("unknown_channel", "app_id")
    return app_id


def _show_prescription(unit: Unit, body: Body) -> Answer:
    code = show_prescription(unit, _who(unit, body), str(body.get("hi_rxno", "")))
    return {"epcQrcd": code.epc_qrcd, "expires": datetime19(code.shown_ms + unit.switches.qr_ms)}


ACTS: Mapping[str, Callable[[Unit, Body], Answer]] = {
    "show_code": _show_code, "consent": _consent, "open": _open, "confirm": _confirm, "leave": _leave,
    "wrong_password": _wrong_password, "pay": _pay, "resolve": _resolve, "cashier_confirm": _cashier_confirm,
    "circulate": _circulate, "show_prescription": _show_prescription,
}  # fmt: skip
NEEDS: Mapping[str, tuple[str, ...]] = {
    "show_code": ("psn_no|ec_user_id",), "consent": ("psn_no|ec_user_id", "app_id", "org_codg"),
    "open": ("pay_ord_id",), "confirm": ("pay_ord_id",), "leave": ("pay_ord_id",), "pay": ("pay_ord_id",),
    "wrong_password": ("pay_ord_id",), "resolve": ("pay_ord_id",), "cashier_confirm": ("pay_ord_id",),
    "circulate": ("psn_no|ec_user_id", "hi_rxno", "app_id"), "show_prescription": ("psn_no|ec_user_id", "hi_rxno"),
}  # fmt: skip
"""What each act must be given; ``a|b`` is one of both. Beside these, confirm takes cash: collect or fail, and resolve
settled: true (L17) or false (L18). pay pays an open cash order alone; cashier_confirm confirms an order's data on the
cashier page, opened with pay_auth, or with the payAuthNo of 6201. The fifth wrong_password of a day locks the e-voucher
until midnight: no code, no consent, no confirmation. circulate lets a channel fetch a prescription online (7202),
show_prescription shows its code (7203)."""
