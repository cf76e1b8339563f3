"""ec.query: the counter's scanner reads a person's code, once."""

from simulator.domain.consent import decode
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Identity and an ecToken; the text of the code rides in ``extra`` (house: the scanner keeps it to itself)."""
    person, token = decode(unit, _qr(call), str(call.data["orgId"]), str(call.data["businessType"]))
    return {
        "idNo": person.certno, "idType": person.psn_cert_type, "userName": person.psn_name, "ecToken": token.ec_token,
        "insuOrg": person.insuplc_admdvs, "gender": person.gend, "birthday": person.brdy,
    }  # fmt: skip


def _qr(call: Call) -> str:
    extra = call.envelope.get("extra")
    return str(extra.get("qrCode", "") if isinstance(extra, dict) else extra or "")
