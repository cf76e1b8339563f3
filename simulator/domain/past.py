"""What 5201, 5203 and 5204 may show of the past: one institution's own visits and settlements, nobody else's (7.1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.domain.date_range import days
from simulator.domain.order_record import Order
from simulator.domain.order_steps import WITHDRAWN
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement
from simulator.domain.visits import Visit

PURCHASE = "2102"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisit:
    """A person's visit to an institution; a purchase is one too. ``end_ms`` is when it was settled, if it was."""

    mdtrt_id: str
    psn_no: str
    insutype: str
    med_type: str
    begin_ms: int
    end_ms: int
    ipt_otp_no: str = ""
    mdtrt_cert_type: str = ""
    dise_codg: str = ""
    dise_name: str = ""


def visits(unit: Unit, org: str, psn_no: str, first_ms: int, last_ms: int) -> list[PastVisit]:
    """Visits that began in a range, earliest first: what was registered, ordered, or bought over the counter.

    What 2601 reversed or 6401 withdrew is not there (9.3, L04); what was cancelled or refunded still is.
    """
    found = {visit.mdtrt_id: visit for visit in _bought(unit, org, psn_no, first_ms, last_ms)}
    found |= {visit.mdtrt_id: visit for visit in (*_ordered(unit, org, psn_no), *_registered(unit, org, psn_no))}
    inside = (visit for visit in found.values() if first_ms <= visit.begin_ms <= last_ms)
    return sorted(inside, key=lambda visit: visit.begin_ms)


def _bought(unit: Unit, org: str, psn_no: str, first_ms: int, last_ms: int) -> Iterator[PastVisit]:
    for day in days(first_ms, last_ms):
        for paid in unit.find(Settlement, "org_day", f"{org}/{day}"):
            if paid.psn_no == psn_no and paid.infno == PURCHASE and paid.stas != "reversed":
                yield PastVisit(
                    mdtrt_id=paid.mdtrt_id, psn_no=psn_no, insutype=paid.bill.insutype, med_type=paid.bill.med_type,
                    begin_ms=paid.at_ms, end_ms=paid.at_ms,
                )  # fmt: skip


def _ordered(unit: Unit, org: str, psn_no: str) -> Iterator[PastVisit]:
    for order in unit.find(Order, "psn_no", psn_no):
        if order.org_codg == org and order.ord_stas != WITHDRAWN:
            yield PastVisit(
                mdtrt_id=order.mdtrt_id, psn_no=psn_no, insutype=order.bill.insutype, med_type=order.bill.med_type,
                begin_ms=order.created_ms, end_ms=order.paid_ms or order.created_ms, ipt_otp_no=order.ipt_otp_no,
            )  # fmt: skip


def _registered(unit: Unit, org: str, psn_no: str) -> Iterator[PastVisit]:
    for visit in unit.find(Visit, "psn_no", psn_no):
        if visit.fixmedins_code == org:
            settled = (
                paid.at_ms for paid in unit.find(Settlement, "mdtrt_id", visit.mdtrt_id) if paid.stas != "reversed"
            )
            yield PastVisit(
                mdtrt_id=visit.mdtrt_id, psn_no=psn_no, insutype=visit.insutype, med_type=visit.med_type,
                begin_ms=visit.registered_ms, end_ms=max(settled, default=visit.registered_ms),
                ipt_otp_no=visit.ipt_otp_no, mdtrt_cert_type=visit.mdtrt_cert_type, dise_codg=visit.dise_codg,
                dise_name=visit.dise_name,
            )  # fmt: skip


def settlement_of(unit: Unit, org: str, *, setl_id: str, mdtrt_id: str, psn_no: str) -> Settlement:
    """A settlement or its cancellation, named by all three ids.

    Raises:
        Refusal: ``unknown_settlement``, also for another institution's and for a reversed one.
    """
    paid = unit.get(Settlement, setl_id)
    told = (org, mdtrt_id, psn_no)
    if paid is None or paid.stas == "reversed" or told != (paid.bill.fixmedins_code, paid.mdtrt_id, paid.psn_no):
        raise Refusal("unknown_settlement", "setl_id", value=setl_id)
    return paid
