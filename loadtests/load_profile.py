"""A load profile: a day of orders as data, checked against ``schemas/suite/profile.json`` and read into plain values.

Shares are permille of the orders, weights whole numbers, money fen, times milliseconds. Every figure of the file names
its source; the reader drops the sources, the report prints the file's name and digest instead.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from schemas.loader import document

FOLDER = Path(__file__).resolve().parent / "profiles"
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
DAY_MINUTES = 1440
LEAST_PEOPLE, LEAST_PHARMACIES = 20, 3
"""A town thinned out further has nobody left to file a relative's account."""
MOST_PEOPLE, MOST_PHARMACIES = 20_000, 1_000
"""What one room of the simulator holds."""


class ProfileError(ValueError):
    """The profile cannot be used; worded for people in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """A fee: its possible amounts in fen and how often each is charged."""

    fen: tuple[int, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault the platform is to commit, ``permille`` of the orders long."""

    name: str
    permille: int
    place: str = ""
    match: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of the day, in minutes from midnight."""

    from_minute: int = 0
    minutes: int = DAY_MINUTES

    def holds(self, minute: int) -> bool:
        """Whether that minute of the day lies in it."""
        return self.from_minute <= minute < self.from_minute + self.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A part of the day in which orders arrive ``times`` as densely."""

    window: Window
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """A fault that strikes every message it fits for a part of the day."""

    name: str
    window: Window
    place: str = ""
    match: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What counts as good; see the profile's schema for each."""

    calls_per_hundred_orders: int
    in_doubt_permille: int
    manual_permille: int
    unconfirmed_permille: int
    late_permille: int
    late_ms: int
    p95_ms: int = 0
    """Paced only; 0: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of day."""

    name: str
    source: str
    """What ``load`` was given: a name, or the path of a file."""
    digest: str
    title_zh: str
    title_en: str
    city: str
    day: str
    seed: int
    orders: int
    people: int
    pharmacies: int
    permille_by_hour: tuple[int, ...]
    bursts: tuple[Burst, ...]
    window: Window
    family_permille: int
    cash_permille: int
    line_weights: tuple[int, ...]
    pack_weights: tuple[int, ...]
    popular_names: tuple[str, ...]
    popular_weight: int
    delivery: Fees
    packing: Fees
    cancel_permille: int
    refund_permille: int
    delivery_refund_permille: int
    undo_from_ms: int
    undo_to_ms: int
    busy_tenth_permille: int
    desks: int
    channel_weights: tuple[int, ...]
    """One for each channel: how the orders divide over them."""
    timeout_ms: int
    waits_ms: tuple[int, ...]
    tick_ms: int
    hold_ms: int
    patience_ms: int
    compressed_timeout_ms: int
    """How long an answer is waited for while the clock stands still."""
    faults: tuple[Fault, ...]
    storms: tuple[Storm, ...]
    reconciliation: Window | None
    limits: Limits
    scale: str = "1"
    """The factor it was thinned out or swollen by."""


