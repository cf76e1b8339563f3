"""The person confirms on the e-voucher page and money moves (order-life.md L07–L20)."""

from dataclasses import replace

from simulator.domain import benefit, bookings, trace
from simulator.domain import cash as desk
from simulator.domain.bill import Split
from simulator.domain.consent import person_by
from simulator.domain.ledger import Transfer
from simulator.domain.moment import MINUTE_MS
from simulator.domain.notice_record import owe
from simulator.domain.order_record import Order
from simulator.domain.order_steps import ABNORMAL, PRESETTLED, SETTLING, next_state
from simulator.domain.order_views import paid_notice
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Institution, Person
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement, new_setl_id

CASH_WAIT_MS = 30 * MINUTE_MS
"""L20: how long insurance waits for the cash leg when it paid first."""


def open_page(unit: Unit, order: Order) -> Order:
    """L07: the person looks at the confirmation page.

    Raises:
        Refusal: ``order_not_waiting``.
    """
    if order.ord_stas == SETTLING:
        return order
    if order.ord_stas != PRESETTLED:
        raise Refusal("order_not_waiting", "payOrdId", ord_stas=order.ord_stas)
    return _put(
        unit, replace(order, ord_stas=next_state(order.ord_stas, "open"), auto_ms=0,
                      due_ms=unit.now_ms + unit.switches.confirm_idle_ms)
    )  # fmt: skip


def leave_page(unit: Unit, order: Order) -> Order:
    """L08: the person goes away before any leg moved; the order waits again.

    Raises:
        Refusal: ``order_not_waiting``.
    """
    if order.ord_stas != SETTLING:
        raise Refusal("order_not_waiting", "payOrdId", ord_stas=order.ord_stas)
    return _put(
        unit,
        replace(
            order,
            ord_stas=next_state(order.ord_stas, "leave"),
            due_ms=unit.now_ms + unit.switches.presettle_ms,
        ),
    )


def confirm(unit: Unit, order: Order, *, pays_cash: bool = True) -> Order:
    """Password or face given: collect the cash leg, settle the insurance leg, in the order of the switch ``legs``.

    Raises:
        Refusal: ``order_not_waiting``, ``cash_not_open``.
    """
    order = open_page(unit, order)
    split = _split(order)
    waiting = desk.waiting(unit, order.pay_ord_id)
    insurance_first = unit.switches.legs == "insurance_first" and split.insured_fen > 0
    if split.cash_fen and waiting is None and not insurance_first:
        raise Refusal("cash_not_open", "payOrdId", cash_fen=split.cash_fen)
    if insurance_first:
        order = _settle_or_fail(unit, order)
        return _collect_late(unit, order, pays_cash=pays_cash) if order.insurance_taken else order
    if not pays_cash and waiting:
        return leave_page(unit, order)
    if waiting:
        desk.collect(unit, waiting)
    if split.cash_fen:
        order = replace(order, ord_stas=next_state(order.ord_stas, "cash"), cash_taken_fen=split.cash_fen)
    return _settle_or_fail(unit, order)


def _collect_late(unit: Unit, order: Order, *, pays_cash: bool) -> Order:
    """The cash leg after the insurance leg (L19); without it L20 takes insurance back in half an hour."""
    split = _split(order)
    waiting = desk.waiting(unit, order.pay_ord_id)
    if waiting and pays_cash:
        desk.collect(unit, waiting)
        if split.cash_fen:
            order = replace(order, cash_taken_fen=split.cash_fen, setl_type="ALL")
    elif split.cash_fen:
        order = replace(order, due_ms=unit.now_ms + CASH_WAIT_MS)
    return _put(unit, order)


def _settle_or_fail(unit: Unit, order: Order) -> Order:
    trouble = unit.trouble("confirm", "6202", pay_ord_id=order.pay_ord_id)
    if trouble == "core_silent":
        return _in_doubt(unit, order)
    objection = "core_refused" if trouble in ("core_refuses", "cash_return_fails") else core_objection(unit, order)
    if objection:
        return _fail(unit, order, objection, cash_sticks=trouble == "cash_return_fails")
    if not _split(order).insured_fen:
        return _paid_in_cash(unit, order)
    return book(unit, replace(order, ord_stas=next_state(order.ord_stas, "settle")))


def core_objection(unit: Unit, order: Order) -> str:
    """Why the core would not settle a frozen split now (L12): the name of a refusal rule, or an empty text."""
    person = unit.get(Person, order.psn_no)
    institution = unit.get(Institution, order.org_codg)
    if person is None or person.psn_insu_stas != "1":
        return "not_insured"
    if institution is None or institution.suspended:
        return "institution_suspended"
    split = _split(order)
    for line, part in zip(order.bill.lines, split.lines, strict=True):
        drug = unit.get(Drug, line.med_list_codg)
        if drug is None or drug.vali_flag != "1":
            return "withdrawn_drug"
        if part.chrgitm_lv != "03" and (drug.pric_uplmt or "999999") != part.pric_uplmt:
            return "price_limit_changed"
    if any(share.psn_no not in person.givers for share in split.aid):
        return "giver_gone"
    wanted = split.sources(order.psn_no, unit.city.admdvs)
    if any(unit.balance(account) < fen for account, fen in wanted if fen and not account.startswith("pool:")):
        return "balance_gone"
    now = benefit.pooled(
        unit, psn_no=order.psn_no, insutype=order.bill.insutype, med_type=order.bill.med_type, place=benefit.ONLINE,
        scope_fen=split.total("inscp_scp_fen"),
    )  # fmt: skip
    if not benefit.stands(split.pooled, now):
        return "benefit_changed"
    return "trace_gone" if trace.bill_objection(unit, order.bill) else ""


