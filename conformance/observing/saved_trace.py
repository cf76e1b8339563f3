"""A saved trace: ``trace.jsonl`` of a bundle, whose chain must hold, or the folder of ``yibao-simulator export``."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from conformance.bundle import chain
from conformance.bundle.parts import TRACE
from conformance.observing.record import OBSERVED, Json, Seen
from schemas import jsontext
from schemas.tomlfile import FileFault

TRIMMED = ("journal", "trim")
"""Surface and code of the line that tells of lines that went."""
JOURNAL, LEDGER, CASH = "journal.jsonl", "ledger.jsonl", "cash.jsonl"
GIVE = "give trace.jsonl of a bundle, or the folder of yibao-simulator export 请给出证据包的trace.jsonl或export的目录"
_MARKS = ("prev", "scenario", "closing", "count")


def read(path: Path) -> list[Seen]:
    """What the trace tells, one part for each scenario it came from.

    Raises:
        FileFault: no such file, a broken chain or a missing line; says where and what to do.
    """
    if path.is_dir():
        return read(path / TRACE) if (path / TRACE).is_file() else [_exported(path)]
    raw = _bytes(path)
    first = raw.split(b"\n", 1)[0]
    return _chained(path, raw) if b'"prev"' in first else [Seen(journal=_journal(path, raw))]


def _chained(path: Path, raw: bytes) -> list[Seen]:
    try:
        chain.root(raw)
    except chain.ChainFault as fault:
        raise FileFault(
            f"{path.name}: {fault.both.zh} / {fault.both.en}; ask its maker for the unaltered file 请向出具方索取原件"
        ) from None
    parts: dict[str, list[Json]] = {}
    for line in _rows(path, raw)[:-1]:
        parts.setdefault(str(line.get("scenario", OBSERVED)), []).append(
            {name: value for name, value in line.items() if name not in _MARKS}
        )
    if not parts:
        raise FileFault(f"{path.name}: no message in it 没有任何报文; {GIVE}")
    return [Seen(name=name, journal=_in_order(path, lines)) for name, lines in parts.items()]


def _exported(folder: Path) -> Seen:
    journal = folder / JOURNAL
    books = {name: _rows(folder / name, _bytes(folder / name)) for name in (LEDGER, CASH) if (folder / name).is_file()}
    return Seen(journal=_journal(journal, _bytes(journal)), transfers=books.get(LEDGER), cash=books.get(CASH, ()))


def _journal(path: Path, raw: bytes) -> Sequence[Json]:
    return _in_order(path, _rows(path, raw))


def _in_order(path: Path, lines: Sequence[Json]) -> Sequence[Json]:
    """Nothing but its numbers says that an unchained journal is whole: they run without a gap from where it begins."""
    for number, line in enumerate(lines, _begin(lines)):
        if line.get("seq") != number:
            raise FileFault(
                f"{path.name}: line {number} should be journal line #{number} and is #{line.get('seq')}: "
                f"lines are missing or out of order 缺行或次序不对; export the whole room again 请重新导出整个房间"
            )
    return lines


def _begin(lines: Sequence[Json]) -> int:
    """The first line's number: 1, or what the journal's own word says since older lines were trimmed."""
    trimmed = [line.get("answer") for line in lines if (line.get("surface"), line.get("code")) == TRIMMED]
    first = trimmed[-1].get("first") if trimmed and isinstance(trimmed[-1], dict) else None
    return first if isinstance(first, int) else 1


def _rows(path: Path, raw: bytes) -> list[dict[str, Any]]:
    return [_object(path, number, line) for number, line in enumerate(_lines(raw), 1)]


def _lines(raw: bytes) -> Iterable[bytes]:
    return (line for line in raw.split(b"\n") if line.strip())


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        document = jsontext.parse(line)
    except jsontext.JsonError as fault:
        raise FileFault(f"{path.name}: line {number} is not JSON 不是JSON: {fault}; {GIVE}") from None
    if not isinstance(document, dict):
        raise FileFault(f"{path.name}: line {number} is no object 不是对象; {GIVE}")
    return document


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FileFault(f"{path}: {fault.strerror}; {GIVE}") from None
