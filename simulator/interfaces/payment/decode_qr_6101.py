"""6101: the counter reads a person's code through the institution's own gateway."""

from simulator.domain.baskets import text
from simulator.domain.consent import decode
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Identity and an ecToken, as ec.query; ``orgId`` must be the institution of the frame.

    House: no register tells an institution's number at the e-voucher platform apart from its code, and the text of the
    code, which a terminal's scanner keeps to itself, comes in ``qrCode``.
    """
    asked = call.node("InData")
    if text(asked, "orgId") != call.org_codg:
        raise Refusal("foreign_institution", "orgId", value=text(asked, "orgId"))
    person, token = decode(unit, text(asked, "qrCode"), call.org_codg, text(asked, "businessType"), field="qrCode")
    return {
        "OutData": {
            "userName": person.psn_name, "idNo": person.certno, "idType": person.psn_cert_type,
            "ecToken": token.ec_token, "insuOrg": person.insuplc_admdvs, "gender": person.gend,
            "birthday": person.brdy,
        }
    }  # fmt: skip
