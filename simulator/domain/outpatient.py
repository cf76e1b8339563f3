"""The outpatient chain at a pharmacy: 2201, 2203A, 2204, 2205, 2206, 2207, 2208 (institution-interfaces.md 4.6).

House: the order of the steps is enforced, a batch is uploaded whole and settled whole, a cancelled settlement takes its
fee lines with it (4.3), a reversed one leaves them uploaded as if 2207 had never come (9.3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from simulator.domain import bill as bills
from simulator.domain import counter
from simulator.domain.benefit import OUTPATIENT
from simulator.domain.bill import Bill, Line, Split
from simulator.domain.consent import person_by
from simulator.domain.counter import Claim, Quote
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal
from simulator.domain.scans import Scan
from simulator.domain.settlement_record import Settlement
from simulator.domain.trace_rules import check_bill
from simulator.domain.visits import (
    ALL_BATCHES,
    SETTLED,
    UPLOADED,
    WITHDRAWN,
    Batch,
    Visit,
    batch_key,
    batches,
    completed,
    open_batch,
    visit_of,
)

CLEARED_AS = {"13": "13", "14": "14", "18": "18", "9901": "15"}
"""med_type → clr_type (section 8); everything else clears as ``11``, outpatient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What 2206 and 2207 say, parsed; ``parts`` are the four totals 2207 repeats, by wire name, in fen."""

    claim: Claim
    mdtrt_id: str
    chrg_bchno: str
    med_type: str
    acct_used_flag: str
    total_fen: int
    parts: Mapping[str, int]
    scans: Mapping[str, tuple[Scan, ...]] = field(default_factory=dict)
    """Trace codes of 2207 by ``feedetl_sn`` (3.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The lines of one batch of a 2204."""

    mdtrt_id: str
    psn_no: str
    chrg_bchno: str
    lines: tuple[Line, ...]


def register(unit: Unit, claim: Claim, visit: Visit) -> Visit:
    """2201: the person is there and entitled; the e-voucher is read, not spent (two scans, 9.9).

    Raises:
        Refusal: of the institution, the person, the certificate.
    """
    counter.admitted(unit, claim)
    unit.put(visit)
    return visit


def complete(unit: Unit, visit: Visit) -> None:
    """2203A: what the visit is for; once more replaces it, as long as nothing of it is settled.

    Raises:
        Refusal: ``visit_settled``.
    """
    if any(batch.state == SETTLED for batch in batches(unit, visit.mdtrt_id)):
        raise Refusal("visit_settled", "mdtrt_id", value=visit.mdtrt_id)
    unit.put(visit)


def upload(unit: Unit, org: str, asked: Sequence[Upload]) -> list[tuple[Split, dict[str, Drug]]]:
    """2204: keep the lines of each batch, and say how insurance sees them.

    Raises:
        Refusal: ``unknown_visit``, ``visit_incomplete``, ``batch_reserved``, ``batch_exists``, of the lines.
    """
    return [_keep(unit, completed(visit_of(unit, org, one.mdtrt_id, one.psn_no)), one) for one in asked]


def _keep(unit: Unit, visit: Visit, asked: Upload) -> tuple[Split, dict[str, Drug]]:
    key = batch_key(visit.mdtrt_id, asked.chrg_bchno)
    standing = unit.get(Batch, key)
    if asked.chrg_bchno == ALL_BATCHES:
        raise Refusal("batch_reserved", "chrg_bchno", value=asked.chrg_bchno)
    if standing and standing.state != WITHDRAWN:
        raise Refusal("batch_exists", "chrg_bchno", value=asked.chrg_bchno)
    known = {line.feedetl_sn for batch in batches(unit, visit.mdtrt_id) for line in batch.lines}
    for line in asked.lines:
        if line.feedetl_sn in known:
            raise Refusal("duplicate_line", "feedetl_sn", serial=line.feedetl_sn)
    bill = _bill(visit, asked.lines, "0", sum(line.amount_fen for line in asked.lines))
    catalogue = _checked(unit, bill)
    unit.put(
        Batch(batch_key=key, mdtrt_id=visit.mdtrt_id, chrg_bchno=asked.chrg_bchno, lines=asked.lines, at_ms=unit.now_ms)
    )
    return bills.split(unit, bill, person_by(unit, visit.psn_no), catalogue), catalogue


def withdraw(unit: Unit, visit: Visit, chrg_bchno: str) -> None:
    """2205: take back a batch that is not settled, or (``0000``) all of them, if any.

    Raises:
        Refusal: ``unknown_batch``, ``batch_settled``.
    """
    if chrg_bchno == ALL_BATCHES:
        chosen = [batch for batch in batches(unit, visit.mdtrt_id) if batch.state == UPLOADED]
    else:
        chosen = [open_batch(unit, visit.mdtrt_id, chrg_bchno)]
    for batch in chosen:
        unit.put(replace(batch, state=WITHDRAWN))


def quote(unit: Unit, asked: Settling) -> tuple[Quote, Bill]:
    """2206: what an uploaded batch would cost, without moving money.

    Raises:
        Refusal: of the institution, the person, the certificate, the visit, the batch, the amounts.
    """
    person, token = counter.admitted(unit, asked.claim)
    visit = completed(visit_of(unit, asked.claim.fixmedins_code, asked.mdtrt_id, person.psn_no))
    if asked.med_type != visit.med_type:
        raise Refusal("visit_mismatch", "med_type", value=asked.med_type, expected=visit.med_type)
    if asked.claim.insutype != visit.insutype:
        raise Refusal("visit_mismatch", "insutype", value=asked.claim.insutype, expected=visit.insutype)
    batch = open_batch(unit, visit.mdtrt_id, asked.chrg_bchno)
    bill = _bill(visit, batch.lines, asked.acct_used_flag, asked.total_fen)
    split = bills.split(unit, bill, person, _checked(unit, bill), place=OUTPATIENT)
    return Quote(person=person, split=split, mdtrt_id=visit.mdtrt_id, token=token), bill


def settle(unit: Unit, asked: Settling, *, app_id: str, msgid: str) -> tuple[Quote, Settlement]:
    """2207: settle an uploaded batch as of now; the totals it repeats must be those of the split.

    Raises:
        Refusal: as ``quote``, ``split_differs``, and of the trace codes.
    """
    quoted, bill = quote(unit, asked)
    for name, (told_fen, due_fen) in _repeated(asked, quoted.split).items():
        if told_fen != due_fen:
            raise Refusal("split_differs", name, fen=told_fen, expected_fen=due_fen)
    bill = replace(bill, lines=tuple(replace(line, scans=asked.scans.get(line.feedetl_sn, ())) for line in bill.lines))
    check_bill(unit, bill)
    settlement = counter.book(
        unit, quoted, bill, app_id=app_id, msgid=msgid, infno="2207", clr_type=clr_type(asked.med_type)
    )
    batch = open_batch(unit, asked.mdtrt_id, asked.chrg_bchno)
    unit.put(replace(batch, state=SETTLED, setl_id=settlement.setl_id))
    return quoted, settlement


def cancel(unit: Unit, *, org: str, setl_id: str, mdtrt_id: str, psn_no: str, msgid: str, app_id: str) -> Settlement:
    """2208: a negative record; the fee lines are withdrawn with the settlement.

    Raises:
        Refusal: as ``counter.cancel``.
    """
    negative = counter.cancel(
        unit, org=org, setl_id=setl_id, mdtrt_id=mdtrt_id, psn_no=psn_no, msgid=msgid, app_id=app_id, infno="2208"
    )
    _turn(unit, setl_id, WITHDRAWN)
    return negative


def reverse(unit: Unit, *, org: str, omsgid: str, oinfno: str, psn_no: str) -> Settlement | None:
    """2601: as ``counter.reverse``; the fee lines of a reversed 2207 wait to be settled again."""
    undone = counter.reverse(unit, org=org, omsgid=omsgid, oinfno=oinfno, psn_no=psn_no)
    if undone is not None:
        _turn(unit, undone.setl_id, UPLOADED)
    return undone


def clr_type(med_type: str) -> str:
    """Under which kind a settlement of the chain is cleared (house: the lists are regional)."""
    return CLEARED_AS.get(med_type, "11")


def _turn(unit: Unit, setl_id: str, state: str) -> None:
    for batch in unit.find(Batch, "setl_id", setl_id):
        unit.put(replace(batch, state=state, setl_id=""))


def _bill(visit: Visit, lines: tuple[Line, ...], acct_used_flag: str, total_fen: int) -> Bill:
    return Bill(
        fixmedins_code=visit.fixmedins_code, psn_no=visit.psn_no, insutype=visit.insutype, med_type=visit.med_type,
        acct_used_flag=acct_used_flag, total_fen=total_fen, lines=lines,
    )  # fmt: skip


def _checked(unit: Unit, bill: Bill) -> dict[str, Drug]:
    bills.check_amounts(bill, total_field="medfee_sumamt", line_field="det_item_fee_sumamt", serial_field="feedetl_sn")
    return bills.drugs(unit, bill, online=False, field_name="med_list_codg")


def _repeated(asked: Settling, split: Split) -> dict[str, tuple[int, int]]:
    due = {
        "fulamt_ownpay_amt": split.total("fulamt_ownpay_fen"), "overlmt_selfpay": split.total("overlmt_fen"),
        "preselfpay_amt": split.total("preselfpay_fen"), "inscp_scp_amt": split.total("inscp_scp_fen"),
    }  # fmt: skip
    return {name: (told_fen, due[name]) for name, told_fen in asked.parts.items()}
