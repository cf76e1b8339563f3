"""How much memory the process that stores takes, as the system tells it."""

from pathlib import Path

from simulator.edge.asking import Ask, route
from simulator.exchange import Json

STATUS = Path("/proc/self/status")
_FIELDS = {"VmRSS:": "kib", "VmHWM:": "most_kib"}


def resident(status: Path = STATUS) -> Json:
    """``kib`` now and ``most_kib`` ever, in KiB; zeros where the system does not tell."""
    told = dict.fromkeys(_FIELDS.values(), 0)
    try:
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return told
    for line in lines:
        name, *rest = line.split()
        if name in _FIELDS and rest[0].isdigit():
            told[_FIELDS[name]] = int(rest[0])
    return told


def memory(ask: Ask) -> Json:
    """The same, over the control API. Doors are processes of their own and not counted."""
    return resident()


ROUTES = (route("GET", "/control/memory", memory),)