def names() -> list[str]:
    """The profiles that ship with the project."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Profile:
    """The profile of that name, or in that file when ``name`` ends in ``.toml``.

    Raises:
        ProfileError: there is none, or it does not fit its schema.
    """
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        listed = ", ".join(names())
        raise ProfileError(
            f"没有压力场景{name}，可用：{listed}，或给出 .toml 文件",
            f"no profile {name!r}; known: {listed}, or a .toml file",
        )
    source = str(path.resolve()) if name.endswith(".toml") else name
    return read(path.stem, path.read_text(encoding="utf-8"), source)


def summary(profile: Profile) -> list[str]:
    """What a person wants to know before choosing it, line by line, in both languages."""
    channels = len(profile.channel_weights)
    size = f"{profile.day} {_hours(profile.window)}: {profile.orders} 单 orders, {profile.pharmacies} 家药店 pharmacies"
    lines = [f"{size}, {profile.people} 人 people, {channels} 个渠道 channel{'s' if channels > 1 else ''}"]
    lines += [f"骤增 burst {_hours(burst.window)}: ×{burst.times}" for burst in profile.bursts]
    lines += [
        f"平台不佳 degraded {_hours(storm.window)}: {storm.match.get('code', '')} {storm.name}"
        for storm in profile.storms
    ]
    if profile.reconciliation:
        lines.append(f"对账 reconciliation {_hours(profile.reconciliation)}: 3201, 3202")
    faults = ", ".join(f"{fault.name} {fault.permille}‰" for fault in profile.faults)
    return [*lines, f"故障 faults: {faults or '-'}"]


def _hours(window: Window) -> str:
    (begin, begin_minute), (end, end_minute) = (
        divmod(minute, 60) for minute in (window.from_minute, window.from_minute + window.minutes)
    )
    return f"{begin:02d}:{begin_minute:02d}-{end:02d}:{end_minute:02d}"


def scaled(profile: Profile, scale: str) -> Profile:
    """The same day with so many times the orders, people and pharmacies (``0.01``: a hundredth): its density stays.

    Raises:
        ProfileError: no number above zero, or a town larger than a room holds.
    """
    try:
        factor = Fraction(scale)
    except (ValueError, ZeroDivisionError):
        factor = Fraction(0)
    if factor <= 0:
        raise ProfileError(
            f"scale 应为大于0的数，如 0.01，现为 {scale}", f"scale is a number above zero, not {scale!r}"
        )
    if factor == 1:
        return profile
    people, pharmacies = int(profile.people * factor), int(profile.pharmacies * factor)
    if people > MOST_PEOPLE or pharmacies > MOST_PHARMACIES:
        raise ProfileError(
            f"scale 过大：一个房间至多{MOST_PEOPLE}人、{MOST_PHARMACIES}家药店；只增加订单请用 --orders",
            f"scale: a room holds {MOST_PEOPLE} people and {MOST_PHARMACIES} pharmacies; --orders adds orders alone",
        )
    return replace(
        profile, scale=scale, orders=max(1, int(profile.orders * factor)), people=max(LEAST_PEOPLE, people),
        pharmacies=max(LEAST_PHARMACIES, pharmacies),
    )  # fmt: skip


def read(name: str, text: str, source: str = "") -> Profile:
    """A profile from its TOML text.

    Raises:
        ProfileError: not TOML, a fraction, or not what the schema wants.
    """
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ProfileError(f"{name} 不是合法的 TOML：{fault}", f"{name} is not TOML: {fault}") from None
    misses = document("suite/profile.json").check(table)
    if misses:
        zh, en = (
            [f"{miss.path}：{miss.zh}" for miss in misses[:5]],
            [f"{miss.path}: {miss.en}" for miss in misses[:5]],
        )
        raise ProfileError("；".join(zh), "; ".join(en))
    _check_sums(name, table)
    return _profile(name, source or name, sha256(text.encode()).hexdigest()[:12], table)


def _check_sums(name: str, table: Mapping[str, Any]) -> None:
    """What a JSON Schema cannot say."""
    whole = sum(table["curve"]["permille_by_hour"])
    if whole != 1000:
        raise ProfileError(
            f"{name}：curve.permille_by_hour 合计应为 1000，现为 {whole}",
            f"{name}: curve.permille_by_hour adds up to {whole}, not 1000",
        )
    for fee in ("delivery", "packing"):
        if len(table["fees"][fee]["fen"]) != len(table["fees"][fee]["weights"]):
            raise ProfileError(
                f"{name}：fees.{fee} 的 fen 与 weights 个数不同", f"{name}: fees.{fee} has not as many weights as fen"
            )
    weighed = [table["basket"]["lines"], table["basket"]["packs"], table["fees"]["delivery"], table["fees"]["packing"]]
    if not all(sum(one["weights"]) for one in weighed):
        raise ProfileError(
            f"{name}：每组 weights 至少一个大于 0", f"{name}: in each list of weights one must be above zero"
        )
    after = table["undo"]["after_minutes"]
    if after["from"] > after["to"]:
        raise ProfileError(f"{name}：undo.after_minutes 的 from 大于 to", f"{name}: undo.after_minutes runs backwards")
    undone = ("cancel_permille", "refund_permille", "delivery_refund_permille")
    if sum(table["undo"][one]["value"] for one in undone) > 1000:
        raise ProfileError(
            f"{name}：undo 的各份额合计超过 1000", f"{name}: the shares of undo add up to more than 1000"
        )
    for part, window in _windows(table):
        if window["from_minute"] + window["minutes"] > DAY_MINUTES:
            raise ProfileError(f"{name}：{part} 超出当天", f"{name}: {part} runs beyond the day")
    if table["mix"]["family_permille"]["value"] + table["mix"]["cash_permille"]["value"] > 1000:
        raise ProfileError(f"{name}：mix 的各份额合计超过 1000", f"{name}: the shares of mix add up to more than 1000")


def _windows(table: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Every part of the day the profile names, with the name of its table."""
    lone = [(part, table[part]) for part in ("window", "reconciliation") if part in table]
    bursts = [("curve.bursts", one) for one in table["curve"].get("bursts", [])]
    return [*lone, *bursts, *(("storms", one) for one in table.get("storms", []))]


