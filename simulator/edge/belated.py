"""Lets messages arrive that a fault held up on their way: handled like any other, and nobody waits for the answer."""

import base64

from simulator import pipeline
from simulator.assembly import Platform
from simulator.exchange import Exchange
from simulator.faults.underway import Underway, arrived, named_by
from simulator.store.store import Room
from simulator.store.unit import RoomUnit


def arrive(platform: Platform, room: Room, unit: RoomUnit, after: Exchange | None = None) -> None:
    """Let in what is due now; ``after`` is a message that was just handled and may have overtaken one."""
    code = after.schema.code if after and after.schema else ""
    for late in arrived(unit, named_by(code, after.request) if after else ""):
        pipeline.run(_again(late, unit), platform.unit(room), platform.handlers)


def _again(late: Underway, unit: RoomUnit) -> Exchange:
    return Exchange(
        room=unit.room, at_ms=unit.now_ms, surface=late.surface, path=late.path, raw=base64.b64decode(late.raw),
        headers=late.headers, belated=True, notes=["arrived late"],
    )  # fmt: skip
