"""An outpatient visit at a pharmacy: its registration, what is told of it, and its fee lines in batches (4.6)."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.domain.bill import Line
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal

UPLOADED, SETTLED, WITHDRAWN = "uploaded", "settled", "withdrawn"
ALL_BATCHES = "0000"
"""2205: every batch not settled yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What 2201 registered and 2203A completed; ``med_type`` is empty until then."""

    KEY: ClassVar[str] = "mdtrt_id"
    INDEXES: ClassVar[tuple[str, ...]] = ("psn_no",)

    mdtrt_id: str
    psn_no: str
    fixmedins_code: str
    insutype: str
    ipt_otp_no: str
    begntime: str
    mdtrt_cert_type: str
    dept_code: str
    dept_name: str
    caty: str
    atddr_no: str
    dr_name: str
    registered_ms: int
    med_type: str = ""
    dise_codg: str = ""
    dise_name: str = ""
    main_cond_dscr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The fee lines of one charge batch; ``state``: uploaded, settled, withdrawn."""

    KEY: ClassVar[str] = "batch_key"
    INDEXES: ClassVar[tuple[str, ...]] = ("mdtrt_id", "setl_id")

    batch_key: str
    """``mdtrt_id/chrg_bchno``."""
    mdtrt_id: str
    chrg_bchno: str
    lines: tuple[Line, ...]
    at_ms: int
    state: str = UPLOADED
    setl_id: str = ""


def visit_of(unit: Unit, org: str, mdtrt_id: str, psn_no: str) -> Visit:
    """A visit of that person at that institution; any other is as good as unknown.

    Raises:
        Refusal: ``unknown_visit``.
    """
    visit = unit.get(Visit, mdtrt_id)
    if visit is None or (visit.fixmedins_code, visit.psn_no) != (org, psn_no):
        raise Refusal("unknown_visit", "mdtrt_id", value=mdtrt_id)
    return visit


def completed(visit: Visit) -> Visit:
    """The visit, if 2203A came.

    Raises:
        Refusal: ``visit_incomplete``.
    """
    if not visit.med_type:
        raise Refusal("visit_incomplete", "mdtrt_id", value=visit.mdtrt_id)
    return visit


def batches(unit: Unit, mdtrt_id: str) -> list[Batch]:
    """The batches of a visit that were not withdrawn, oldest first."""
    return [batch for batch in unit.find(Batch, "mdtrt_id", mdtrt_id) if batch.state != WITHDRAWN]


def open_batch(unit: Unit, mdtrt_id: str, chrg_bchno: str) -> Batch:
    """A batch that is uploaded and not settled.

    Raises:
        Refusal: ``unknown_batch``, ``batch_settled``.
    """
    batch = unit.get(Batch, batch_key(mdtrt_id, chrg_bchno))
    if batch is None or batch.state == WITHDRAWN:
        raise Refusal("unknown_batch", "chrg_bchno", value=chrg_bchno)
    if batch.state == SETTLED:
        raise Refusal("batch_settled", "chrg_bchno", value=chrg_bchno, setl_id=batch.setl_id)
    return batch


def batch_key(mdtrt_id: str, chrg_bchno: str) -> str:
    """How a batch is found: charge batches are numbered within a visit."""
    return f"{mdtrt_id}/{chrg_bchno}"
