"""The platform's own cashier (switch ``mode``): the person is sent to a page, confirms the order's data there, and the
centre does what 6202 does elsewhere; 6204 tells the institution (online-payment 11, order-life L02, L07).

No text prints the page; its address is a reserved name behind which there is nothing, and the person's acts on it are
acts of the control API.
"""

from dataclasses import replace

from simulator.domain.cash import by_centre
from simulator.domain.consent import check_consent, grant, person_by, spend_consent
from simulator.domain.evoucher_lock import check_unlocked
from simulator.domain.notice_record import owe
from simulator.domain.order_record import Order
from simulator.domain.order_steps import allow
from simulator.domain.order_views import sync_notice
from simulator.domain.orders import entitled, freeze, shop
from simulator.domain.payment import open_page
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal

PAGE = "https://cashier.example/pay/"


def open_here(unit: Unit) -> bool:
    """Whether this platform has a cashier."""
    return unit.switches.mode == "cashier"


def url(unit: Unit, order: Order) -> str:
    """``cashierUrl`` of 6201; the channel appends payAuthNo. Empty without a cashier."""
    return f"{PAGE}{unit.token(f'cashier/{order.pay_ord_id}', 32)}" if open_here(unit) else ""


def confirm_data(unit: Unit, order: Order, pay_auth_no: str = "") -> Order:
    """The person opened the page with ``pay_auth_no`` (or that of 6201; without any, he consents there and then) and
    confirms the order's data: L02 by the centre, 6204, and L07.

    Raises:
        Refusal: ``no_cashier``, ``evoucher_locked``, of the order's state, of the person, the institution, the consent,
            the basket.
    """
    if not open_here(unit):
        raise Refusal("no_cashier", "pay_ord_id")
    check_unlocked(unit, order.psn_no, "pay_ord_id")
    allow("6202", order.ord_stas)
    shop(unit, order.org_codg, online=True)
    person = entitled(unit, person_by(unit, order.psn_no), order.bill.insutype, "pay_ord_id")
    number = pay_auth_no or order.pay_auth_no or grant(unit, person, order.app_id, order.org_codg).pay_auth_no
    consent = check_consent(
        unit, number, psn_no=order.psn_no, app_id=order.app_id, org_codg=order.org_codg, order=order.pay_ord_id,
        field="pay_auth",
    )  # fmt: skip
    order = freeze(unit, replace(order, pay_auth_no=number), person)
    spend_consent(unit, consent, order.pay_ord_id)
    owe(unit, order, "6204", sync_notice(order, "CENTRE" if by_centre(unit) else "CHANNEL"))
    return open_page(unit, order)
