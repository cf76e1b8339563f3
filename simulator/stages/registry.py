"""Who may speak in a room: its channels by every name they are known by, with their keys ready to use."""

from collections.abc import Mapping
from dataclasses import dataclass
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


def credentials(channel: Channel, *, plain: bool = False, foreign: bool = False) -> Credentials:
    """The platform's side of a channel's registration; ``foreign`` signs with a key that is not its own."""
    private = FOREIGN_KEY if foreign else _private(channel.platform_private_key)
    return Credentials(
        app_id=channel.app_id,
        app_secret=channel.app_secret,
        private=private,
        peer=_public(channel.public_key),
        enc_type=PLAIN if plain else "SM4",
    )


@lru_cache(64)
def _private(text: str) -> PrivateKey:
    return PrivateKey.from_base64(text)


@lru_cache(64)
def _public(text: str) -> PublicKey:
    return PublicKey.from_base64(text)
