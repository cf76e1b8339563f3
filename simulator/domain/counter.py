"""The counter rail: 2101, 2102, 2103 and 2601 (institution-interfaces.md 4, 9; order-life 9.14)."""

from dataclasses import dataclass, replace

from simulator.domain import bill as bills
from simulator.domain import bookings, trace_rules
from simulator.domain.benefit import COUNTER
from simulator.domain.bill import Bill, Split
from simulator.domain.consent import EcToken, spend_token, use_token
from simulator.domain.ledger import Transfer
from simulator.domain.messages import bury
from simulator.domain.order_record import Order
from simulator.domain.order_steps import next_state
from simulator.domain.orders import PHARMACY_SCAN, entitled, shop
from simulator.domain.ports import Unit
from simulator.domain.records import Person
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement, new_mdtrt_id, new_setl_id

REVERSIBLE = ("2102", "2207", "2304", "2401")
"""What 2601 reaches, as the provincial edition prints it (section 9.2)."""
CANCELLED_BY = {"2102": "2103", "2207": "2208"}
"""Each settlement has a cancellation of its own (4.3, 4.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who a message of a shop says is there, and what that person shows; certno and psn_name may be empty."""

    fixmedins_code: str
    psn_no: str
    insutype: str
    mdtrt_cert_type: str
    mdtrt_cert_no: str
    certno: str
    psn_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What 2101 and 2102 say, parsed."""

    bill: Bill
    mdtrt_cert_type: str
    mdtrt_cert_no: str
    certno: str
    psn_name: str

    @property
    def claim(self) -> Claim:
        """The buyer's side of it."""
        return Claim(
            fixmedins_code=self.bill.fixmedins_code, psn_no=self.bill.psn_no, insutype=self.bill.insutype,
            mdtrt_cert_type=self.mdtrt_cert_type, mdtrt_cert_no=self.mdtrt_cert_no, certno=self.certno,
            psn_name=self.psn_name,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A bill split as of now, with the visit it was registered under."""

    person: Person
    split: Split
    mdtrt_id: str
    token: EcToken | None


def quote(unit: Unit, sale: Sale) -> Quote:
    """2101: split without moving money.

    Raises:
        Refusal: of the institution, the person, the certificate, the basket.
    """
    person, token = admitted(unit, sale.claim)
    bills.check_amounts(
        sale.bill, total_field="medfee_sumamt", line_field="det_item_fee_sumamt", serial_field="feedetl_sn"
    )
    catalogue = bills.drugs(unit, sale.bill, online=False, field_name="med_list_codg")
    return Quote(
        person=person,
        split=bills.split(unit, sale.bill, person, catalogue, place=COUNTER),
        mdtrt_id=new_mdtrt_id(unit),
        token=token,
    )


def admitted(unit: Unit, claim: Claim) -> tuple[Person, EcToken | None]:
    """The insured person at the counter of an open shop, with the e-voucher token that was shown, if it was one.

    Raises:
        Refusal: of the institution, the person, the certificate.
    """
    shop(unit, claim.fixmedins_code, online=False)
    person = unit.get(Person, claim.psn_no)
    if person is None:
        raise Refusal("unknown_person", "psn_no", value=claim.psn_no)
    if (claim.certno or person.certno, claim.psn_name or person.psn_name) != (person.certno, person.psn_name):
        raise Refusal("identity_mismatch", "certno")
    entitled(unit, person, claim.insutype, "psn_no")
    return person, certified(unit, claim, person)


def certified(unit: Unit, claim: Claim, person: Person) -> EcToken | None:
    """The certificate shown belongs to the person: e-voucher token, id number or card.

    Raises:
        Refusal: of the token, ``certificate_mismatch``.
    """
    field = "mdtrt_cert_no"
    if claim.mdtrt_cert_type == "01":
        return use_token(
            unit,
            claim.mdtrt_cert_no,
            person=person,
            org_codg=claim.fixmedins_code,
            types=PHARMACY_SCAN,
            field=field,
        )
    if claim.mdtrt_cert_no != (person.certno if claim.mdtrt_cert_type == "02" else person.card_no):
        raise Refusal("certificate_mismatch", field)
    return None


def settle(unit: Unit, sale: Sale, *, app_id: str, msgid: str) -> tuple[Quote, Settlement]:
    """2102: split and pay in one step.

    Raises:
        Refusal: as ``quote``, and of the trace codes.
    """
    quoted = quote(unit, sale)
    trace_rules.check_bill(unit, sale.bill)
    return quoted, book(unit, quoted, sale.bill, app_id=app_id, msgid=msgid)


def book(
    unit: Unit, quoted: Quote, bill: Bill, *, app_id: str, msgid: str, infno: str = "2102", clr_type: str = "41"
) -> Settlement:
    """Pay a quoted bill and keep the settlement; the certificate's token is spent on it."""
    org = bill.fixmedins_code
    setl_id = new_setl_id(unit)
    transfer = bookings.pay(unit, setl_id, quoted.split, psn_no=quoted.person.psn_no, org=org)
    settlement = Settlement(
        setl_id=setl_id, mdtrt_id=quoted.mdtrt_id, medins_setl_id=msgid, medins_key=f"{org}/{msgid}",
        org_day=bookings.org_day(unit, org), psn_no=quoted.person.psn_no, bill=bill, split=quoted.split,
        at_ms=unit.now_ms, transfer_id=transfer.transfer_id, app_id=app_id, infno=infno, clr_type=clr_type,
        clr_optins=quoted.person.insuplc_admdvs,
    )  # fmt: skip
    unit.put(settlement)
    trace_rules.sell_bill(unit, settlement)
    if quoted.token:
        spend_token(unit, quoted.token, settlement.setl_id)
    return settlement


def cancel(
    unit: Unit, *, org: str, setl_id: str, mdtrt_id: str, psn_no: str, msgid: str, app_id: str, infno: str = "2103"
) -> Settlement:
    """2103, 2208: take a known settlement back; the answer is a new, negative record.

    Raises:
        Refusal: ``unknown_settlement``, ``settlement_over``, ``centre_settlement``, ``wrong_cancel``.
    """
    paid = unit.get(Settlement, setl_id)
    known = paid is not None and (paid.mdtrt_id, paid.psn_no, paid.bill.fixmedins_code) == (
        mdtrt_id,
        psn_no,
        org,
    )
    if paid is None or not known or paid.sign < 0:
        raise Refusal("unknown_settlement", "setl_id", value=setl_id)
    if paid.stas != "live":
        raise Refusal("settlement_over", "setl_id", value=setl_id)
    if paid.origin == "centre" and unit.switches.counter_refund == "refuse":
        raise Refusal("centre_settlement", "setl_id", value=setl_id)
    if paid.origin == "counter" and CANCELLED_BY[paid.infno] != infno:
        raise Refusal("wrong_cancel", "setl_id", value=setl_id, infno=paid.infno, by=CANCELLED_BY[paid.infno])
    if paid.origin == "centre" and _behind(unit, paid).parts_back:
        raise Refusal("settlement_over", "setl_id", value=setl_id)
    transfer = _take_back(unit, paid)
    negative = replace(
        paid, setl_id=new_setl_id(unit), sign=-1, at_ms=unit.now_ms, transfer_id=transfer.transfer_id,
        refers_to=setl_id, org_day=bookings.org_day(unit, org), medins_setl_id=msgid, medins_key=f"{org}/{msgid}",
        infno=infno, app_id=app_id,
    )  # fmt: skip
    if paid.origin == "centre":
        _order_cancelled(unit, paid)
    unit.put(replace(paid, stas="cancelled"))
    unit.put(negative)
    return negative


def reverse(unit: Unit, *, org: str, omsgid: str, oinfno: str, psn_no: str) -> Settlement | None:
    """2601: undo what the institution itself sent and never learned the outcome of; no record of its own remains.

    None means the original was never seen: a tombstone now keeps it out, and the caller must still refuse.

    Raises:
        Refusal: ``not_reversible``, ``settlement_over``.
    """
    if oinfno not in REVERSIBLE:
        raise Refusal("not_reversible", "oinfno", value=oinfno)
    for paid in unit.find(Settlement, "medins_key", f"{org}/{omsgid}"):
        if paid.psn_no != psn_no or paid.infno != oinfno:
            raise Refusal("original_unknown", "omsgid", value=omsgid)
        if paid.stas != "live":
            raise Refusal("settlement_over", "omsgid", value=omsgid)
        _take_back(unit, paid)
        unit.put(replace(paid, stas="reversed"))
        return paid
    if unit.switches.tombstone:
        bury(unit, org, omsgid)
    return None


def _take_back(unit: Unit, paid: Settlement) -> Transfer:
    ref = paid.medins_setl_id if paid.origin == "centre" else paid.setl_id
    return bookings.give_back(unit, ref, paid.split, psn_no=paid.psn_no, org=paid.bill.fixmedins_code)


def _order_cancelled(unit: Unit, paid: Settlement) -> None:
    """L50: the order behind a centre settlement is refunded without any notice."""
    order = _behind(unit, paid)
    event = "hi" if order.cash_open_fen else "hi_last"
    unit.put(replace(order, ord_stas=next_state(order.ord_stas, event), insurance_back_ms=unit.now_ms))


def _behind(unit: Unit, paid: Settlement) -> Order:
    """The payment order of a centre settlement."""
    order = unit.get(Order, paid.medins_setl_id)
    assert order is not None
    return order
