"""The person confirms on the e-voucher page and money moves (order-life.md L07–L20)."""

from dataclasses import replace

from simulator.domain import benefit, bookings, trace_rules
from simulator.domain import cash as desk
from simulator.domain.bill import Split
from simulator.domain.consent import person_by
from simulator.domain.evoucher_lock import check_unlocked, right_password, wrong_password
from simulator.domain.ledger import Transfer
from simulator.domain.moment import MINUTE_MS
from simulator.domain.notice_record import owe
from simulator.domain.order_record import Order
from simulator.domain.order_steps import ABNORMAL, PAID, PRESETTLED, SETTLING, next_state
from simulator.domain.order_views import paid_notice
from simulator.domain.portions import rest
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Institution, Person
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement, new_setl_id

CASH_WAIT_MS = 30 * MINUTE_MS
"""L20: how long insurance waits for the cash leg when it paid first."""


def open_page(unit: Unit, order: Order) -> Order:
    """L07: the person looks at the confirmation page.

    Raises:
        Refusal: ``evoucher_locked``, ``order_not_waiting``.
    """
    check_unlocked(unit, order.psn_no, "payOrdId")
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


def mistype(unit: Unit, order: Order) -> tuple[Order, int]:
    """L08: a wrong password on the page, and how many are left; the last one locks and closes the page.

    Raises:
        Refusal: ``evoucher_locked``, ``order_not_waiting``.
    """
    order = open_page(unit, order)
    left = wrong_password(unit, order.psn_no)
    return (order if left else leave_page(unit, order)), left


def confirm(unit: Unit, order: Order, *, pays_cash: bool = True) -> Order:
    """Password or face given: collect the cash leg, settle the insurance leg, in the order of the switch ``legs``.

    Raises:
        Refusal: ``evoucher_locked``, ``order_not_waiting``, ``cash_not_open``.
    """
    order = open_page(unit, order)
    right_password(unit, order.psn_no)
    split = _split(order)
    if unit.switches.legs == "insurance_first" and split.insured_fen:
        order = _settle_or_fail(unit, order)
        return _collect_late(unit, order, pays_cash=pays_cash) if order.insurance_taken else order
    if not desk.ready(unit, order.pay_ord_id, split.cash_fen):
        raise Refusal("cash_not_open", "payOrdId", cash_fen=split.cash_fen)
    if not pays_cash and desk.asked(unit, order.pay_ord_id, split.cash_fen):
        return leave_page(unit, order)
    desk.take(unit, order, split.cash_fen)
    if split.cash_fen:
        order = replace(order, ord_stas=next_state(order.ord_stas, "cash"), cash_taken_fen=split.cash_fen)
    return _settle_or_fail(unit, order)


def _collect_late(unit: Unit, order: Order, *, pays_cash: bool) -> Order:
    """The cash leg after the insurance leg (L19); without it L20 takes insurance back in half an hour."""
    split = _split(order)
    if pays_cash and desk.asked(unit, order.pay_ord_id, split.cash_fen):
        desk.take(unit, order, split.cash_fen)
        return cash_arrived(unit, order)
    if split.cash_fen:
        order = replace(order, due_ms=unit.now_ms + CASH_WAIT_MS)
    return _put(unit, order)


def cash_arrived(unit: Unit, order: Order) -> Order:
    """The open cash leg of L19 is paid after all: ``setlType`` is ALL from now on. Otherwise nothing changes."""
    if cash_still_due(order):
        order = replace(order, cash_taken_fen=_split(order).cash_fen, setl_type="ALL", due_ms=0)
    return _put(unit, order)


def cash_still_due(order: Order) -> bool:
    """Whether insurance paid first and the cash leg is open (L19)."""
    return bool(
        order.ord_stas in PAID and order.insurance_taken and not order.cash_taken_fen and _split(order).cash_fen
    )  # fmt: skip


def _settle_or_fail(unit: Unit, order: Order) -> Order:
    trouble = unit.trouble("confirm", "6202", pay_ord_id=order.pay_ord_id)
    if trouble == "core_silent" and _split(order).insured_fen:
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
    if order.held:
        return ""
    wanted = split.sources(order.psn_no, unit.city.admdvs)
    if any(unit.balance(account) < fen for account, fen in wanted if fen and not account.startswith("pool:")):
        return "balance_gone"
    now = benefit.pooled(
        unit, psn_no=order.psn_no, insutype=order.bill.insutype, med_type=order.bill.med_type, place=benefit.ONLINE,
        scope_fen=split.total("inscp_scp_fen"),
    )  # fmt: skip
    if not benefit.stands(split.pooled, now):
        return "benefit_changed"
    return "trace_gone" if trace_rules.bill_objection(unit, order.bill) else ""


