"""A load profile: a day of orders as data, checked against ``schemas/suite/profile.json`` and read into plain values.

Shares are permille of the orders, weights whole numbers, money fen, times milliseconds. Every figure of the file names
its source; the reader drops the sources, the report prints the file's name and digest instead.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from schemas.loader import document

FOLDER = Path(__file__).resolve().parent / "profiles"
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS


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
class Limits:
    """What counts as good; see the profile's schema for each."""

    calls_per_hundred_orders: int
    in_doubt_permille: int
    manual_permille: int
    unconfirmed_permille: int
    late_permille: int
    late_ms: int


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
    timeout_ms: int
    waits_ms: tuple[int, ...]
    tick_ms: int
    hold_ms: int
    patience_ms: int
    faults: tuple[Fault, ...]
    limits: Limits


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
    if table["mix"]["family_permille"]["value"] + table["mix"]["cash_permille"]["value"] > 1000:
        raise ProfileError(f"{name}：mix 的各份额合计超过 1000", f"{name}: the shares of mix add up to more than 1000")


def _profile(name: str, source: str, digest: str, table: Mapping[str, Any]) -> Profile:
    mix, basket, undo, channel, pace = (table[part] for part in ("mix", "basket", "undo", "channel", "pace"))
    limits = {one: value for one, value in table["limits"].items() if one != "source"}
    return Profile(
        name=name, source=source, digest=digest,
        **{one: table[one] for one in ("title_zh", "title_en", "city", "day", "seed")},
        orders=table["orders"]["value"],
        people=table["world"]["people"]["value"], pharmacies=table["world"]["pharmacies"]["value"],
        permille_by_hour=tuple(table["curve"]["permille_by_hour"]),
        family_permille=mix["family_permille"]["value"], cash_permille=mix["cash_permille"]["value"],
        line_weights=tuple(basket["lines"]["weights"]), pack_weights=tuple(basket["packs"]["weights"]),
        popular_names=tuple(basket["popular"]["names"]), popular_weight=basket["popular"]["weight"],
        delivery=_fees(table["fees"]["delivery"]), packing=_fees(table["fees"]["packing"]),
        cancel_permille=undo["cancel_permille"]["value"], refund_permille=undo["refund_permille"]["value"],
        delivery_refund_permille=undo["delivery_refund_permille"]["value"],
        undo_from_ms=undo["after_minutes"]["from"] * MINUTE_MS, undo_to_ms=undo["after_minutes"]["to"] * MINUTE_MS,
        busy_tenth_permille=table["shops"]["busy_tenth_permille"]["value"],
        desks=channel["desks"], timeout_ms=channel["timeout_ms"],
        waits_ms=tuple(wait * SECOND_MS for wait in channel["query_waits_s"]),
        tick_ms=pace["tick_s"] * SECOND_MS, hold_ms=pace["hold_s"] * SECOND_MS, patience_ms=pace["patience_ms"],
        faults=_faults(table.get("faults", [])), limits=Limits(**limits),
    )  # fmt: skip


def _fees(table: Mapping[str, Any]) -> Fees:
    return Fees(fen=tuple(table["fen"]), weights=tuple(table["weights"]))


def _faults(rows: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
    return tuple(Fault(**{name: value for name, value in row.items() if name != "source"}) for row in rows)
