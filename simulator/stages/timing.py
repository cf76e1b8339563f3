"""What time alone does to a room: expiry, closing, the simulated buyer. Noted when it moves money."""

from simulator.domain import timetable
from simulator.journal.line import note_act
from simulator.store.unit import RoomUnit


def sweep(unit: RoomUnit) -> None:
    """Run every transition that is due now. Transfers it books get a journal line of their own."""
    before = len(unit.posted)
    timetable.sweep(unit)
    if len(unit.posted) > before:
        note_act(unit, "clock", "sweep", {}, None)
    del unit.posted[before:]