def book(unit: Unit, order: Order) -> Order:
    """L10, L17: PAY, the settlement record, the right to reverse, and the notice that is now owed."""
    if order.held:
        transfer = bookings.pay_held(unit, order.pay_ord_id, _split(order), org=order.org_codg)
    else:
        transfer = bookings.pay(unit, order.pay_ord_id, _split(order), psn_no=order.psn_no, org=order.org_codg)
    return _booked(unit, replace(order, held=False), transfer)


def _booked(unit: Unit, order: Order, transfer: Transfer) -> Order:
    split = _split(order)
    settlement = Settlement(
        setl_id=new_setl_id(unit), mdtrt_id=order.mdtrt_id, medins_setl_id=order.pay_ord_id,
        medins_key=f"centre/{order.pay_ord_id}", org_day=bookings.org_day(unit, order.org_codg), psn_no=order.psn_no,
        bill=order.bill, split=split, at_ms=unit.now_ms, transfer_id=transfer.transfer_id, origin="centre",
        app_id=order.app_id, infno="6202", clr_optins=person_by(unit, order.psn_no).insuplc_admdvs,
    )  # fmt: skip
    unit.put(settlement)
    trace_rules.sell_bill(unit, settlement)
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
    order = release(unit, order)
    stuck = cash_sticks and order.cash_taken_fen > 0
    if not stuck:
        desk.return_all(unit, order.pay_ord_id)
    event = "refuse_cash_stuck" if stuck else "refuse"
    if order.ord_stas == ABNORMAL:
        event = "core_denies_cash_stuck" if stuck else "core_denies"
    return _put(
        unit, replace(order, ord_stas=next_state(order.ord_stas, event), reason=reason, due_ms=0, auto_ms=0,
                      cash_back_fen=0 if stuck else order.cash_taken_fen)
    )  # fmt: skip


def _in_doubt(unit: Unit, order: Order) -> Order:
    """L16: the core is silent; the centre holds the money in suspense until it learns more."""
    order = hold(unit, order)
    return _put(unit, replace(order, ord_stas=next_state(order.ord_stas, "silent"), due_ms=0, auto_ms=0))


def hold(unit: Unit, order: Order) -> Order:
    """HOLD: what insurance will pay goes into suspense, once."""
    if order.held or not _split(order).insured_fen:
        return order
    bookings.hold(unit, order.pay_ord_id, _split(order), psn_no=order.psn_no, org=order.org_codg)
    return replace(order, held=True)


def release(unit: Unit, order: Order) -> Order:
    """RELEASE: what was held goes back to its sources; nothing where nothing is held."""
    if not order.held:
        return order
    bookings.release(unit, order.pay_ord_id, _split(order), psn_no=order.psn_no, org=order.org_codg)
    return replace(order, held=False)


def resolve(unit: Unit, order: Order, *, settled: bool) -> Order:
    """L17, L18: the core is heard again about an order in state 14.

    Raises:
        Refusal: ``order_not_waiting``.
    """
    if order.ord_stas != ABNORMAL:
        raise Refusal("order_not_waiting", "payOrdId", ord_stas=order.ord_stas)
    if not settled:
        trouble = unit.trouble("confirm", "6202", pay_ord_id=order.pay_ord_id)
        return _fail(unit, order, "core_refused", cash_sticks=trouble == "cash_return_fails")
    return book(unit, replace(order, ord_stas=next_state(order.ord_stas, "core_confirms")))


def give_back(unit: Unit, order: Order, *, setl_id: str = "", part: Split | None = None) -> Order:
    """BACK: the exact mirror of what insurance paid, source by source, with a negative settlement of its own time.

    ``setl_id``: of the negative settlement, where it was told already (``hiFefdSn`` of 6203). ``part``: of
    ``insurance_left``, where not all of it goes back.
    """
    paid, left = unit.get(Settlement, order.setl_id), insurance_left(order)
    assert paid is not None
    part = part or left
    transfer = bookings.give_back(unit, order.pay_ord_id, part, psn_no=order.psn_no, org=order.org_codg)
    unit.put(
        replace(paid, setl_id=setl_id or new_setl_id(unit), sign=-1, at_ms=unit.now_ms, medins_key="", infno="6203",
                transfer_id=transfer.transfer_id, org_day=bookings.org_day(unit, order.org_codg), split=part,
                refers_to=paid.setl_id)
    )  # fmt: skip
    if part != left:
        return replace(order, parts_back=(*order.parts_back, part))
    unit.put(replace(paid, stas="cancelled"))
    return replace(order, insurance_back_ms=unit.now_ms, due_ms=0)


def insurance_left(order: Order) -> Split:
    """What of the insurance money has not gone back yet."""
    return rest(_split(order), order.parts_back)


def _split(order: Order) -> Split:
    assert order.split is not None
    return order.split


def _put(unit: Unit, order: Order) -> Order:
    unit.put(order)
    return order
