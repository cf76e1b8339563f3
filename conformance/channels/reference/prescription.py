"""A prescription as the pharmacy knows it (online-payment 11.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Pharmacist:
    """Who reviews: named in 7206, with the ecToken read off the own e-voucher."""

    name: str
    cert_type: str
    certno: str
    code: str
    ec_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rx:
    """What the prescription centre told us of it, and how far we have come. ``lines``: code and packs prescribed."""

    hi_rxno: str
    auth_circ_biz_sn: str
    auth_rxno: str = ""
    epc_token: str = ""
    rx_trace_code: str = ""
    rx_file: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    rx_sign_verify_sn: str = ""
    pharmacist: Pharmacist | None = None
    passed: bool = False
    """What the pharmacist decided; it counts once ``rx_chk_biz_sn`` is there."""
    opinion: str = ""
    rx_chk_biz_sn: str = ""
    dispensing: bool = False
    """A 7207 was sent whose answer we may not have."""
    sel_stoout_sn: str = ""
    delv_no: str = ""
    delv_stas_codg: str = ""


def read(document: Mapping[str, Any] | None) -> Rx | None:
    """A prescription as the notebook kept it."""
    if not document:
        return None
    who = document["pharmacist"]
    lines = tuple((code, cnt) for code, cnt in document["lines"])
    return Rx(**{**document, "lines": lines, "pharmacist": Pharmacist(**who) if who else None})
