"""The platform: a frozen bundle of parts, and the one place where they meet."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import RLock

import simulator.domain as domain
from simulator import cities, dialects, interfaces
from simulator.domain.records import Drug
from simulator.domain.rules import Switches
from simulator.exchange import Handler
from simulator.faults.armed import Armed, trouble
from simulator.faults.holding import Held
from simulator.faults.underway import Underway
from simulator.stages.recalling import UsedSignature
from simulator.store.store import Room, Store
from simulator.store.unit import CATALOGUE, RoomUnit
from simulator.worlds.catalogue import shipped

SHIPPED = f"{CATALOGUE}shipped"
Inbox = Callable[[bytes], bytes]
"""A channel in this very process: a notice in, its answer out."""


def wall_clock() -> int:
    """Milliseconds since the epoch, real time."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Everything a request may need. ``lock`` guards the store: hold it from the first read to the commit."""

    store: Store
    real_ms: Callable[[], int]
    handlers: Mapping[str, Handler]
    control_token: str | None
    """None: the control side is open, for use in one process only."""
    allow_remote_callbacks: bool
    inboxes: dict[str, Inbox] = field(default_factory=dict)
    """Channels reached as ``local:NAME``."""
    in_flight: set[tuple[str, str]] = field(default_factory=set)
    """``(room, pay_ord_id)`` of notices being sent now: never two for one order (9.5)."""
    lock: RLock = field(default_factory=RLock)

    def now_ms(self, room: Room) -> int:
        """The room's virtual time."""
        return self.real_ms() + room.offset_ms

    def unit(self, room: Room) -> RoomUnit:
        """A unit of work on a room, at the room's present."""
        return RoomUnit(
            self.store,
            room,
            now_ms=self.now_ms(room),
            city=cities.load(room.city),
            switches=switches_of(room),
            trouble=trouble,
        )


def build(
    path: str | Path = ":memory:",
    *,
    real_ms: Callable[[], int] = wall_clock,
    control_token: str | None = None,
    handlers: Mapping[str, Handler] | None = None,
    allow_remote_callbacks: bool = False,
) -> Platform:
    """Put a platform together on a store; it has the shipped catalogue and whatever rooms the store held.

    Raises:
        StoreError: the file cannot be used.
    """
    store = Store(path, record_kinds())
    platform = Platform(
        store=store,
        real_ms=real_ms,
        handlers=interfaces.handlers() if handlers is None else handlers,
        control_token=control_token,
        allow_remote_callbacks=allow_remote_callbacks,
    )
    if store.room(SHIPPED) is None:
        shelve(platform, SHIPPED, shipped())
        store.commit()
    return platform


def shelve(platform: Platform, name: str, drugs: Iterable[Drug]) -> None:
    """Keep a catalogue under a name that begins with ``catalogue/``, in place of the one there; rooms may share it."""
    store = platform.store
    room = store.room(name) or store.put_room(Room(name=name))
    store.empty_room(room)
    store.caches.pop(name, None)
    unit = platform.unit(room)
    for drug in drugs:
        unit.put(drug)


def record_kinds() -> list[type]:
    """Every record class of the domain, found by walking it, and the engine's own four."""
    found: dict[str, type] = {}
    for module in iter_modules(domain.__path__):
        for name, value in vars(import_module(f"{domain.__name__}.{module.name}")).items():
            if isinstance(value, type) and is_dataclass(value) and hasattr(value, "KEY") and hasattr(value, "INDEXES"):
                found[name] = value
    return [*found.values(), Armed, Held, Underway, UsedSignature]


def switches_of(room: Room) -> Switches:
    """A room's switches: the defaults, its city's dialect over them, and over both what it was ordered with."""
    return _switches(cities.load(room.city).dialect, tuple(sorted(room.switches.items())))


@lru_cache(256)
def _switches(dialect: str, chosen: tuple[tuple[str, str | int | bool], ...]) -> Switches:
    return Switches(**{**dialects.load(dialect), **dict(chosen)})  # type: ignore[arg-type]  # switchboard checked them
