"""What a person shows or grants: the QR code, the token read from it, and the consent behind ``payAuthNo``."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar

from simulator.domain.evoucher_lock import check_unlocked
from simulator.domain.moment import stamp14
from simulator.domain.ports import Unit
from simulator.domain.records import Channel, Person
from simulator.domain.refused import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """A code on the person's screen: decoded once, within a minute of being shown (9.9)."""

    KEY: ClassVar[str] = "qr"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    qr: str
    psn_no: str
    shown_ms: int
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EcToken:
    """The identity token a scan yields: for one institution, one business type, one settlement (9.9)."""

    KEY: ClassVar[str] = "ec_token"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    ec_token: str
    psn_no: str
    org_codg: str
    business_type: str
    issued_ms: int
    spent_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A person's consent to one purchase through one channel at one institution (9.7, 9.8)."""

    KEY: ClassVar[str] = "pay_auth_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("grantee", "claim")

    pay_auth_no: str
    psn_no: str
    app_id: str
    org_codg: str
    issued_ms: int
    grantee: str
    """``appId/orgCodg/userId`` while nobody has fetched it, then empty."""
    claim: str = ""
    """``appId/reqBizNo`` of the query that fetched it: the same question gets the same answer."""
    spent_on: str = ""
    """The order that used it up."""


def person_by(unit: Unit, psn_no: str = "", ec_user_id: str = "") -> Person:
    """The person with that number or e-voucher user id.

    Raises:
        Refusal: ``unknown_person``.
    """
    person = unit.get(Person, psn_no) if psn_no else None
    if person is None and ec_user_id:
        person = next(iter(unit.find(Person, "ec_user_id", ec_user_id)), None)
    if person is None:
        raise Refusal("unknown_person", "psn_no" if psn_no else "userId", value=psn_no or ec_user_id)
    return person


def show_code(unit: Unit, person: Person) -> QrCode:
    """The person opens the e-voucher: a new code, good for a minute."""
    number = unit.next_number("qr")
    code = QrCode(qr=f"QR{unit.token(f'qr/{number}', 30)}", psn_no=person.psn_no, shown_ms=unit.now_ms)
    unit.put(code)
    return code


def decode(unit: Unit, qr: str, org_codg: str, business_type: str, *, field: str = "extra") -> tuple[Person, EcToken]:
    """Read a code once (ec.query, 6101); ``field`` is where the message carries it.

    Raises:
        Refusal: ``unknown_qr``, ``qr_used``, ``qr_expired``, ``evoucher_locked``.
    """
    code = unit.get(QrCode, qr)
    if code is None:
        raise Refusal("unknown_qr", field)
    if code.used:
        raise Refusal("qr_used", field)
    if unit.now_ms - code.shown_ms > unit.switches.qr_ms:
        raise Refusal("qr_expired", field, seconds=unit.switches.qr_ms // 1000)
    check_unlocked(unit, code.psn_no, field)
    unit.put(replace(code, used=True))
    token = EcToken(
        ec_token=unit.token(f"ec/{unit.next_number('ec_token')}", 36), psn_no=code.psn_no, org_codg=org_codg,
        business_type=business_type, issued_ms=unit.now_ms,
    )  # fmt: skip
    unit.put(token)
    return person_by(unit, code.psn_no), token


def use_token(
    unit: Unit, ec_token: str, *, person: Person, org_codg: str, types: tuple[str, ...], field: str, order: str = ""
) -> EcToken:
    """Check a token before it serves; the caller spends it with ``spend_token`` when money moves.

    Raises:
        Refusal: ``token_unknown``, ``token_foreign``, ``token_purpose``, ``token_spent``, ``token_expired``.
    """
    token = unit.get(EcToken, ec_token)
    if token is None:
        raise Refusal("token_unknown", field)
    if token.psn_no != person.psn_no or token.org_codg != org_codg:
        raise Refusal("token_foreign", field)
    if token.business_type not in types:
        raise Refusal("token_purpose", field, business_type=token.business_type)
    if token.spent_on and token.spent_on != order:
        raise Refusal("token_spent", field)
    if unit.now_ms - token.issued_ms > unit.switches.ec_token_ms:
        raise Refusal("token_expired", field, minutes=unit.switches.ec_token_ms // 60_000)
    return token


def good_token(unit: Unit, ec_token: str, *, orgs: Collection[str], id_type: str, id_no: str, user_name: str) -> bool:
    """Whether a token is unspent, in time, read at one of these institutions, and this person's."""
    token = unit.get(EcToken, ec_token)
    if token is None or token.spent_on or token.org_codg not in orgs:
        return False
    person = unit.get(Person, token.psn_no)
    if person is None or (person.psn_cert_type, person.certno, person.psn_name) != (id_type, id_no, user_name):
        return False
    return unit.now_ms - token.issued_ms <= unit.switches.ec_token_ms


def spend_token(unit: Unit, token: EcToken, on: str) -> None:
    """One settlement per token."""
    unit.put(replace(token, spent_on=on))


def grant(unit: Unit, person: Person, app_id: str, org_codg: str) -> Consent:
    """The person consents on the e-voucher page; the channel fetches the number with house.auth.query."""
    number = f"AUTH{unit.city.admdvs}{stamp14(unit.now_ms)}{unit.next_number('pay_auth_no'):07d}"
    consent = Consent(
        pay_auth_no=number, psn_no=person.psn_no, app_id=app_id, org_codg=org_codg, issued_ms=unit.now_ms,
        grantee=f"{app_id}/{org_codg}/{person.ec_user_id}",
    )  # fmt: skip
    unit.put(consent)
    return consent


def fetch(unit: Unit, channel: Channel, *, org_codg: str, user_id: str, req_biz_no: str) -> Consent | None:
    """The consent a channel asks for, or None while the person has not given it."""
    claim = f"{channel.app_id}/{req_biz_no}"
    for consent in unit.find(Consent, "claim", claim):
        return consent
    for consent in unit.find(Consent, "grantee", f"{channel.app_id}/{org_codg}/{user_id}"):
        if unit.now_ms - consent.issued_ms <= unit.switches.pay_auth_ms:
            claimed = replace(consent, grantee="", claim=claim)
            unit.put(claimed)
            return claimed
    return None


def check_consent(
    unit: Unit,
    pay_auth_no: str,
    *,
    psn_no: str,
    app_id: str,
    org_codg: str,
    order: str = "",
    field: str = "payAuthNo",
) -> Consent:
    """A consent that may serve this order now (9.7).

    Raises:
        Refusal: ``consent_unknown``, ``consent_app`` (code 114), ``consent_foreign``, ``consent_spent``,
            ``consent_expired``.
    """
    consent = unit.get(Consent, pay_auth_no)
    if consent is None:
        raise Refusal("consent_unknown", field)
    if consent.app_id != app_id:
        raise Refusal("consent_app", field)
    if consent.psn_no != psn_no or consent.org_codg != org_codg:
        raise Refusal("consent_foreign", field)
    if consent.spent_on and consent.spent_on != order:
        raise Refusal("consent_spent", field)
    if unit.now_ms - consent.issued_ms > unit.switches.pay_auth_ms:
        raise Refusal("consent_expired", field, minutes=unit.switches.pay_auth_ms // 60_000)
    return consent


def spend_consent(unit: Unit, consent: Consent, order: str) -> None:
    """Tie a consent to the order that used it up."""
    if consent.spent_on != order:
        unit.put(replace(consent, spent_on=order, grantee=""))
