"""The verb of the control API that changes a key: announced for a moment, the old one good for a while beside it."""

from dataclasses import replace

from simulator.domain.moment import DAY_MS, datetime19
from simulator.domain.records import Channel
from simulator.edge.asking import Ask
from simulator.exchange import Json
from simulator.journal.line import note_act
from simulator.misuse import Misuse
from simulator.store.unit import RoomUnit
from simulator.worlds.keyring import changed_key

PARTIES = ("platform", "channel")
GRACE_MS = DAY_MS
"""House: how long the old key is good beside the new one unless the caller says otherwise."""


def change(ask: Ask) -> Json:
    """Change the key of ``party`` (``platform`` or ``channel``) towards one ``channel``.

    ``from_ms``, the room's time at which the new one takes over (now), and ``grace_ms``, how long after it the old one
    is still good (a day). The platform signs with the old key before the moment and with the new one from it on; of a
    channel it takes either until the grace is over. The answer holds the new TEST key and both times.
    """
    unit, body = ask.unit(), ask.body
    party = body.get("party")
    if party not in PARTIES:
        raise Misuse("party", "party应为platform或channel", "party is platform or channel")
    from_ms = _time(body, "from_ms", unit.now_ms)
    if from_ms < unit.now_ms:
        raise Misuse("from_ms", "换钥时刻不能早于现在", "a key cannot have changed in the past")
    until_ms = from_ms + _time(body, "grace_ms", GRACE_MS)
    channel = one_channel(unit, body)
    told = _platform(unit, channel, from_ms) if party == "platform" else _own(unit, channel, until_ms)
    times = {"from": datetime19(from_ms), "from_ms": from_ms, "old_until_ms": until_ms}
    note_act(unit, "room", "keys", {"party": party, "channel": channel.name, **times}, None)
    return {"party": party, "channel": channel.name, **times, **told}


def one_channel(unit: RoomUnit, body: Json) -> Channel:
    """The channel a call names by name or appId; it may leave it out where there is one.

    Raises:
        Misuse: none of that name, or no name and several channels.
    """
    wanted = body.get("channel", "")
    channels = [one for one in unit.every(Channel) if wanted in ("", one.name, one.app_id)]
    if len(channels) != 1:
        raise Misuse("channel", "请指明渠道名称", "name one channel of this room", 404 if wanted else 400)
    return channels[0]


def _platform(unit: RoomUnit, channel: Channel, from_ms: int) -> Json:
    number = channel.platform_key_no + 1
    key = changed_key(unit.settings.seed, channel.name, "platform", number)
    unit.put(
        replace(
            channel, platform_private_key=key.to_base64(), earlier_platform_key=channel.platform_private_key,
            platform_from_ms=from_ms, platform_key_no=number,
        )
    )  # fmt: skip
    return {"platformPublicKey": key.public.to_base64()}


def _own(unit: RoomUnit, channel: Channel, until_ms: int) -> Json:
    number = channel.own_key_no + 1
    key = changed_key(unit.settings.seed, channel.name, "channel", number)
    unit.put(
        replace(
            channel, public_key=key.public.to_base64(), earlier_public_key=channel.public_key,
            earlier_public_until_ms=until_ms, own_key_no=number,
        )
    )  # fmt: skip
    return {"channelPrivateKey": key.to_base64(), "channelPublicKey": key.public.to_base64()}


def _time(body: Json, name: str, default: int) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Misuse(
            name, f"{name}应为不小于0的整数（毫秒）", f"{name} is a whole number of milliseconds, zero or more"
        )
    return value
