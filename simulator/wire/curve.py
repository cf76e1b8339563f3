"""Point arithmetic on sm2p256v1, made for points that are multiplied again and again.

A table holds ``digit * base**row * Q`` for every signed digit of every row, so that a product is a sum of
32 to 52 entries without one doubling, and the sum of two products is one longer sum. Entries are affine;
building takes only milliseconds because each round of additions shares a single inversion.
gmpy2 carries the arithmetic when it is installed, plain integers otherwise: the same results either way.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

try:
    from gmpy2 import mpz  # type: ignore[import-untyped, import-not-found, unused-ignore]  # optional, no stubs
except ImportError:
    mpz = int

integer: Final[Callable[[int], int]] = mpz

Affine: TypeAlias = tuple[int, int]
Jacobian: TypeAlias = tuple[int, int, int]
Table: TypeAlias = tuple[Sequence[Affine], ...]

P: Final = integer(0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF)
N: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G: Final = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
INFINITY: Final[Jacobian] = (1, 1, 0)

_NARROW: Final = 5  # bits per digit while a point is new: 2 ms to build, 0.2 MB
_WIDE: Final = 8  # bits per digit once it is often used: 10 ms, 1.5 MB, a product one third faster
_OFTEN: Final = 100
_WIDEST: Final = 11  # bits per digit of a key that works for hours: 80 ms, 9 MB, a product one quarter faster still
_ALWAYS: Final = 10_000
_WIDENED: Final = {_OFTEN: _WIDE, _ALWAYS: _WIDEST}
_KEPT: Final = 256


def on_curve(x: int, y: int) -> bool:
    """Whether (x, y) is a point of the curve; the group has prime order, so no further check is needed."""
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


@dataclass(slots=True)
class _Known:
    table: Table
    uses: int = 0


def table_of(point: Affine) -> Table:
    """The table of multiples of a point that is on the curve, kept, and widened when often used."""
    known = _known(point)
    known.uses += 1
    if known.uses in _WIDENED:
        known.table = _build(point, _WIDENED[known.uses])
    return known.table


@lru_cache(maxsize=_KEPT)
def _known(point: Affine) -> _Known:
    return _Known(_build(point, _NARROW))


def multiples(table: Table, scalar: int) -> list[Affine]:
    """The entries whose sum is ``scalar`` times the table's point; 0 <= scalar < 2**256."""
    half = len(table[0]) // 2
    window, mask = half.bit_length(), 2 * half - 1
    entries = []
    for row in table:
        digit = scalar & mask
        scalar >>= window
        if digit > half:
            digit -= 2 * half
            scalar += 1
        if digit:
            entries.append(row[digit])
    return entries


def total(points: Iterable[Affine]) -> Jacobian:
    """The sum of affine points; every special case is handled, since a hostile key may provoke it."""
    p = P
    x, y, z = INFINITY
    for x2, y2 in points:
        if not z:
            x, y, z = x2, y2, 1
            continue
        zz = z * z % p
        h = (x2 * zz - x) % p
        r = (y2 * (z * zz % p) - y) % p
        if not h:
            x, y, z = INFINITY if r else _double((x, y, z))
            continue
        hh = h * h % p
        hhh = h * hh % p
        v = x * hh % p
        x = (r * r - hhh - 2 * v) % p
        y = (r * (v - x) - y * hhh) % p
        z = z * h % p
    return x, y, z


def affine(point: Jacobian) -> Affine:
    """The two coordinates of a point other than infinity."""
    x, y, z = point
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def _double(point: Jacobian) -> Jacobian:
    x, y, z = point
    zz = z * z % P
    yy = y * y % P
    s = 4 * x * yy % P
    m = 3 * (x - zz) * (x + zz) % P
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _build(point: Affine, window: int) -> Table:
    rows = [[base] for base in _row_bases((integer(point[0]), integer(point[1])), window)]
    half = 1 << (window - 1)
    while len(rows[0]) < half:
        _extend(rows)
    # Index 0 is never looked up; negative digits find their entry from the end, as Python counts.
    return tuple(((0, 0), *row, *((x, P - y) for x, y in reversed(row[: half - 1]))) for row in rows)


def _row_bases(point: Affine, window: int) -> list[Affine]:
    current: Jacobian = (*point, integer(1))
    bases = [current]
    for _ in range(256 // window):
        for _ in range(window):
            current = _double(current)
        bases.append(current)
    inverses = _inverses([z for _, _, z in bases])
    return [(x * (i2 := i * i % P) % P, y * i2 * i % P) for (x, y, _), i in zip(bases, inverses, strict=True)]


def _extend(rows: list[list[Affine]]) -> None:
    """Double the length of every row: from the multiples 1..m to 1..2m, with one inversion for all."""
    slopes: list[tuple[int, int]] = []
    for row in rows:
        last_x, last_y = row[-1]
        slopes += [(last_y - y, last_x - x) for x, y in row[:-1]]
        slopes.append((3 * last_x * last_x + A, 2 * last_y))
    inverses = iter(_inverses([run % P for _, run in slopes]))
    rises = iter(slopes)
    for row in rows:
        last_x = row[-1][0]
        added = []
        for x, y in row:
            slope = next(rises)[0] * next(inverses) % P
            x3 = (slope * slope - x - last_x) % P
            added.append((x3, (slope * (x - x3) - y) % P))
        row += added


def _inverses(values: list[int]) -> list[int]:
    """The inverse of each value for the price of one inversion (Montgomery's trick)."""
    running = [integer(1)]
    for value in values:
        running.append(running[-1] * value % P)
    inverse = pow(running.pop(), -1, P)
    inverses = []
    for value in reversed(values):
        inverses.append(inverse * running.pop() % P)
        inverse = inverse * value % P
    inverses.reverse()
    return inverses
