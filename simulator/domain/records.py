"""The world as the platform's registers hold it: people, institutions, drugs, channels.

``KEY`` names the field a record is found by, ``INDEXES`` those it is searched by. The store builds one table per
record class from these two, so a new kind of record needs no edit there.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An insured person (1101). The balance of the personal account lives in the ledger, not here."""

    KEY: ClassVar[str] = "psn_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("certno", "card_no", "ec_user_id")
    KEPT: ClassVar[bool] = True
    """Asked for at nearly every message, changed seldom: the store may keep what it read."""

    psn_no: str
    psn_name: str
    certno: str
    psn_cert_type: str = "01"
    card_no: str = ""
    gend: str = "1"
    naty: str = "01"
    brdy: str = "1980-01-01"
    insutype: str = "310"
    psn_type: str = "11"
    cvlserv_flag: str = "0"
    insuplc_admdvs: str = "110100"
    psn_insu_stas: str = "1"
    emp_name: str = ""
    ec_user_id: str = ""
    givers: tuple[str, ...] = ()
    """psn_no of the relatives whose accounts may pay for this person, in filing order."""
    note: str = ""
    """What a hand-made person is for; empty for generated ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A designated pharmacy or hospital (1201)."""

    KEY: ClassVar[str] = "fixmedins_code"
    INDEXES: ClassVar[tuple[str, ...]] = ()
    KEPT: ClassVar[bool] = True

    fixmedins_code: str
    fixmedins_name: str
    admdvs: str
    fixmedins_type: str = "2"
    uscc: str = ""
    addr: str = ""
    suspended: bool = False
    online: bool = True
    """Admitted to the city's online purchase (the 300 pharmacies of Beijing's launch)."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A payment restriction of a drug: ``kind`` from the closed list below, ``value`` as that kind reads it.

    Kinds: ``sex`` (``1``/``2``), ``age_max`` and ``age_min`` (years), ``course_days``, ``hospital_level``,
    ``inpatient``, ``insutype`` (a code), ``other`` (text, never met at a pharmacy).
    """

    kind: str
    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """One pack of the catalogue as 1301 lists it."""

    KEY: ClassVar[str] = "med_list_codg"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    med_list_codg: str
    reg_name: str
    list_type: str = "101"
    med_chrgitm_type: str = "09"
    dosform: str = ""
    spec: str = ""
    pacspec: str = ""
    maker: str = ""
    aprvno: str = ""
    rx_flag: str = "0"
    otc_type: str = ""
    """``甲``, ``乙`` or empty. House: checked against no official list."""
    chrgitm_lv: str = "03"
    selfpay_bp: int = 10_000
    """Share the person pays first, in hundredths of a percent: 1000 is 10 %."""
    pric_uplmt: str = ""
    """Highest price per unit counted by insurance, yuan text with up to six decimals; empty: no limit."""
    price: str = ""
    """What a shop of our worlds charges, yuan text; not a platform fact."""
    online_barred: bool = False
    bas_medn_flag: str = "0"
    trace_prefix: str = ""
    restrictions: tuple[Restriction, ...] = ()
    code_status: str = "synthetic"
    vali_flag: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A client under test: one appId, one key, and the institutions it may act for."""

    KEY: ClassVar[str] = "app_id"
    INDEXES: ClassVar[tuple[str, ...]] = ("paasid", "access_key")

    app_id: str
    name: str
    app_secret: str
    public_key: str
    """Base64, 64 or 65 bytes: checks what the channel signs."""
    platform_private_key: str
    """Base64: signs what the platform answers to this channel. A test key."""
    orgs: tuple[str, ...] = ()
    callback_url: str = ""
    plain: bool = False
    """Notices to it travel clear and unsigned: registered so for a first hour of trying."""
    paasid: str = ""
    paas_secret: str = ""
    access_key: str = ""
    secret_key: str = ""
    cash_token: str = ""
    earlier_platform_key: str = ""
    """Base64: the key before the last rotation, which still signs until ``platform_from_ms``."""
    platform_from_ms: int = 0
    earlier_public_key: str = ""
    """Base64: the channel's key before its last rotation, good until ``earlier_public_until_ms``."""
    earlier_public_until_ms: int = 0
    platform_key_no: int = 0
    own_key_no: int = 0
    """How often each side's key was changed."""
