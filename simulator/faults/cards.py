"""Fault cards: faults dealt to a test person, a drug or a total, for tests that cannot call the control API.

A vendor's own tests buy as that person, or that drug, or for that total, and the bad day is there: once for each
order. The shipped deck is ``cards.toml``; anybody may write another, held to ``schemas/suite/cards.json``.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from schemas import tomlfile
from schemas.loader import document
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Person
from simulator.faults.armed import Armed
from simulator.faults.kinds import arm
from simulator.misuse import Misuse

Deck = Mapping[str, Mapping[str, Any]]
R = TypeVar("R")
SHIPPED = Path(__file__).with_name("cards.toml")
SCHEMA = "cards"


class Room(Unit, Protocol):
    """A unit that can go through all records of a kind."""

    def every(self, kind: type[R]) -> Iterable[R]: ...


@cache
def shipped() -> Deck:
    """The deck that comes with the simulator: card by name."""
    return read(SHIPPED)


def read(path: Path) -> Deck:
    """A deck from a file.

    Raises:
        FileFault: it is not what ``schemas/suite/cards.json`` says; names the field.
    """
    return tomlfile.read(path, SCHEMA)


def checked(deck: object) -> Deck:
    """A deck as it came through the control API.

    Raises:
        Misuse: it is none.
    """
    misses = document(f"suite/{SCHEMA}.json").check(deck)
    if misses or not isinstance(deck, dict):
        zh, en = (misses[0].zh, misses[0].en) if misses else ("deck应为对象", "deck is an object")
        raise Misuse("deck", f"故障卡有误：{zh}", f"deck: {en}")
    return deck


def deal(unit: Room, deck: Deck, names: list[str]) -> list[Armed]:
    """Arm the faults of the cards named, or of the whole deck when none is.

    Raises:
        Misuse: no such card, or a card whose person or drug this room does not have, or a fault that cannot be armed.
    """
    strange = [name for name in names if name not in deck]
    if strange:
        listed = ", ".join(deck)
        raise Misuse("cards", f"没有故障卡{strange[0]}，可用：{listed}", f"no card {strange[0]!r}; known: {listed}")
    return [armed for name in names or list(deck) for armed in _dealt(unit, name, deck[name])]


def _dealt(unit: Room, name: str, card: Mapping[str, Any]) -> list[Armed]:
    meant = _meant(unit, name, card)
    return [
        arm(unit, {**fault, "match": {**fault.get("match", {}), **meant}, "each_order": True})
        for fault in card["faults"]
    ]


def _meant(unit: Room, name: str, card: Mapping[str, Any]) -> dict[str, str]:
    """Which orders a card strikes, as a fault matches them."""
    if "total" in card:
        return {"total": card["total"]}
    if "drug" in card:
        if unit.get(Drug, card["drug"]) is None:
            raise Misuse(name, f"目录中没有药品{card['drug']}", f"the catalogue holds no {card['drug']}")
        return {"drugs": card["drug"]}
    person = next((one for one in unit.every(Person) if one.psn_name == card["person"]), None)
    if person is None:
        raise Misuse(name, f"本房间没有{card['person']}", f"nobody in this room is called {card['person']}")
    return {"psnNo": person.psn_no}
