"""Rooms: ordered, filled with a world and channels, emptied and filled again, and what a channel gets told of its own.

A room made twice from the same order on the same clock gives the same bytes: keys, ids and people follow from its seed.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from schemas.tomlfile import FileFault
from simulator import cities, dialects, switchboard
from simulator.assembly import Platform
from simulator.domain import moment
from simulator.domain.ledger import OPENING, Posting, Transfer
from simulator.domain.records import Channel
from simulator.misuse import Misuse
from simulator.store.store import Room
from simulator.store.unit import CATALOGUE, RoomUnit
from simulator.worlds import city as city_world
from simulator.worlds.keyring import changed_key, channel_keys
from simulator.worlds.small import small
from simulator.worlds.world import World, resettled

Json = dict[str, Any]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_PARAMETERS = "room world people pharmacies city seed switches courier start channels catalogue".split()
_WORLDS = ("small", "city")
_COURIERS = ("auto", "manual")
_LIMITS = {"people": 20_000, "pharmacies": 1_000}
DEFAULT_PEOPLE, DEFAULT_PHARMACIES = 3_000, 300
DEFAULT_CHANNELS = [{"name": "channel", "orgs": "all"}]


def found(platform: Platform, order: Json) -> Room:
    """Make a room as ordered: ``room, world, people, pharmacies, city, seed, switches, courier, start, channels``.

    Raises:
        Misuse: a bad value, or a room of that name exists (status 409).
    """
    room = _ordered(platform, order)
    if platform.store.room(room.name) is not None:
        raise Misuse("room", f"房间{room.name}已存在", f"room {room.name} exists; delete it or take another name", 409)
    room = platform.store.put_room(room)
    _fill(platform.unit(room))
    return room


def reset(platform: Platform, room: Room) -> Room:
    """Empty a room and fill it again as it was ordered; its clock returns to its start."""
    platform.store.empty_room(room)
    again = platform.store.put_room(replace(room, offset_ms=_offset(platform, room.start)))
    _fill(platform.unit(again))
    return again


def registration(unit: RoomUnit) -> Json:
    """What the channels of a room hold: TEST keys, addresses, the institutions each may act for.

    ``switches`` are what the room was ordered with, ``in_force`` all of them after city and dialect, ``rules`` the
    city's.
    """
    room = unit.settings
    return {
        "room": room.name,
        "base_path": f"/r/{room.name}",
        "now": moment.datetime19(unit.now_ms),
        "now_ms": unit.now_ms,
        "world": room.world,
        "city": room.city,
        "admdvs": unit.city.admdvs,
        "seed": room.seed,
        "courier": room.courier,
        "switches": room.switches,
        "in_force": asdict(unit.switches),
        "rules": asdict(unit.city),
        "channels": [_registered(room, channel) for channel in unit.every(Channel)],
    }


def _registered(room: Room, channel: Channel) -> Json:
    own = changed_key(room.seed, channel.name, "channel", channel.own_key_no)
    platform_key = changed_key(room.seed, channel.name, "platform", channel.platform_key_no)
    return {
        "name": channel.name,
        "appId": channel.app_id,
        "appSecret": channel.app_secret,
        "channelPrivateKey": own.to_base64(),
        "channelPublicKey": channel.public_key,
        "platformPublicKey": platform_key.public.to_base64(),
        "tif": {"paasid": channel.paasid, "secret": channel.paas_secret},
        "csb": {"accessKey": channel.access_key, "secretKey": channel.secret_key},
        "orgCodgs": list(channel.orgs),
        "cashDesk": {"path": "/house/cash", "token": channel.cash_token},
        "callback_url": channel.callback_url,
        "plain": channel.plain,
    }


def _ordered(platform: Platform, order: Json) -> Room:
    unknown = set(order) - set(_PARAMETERS)
    if unknown:
        raise Misuse(min(unknown), "未知的参数", "no such parameter")
    room_city = _city(order)
    seed = _whole(order, "seed", 1, 2**53)
    start = _text(order, "start", "")
    return Room(
        name=_name(order),
        world=_one_of(order, "world", _WORLDS),
        people=_whole(order, "people", 0, _LIMITS["people"]),
        pharmacies=_whole(order, "pharmacies", 0, _LIMITS["pharmacies"]),
        city=room_city,
        seed=seed,
        switches=switchboard.check(order.get("switches", {})),
        courier=_one_of(order, "courier", _COURIERS),
        start=start,
        channels=_channels(order),
        catalogue=_catalogue(platform, _text(order, "catalogue", "shipped")),
        secret=f"TEST-ONLY room {seed}",
        offset_ms=_offset(platform, start),
        created_ms=platform.real_ms(),
    )


def _city(order: Mapping[str, object]) -> str:
    """A city whose file, and that of its dialect, can be read."""
    name = _text(order, "city", "beijing")
    try:
        switchboard.check(dict(dialects.load(cities.load(name).dialect)))
    except cities.UnknownCity:
        listed = ", ".join(cities.names())
        raise Misuse("city", f"没有该城市，可用：{listed}", f"no such city; known: {listed}") from None
    except (FileFault, dialects.UnknownDialect, Misuse) as fault:
        raise Misuse("city", f"城市{name}的规则文件有误：{fault}", f"{name}: {fault}") from None
    return name


def _name(order: Mapping[str, object]) -> str:
    name = _text(order, "room", "main")
    if not _NAME.match(name):
        raise Misuse(
            "room", "房间名应为1至40个字母、数字、点、横线", "a name has 1 to 40 letters, digits, dots, dashes"
        )
    return name


def _text(order: Mapping[str, object], name: str, default: str) -> str:
    value = order.get(name, default)
    if not isinstance(value, str):
        raise Misuse(name, f"{name}应为文本", f"{name} is a text")
    return value


def _whole(order: Mapping[str, object], name: str, default: int, limit: int) -> int:
    value = order.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limit:
        raise Misuse(name, f"{name}应为0至{limit}的整数", f"{name} is a whole number from 0 to {limit}")
    return value


def _one_of(order: Mapping[str, object], name: str, choices: tuple[str, ...]) -> str:
    value = _text(order, name, choices[0])
    if value not in choices:
        listed = ", ".join(choices)
        raise Misuse(name, f"{name}应为：{listed}", f"{name} must be one of: {listed}")
    return value


def _offset(platform: Platform, start: str) -> int:
    if not start:
        return 0
    try:
        return moment.read(start) - platform.real_ms()
    except ValueError:
        raise Misuse("start", "start应为yyyy-MM-dd HH:mm:ss", "start reads yyyy-MM-dd HH:mm:ss, Beijing time") from None


def _catalogue(platform: Platform, name: str) -> str:
    if platform.store.room(f"{CATALOGUE}{name}") is None:
        raise Misuse("catalogue", f"没有目录{name}，请先导入", f"no catalogue {name!r}; import it first")
    return f"{CATALOGUE}{name}"


def _channels(order: Mapping[str, object]) -> list[dict[str, Any]]:
    wanted = order.get("channels", DEFAULT_CHANNELS)
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise Misuse("channels", "channels应为对象数组", "channels is a list of objects")
    names = [str(one.get("name", "")) for one in wanted]
    if not all(_NAME.match(name) for name in names) or len(set(names)) < len(names):
        raise Misuse("channels.name", "渠道名称应互不相同且非空", "each channel needs a name of its own")
    for one in wanted:
        orgs = one.setdefault("orgs", "all")
        if orgs != "all" and not (isinstance(orgs, list) and all(isinstance(org, str) for org in orgs)):
            raise Misuse("channels.orgs", "orgs应为机构编码数组或all", "orgs is a list of institution codes or all")
        if not isinstance(one.get("plain", False), bool):
            raise Misuse("channels.plain", "plain应为true或false", "plain is true or false")
    return wanted


def _fill(unit: RoomUnit) -> None:
    """Put the world and the channels into an empty room."""
    room = unit.settings
    world = resettled(_world(room), admdvs=unit.city.admdvs, name_zh=unit.city.name_zh)
    for record in (*world.people, *world.institutions):
        unit.put(record)
    for number, (account, fen) in enumerate(world.openings.items(), 1):
        if fen:
            unit.post(
                Transfer(
                    transfer_id=f"OPEN{number:08d}",
                    kind="OPEN",
                    ref=account,
                    at_ms=unit.now_ms,
                    postings=(Posting(account, fen), Posting(OPENING, -fen)),
                )
            )
    codes = [institution.fixmedins_code for institution in world.institutions]
    for wanted in room.channels:
        orgs = codes if wanted["orgs"] == "all" else wanted["orgs"]
        if not set(orgs) <= set(codes):
            raise Misuse("channels.orgs", "机构不在该世界中", "an institution is not in this world")
        keys = channel_keys(room.seed, str(wanted["name"]))
        url, plain = str(wanted.get("callback_url", "")), bool(wanted.get("plain"))
        unit.put(keys.register(orgs=orgs, callback_url=url, plain=plain))


def _world(room: Room) -> World:
    if room.world == "small":
        return small()
    return city_world.city(
        room.seed, people=room.people or DEFAULT_PEOPLE, pharmacies=room.pharmacies or DEFAULT_PHARMACIES
    )
