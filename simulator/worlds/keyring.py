"""TEST keys of a channel, derived from a published text. They protect nothing.

Every value follows from ``TEST-ONLY yibao-channel-lab``, the seed of the room and the name of the channel,
all of which anyone may know: the same room gets the same keys, so that a recorded run can be replayed and
verified. Never use one of them towards a real platform.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.domain.records import Channel
from simulator.wire.sm2 import PrivateKey

SEED_TEXT = "TEST-ONLY yibao-channel-lab"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKeys:
    """What one channel holds, and the key with which the platform answers it."""

    name: str
    app_id: str
    """32 upper-case hex characters, as is ``app_secret``."""
    app_secret: str
    private: PrivateKey
    """The channel's own; the platform knows its public half."""
    platform_private: PrivateKey
    paasid: str
    """Gateway variant TIF: ``paasid`` and its secret."""
    paas_secret: str
    access_key: str
    """Gateway variant CSB: access key and secret key."""
    secret_key: str
    cash_token: str
    """Opens the cash desk's control doors (house)."""

    def register(self, *, orgs: Sequence[str] = (), callback_url: str = "", plain: bool = False) -> Channel:
        """The platform's record of this channel, admitted to act for ``orgs``."""
        return Channel(
            app_id=self.app_id,
            name=self.name,
            app_secret=self.app_secret,
            public_key=self.private.public.to_base64(),
            platform_private_key=self.platform_private.to_base64(),
            orgs=tuple(orgs),
            callback_url=callback_url,
            plain=plain,
            paasid=self.paasid,
            paas_secret=self.paas_secret,
            access_key=self.access_key,
            secret_key=self.secret_key,
            cash_token=self.cash_token,
        )


def channel_keys(room_seed: str | int, name: str) -> ChannelKeys:
    """The test keys of the channel of that name in a room with that seed."""
    return ChannelKeys(
        name=name,
        app_id=_hex(room_seed, name, "app_id", 32),
        app_secret=_hex(room_seed, name, "app_secret", 32),
        private=PrivateKey.from_seed(_text(room_seed, name, "channel key")),
        platform_private=PrivateKey.from_seed(_text(room_seed, name, "platform key")),
        paasid=f"TEST-ONLY-{_hex(room_seed, name, 'paasid', 12)}",
        paas_secret=f"TEST-ONLY-{_hex(room_seed, name, 'paas_secret', 32)}",
        access_key=f"TEST-ONLY-{_hex(room_seed, name, 'access_key', 22)}",
        secret_key=f"TEST-ONLY-{_hex(room_seed, name, 'secret_key', 32)}",
        cash_token=f"TEST-ONLY-{_hex(room_seed, name, 'cash_token', 32)}",
    )


def changed_key(room_seed: str | int, name: str, party: str, number: int) -> PrivateKey:
    """The test key of ``platform`` or ``channel`` after that many changes; none is the first key."""
    purpose = f"{party} key" if number == 0 else f"{party} key {number}"
    return PrivateKey.from_seed(_text(room_seed, name, purpose))


def _text(room_seed: str | int, name: str, purpose: str) -> str:
    """Lengths go in too, so that no two triples make the same text."""
    parts = "".join(f" {len(part)}:{part}" for part in (str(room_seed), name, purpose))
    return SEED_TEXT + parts


def _hex(room_seed: str | int, name: str, purpose: str, length: int) -> str:
    digest = hashlib.sha256(_text(room_seed, name, purpose).encode())
    return digest.hexdigest().upper()[:length]
