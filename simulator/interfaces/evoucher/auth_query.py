"""house.auth.query: has the person consented, and under which payAuthNo."""

from simulator.domain.consent import fetch, person_by
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json

_PAGE = "https://evoucher.example/consent/"
"""Where a real answer would send the person; a reserved name, nothing is there."""


def handle(call: Call, unit: Unit) -> Json:
    """authStas 0 with a page to open, or 1 with the identity and the number; repeated, the answer stays the same."""
    asked = call.data
    if str(asked["orgAppId"]) != call.channel.app_id:
        raise Refusal("consent_app", "orgAppId")
    if str(asked["onlineDrugChnlAppId"]) != call.channel.app_id:
        raise Refusal("consent_app", "onlineDrugChnlAppId")
    person = person_by(unit, ec_user_id=str(asked["userId"]))
    number = str(asked["reqBizNo"])
    consent = fetch(unit, call.channel, org_codg=str(asked["orgCodg"]), user_id=str(asked["userId"]), req_biz_no=number)
    if consent is None:
        return {"reqBizNo": number, "authStas": "0", "authUrl": f"{_PAGE}{unit.token(f'page/{number}', 24)}"}
    return {
        "reqBizNo": number, "authStas": "1", "payAuthNo": consent.pay_auth_no, "insuOrg": person.insuplc_admdvs,
        "idType": person.psn_cert_type, "idNo": person.certno, "userName": person.psn_name, "familyPayFlag": "0",
        "uldLatlnt": "116.40,39.90",
    }  # fmt: skip
