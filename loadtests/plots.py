"""Plots as plain geometry: where lines and ticks lie on a canvas of whole pixels. The page draws them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, TOP = 680, 180, 64, 12
_TICKS_ACROSS = 8
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its name, its class (which decides colour and dash), its points as SVG wants them."""

    zh: str
    en: str
    tone: str
    points: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot. Ticks are (pixel, words)."""

    zh: str
    en: str
    curves: tuple[Curve, ...]
    across: tuple[tuple[int, str], ...]
    up: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be drawn."""

    zh: str
    en: str
    tone: str
    values: Sequence[int]


def plot(zh: str, en: str, times: Sequence[str], lines: Sequence[Line]) -> Plot:
    """Lay the lines out over the times; all begin at zero and share one scale."""
    top = _round_up(max([1, *(value for line in lines for value in line.values)]))
    curves = tuple(Curve(line.zh, line.en, line.tone, _points(line.values, top)) for line in lines)
    step = max(1, len(times) // _TICKS_ACROSS)
    across = tuple((_x(place, len(times)), times[place]) for place in range(0, len(times), step))
    up = tuple((_y(top * part // 4, top), f"{top * part // 4:,}") for part in range(5) if top >= 4 or part in (0, 4))
    return Plot(zh, en, curves, across, up)


def _points(values: Sequence[int], top: int) -> str:
    return " ".join(f"{_x(place, len(values))},{_y(value, top)}" for place, value in enumerate(values))


def _x(place: int, count: int) -> int:
    return LEFT + place * WIDTH // max(1, count - 1)


def _y(value: int, top: int) -> int:
    return TOP + HEIGHT - value * HEIGHT // top


def _round_up(value: int) -> int:
    """The next 1, 2 or 5 times a power of ten."""
    power = int("1" + "0" * (len(str(value)) - 1))
    return next(step * power for step in (*_STEPS, 10) if step * power >= value)
