"""Finding a person by what they show: an e-voucher token or payAuthNo, an id number, a card (2.3)."""

from simulator.domain.consent import Consent, EcToken, check_consent, person_by
from simulator.domain.ports import Unit
from simulator.domain.records import Person
from simulator.domain.refused import Refusal

_FIELD = "mdtrt_cert_no"


def shown(unit: Unit, cert_type: str, cert_no: str, *, app_id: str, org_codg: str) -> Person:
    """The person behind a certificate.

    Raises:
        Refusal: ``unknown_person``, or what is wrong with the token or consent.
    """
    if cert_type == "01":
        return _by_voucher(unit, cert_no, app_id=app_id, org_codg=org_codg)
    found = unit.find(Person, "certno" if cert_type == "02" else "card_no", cert_no)
    if not found:
        raise Refusal("unknown_person", _FIELD, value=cert_no)
    return found[0]


def _by_voucher(unit: Unit, cert_no: str, *, app_id: str, org_codg: str) -> Person:
    consent = unit.get(Consent, cert_no)
    if consent is not None:
        check_consent(
            unit, cert_no, psn_no=consent.psn_no, app_id=app_id, org_codg=org_codg, order=consent.spent_on, field=_FIELD
        )
        return person_by(unit, consent.psn_no)
    token = unit.get(EcToken, cert_no)
    if token is None:
        raise Refusal("token_unknown", _FIELD)
    if token.org_codg != org_codg:
        raise Refusal("token_foreign", _FIELD)
    if unit.now_ms - token.issued_ms > unit.switches.ec_token_ms:
        raise Refusal("token_expired", _FIELD, minutes=unit.switches.ec_token_ms // 60_000)
    return person_by(unit, token.psn_no)
