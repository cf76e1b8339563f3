"""Who may speak in a room: its channels by every name they are known by, with their keys ready to use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from simulator.domain.records import Channel
from simulator.store.unit import RoomUnit
from simulator.wire.sealed import PLAIN, Credentials
from simulator.wire.sm2 import PrivateKey, PublicKey

FOREIGN_KEY = PrivateKey.from_seed("TEST-ONLY yibao-channel-lab\na key nobody is registered with")
"""Signs what a fault pretends to come from elsewhere."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A room's channels; a channel changes rarely, so this is built once per change."""

    by_app: Mapping[str, Channel]
    by_paasid: Mapping[str, Channel]
    by_access_key: Mapping[str, Channel]
    orgs: Mapping[str, frozenset[str]]

    def acting_for(self, org: str) -> Channel | None:
        """The channel of an unsigned message: the only one that may act for this institution, else the first."""
        return next((self.by_app[app_id] for app_id, orgs in self.orgs.items() if org in orgs), None)


def registry(unit: RoomUnit) -> Registry:
    """The registry of the unit's room."""
    key = ("registry", unit.settings.no)
    known: Registry | None = unit.store.volatile.get(key)
    if known is None:
        known = unit.store.volatile[key] = _read(unit)
    return known


def _read(unit: RoomUnit) -> Registry:
    channels = list(unit.every(Channel))
    return Registry(
        by_app={channel.app_id: channel for channel in channels},
        by_paasid={channel.paasid: channel for channel in channels if channel.paasid},
        by_access_key={channel.access_key: channel for channel in channels if channel.access_key},
        orgs={channel.app_id: frozenset(channel.orgs) for channel in channels},
    )


def credentials(
    channel: Channel, now_ms: int, *, plain: bool = False, foreign: bool = False, retired: bool = False
) -> Credentials:
    """The platform's side of a channel's registration as it holds now.

    ``foreign`` signs with a key that was never its own, ``retired`` with the one it had before the last rotation.
    """
    return Credentials(
        app_id=channel.app_id,
        app_secret=channel.app_secret,
        private=_signing(channel, now_ms, foreign=foreign, retired=retired),
        peer=_public(channel.public_key),
        enc_type=PLAIN if plain else "SM4",
    )


def _signing(channel: Channel, now_ms: int, *, foreign: bool, retired: bool) -> PrivateKey:
    earlier = channel.earlier_platform_key
    if foreign or (retired and not earlier):
        return FOREIGN_KEY
    return _private(
        earlier if earlier and (retired or now_ms < channel.platform_from_ms) else channel.platform_private_key
    )


def earlier(channel: Channel, now_ms: int, known: Credentials) -> Credentials | None:
    """The same, with the channel's key before its last rotation, while that one is still good."""
    if not channel.earlier_public_key or now_ms > channel.earlier_public_until_ms:
        return None
    return replace(known, peer=_public(channel.earlier_public_key))


@lru_cache(64)
def _private(text: str) -> PrivateKey:
    return PrivateKey.from_base64(text)


@lru_cache(64)
def _public(text: str) -> PublicKey:
    return PublicKey.from_base64(text)
