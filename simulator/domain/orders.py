"""6201, 6202 and 6401: a payment order from upload to the frozen split (order-life.md L01–L06)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.domain import bill as bills
from simulator.domain import prescriptions
from simulator.domain.benefit import ONLINE
from simulator.domain.bill import Bill
from simulator.domain.consent import EcToken, check_consent, person_by, spend_consent, spend_token, use_token
from simulator.domain.moment import stamp14
from simulator.domain.order_record import Order
from simulator.domain.order_steps import DEAD, INSURANCE_PAID, PRESETTLED, SAVED, WITHDRAWN, allow, next_state
from simulator.domain.payment import book, hold, release
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Institution, Person
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import new_mdtrt_id
from simulator.domain.trace_rules import check_bill

PHARMACY_SCAN = ("02121", "01301")
"""Business types a token may have been read for when medicine is bought."""
ONLINE_SCAN = (*PHARMACY_SCAN, "03132")
"""And for placing the order: settlement in an app (online-payment 12.9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What 6201 says, parsed."""

    app_id: str
    bill: Bill
    med_org_ord: str
    id_no: str
    user_name: str
    id_type: str
    mdtrt_id: str
    ipt_otp_no: str
    fee_type: str
    chrg_bchno: str
    pay_auth_no: str
    ec_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What 6202 says, parsed."""

    pay_ord_id: str
    pay_token: str
    org_codg: str
    org_biz_ser: str
    pay_auth_no: str
    chrg_bchno: str
    mdtrt_id: str
    acct_used_flag: str
    ec_auth_code: str = ""
    ec_chnl_app_id: str = ""
    ec_chnl_user_id: str = ""


def upload(unit: Unit, asked: Upload) -> Order:
    """L01: check the basket, open an order in state 0 (or return the one that stands, 9.2).

    Raises:
        Refusal: of the institution, the person, the basket, the consent, or ``med_org_ord_changed`` /
            ``med_org_ord_used``.
    """
    institution = shop(unit, asked.bill.fixmedins_code, online=True)
    person = buyer(unit, asked)
    bills.check_amounts(asked.bill, total_field="medfeeSumamt", line_field="detItemFeeSumamt", serial_field="feedetlSn")
    goods(unit, asked.bill, asked.fee_type)
    content = _content(asked)
    standing = _standing(unit, asked, content)
    if standing:
        return standing
    check_bill(unit, asked.bill, field="extData", duty=unit.switches.trace_before == "settle")
    _check_permission(unit, asked, person)
    order = _opened(unit, asked, institution, content)
    if unit.switches.consent_spent_by == "6201" and asked.pay_auth_no:
        _spend(unit, order, asked.pay_auth_no)
    unit.put(order)
    return order


def shop(unit: Unit, fixmedins_code: str, *, online: bool) -> Institution:
    """The institution, if it may sell on insurance now.

    Raises:
        Refusal: ``unknown_institution``, ``institution_suspended``, ``institution_not_online``.
    """
    institution = unit.get(Institution, fixmedins_code)
    field = "orgCodg" if online else "fixmedins_code"
    if institution is None:
        raise Refusal("unknown_institution", field, value=fixmedins_code)
    if institution.suspended:
        raise Refusal("institution_suspended", field, name=institution.fixmedins_name)
    if online and not institution.online:
        raise Refusal("institution_not_online", field, name=institution.fixmedins_name, city=unit.city.name_zh)
    return institution


def goods(unit: Unit, bill: Bill, fee_type: str) -> dict[str, Drug]:
    """The medicines of a basket, if they may be bought so now.

    Raises:
        Refusal: of the catalogue, and online of the prescriptions behind prescription medicine.
    """
    online = fee_type == "07"
    catalogue = bills.drugs(unit, bill, online=online, field_name="medListCodg")
    if online:
        prescriptions.check_bill(unit, bill, catalogue)
    return catalogue


def entitled(unit: Unit, person: Person, insutype: str, field: str) -> Person:
    """The person, if insured here and now under that insurance type.

    Raises:
        Refusal: ``insutype_wrong``, ``not_insured``, ``foreign_person``.
    """
    if insutype != person.insutype:
        raise Refusal("insutype_wrong", "insutype", value=insutype)
    if person.psn_insu_stas != "1":
        raise Refusal("not_insured", field)
    if not unit.city.settle_for_outsiders and person.insuplc_admdvs[:2] != unit.city.admdvs[:2]:
        raise Refusal("foreign_person", field, city=unit.city.name_zh)
    return person


def buyer(unit: Unit, asked: Upload) -> Person:
    """The person a 6201 names by number and identity together."""
    person = unit.get(Person, asked.bill.psn_no)
    if person is None:
        raise Refusal("unknown_person", "psnNo", value=asked.bill.psn_no)
    if (asked.id_no, asked.user_name) != (person.certno, person.psn_name):
        raise Refusal("identity_mismatch", "idNo")
    return entitled(unit, person, asked.bill.insutype, "psnNo")


def place(unit: Unit, order: Order, asked: Placing) -> Order:
    """L02, L03: freeze a split for the person to confirm; with ``settle_at`` = order it is settled at once.

    Raises:
        Refusal: ``cashier_mode``, of the order's state, the token, the serial, the consent, ``cash_impossible``.
    """
    _check_order(order, asked)
    if _replayed(unit, order, asked):
        return replace(order, ord_stas=INSURANCE_PAID if unit.switches.settle_at == "order" else PRESETTLED)
    _check_placing(unit, order, asked)
    person = person_by(unit, order.psn_no)
    use_permission = _permission(unit, order, asked, person)
    bill = replace(order.bill, acct_used_flag=asked.acct_used_flag) if asked.acct_used_flag else order.bill
    biz_sers = (*order.biz_sers, asked.org_biz_ser)
    order = replace(
        order, bill=bill, biz_sers=biz_sers, pay_auth_no=asked.pay_auth_no or order.pay_auth_no,
        ec_token=order.ec_token or asked.ec_auth_code,
    )  # fmt: skip
    order = freeze(unit, order, person)
    use_permission()
    return book(unit, order) if unit.switches.settle_at == "order" else order


def freeze(unit: Unit, order: Order, person: Person) -> Order:
    """Split the bill as of now and hold on to it; an older split is void, and so is what was held for it (L03).

    The ecToken it was uploaded with is spent on it.

    Raises:
        Refusal: of the basket, ``cash_impossible``.
    """
    order = release(unit, order)
    catalogue = goods(unit, order.bill, order.fee_type)
    split = bills.split(unit, order.bill, person, catalogue, place=ONLINE)
    at_once = unit.switches.settle_at == "order"
    if at_once and split.cash_fen:
        raise Refusal("cash_impossible", "payOrdId", cash_fen=split.cash_fen)
    token = unit.get(EcToken, order.ec_token) if order.ec_token else None
    if token and not token.spent_on:
        spend_token(unit, token, order.pay_ord_id)
    auto = unit.switches.confirm == "auto" and not at_once
    order = replace(
        order, ord_stas=next_state(order.ord_stas, "settle_at_order" if at_once else "presettle"), split=split,
        placed_ms=unit.now_ms, due_ms=unit.now_ms + unit.switches.presettle_ms,
        auto_ms=unit.now_ms + 1 if auto else 0,
    )  # fmt: skip
    if unit.switches.hold_at_6202 and not at_once:
        order = hold(unit, order)
    unit.put(order)
    return order


def _check_order(order: Order, asked: Placing) -> None:
    if (asked.pay_token, asked.org_codg) != (order.pay_token, order.org_codg):
        raise Refusal("unknown_order", "payOrdId")


def _replayed(unit: Unit, order: Order, asked: Placing) -> bool:
    """Whether this is the latest 6202 once more and the switch answers it again (9.3)."""
    if unit.switches.repeat_biz_ser != "replay" or asked.org_biz_ser not in order.biz_sers[-1:]:
        return False
    flag = asked.acct_used_flag or order.bill.acct_used_flag
    auth = asked.pay_auth_no or order.pay_auth_no
    return (auth, flag) == (order.pay_auth_no, order.bill.acct_used_flag)


def _permission(unit: Unit, order: Order, asked: Placing, person: Person) -> Callable[[], None]:
    """What spends the consent behind a 6202, now that it was found good: payAuthNo, or the e-voucher's own triple."""
    if asked.pay_auth_no:
        consent = check_consent(
            unit, asked.pay_auth_no, psn_no=order.psn_no, app_id=order.app_id, org_codg=order.org_codg,
            order=order.pay_ord_id,
        )  # fmt: skip
        return lambda: spend_consent(unit, consent, order.pay_ord_id)
    if asked.ec_chnl_app_id != order.app_id:
        raise Refusal("consent_app", "ecChnlAppId")
    if asked.ec_chnl_user_id != person.ec_user_id:
        raise Refusal("consent_foreign", "ecChnlUserId")
    token = use_token(
        unit, asked.ec_auth_code, person=person, org_codg=order.org_codg, types=ONLINE_SCAN, field="ecAuthCode",
        order=order.pay_ord_id,
    )  # fmt: skip
    return lambda: spend_token(unit, token, order.pay_ord_id)


def _check_placing(unit: Unit, order: Order, asked: Placing) -> None:
    if unit.switches.mode == "cashier":
        raise Refusal("cashier_mode", "payOrdId")
    allow("6202", order.ord_stas)
    if asked.org_biz_ser in order.biz_sers or asked.org_biz_ser == order.med_org_ord:
        raise Refusal("biz_ser_used", "orgBizSer", value=asked.org_biz_ser)
    if asked.chrg_bchno and asked.chrg_bchno != order.chrg_bchno:
        raise Refusal("chrg_bchno_differs", "chrgBchno", value=asked.chrg_bchno)
    if asked.mdtrt_id and asked.mdtrt_id != order.mdtrt_id:
        raise Refusal("mdtrt_id_differs", "mdtrtId", value=asked.mdtrt_id)
    shop(unit, order.org_codg, online=True)
    entitled(unit, person_by(unit, order.psn_no), order.bill.insutype, "payOrdId")


def withdraw(unit: Unit, order: Order) -> Order:
    """L04: 6401 before payment; on a withdrawn order it succeeds without effect, or is refused by switch (9.13).

    Raises:
        Refusal: of the order's state, ``already_withdrawn``.
    """
    allow("6401", order.ord_stas)
    if order.ord_stas == WITHDRAWN and unit.switches.repeat_revoke == "refuse":
        raise Refusal("already_withdrawn", "payOrdId")
    return order if order.ord_stas == WITHDRAWN else dropped(unit, order, "withdraw")


def dropped(unit: Unit, order: Order, event: str) -> Order:
    """L04, L05, L06: nothing was paid and nothing will be."""
    order = release(unit, order)
    order = replace(order, ord_stas=next_state(order.ord_stas, event), due_ms=0, auto_ms=0)
    unit.put(order)
    return order


def _content(asked: Upload) -> str:
    lines = [(line.feedetl_sn, line.med_list_codg, line.cnt, line.pric, line.amount_fen) for line in asked.bill.lines]
    told = (
        asked.bill.psn_no,
        asked.bill.insutype,
        asked.bill.med_type,
        asked.bill.total_fen,
        asked.fee_type,
        lines,
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _standing(unit: Unit, asked: Upload, content: str) -> Order | None:
    """The order an equal 6201 already opened, if it still stands (9.2)."""
    rule = unit.switches.repeat_med_org_ord
    earlier = unit.find(Order, "org_ord", f"{asked.bill.fixmedins_code}/{asked.med_org_ord}")
    if not earlier or rule == "second":
        return None
    last = earlier[-1]
    if rule == "refuse":
        raise Refusal("med_org_ord_used", "medOrgOrd", value=asked.med_org_ord, ord_stas=last.ord_stas)
    if last.ord_stas in DEAD:
        return None
    if last.app_id != asked.app_id or last.ord_stas not in (SAVED, PRESETTLED):
        raise Refusal("med_org_ord_used", "medOrgOrd", value=asked.med_org_ord, ord_stas=last.ord_stas)
    if last.content != content:
        raise Refusal("med_org_ord_changed", "medOrgOrd", value=asked.med_org_ord)
    return last


def _check_permission(unit: Unit, asked: Upload, person: Person) -> None:
    if asked.pay_auth_no:
        check_consent(
            unit,
            asked.pay_auth_no,
            psn_no=person.psn_no,
            app_id=asked.app_id,
            org_codg=asked.bill.fixmedins_code,
        )
    else:
        use_token(
            unit,
            asked.ec_token,
            person=person,
            org_codg=asked.bill.fixmedins_code,
            types=PHARMACY_SCAN,
            field="ecToken",
        )


def _spend(unit: Unit, order: Order, pay_auth_no: str) -> None:
    consent = check_consent(
        unit,
        pay_auth_no,
        psn_no=order.psn_no,
        app_id=order.app_id,
        org_codg=order.org_codg,
        order=order.pay_ord_id,
    )
    spend_consent(unit, consent, order.pay_ord_id)


def _opened(unit: Unit, asked: Upload, institution: Institution, content: str) -> Order:
    auto = unit.switches.confirm == "auto" and unit.switches.mode == "cashier"
    number = unit.next_number("pay_ord_id")
    pay_ord_id = f"ORD{unit.city.admdvs}{stamp14(unit.now_ms)}{number:07d}"
    return Order(
        pay_ord_id=pay_ord_id, pay_token=f"TKN{unit.token(f'pay/{pay_ord_id}', 32)}",
        ord_stas=next_state("", "upload"), app_id=asked.app_id, org_codg=institution.fixmedins_code,
        org_name=institution.fixmedins_name, med_org_ord=asked.med_org_ord,
        org_ord=f"{institution.fixmedins_code}/{asked.med_org_ord}", psn_no=asked.bill.psn_no, id_no=asked.id_no,
        user_name=asked.user_name, id_type=asked.id_type, mdtrt_id=asked.mdtrt_id or new_mdtrt_id(unit),
        ipt_otp_no=asked.ipt_otp_no, fee_type=asked.fee_type, chrg_bchno=asked.chrg_bchno, bill=asked.bill,
        content=content, created_ms=unit.now_ms, due_ms=unit.now_ms + unit.switches.upload_ms,
        pay_auth_no=asked.pay_auth_no, ec_token=asked.ec_token, auto_ms=unit.now_ms + 1 if auto else 0,
    )  # fmt: skip
