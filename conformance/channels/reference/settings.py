"""What a channel is told before it may work: its registration, the shops it acts for, and its own patience."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from simulator.wire.sealed import Credentials
from simulator.wire.sm2 import PrivateKey, PublicKey

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS

TIMEOUT_MS: Final = 5 * SECOND_MS
"""How long we wait for one answer."""

QUERY_WAITS_MS: Final = (
    2 * SECOND_MS, 5 * SECOND_MS, 15 * SECOND_MS, MINUTE_MS, 3 * MINUTE_MS, 10 * MINUTE_MS, 10 * MINUTE_MS,
    10 * MINUTE_MS,
)  # fmt: skip
"""Pauses between two questions about one order: half an hour and a little more, as long as an unpaid order lives."""
WINDOW_MS: Final = 75 * MINUTE_MS
"""Two rounds of questions (about the payment, then about its withdrawal) and a margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """How the gateway in front of the institution interfaces knows us: ``tif``, ``csb`` or ``none``."""

    kind: str = "none"
    key: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A pharmacy we act for."""

    fixmedins_code: str
    fixmedins_name: str
    admdvs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """An announced change of keys: ours (``private``), the platform's (``peer``), or both."""

    from_ms: int
    old_until_ms: int
    private: PrivateKey | None = None
    peer: PublicKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything outside the channel. ``sealed`` False sends clear frames: for a first hour of trying only."""

    credentials: Credentials
    gateway: Gateway
    shops: Mapping[str, Shop]
    cash_path: str = "/house/cash"
    cash_token: str = field(default="", repr=False)
    sealed: bool = True
    serial_prefix: str = "0000"
    """Four characters that keep our serials apart from another channel's of the same pharmacy."""
    opter: str = "0001"
    opter_name: str = "线上收银"
    phar_name: str = "值班药师"
    phar_prac_cert_no: str = "PHAR000001"
    uld_latlnt: str = "116.40,39.90"
    timeout_ms: int = TIMEOUT_MS
    waits_ms: tuple[int, ...] = QUERY_WAITS_MS
    window_ms: int = WINDOW_MS
    consent_life_ms: int = 8 * MINUTE_MS
    """How long we trust a consent; the platform's ten minutes (house) less the time a message takes."""
    max_6202: int = 3
    """How often one payment order may be placed."""
    rotation: Rotation | None = None
    """The last change of keys we were told of."""


def in_force(settings: Settings, now_ms: int) -> tuple[Settings, ...]:
    """The settings as their keys hold at a moment: first those to send with, then others that still verify what comes.

    A new key serves from its moment; the old one verifies until the grace is over, and not a message longer.
    """
    told = settings.rotation
    if told is None:
        return (settings,)
    known = settings.credentials
    renewed = replace(known, private=told.private or known.private, peer=told.peer or known.peer)
    new = replace(settings, credentials=renewed)
    if now_ms < told.from_ms:
        return settings, new
    return (new, settings) if now_ms <= told.old_until_ms else (new,)