def _profile(name: str, source: str, digest: str, table: Mapping[str, Any]) -> Profile:
    mix, basket, undo, channel, pace = (table[part] for part in ("mix", "basket", "undo", "channel", "pace"))
    limits = {one: value for one, value in table["limits"].items() if one != "source"}
    return Profile(
        name=name, source=source, digest=digest,
        **{one: table[one] for one in ("title_zh", "title_en", "city", "day", "seed")},
        orders=table["orders"]["value"],
        people=table["world"]["people"]["value"], pharmacies=table["world"]["pharmacies"]["value"],
        permille_by_hour=tuple(table["curve"]["permille_by_hour"]),
        bursts=tuple(Burst(window=_window(one), times=one["times"]) for one in table["curve"].get("bursts", [])),
        window=_window(table.get("window", {})),
        family_permille=mix["family_permille"]["value"], cash_permille=mix["cash_permille"]["value"],
        line_weights=tuple(basket["lines"]["weights"]), pack_weights=tuple(basket["packs"]["weights"]),
        popular_names=tuple(basket["popular"]["names"]), popular_weight=basket["popular"]["weight"],
        delivery=_fees(table["fees"]["delivery"]), packing=_fees(table["fees"]["packing"]),
        cancel_permille=undo["cancel_permille"]["value"], refund_permille=undo["refund_permille"]["value"],
        delivery_refund_permille=undo["delivery_refund_permille"]["value"],
        undo_from_ms=undo["after_minutes"]["from"] * MINUTE_MS, undo_to_ms=undo["after_minutes"]["to"] * MINUTE_MS,
        busy_tenth_permille=table["shops"]["busy_tenth_permille"]["value"],
        desks=channel["desks"], channel_weights=tuple(channel.get("weights", [1])), timeout_ms=channel["timeout_ms"],
        waits_ms=tuple(wait * SECOND_MS for wait in channel["query_waits_s"]),
        tick_ms=pace["tick_s"] * SECOND_MS, hold_ms=pace["hold_s"] * SECOND_MS, patience_ms=pace["patience_ms"],
        compressed_timeout_ms=pace.get("timeout_ms", channel["timeout_ms"]),
        faults=_faults(table.get("faults", [])), storms=tuple(_storm(row) for row in table.get("storms", [])),
        reconciliation=_window(table["reconciliation"]) if "reconciliation" in table else None, limits=Limits(**limits),
    )  # fmt: skip


def _fees(table: Mapping[str, Any]) -> Fees:
    return Fees(fen=tuple(table["fen"]), weights=tuple(table["weights"]))


def _faults(rows: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
    return tuple(Fault(**{name: value for name, value in row.items() if name != "source"}) for row in rows)


def _window(table: Mapping[str, Any]) -> Window:
    return Window(**{one: table[one] for one in ("from_minute", "minutes") if one in table})


def _storm(row: Mapping[str, Any]) -> Storm:
    plain = {one: row[one] for one in ("name", "place", "match", "params") if one in row}
    return Storm(window=_window(row), **plain)
