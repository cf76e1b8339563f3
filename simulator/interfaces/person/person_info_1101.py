"""1101: who a person is, how insured, and the balance of the personal account."""

from schemas.amount import to_text
from simulator.domain import ledger
from simulator.domain.baskets import text
from simulator.domain.bill import age_years
from simulator.domain.certificates import shown
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The person behind the certificate; identity fields, when sent, must agree with the register."""
    asked = call.node("data")
    person = shown(
        unit,
        str(asked["mdtrt_cert_type"]),
        str(asked["mdtrt_cert_no"]),
        app_id=call.channel.app_id,
        org_codg=call.org_codg,
    )
    told = (text(asked, "certno") or person.certno, text(asked, "psn_name") or person.psn_name)
    if told != (person.certno, person.psn_name):
        raise Refusal("identity_mismatch", "certno")
    return {
        "baseinfo": {
            "psn_no": person.psn_no, "psn_cert_type": person.psn_cert_type, "certno": person.certno,
            "psn_name": person.psn_name, "gend": person.gend, "naty": person.naty, "brdy": person.brdy,
            "age": str(age_years(person, unit.now_ms)),
        },
        "insuinfo": [
            {
                "balc": to_text(unit.balance(ledger.own(person.psn_no))), "insutype": person.insutype,
                "psn_type": person.psn_type, "psn_insu_stas": person.psn_insu_stas,
                "cvlserv_flag": person.cvlserv_flag, "insuplc_admdvs": person.insuplc_admdvs,
                "emp_name": person.emp_name,
            }
        ],
        "idetinfo": [],
    }  # fmt: skip
