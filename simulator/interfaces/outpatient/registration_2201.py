"""2201: a visit is registered."""

from simulator.domain.baskets import text
from simulator.domain.counter import Claim
from simulator.domain.outpatient import register
from simulator.domain.ports import Unit
from simulator.domain.settlement_record import new_mdtrt_id
from simulator.domain.visits import Visit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The id under which everything else of the visit is told."""
    asked = call.node("data")
    claim = Claim(
        fixmedins_code=call.org_codg, psn_no=text(asked, "psn_no"), insutype=text(asked, "insutype"),
        mdtrt_cert_type=text(asked, "mdtrt_cert_type"), mdtrt_cert_no=text(asked, "mdtrt_cert_no"),
        certno=text(asked, "certno"), psn_name=text(asked, "psn_name"),
    )  # fmt: skip
    visit = Visit(
        mdtrt_id=new_mdtrt_id(unit), psn_no=claim.psn_no, fixmedins_code=call.org_codg, insutype=claim.insutype,
        ipt_otp_no=text(asked, "ipt_otp_no"), begntime=text(asked, "begntime"), mdtrt_cert_type=claim.mdtrt_cert_type,
        dept_code=text(asked, "dept_code"), dept_name=text(asked, "dept_name"), caty=text(asked, "caty"),
        atddr_no=text(asked, "atddr_no"), dr_name=text(asked, "dr_name"), registered_ms=unit.now_ms,
    )  # fmt: skip
    visit = register(unit, claim, visit)
    told = {"mdtrt_id": visit.mdtrt_id, "psn_no": visit.psn_no, "ipt_otp_no": visit.ipt_otp_no}
    return {"data": {**told, unit.switches.ext_field: ""}}