def book(unit: Unit, order: Order) -> Order:
    """L10: PAY, the settlement record, the right to reverse, and the notice that is now owed."""
    transfer = bookings.pay(unit, order.pay_ord_id, _split(order), psn_no=order.psn_no, org=order.org_codg)
    return _booked(unit, order, transfer)


def _booked(unit: Unit, order: Order, transfer: Transfer) -> Order:
    split = _split(order)
    settlement = Settlement(
        setl_id=new_setl_id(unit), mdtrt_id=order.mdtrt_id, medins_setl_id=order.pay_ord_id,
        medins_key=f"centre/{order.pay_ord_id}", org_day=bookings.org_day(unit, order.org_codg), psn_no=order.psn_no,
        bill=order.bill, split=split, at_ms=unit.now_ms, transfer_id=transfer.transfer_id, origin="centre",
        app_id=order.app_id, infno="6202", clr_optins=person_by(unit, order.psn_no).insuplc_admdvs,
    )  # fmt: skip
    unit.put(settlement)
    trace.sell_bill(unit, settlement)
    cash_missing = split.cash_fen > 0 and not order.cash_taken_fen
    order = replace(
        order, setl_id=settlement.setl_id, transfer_id=transfer.transfer_id, paid_ms=unit.now_ms, due_ms=0, auto_ms=0,
        setl_type="ALL" if split.cash_fen and not cash_missing else "HI",
        revs_token=f"REV{unit.token(f'revs/{order.pay_ord_id}', 32)}",
    )  # fmt: skip
    owe(unit, order, "6302", paid_notice(unit, order))
    return _put(unit, order)


def _paid_in_cash(unit: Unit, order: Order) -> Order:
    """L11: nothing to settle at the insurer; no core record, nothing in reconciliation."""
    order = replace(
        order, ord_stas=next_state(order.ord_stas, "nothing_insured"), setl_type="CASH", paid_ms=unit.now_ms, due_ms=0,
        auto_ms=0, revs_token=f"REV{unit.token(f'revs/{order.pay_ord_id}', 32)}",
    )  # fmt: skip
    owe(unit, order, "6302", paid_notice(unit, order))
    return _put(unit, order)


def _fail(unit: Unit, order: Order, reason: str, *, cash_sticks: bool) -> Order:
    """L12, L13, L14: a frozen split is never re-split silently; cash goes back, or sticks."""
    paid = [cash for cash in unit.find(desk.CashOrder, "pay_ord_id", order.pay_ord_id) if cash.state == "paid"]
    stuck = cash_sticks and order.cash_taken_fen > 0
    if not stuck:
        for cash in paid:
            desk.return_all(unit, cash)
    event = "refuse_cash_stuck" if stuck else "refuse"
    if order.ord_stas == ABNORMAL:
        event = "core_denies_cash_stuck" if stuck else "core_denies"
    return _put(
        unit, replace(order, ord_stas=next_state(order.ord_stas, event), reason=reason, due_ms=0, auto_ms=0,
                      cash_back_fen=0 if stuck else order.cash_taken_fen)
    )  # fmt: skip


def _in_doubt(unit: Unit, order: Order) -> Order:
    """L16: the core is silent; the centre holds the money in suspense until it learns more."""
    bookings.hold(unit, order.pay_ord_id, _split(order), psn_no=order.psn_no, org=order.org_codg)
    return _put(unit, replace(order, ord_stas=next_state(order.ord_stas, "silent"), due_ms=0, auto_ms=0))


def resolve(unit: Unit, order: Order, *, settled: bool) -> Order:
    """L17, L18: the core is heard again about an order in state 14.

    Raises:
        Refusal: ``order_not_waiting``.
    """
    if order.ord_stas != ABNORMAL:
        raise Refusal("order_not_waiting", "payOrdId", ord_stas=order.ord_stas)
    if not settled:
        bookings.release(unit, order.pay_ord_id, _split(order), psn_no=order.psn_no, org=order.org_codg)
        return _fail(unit, order, "core_refused", cash_sticks=False)
    transfer = bookings.pay_held(unit, order.pay_ord_id, _split(order), org=order.org_codg)
    return _booked(unit, replace(order, ord_stas=next_state(order.ord_stas, "core_confirms")), transfer)


def give_back(unit: Unit, order: Order, *, setl_id: str = "") -> Order:
    """BACK: the exact mirror of what insurance paid, source by source, with a negative settlement of its own time.

    ``setl_id``: of the negative settlement, where it was told already (``hiFefdSn`` of 6203).
    """
    paid = unit.get(Settlement, order.setl_id)
    assert paid is not None
    transfer = bookings.give_back(unit, order.pay_ord_id, paid.split, psn_no=order.psn_no, org=order.org_codg)
    unit.put(replace(paid, stas="cancelled"))
    unit.put(
        replace(paid, setl_id=setl_id or new_setl_id(unit), sign=-1, at_ms=unit.now_ms, medins_key="", infno="6203",
                transfer_id=transfer.transfer_id, org_day=bookings.org_day(unit, order.org_codg),
                refers_to=paid.setl_id)
    )  # fmt: skip
    return replace(order, insurance_back_ms=unit.now_ms, due_ms=0)


def _split(order: Order) -> Split:
    assert order.split is not None
    return order.split


def _put(unit: Unit, order: Order) -> Order:
    unit.put(order)
    return order
